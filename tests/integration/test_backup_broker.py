"""Backups of a broker that is written to all the while, with segments rolling and the log cleaner at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.log_writer import KEYS, TOPIC, LogWriter, make_busy_topic, read_back

from hub.backup.restore import restore_backup, verify_backup
from hub.backup.take import take_backup
from hub.broker.embedded import EmbeddedKafka
from hub.broker.probe import answers
from hub.errors import HubError
from hub.settings import Settings
from hub.telemetry.ops_client import call_role

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


@dataclass
class Busy:
    settings: Settings
    writer: LogWriter
    environment: dict[str, str]


def settings_on(state: Path, first_port: int) -> Settings:
    return Settings.model_validate(
        {"state_dir": state, "kafka": {"port": first_port, "heap_mb": 256}, "ops": {"port": first_port + 2}}
    )


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]) -> Iterator[Busy]:
    """The role `broker` on a state directory of its own, and a writer that never rests."""
    first, state = free_ports(12), tmp_path_factory.mktemp("busy") / "state"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environment = {
        **kept,
        "HUB_STATE_DIR": str(state),
        "HUB_KAFKA__PORT": str(first),
        "HUB_KAFKA__HEAP_MB": "256",
        "HUB_OPS__PORT": str(first + 2),
    }
    settings = settings_on(state, first)
    with subprocess.Popen([sys.executable, "-m", "hub", "broker"], env=environment) as role:
        try:
            until(lambda: answers(settings.kafka.servers), 150)
            make_busy_topic(settings.kafka.servers)
            with LogWriter(settings.kafka.servers) as writer:
                writer.until_more(500)
                until(lambda: has_been_cleaned(state), 150)
                yield Busy(settings, writer, environment)
        finally:
            role.send_signal(signal.SIGTERM)
            role.wait(150)


def until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def has_been_cleaned(state: Path) -> bool:
    """The cleaner has taken segments away: the second one left begins far behind the first."""
    segments = sorted((state / "kafka" / "log" / f"{TOPIC}-0").glob("*.log"))
    return len(segments) > 1 and int(segments[1].stem) > 200


def test_each_of_three_backups_has_all_that_was_acknowledged_before_it(
    busy: Busy, tmp_path: Path, free_ports: Callable[[int], int]
) -> None:
    taken = []
    for number in range(3):
        before = list(busy.writer.acknowledged), busy.writer.committed
        take_backup(busy.settings, tmp_path / f"{number}", who="me")
        taken.append((tmp_path / f"{number}", *before))
        busy.writer.until_more(200)
    for path, acknowledged, committed_before in taken if os.environ.get("SOAK") else taken[1:2]:
        first = free_ports(4)
        elsewhere = settings_on(tmp_path / f"restored-{path.name}", first)
        restore_backup(elsewhere, path, who="me")
        broker = EmbeddedKafka(data_dir=elsewhere.state_dir / "kafka", port=first, heap_mb=256)
        broker.start()
        try:
            found, end, committed = read_back(broker.bootstrap)
        finally:
            broker.stop()
        newest = {number % KEYS: number for number in found}
        assert all(newest[number % KEYS] >= number for number in range(len(acknowledged)))
        offsets = busy.writer.acknowledged
        assert all(offset == offsets[number] for number, offset in found.items())
        assert committed_before <= committed <= end


def test_a_backup_that_is_killed_leaves_no_file_under_its_name_and_the_broker_goes_on(busy: Busy, tmp_path: Path) -> None:
    begun = 0
    for delay in (0.2, 0.6, 0.9, 1.2):
        path = tmp_path / f"{delay}"
        with subprocess.Popen([sys.executable, "-m", "hub", "backup", str(path)], env=busy.environment) as backup:
            time.sleep(delay)
            backup.kill()
        busy.writer.until_more(50, seconds=150)
        if path.exists():
            verify_backup(path)  # it was through before the signal came
        else:
            begun += 1
    assert begun > 0
    take_backup(busy.settings, tmp_path / "next", who="me")
    verify_backup(tmp_path / "next")


def test_a_broker_whose_backup_died_while_it_stood_still_goes_on_by_itself(busy: Busy) -> None:
    call_role(busy.settings, "broker", "kafka.freeze", {}, who="me")
    busy.writer.until_more(50, seconds=150)


def test_a_second_hub_s_token_does_not_freeze_this_broker(busy: Busy, tmp_path: Path) -> None:
    stranger = busy.settings.model_copy(update={"state_dir": tmp_path})
    with pytest.raises(HubError, match="token is missing or wrong"):
        call_role(stranger, "broker", "kafka.freeze", {}, who="me")
