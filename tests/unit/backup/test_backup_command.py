"""`hub backup` and `hub restore` as they are typed: what they print, and their exit codes."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.settings import Settings


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {"HUB_STATE_DIR": str(settings.state_dir), "HUB_OPS__PORT": str(settings.ops.port)}


def run(environment: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, list(words), env=environment)


def test_what_is_not_in_it_is_printed(environment: dict[str, str], tmp_path: Path) -> None:
    result = run(environment, "backup", str(tmp_path / "b"))
    assert result.exit_code == 0, result.output
    assert "not in it: the settings themselves" in result.output


def test_a_script_gets_one_object(environment: dict[str, str], tmp_path: Path) -> None:
    told = orjson.loads(run(environment, "backup", str(tmp_path), "--keep", "3", "--json").stdout)
    assert (told["taken"], told["removed"], Path(told["file"]).stat().st_size) == ("stopped", [], told["bytes"])


def test_verifying_needs_no_hub(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "backup", str(tmp_path / "b"))
    result = run({"HUB_STATE_DIR": str(tmp_path / "nowhere")}, "backup", "--verify", str(tmp_path / "b"))
    assert (result.exit_code, "is whole" in result.output) == (0, True)
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_one_is_1(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "backup", str(tmp_path / "b"))
    (tmp_path / "b").write_bytes((tmp_path / "b").read_bytes()[:-9])
    result = run(environment, "backup", "--verify", str(tmp_path / "b"))
    assert (result.exit_code, "hub: the backup is damaged or cut short" in result.output) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ["backup", "--verify", "{file}", "--keep", "2"],
        ["backup", "--verify", "{missing}"],
        ["backup", "{file}"],
        ["backup", "{missing}", "--keep", "2"],
        ["restore", "{missing}"],
        ["restore", "{file}"],
    ],
)
def test_what_a_person_must_change_is_2_and_one_sentence(environment: dict[str, str], tmp_path: Path, words: list[str]) -> None:
    run(environment, "backup", str(tmp_path / "b"))
    names = {"file": tmp_path / "b", "missing": tmp_path / "missing"}
    result = run(environment, *(word.format(**names) for word in words))
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_restore_says_what_to_do_next(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "backup", str(tmp_path / "b"))
    result = run(environment, "restore", str(tmp_path / "b"), "--force", "--why", "a rehearsal")
    assert result.exit_code == 0, result.output
    assert "revoked tokens" in result.output
    assert "remove it when all is well" in result.output
