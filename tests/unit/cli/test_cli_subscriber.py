"""`hub subscriber` on a hub.db without a running hub, as a person and as a script would use it."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.store.tokens import TOKEN

DAY_MS = 86_400_000


@pytest.fixture
def hub(tmp_path: Path) -> Any:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["subscriber", *arguments], env={"HUB_STATE_DIR": str(tmp_path)})

    return run


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_add_prints_the_token_alone_on_standard_output(hub: Any) -> None:
    result = hub("add", "portal")
    assert TOKEN.fullmatch(result.stdout.removesuffix("\n"))
    assert "shown this once" in result.stderr


def test_list_shows_no_secret(hub: Any) -> None:
    token = read(hub("add", "portal", "--note", "the region's portal", "--json"))["token"]
    listed = hub("list").output + hub("list", "--json").output
    assert token[:15] in listed
    assert "the region's portal" in listed
    assert token.rsplit("_", 1)[1] not in listed


def test_expiry_is_counted_in_days(hub: Any) -> None:
    ends = read(hub("add", "portal", "--expires", "30", "--json"))["expires_at"]
    assert abs(ends - time.time() * 1000 - 30 * DAY_MS) < DAY_MS


def test_rotate_states_when_the_old_token_ends(hub: Any) -> None:
    old = read(hub("add", "portal", "--json"))["token"]
    rotated = read(hub("rotate", "portal", "--overlap", "2", "--json"))
    [before, after] = read(hub("list", "--json"))["tokens"]
    assert old.startswith(before["token"][:-1])
    assert before["expires_at"] == rotated["old_tokens_end_at"]
    assert rotated["token"].startswith(after["token"][:-1])
    assert after["expires_at"] is None


def test_rotate_without_overlap_revokes_at_once(hub: Any) -> None:
    hub("add", "portal")
    hub("rotate", "portal", "--overlap", "0")
    assert [token["ended"] for token in read(hub("list", "--json"))["tokens"]] == [True, False]
    assert "revoked" in hub("list").output


def test_remove_leaves_nothing_of_a_subscriber(hub: Any) -> None:
    hub("add", "portal")
    assert read(hub("remove", "portal", "--json")) == {"removed": "portal"}
    assert "there are no subscribers" in hub("list").output


def test_every_change_is_audited_without_the_token(hub: Any, tmp_path: Path) -> None:
    given = [read(hub("add", "portal", "--json"))["token"], read(hub("rotate", "portal", "--why", "lost", "--json"))["token"]]
    hub("remove", "portal")
    with closing(sqlite3.connect(tmp_path / "hub.db")) as database:
        rows = database.execute("SELECT what, why, arguments FROM audit ORDER BY id").fetchall()
    assert [(what, why) for what, why, _ in rows] == [
        ("subscriber.add", ""),
        ("subscriber.rotate", "lost"),
        ("subscriber.remove", ""),
    ]
    assert not [token for token in given if token.rsplit("_", 1)[1] in str(rows)]


def test_an_unknown_name_is_one_sentence_and_a_code(hub: Any) -> None:
    result = hub("rotate", "nobody")
    assert (result.exit_code, result.stderr) == (
        1,
        "hub: there is no subscriber nobody; `hub subscriber list` shows them\n",
    )


def test_an_unknown_scope_is_refused_with_those_there_are(hub: Any) -> None:
    result = hub("add", "portal", "--scope", "everything")
    assert (result.exit_code, "'read'" in result.output) == (2, True)
