"""What the embedded broker checks and writes before a JVM starts."""

from __future__ import annotations

import os
from collections import namedtuple
from pathlib import Path

import pytest

from hub.broker import embedded
from hub.broker.class_data import ClassDataArchive
from hub.broker.configuration import server_properties
from hub.broker.embedded import EmbeddedKafka
from hub.errors import ConfigError
from hub.supervisor.forking import forking

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedKafka:
    monkeypatch.setattr(embedded, "find_java", lambda: Path("/bin/false"))
    monkeypatch.setattr(embedded.jars, "verified_jars", lambda directory: [])
    return EmbeddedKafka(data_dir=tmp_path / "kafka", port=20001)


def test_a_directory_that_cannot_be_made_is_named_with_its_setting(broker: EmbeddedKafka, tmp_path: Path) -> None:
    (tmp_path / "kafka").write_text("a file stands in the way")
    with pytest.raises(ConfigError, match=r"kafka cannot be written: .*HUB_STATE_DIR"):
        broker.prepare()


def test_a_full_disk_is_told_before_anything_starts(broker: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded.shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - 5 * 2**20, 5 * 2**20))
    with pytest.raises(ConfigError, match=r"only 5 MiB are free .* make room or set HUB_STATE_DIR"):
        broker.prepare()


def test_it_becomes_the_jvm_with_its_pid_in_kafka_s_own_folder_and_log(
    broker: EmbeddedKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = tmp_path / "java"
    java.write_text('#!/bin/sh\necho "$$ in $(pwd)"\nexit 7\n')
    java.chmod(0o755)
    monkeypatch.setattr(embedded, "find_java", lambda: java)
    broker._classpath, broker._properties = "", Path("server.properties")
    broker.log_dir.mkdir(parents=True)
    with (tmp_path / "role.log").open("ab") as log:
        process = forking(lambda _: broker.become())(("broker",), dict(os.environ), log)
    assert process.wait() == 7
    assert broker.log_file.read_text() == f"{process.pid} in {broker.data_dir}\n"


@pytest.mark.parametrize(("beginning", "kept"), [(b"\xf0\x0b\xab\xa8", True), (bytes(4), False)])
def test_an_archive_of_classes_is_kept_once_its_beginning_is_written(beginning: bytes, kept: bool, tmp_path: Path) -> None:
    archive = ClassDataArchive(tmp_path / "jars", Path("/bin/false"), tmp_path / "kafka")
    archive.scratch.write_bytes(beginning + b"classes")
    archive.keep()
    assert archive.path.is_file() is kept


def test_the_first_jvm_writes_the_archive_of_classes_and_the_next_one_reads_it(tmp_path: Path) -> None:
    archive = ClassDataArchive(tmp_path / "jars", Path("/bin/false"), tmp_path / "kafka")
    assert (archive.reading_flags(), archive.flags()[0]) == ([], f"-XX:ArchiveClassesAtExit={archive.scratch}")
    archive.path.write_bytes(b"classes")
    assert archive.flags() == archive.reading_flags() == [f"-XX:SharedArchiveFile={archive.path}"]


def test_cluster_ids_are_22_characters_that_no_command_line_takes_for_an_option() -> None:
    names = {embedded._new_cluster_id() for _ in range(300)}
    assert len(names) == 300
    assert {len(name) for name in names} == {22}
    assert not any(name.startswith("-") for name in names)


def test_the_broker_listens_on_loopback_only_and_makes_no_topic_by_itself() -> None:
    text = server_properties(port=1, controller_port=2, log_dir=Path("/data"))
    assert "listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2\n" in text
    assert "auto.create.topics.enable=false\n" in text
    assert "offsets.retention.minutes=525600\n" in text
