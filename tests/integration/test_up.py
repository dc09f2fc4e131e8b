"""`hub up` as a process: nothing outlives it, a second one is refused, the next one finds the data."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


class Up:
    """One `hub up --no-sandbox` on a state directory and ports of its own."""

    def __init__(self, state: Path, first_port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.state = state
        self.environment = {
            **kept,
            "HUB_STATE_DIR": str(state),
            "HUB_KAFKA__PORT": str(first_port),
            "HUB_HTTP__PORT": str(first_port + 2),
            "HUB_OPS__PORT": str(first_port + 3),
            # No test may reach a real partner.
            **{f"HUB_CONNECTORS__{source}__ENABLED": "false" for source in ("NOORDERLINK", "MIITN", "TRAINEELINK", "VONK")},
        }
        self.command = [sys.executable, "-m", "hub", "up", "--no-sandbox"]
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.state
        )
        return self.process

    def read_until(self, part: str) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if part in line:
                return line
        raise AssertionError(f"`hub up` ended without saying {part!r}")

    def end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.communicate(timeout=150)
        return self.process.returncode


def processes_of(state: Path) -> list[int]:
    """Every living process that has the state directory in its environment."""
    found = []
    wanted = f"HUB_STATE_DIR={state}".encode()
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            is_one = wanted in (directory / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if is_one:
            found.append(int(directory.name))
    return found


def until_none_is_left(state: Path) -> None:
    deadline = time.monotonic() + 90
    while processes_of(state):
        assert time.monotonic() < deadline, f"still there: {processes_of(state)}"
        time.sleep(0.05)


@pytest.fixture
def up(tmp_path: Path, free_ports: Callable[[int], int]) -> Iterator[Up]:
    hub = Up(tmp_path, free_ports(12))
    yield hub
    for pid in processes_of(tmp_path):
        os.kill(pid, signal.SIGKILL)
    if hub.process is not None:
        hub.process.communicate()


def test_a_killed_hub_leaves_no_process_and_the_next_one_finds_its_data(up: Up) -> None:
    up.start()
    first = up.read_until("as the catalogue says")
    assert len(processes_of(up.state)) >= 2  # supervisor and JVM at least
    assert up.end(signal.SIGKILL) == -signal.SIGKILL
    until_none_is_left(up.state)
    up.start()
    second = up.read_until("as the catalogue says")
    code = up.end(signal.SIGTERM)
    assert "0 changes" not in first
    assert "0 changes" in second
    assert code == 0


def test_a_second_hub_on_the_same_state_directory_is_refused_and_ctrl_c_leaves_no_process_of_the_first(up: Up) -> None:
    up.start()
    up.read_until("as the catalogue says")
    second = subprocess.run(up.command, env=up.environment, capture_output=True, text=True, check=False, cwd=up.state)
    assert up.end(signal.SIGINT) == 0
    assert processes_of(up.state) == []
    assert second.returncode == 2
    assert "another hub is running on the state directory" in second.stderr


def test_a_taken_port_is_refused_before_anything_starts(up: Up) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(up.environment["HUB_HTTP__PORT"])))
        other.listen()
        result = subprocess.run(up.command, env=up.environment, capture_output=True, text=True, check=False, cwd=up.state)
    assert result.returncode == 2
    assert "for the feed's HTTP is taken; end the other process or set HUB_HTTP__PORT" in result.stderr
    assert not (up.state / "kafka").exists()


def test_a_killed_broker_comes_back_with_its_data(up: Up) -> None:
    up.start()
    up.read_until("as the catalogue says")
    jvm = next(pid for pid in processes_of(up.state) if Path(f"/proc/{pid}/comm").read_text().strip() == "java")
    os.kill(jvm, signal.SIGKILL)
    up.read_until("broker   was ended by signal 9")
    up.read_until("broker   ready")
    assert up.end(signal.SIGTERM) == 0
    assert processes_of(up.state) == []
