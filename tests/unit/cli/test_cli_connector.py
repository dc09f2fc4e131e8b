"""`hub connector`: what is listed, written, tried and tested, as a person calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.sdk.scaffold import FORMATS

OFFERS = Path(__file__).parents[2] / "connectors" / "vonk" / "offers.json"


def hub(*arguments: str | Path, **env: str) -> Result:
    return CliRunner().invoke(main, ["connector", *map(str, arguments)], env=dict(env))


class Partner(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return super().translate_path("/offers.json" if path.startswith("/api/offers") else path)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def partner() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Partner, directory=str(OFFERS.parent)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_list_names_every_connector_with_its_schedule() -> None:
    found = {row["name"]: row for row in rows(hub("list", "--json"))}
    assert {"noorderlink", "miitn", "traineelink", "vonk"} <= set(found)
    assert (found["vonk"]["format"], found["vonk"]["every_seconds"]) == ("recruitee", 900)


def test_list_knows_what_the_settings_change() -> None:
    found = {row["name"]: row for row in rows(hub("list", "--json", HUB_CONNECTORS__VONK__ENABLED="false"))}
    assert found["vonk"]["enabled"] is False


def test_list_is_a_table_for_people() -> None:
    result = hub("list")
    assert result.exit_code == 0
    assert "noorderlink" in result.stdout


def test_try_shows_raw_normalised_and_rejected(partner: str) -> None:
    result = hub("try", "vonk", "--base-url", partner, "--limit", "99", "--json")
    found = {row["native_id"]: row for row in rows(result)}
    assert result.exit_code == 0
    assert found["901"]["raw"]["offer"]["department"] == "Bestuur"
    assert found["901"]["posting"]["source_key"] == "vonk:901"
    assert (found["905"]["posting"], found["905"]["rejected"]["field"]) == (None, "offer.min_hours")
    assert "5 items, 2 rejected" in result.stderr


def test_try_is_a_table_for_people(partner: str) -> None:
    result = hub("try", "vonk", "--base-url", partner, "--limit", "99")
    assert result.exit_code == 0
    assert "normalised" in result.stdout
    assert "complete: items" in result.stdout


def test_try_stops_at_the_limit(partner: str) -> None:
    assert len(rows(hub("try", "vonk", "--base-url", partner, "--limit", "1", "--json"))) == 1


def test_try_of_a_broken_partner_says_the_cause_and_fails(partner: str) -> None:
    result = hub("try", "noorderlink", "--base-url", partner)
    assert result.exit_code == 1
    assert result.output.startswith("0 items, 0 rejected, 1 requests; the run failed (status)")


def test_try_without_the_agreement_says_what_to_set() -> None:
    result = hub("try", "noorderlink")
    assert result.exit_code == 2
    assert "connectors.noorderlink.credential_file" in result.output


def test_try_takes_a_pushed_payload(tmp_path: Path) -> None:
    body = tmp_path / "push.json"
    body.write_text('{"type": "offer.updated", "data": {"offer": {"id": 7, "title": "Zeven"}}}', encoding="utf-8")
    found = rows(hub("try", "vonk", "--inbound", body, "--json"))
    assert [(row["native_id"], row["posting"]["title"]["nl"]["text"]) for row in found] == [("7", "Zeven")]


def test_try_shows_why_a_pushed_payload_is_rejected(tmp_path: Path) -> None:
    body = tmp_path / "push.json"
    body.write_text("{", encoding="utf-8")
    result = hub("try", "vonk", "--inbound", body, "--json")
    assert (result.exit_code, rows(result)[0]["rejected"]["reason"]) == (1, "syntax")


def test_unknown_connector_is_named_with_the_known_ones() -> None:
    result = hub("try", "nobody")
    assert result.exit_code == 2
    assert "vonk" in result.output


@pytest.mark.parametrize("format_", FORMATS)
def test_new_connector_of_each_format_passes_its_own_tests(format_: str, tmp_path: Path) -> None:
    written = hub("new", "acme", "--format", format_, "--dir", tmp_path, "--base-url", "https://acme.example/jobs")
    assert written.exit_code == 0
    assert hub("test", "acme", "--dir", tmp_path).exit_code == 0


def test_new_writes_nothing_over_what_exists(tmp_path: Path) -> None:
    hub("new", "acme", "--dir", tmp_path)
    (tmp_path / "acme" / "mapping.py").write_text("mine", encoding="utf-8")
    again = hub("new", "acme", "--dir", tmp_path)
    assert again.exit_code == 2
    assert "exists already" in again.output
    assert (tmp_path / "acme" / "mapping.py").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["Acme", "1acme", "acme-jobs", "../acme", "vonk"])
def test_new_refuses_a_name_that_cannot_be(name: str, tmp_path: Path) -> None:
    assert hub("new", name, "--dir", tmp_path).exit_code == 2


def test_test_of_a_name_that_the_folder_does_not_hold_runs_nothing(tmp_path: Path) -> None:
    hub("new", "acme", "--dir", tmp_path)
    result = hub("test", "other", "--dir", tmp_path)
    assert (result.exit_code, "is no connector" in result.output) == (2, True)


def test_test_without_tests_says_how_to_get_them(tmp_path: Path) -> None:
    result = hub("test", "acme", "--dir", tmp_path)
    assert result.exit_code == 2
    assert "hub connector new" in result.output


@pytest.mark.parametrize("command", [("try", "vonk"), ("new", "noorderzorg")])
def test_an_address_without_its_scheme_is_refused(command: tuple[str, str]) -> None:
    result = hub(*command, "--base-url", "partner.example")
    assert (result.exit_code, "give a whole address" in result.output) == (2, True)
