"""Which Java runs the broker, and what is said when none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.broker import java
from hub.errors import ConfigError


def install(tmp_path: Path, version: str) -> Path:
    binary = tmp_path / "jvm" / "bin" / "java"
    binary.parent.mkdir(parents=True)
    binary.write_text("#!/bin/sh\nexit 1\n")
    binary.chmod(0o755)
    (tmp_path / "jvm" / "release").write_text(f'IMPLEMENTOR="Debian"\nJAVA_VERSION="{version}"\n')
    return binary


@pytest.fixture(autouse=True)
def _without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "_bundled_java", lambda: None)


@pytest.mark.parametrize(("text", "major"), [("17.0.15", 17), ("21.0.1", 21), ("1.8.0_402", 8), ("25", 25)])
def test_the_version_is_read_from_the_installation(tmp_path: Path, text: str, major: int) -> None:
    assert java.java_version(install(tmp_path, text)) == major


def test_the_version_is_asked_for_when_the_installation_does_not_tell(tmp_path: Path) -> None:
    binary = tmp_path / "java"
    binary.write_text("#!/bin/sh\necho 'openjdk version \"17.0.2\" 2022-01-18' >&2\n")
    binary.chmod(0o755)
    assert java.java_version(binary) == 17


def test_java_17_on_the_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = install(tmp_path, "17.0.15")
    monkeypatch.setenv("PATH", str(binary.parent))
    assert java.find_java() == binary


def test_an_older_java_is_refused_with_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(install(tmp_path, "11.0.2").parent))
    with pytest.raises(ConfigError, match=r"version 11; install it: apt-get install openjdk-17-jre-headless"):
        java.find_java()


def test_a_missing_java_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match=r"no java on the path; install it: apt-get install"):
        java.find_java()


def test_the_wheel_stands_in_for_a_missing_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(java, "_bundled_java", lambda: Path("/wheel/bin/java"))
    assert java.find_java() == Path("/wheel/bin/java")
