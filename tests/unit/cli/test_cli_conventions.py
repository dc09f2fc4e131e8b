"""What holds for every command: `--json` is taken, short help is a whole sentence, failures are one sentence and a code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import hub
from hub.cli import main

ROOM = Path(hub.__file__).parent
WITHOUT_JSON = {"up", "broker", "sandbox", "ingest", "worker", "unify", "serve", "deliver", "connector test"}
"""Roles, whose output is their log, and the test run, whose output is pytest's."""


def commands(group: click.Group = main, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield prefix + name, command


def test_every_command_takes_json_but_those_that_print_for_others() -> None:
    without = {name for name, command in commands() if not any("--json" in option.opts for option in command.params)}
    assert without == WITHOUT_JSON


def test_short_help_is_never_cut() -> None:
    grouped = [(name, command) for name, command in commands() if " " in name]
    cut = [name for name, command in grouped if command.get_short_help_str(limit=66).endswith("...")]
    assert cut == []


def test_a_configuration_that_may_not_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "hub.toml"
    path.touch()
    monkeypatch.setattr(Path, "read_text", refuse)
    result = CliRunner().invoke(main, ["--config", str(path), "settings"])
    assert (result.exit_code, "cannot be read (Permission denied)" in result.output, result.output.count("\n")) == (2, True, 1)


def test_a_system_error_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hub.cli.settings.settings_of", fail)
    result = CliRunner().invoke(main, ["settings"])
    assert (result.exit_code, result.output) == (1, "hub: [Errno 28] No space left on device\n")


def advised() -> Iterator[tuple[str, list[str]]]:
    """(command, what follows it) of each whole `hub …` that a sentence of the code names in backticks."""
    known = dict(commands())
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text in re.findall("`hub ([^`]*)`", _text(node)):
                words = text.split()
                for length in (1, 2):
                    if " ".join(words[:length]) in known and words[length:]:
                        yield " ".join(words[:length]), words[length:]


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "X" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_what_a_sentence_tells_to_type_has_every_option_that_must_be_there() -> None:
    known = dict(commands())
    wrong = [
        (name, words)
        for name, words in advised()
        for option in known[name].params
        if isinstance(option, click.Option) and option.required and not set(option.opts) & set(words)
    ]
    assert wrong == []


@pytest.mark.parametrize("arguments", [("redrive", "9" * 23), ("show", "9" * 23), ("list", "--limit", "0")])
def test_a_number_that_can_be_no_offset_or_count_is_refused_before_anybody_is_asked(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, ["rejected", *arguments])
    assert (result.exit_code, "is not in the range" in result.output) == (2, True)
