"""Secrets of a state directory: made once, whole or not at all, and never empty."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.settings import OpsSettings, Settings
from hub.telemetry.contact import kept_text, load_token, ops_address, user_name


def test_an_ops_port_of_ipv6_has_an_address_too() -> None:
    settings = Settings(ops=OpsSettings(host="::1"))
    assert ops_address(settings, "worker", 2) == "http://[::1]:9110"


def test_a_user_without_a_name_is_known_by_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 54321)
    assert user_name() == "uid 54321"


def test_the_token_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    token = load_token(tmp_path)
    assert load_token(tmp_path) == token
    assert stat.S_IMODE((tmp_path / "ops.token").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["ops.token"]


def test_an_empty_file_that_a_full_disk_left_is_no_token(tmp_path: Path) -> None:
    (tmp_path / "ops.token").touch()
    assert len(load_token(tmp_path)) > 30
    assert (tmp_path / "ops.token").read_text() == load_token(tmp_path)


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, *_: object, **__: object) -> None:
        os.close(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hub.telemetry.contact.os.fdopen", full)
    with pytest.raises(ConfigError, match="No space left on device"):
        load_token(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_who_comes_second_takes_what_the_first_has_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def first_was_quicker(_: object, path: Path) -> None:
        path.write_text("of the first")
        raise FileExistsError

    monkeypatch.setattr("hub.telemetry.contact.os.link", first_was_quicker)
    assert kept_text(tmp_path / "secret", "of the second") == "of the first"
