"""`hub settings` tells every setting with the variable that sets it, and no secret."""

from __future__ import annotations

import orjson
import pytest
from click.testing import CliRunner

from hub.cli import main
from hub.cli.settings import lines_of
from hub.settings import Settings, load_settings


def test_every_variable_that_is_told_is_one_that_the_hub_takes() -> None:
    for line in lines_of(Settings()):
        if line.default not in ("unset", "none"):
            load_settings(environ={line.variable.replace("<SOURCE>", "MIITN"): line.default})


def test_every_setting_has_a_meaning() -> None:
    assert [line.name for line in lines_of(Settings()) if not line.meaning] == []


def test_values_and_defaults_stand_side_by_side() -> None:
    current = Settings.model_validate({"http": {"port": 81}, "connectors": {"vonk": {"rate": 2}}})
    told = {line.name: (line.value, line.default) for line in lines_of(current)}
    assert told["http.port"] == ("81", "8080")
    assert told["connectors.vonk.rate"] == ("2.0", "unset")


def test_a_secret_is_told_to_be_set_and_not_shown() -> None:
    current = Settings.model_validate({"hub_db_url": "postgresql://user:password@db.example/hub"})
    assert "password" not in str(list(lines_of(current)))


def test_the_command_writes_one_json_object_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_HTTP__PORT", "81")
    lines = [orjson.loads(line) for line in CliRunner().invoke(main, ["settings", "--json"]).output.splitlines()]
    assert {"name": "http.port", "variable": "HUB_HTTP__PORT", "value": "81"}.items() <= lines[
        [line["name"] for line in lines].index("http.port")
    ].items()


def test_an_unknown_name_is_refused_with_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_HTTP__PROT", "81")
    result = CliRunner().invoke(main, ["settings"])
    assert result.exit_code == 2
    assert "unknown setting http.prot (HUB_HTTP__PROT)" in result.output
