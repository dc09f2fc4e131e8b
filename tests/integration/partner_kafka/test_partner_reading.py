"""Four stock clients read the feed at the partners' door over TLS with SCRAM, and go on after a stop."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import judges
from fakes.partner_client import PATIENCE, Records, by_cursor
from fakes.partner_door import Door, fold
from kafka import KafkaConsumer

from hub.broker import jars
from hub.broker.java import find_java
from hub.topics import FEED

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

COMPILER = "-XX:TieredStopAtLevel=1"


@pytest.fixture
def desk(door: Door, portal: dict[str, Any], tmp_path: Path) -> Path:
    """The partner's folder: what it was told, as files, and the certificate authority. Each client has a group of its own."""
    for name, text in portal["files"].items():
        (tmp_path / name).write_text(text.replace("portal.mirror", f"portal.{Path(name).suffix[1:]}"))
    shutil.copy(door.own.ca, tmp_path)
    return tmp_path


def by_kcat(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    """Debian's kcat with the librdkafka of confluent-kafka: its own repeats the nonce (before 2.6.1), which Kafka 4 refuses."""
    spec = importlib.util.find_spec("confluent_kafka")
    assert spec is not None
    assert spec.origin is not None
    (library,) = (Path(spec.origin).parents[1] / "confluent_kafka.libs").glob("librdkafka*.so*")
    command = [judges.command("kcat", "kcat"), "-F", "kcat.conf", "-G", "portal.kcat", FEED, "-e", "-q", "-f", "%o %s\n"]
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    ran = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr
    return records_of(ran.stdout.splitlines())


def by_java(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    judges.command("javac", "openjdk-17-jdk-headless")  # the same Java compiles the one file and runs it
    source = judges.JUDGES / "Consume.java"
    classpath = ":".join(map(str, jars.verified_jars()))
    command = [str(find_java()), COMPILER, "-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", classpath]
    command += [str(source), "consumer.properties", FEED, str(end)]
    ran = subprocess.run(command, cwd=desk, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr
    return records_of(ran.stdout.splitlines())


def by_kafkajs(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    arguments = [door.outside, str(door.own.ca), told["user"], told["password"], "portal.js", FEED, str(end)]
    return [(offset, value) for offset, value in judges.run_node("kafka.js", *arguments, package="kafkajs", seconds=PATIENCE)]


def by_the_printed_program(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    """`consumer.py`, which prints the cursor behind each record."""
    records: Records = []
    with subprocess.Popen([sys.executable, "consumer.py"], cwd=desk, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        watch = threading.Timer(PATIENCE, running.kill)
        watch.start()
        for line in running.stdout:
            cursor, _, value = line.partition(" ")
            records.append((int(cursor) - 1, value))
            if int(cursor) >= end:
                break
        watch.cancel()
        running.kill()
    return records


def records_of(lines: list[str]) -> Records:
    return [(int(offset), value) for offset, _, value in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("read", [by_kcat, by_java, by_kafkajs])
def test_a_stock_client_reads_the_feed_and_goes_on_after_a_stop(
    read: Callable[..., Records], door: Door, desk: Path, portal: dict[str, Any]
) -> None:
    first = read(door, desk, portal, door.change(1))
    end = door.change(100)
    second = read(door, desk, portal, end)
    assert first[0][0] == 0
    assert [offset for offset, _ in second] == list(range(end - 100, end))
    assert fold(first) != fold(first + second) == door.export()


def test_the_printed_program_reads_the_feed_and_a_cursor_goes_on_after_a_stop(
    door: Door, desk: Path, portal: dict[str, Any]
) -> None:
    first = by_the_printed_program(door, desk, portal, door.change(1))
    end = door.change(100)
    second = by_cursor(door, portal, first[-1][0] + 1)
    assert [offset for offset, _ in second] == list(range(end - 100, end))
    assert fold(first) != fold(first + second) == door.export()


def test_example_01_folds_the_feed_at_the_partners_door(door: Door, portal: dict[str, Any], tmp_path: Path) -> None:
    path = Path(__file__).parents[3] / "examples" / "01_read_the_feed_from_kafka" / "run.py"
    spec = importlib.util.spec_from_file_location("example_01", path)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    (tmp_path / "password.txt").write_text(portal["password"] + "\n")
    options = example.login(portal["user"], str(tmp_path / "password.txt"), str(door.own.ca))
    live, _ = example.fold(door.outside, **options)
    assert {id_: item["version"] for id_, item in live.items()} == door.export()


def test_sha_256_is_taken_too(door: Door, portal: dict[str, Any]) -> None:
    consumer = KafkaConsumer(**door.client(portal, sasl_mechanism="SCRAM-SHA-256"), group_id=None)
    assert consumer.partitions_for_topic(FEED) == {0}
    consumer.close()
