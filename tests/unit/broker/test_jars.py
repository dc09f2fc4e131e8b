"""Kafka's jars: what is not as committed is named, fetched whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.broker import jars
from hub.errors import ConfigError

CONTENT = {"a.jar": b"one", "b.jar": b"two"}


@pytest.fixture
def definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A definition of two small jars in place of the committed one."""
    directory = tmp_path / "definition"
    directory.mkdir()
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in CONTENT.items()]
    (directory / jars.SUMS).write_text("".join(lines))
    (directory / jars.POM).write_text("<project/>")
    monkeypatch.setattr(jars, "definition_dir", lambda: directory)
    return directory


def fill(directory: Path) -> Path:
    directory.mkdir(parents=True)
    for name, content in CONTENT.items():
        (directory / name).write_bytes(content)
    return directory


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`maven(script)`: puts an `mvn` of these shell lines first on the path; `$OUT` is the output directory."""

    def install(script: str) -> None:
        tools = tmp_path / "tools"
        tools.mkdir()
        find_out = 'for word in "$@"; do case "$word" in -DoutputDirectory=*) OUT="${word#*=}";; esac; done\n'
        (tools / "mvn").write_text(f"#!/bin/sh\n{find_out}{script}\n")
        (tools / "mvn").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")

    return install


def test_the_committed_list_names_46_jars_with_the_broker_and_its_log_backend() -> None:
    names = set(jars.expected_sums())
    assert len(names) == 46
    assert {"kafka_2.13-4.3.1.jar", "kafka-clients-4.3.1.jar", "slf4j-simple-1.7.36.jar"} <= names


def test_jars_as_committed_are_given_in_a_fixed_order(definition: Path, tmp_path: Path) -> None:
    directory = fill(tmp_path / "jars")
    assert jars.verified_jars(directory) == [directory / "a.jar", directory / "b.jar"]


def test_a_corrupt_jar_is_named_with_what_to_do(definition: Path, tmp_path: Path) -> None:
    directory = fill(tmp_path / "jars")
    (directory / "b.jar").write_bytes(b"twO")
    with pytest.raises(ConfigError, match=r"b\.jar is corrupt.*make setup"):
        jars.verified_jars(directory)


def test_missing_jars_are_named_with_what_to_do(definition: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a\.jar is missing and 1 more; run `make setup`"):
        jars.verified_jars(tmp_path / "nowhere")


def test_fetching_replaces_a_corrupt_jar(definition: Path, tmp_path: Path, maven: Callable[[str], None]) -> None:
    directory = fill(tmp_path / "jars")
    (directory / "b.jar").write_bytes(b"broken")
    maven('printf one > "$OUT/a.jar"; printf two > "$OUT/b.jar"')
    assert jars.fetch(directory) is True
    assert jars.faults(directory) == []


def test_fetching_twice_does_nothing_and_needs_no_maven(
    definition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert jars.fetch(fill(tmp_path / "jars")) is False


def test_jars_of_other_bytes_are_not_installed(definition: Path, tmp_path: Path, maven: Callable[[str], None]) -> None:
    maven('printf one > "$OUT/a.jar"; printf evil > "$OUT/b.jar"')
    directory = tmp_path / "cache" / "jars"
    with pytest.raises(ConfigError, match=r"do not match.*b\.jar is corrupt"):
        jars.fetch(directory)
    assert list(directory.parent.iterdir()) == []


def test_a_failing_maven_is_quoted(definition: Path, tmp_path: Path, maven: Callable[[str], None]) -> None:
    maven('echo "[ERROR] no route to the registry"; exit 1')
    with pytest.raises(ConfigError, match="no route to the registry"):
        jars.fetch(tmp_path / "jars")


def test_a_missing_maven_says_what_to_install(definition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match="apt-get install maven"):
        jars.fetch(tmp_path / "jars")


def test_the_cache_is_where_the_desktop_standard_says() -> None:
    assert jars.cache_dir({"XDG_CACHE_HOME": "/var/cache/me"}) == Path("/var/cache/me/regional-talent-hub/kafka-4.3.1")
    assert jars.cache_dir({}).is_relative_to(Path.home() / ".cache")


def test_who_has_no_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(ConfigError, match="set XDG_CACHE_HOME"):
        jars.cache_dir({})
