"""The supervisor speaks for the broker that it started: ready once that answers, still for a backup, ended when it hangs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import struct
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from hub.errors import HubError
from hub.settings import Settings
from hub.supervisor import broker, jvm
from hub.supervisor.http import readiness
from hub.supervisor.jvm import BrokerDesk
from hub.telemetry import metrics
from hub.telemetry.contact import ops_port
from hub.telemetry.ops_client import call_role

ANSWER = struct.pack(">iii", 8, 1, 1)
"""Metadata that names one broker."""


@pytest.fixture
def settings(tmp_path: Path, free_ports: Callable[[int], int]) -> Settings:
    first = free_ports(10)
    return Settings.model_validate({"state_dir": tmp_path, "kafka": {"port": first}, "ops": {"port": first + 2}})


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """What stands in for the JVM."""
    with subprocess.Popen(["sleep", "60"]) as child:
        yield child
        child.kill()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
async def desk(settings: Settings, said: list[str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BrokerDesk]:
    monkeypatch.setattr(jvm, "ASK_EVERY_SECONDS", 0.005)
    async with BrokerDesk(settings, lambda _, text: said.append(text)) as opened:
        yield opened
    metrics.READY.clear()


@contextlib.asynccontextmanager
async def answering(port: int, said: bytes = ANSWER) -> AsyncIterator[None]:
    """A Kafka that gives its metadata to whoever asks."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        yield


async def until_ready(settings: Settings) -> None:
    async with asyncio.timeout(90):
        while not (await readiness("127.0.0.1", ops_port(settings, "broker"))).is_ready:  # noqa: ASYNC110 - as the supervisor asks
            await asyncio.sleep(0.005)


async def test_it_is_ready_once_the_broker_that_was_started_answers(
    desk: BrokerDesk, settings: Settings, process: subprocess.Popen[bytes]
) -> None:
    desk.found(process.pid)
    assert not (await readiness("127.0.0.1", ops_port(settings, "broker"))).is_ready
    async with answering(settings.kafka.port):
        await until_ready(settings)


async def test_without_a_process_it_is_not_ready_whoever_answers_at_the_port(desk: BrokerDesk, settings: Settings) -> None:
    async with answering(settings.kafka.port):
        await asyncio.sleep(0.05)
        assert not (await readiness("127.0.0.1", ops_port(settings, "broker"))).is_ready


async def test_another_process_has_not_answered_yet(
    desk: BrokerDesk, settings: Settings, process: subprocess.Popen[bytes]
) -> None:
    desk.found(process.pid)
    async with answering(settings.kafka.port):
        await until_ready(settings)
    desk.found(None)
    assert not (await readiness("127.0.0.1", ops_port(settings, "broker"))).is_ready
    desk.found(process.pid)
    assert not (await readiness("127.0.0.1", ops_port(settings, "broker"))).is_ready


async def test_one_that_never_answers_is_ended_and_that_is_said(
    desk: BrokerDesk, said: list[str], process: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jvm, "START_SECONDS", 0.02)
    desk.found(process.pid)
    assert await asyncio.to_thread(process.wait, 90) == -signal.SIGKILL
    assert said == ["did not answer within 0.02 s and is ended"]


async def test_a_backup_may_let_it_stand_still(
    desk: BrokerDesk, settings: Settings, process: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "LONGEST_FREEZE_SECONDS", 60)  # a busy machine may need longer than a backup may take

    def state() -> str:
        return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]

    desk.found(process.pid)
    begun = await asyncio.to_thread(call_role, settings, "broker", "kafka.freeze", {}, who="me")
    assert state() == "T"
    assert await asyncio.to_thread(call_role, settings, "broker", "kafka.thaw", begun, who="me") == {"held": True}
    assert state() != "T"


async def test_a_fork_that_still_prepares_cannot_stand_still(desk: BrokerDesk, settings: Settings) -> None:
    desk.found(os.getpid())  # the same program as the supervisor's
    with pytest.raises(HubError, match="not running"):
        await asyncio.to_thread(call_role, settings, "broker", "kafka.freeze", {}, who="me")


async def test_who_answers_what_is_no_kafka_s_is_asked_again(
    desk: BrokerDesk, settings: Settings, process: subprocess.Popen[bytes]
) -> None:
    desk.found(process.pid)
    async with answering(settings.kafka.port, struct.pack(">i", -1)):
        await asyncio.sleep(0.05)
    async with answering(settings.kafka.port):
        await until_ready(settings)


async def test_one_that_is_away_cannot_stand_still(desk: BrokerDesk, settings: Settings) -> None:
    with pytest.raises(HubError, match="not running"):
        await asyncio.to_thread(call_role, settings, "broker", "kafka.freeze", {}, who="me")
