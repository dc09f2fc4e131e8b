"""The ground that measurements stand on: a broker and roles as real processes, in a state directory that is thrown away.

Everything listens on free loopback ports of one block. What a process used is read from /proc, so Linux it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from urllib.request import urlopen

from hub.broker.admin import apply_topics
from hub.broker.embedded import EmbeddedKafka
from hub.broker.parent import die_with_parent
from hub.broker.probe import is_port_free
from hub.telemetry.contact import FURTHER_WORKERS, OPS_OFFSET
from hub.topics import Topic, catalogue
from ops.empty_broker import empty_broker

PORTS = 40
SOURCES = ("miitn", "noorderlink", "traineelink", "vonk")
TICKS = os.sysconf("SC_CLK_TCK")
SANDBOX_OFFSET = {"noorderlink": 1, "miitn": 2, "traineelink": 3, "vonk": 4}


class Ground:
    """`with Ground() as ground`: a state directory and ports; `start_broker` and `start` bring life."""

    def __init__(self, **settings: str) -> None:
        first = free_ports(PORTS)
        self.servers = f"127.0.0.1:{first}"
        self.http = f"http://127.0.0.1:{first + 2}"
        self.ops = first + 3
        self.sandbox_port = first + 20
        self.state = Path(tempfile.mkdtemp(prefix="hub-bench-"))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.environment = {
            **kept,
            "HUB_STATE_DIR": str(self.state),
            "HUB_KAFKA__PORT": str(first),
            "HUB_HTTP__PORT": str(first + 2),
            "HUB_OPS__PORT": str(self.ops),
            "HUB_SANDBOX__PORT": str(self.sandbox_port),
            "HUB_SANDBOX__SPEED": "0",
            "HUB_LOG_LEVEL": "warning",
            **settings,
        }
        self.broker = EmbeddedKafka(data_dir=self.state / "kafka", port=first)
        self.roles: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Ground:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop_roles()
        self.broker.stop()
        shutil.rmtree(self.state, ignore_errors=True)

    # --- processes ------------------------------------------------------------------------------------------------

    def start_broker(self) -> None:
        self.broker.start()
        self.make_topics()

    def make_topics(self, more: list[Topic] | None = None) -> None:
        """Every topic newly made and empty, no consumer group."""
        empty_broker(self.broker.bootstrap)
        apply_topics(self.broker.bootstrap, [*catalogue(SOURCES), *(more or [])])

    def start(self, *roles: str) -> None:
        """Start roles and wait until each is ready; `worker 2` is the second worker."""
        for role in roles:
            name, _, number = role.partition(" ")
            self.roles[role] = self.spawn(name, *(("--number", number) if number else ()))
        for role in roles:
            until(partial(self.is_ready, role), 60, f"{role} to be ready")

    def spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.state / f"{arguments[0]}.txt").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "hub", *arguments],
                env=self.environment,
                cwd=self.state,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent(),
            )

    def stop_roles(self) -> None:
        for process in self.roles.values():
            stop(process)
        self.roles.clear()

    def is_ready(self, role: str) -> bool:
        name, _, number = role.partition(" ")
        port = self.ops + (FURTHER_WORKERS + int(number) - 2 if number else OPS_OFFSET[name])
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def counts(self) -> dict[str, int]:
        """Live and closed items as readers see them over HTTP."""
        try:
            with urlopen(f"{self.http}/v1/feed/digest", timeout=5) as response:
                counts: dict[str, int] = json.loads(response.read())["counts"]
                return counts
        except OSError:
            return {"live": 0, "closed": 0}


def stop(process: subprocess.Popen[bytes], seconds: float = 40) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def is_running(pid: int) -> bool:
    """One of its threads has a processor or waits for one."""
    for path in Path(f"/proc/{pid}/task").glob("*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            if path.read_text().rpartition(")")[2].split()[0] == "R":
                return True
    return False


def resident_mb(pid: int) -> float:
    """VmRSS: what the process holds in memory, pages that it shares with others included."""
    return _status_kb(Path(f"/proc/{pid}/status"), "VmRSS:") / 1024


def proportional_mb(pid: int) -> float:
    """Pss: the same with shared pages divided among those who share them."""
    return _status_kb(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") / 1024


def shared_mb(pid: int) -> float:
    """What of `proportional_mb` lies in pages that others have too."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    return proportional_mb(pid) - sum(_status_kb(rollup, name) for name in ("Private_Clean:", "Private_Dirty:")) / 1024


def _status_kb(path: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name))


def free_ports(count: int) -> int:
    """The first of `count` free ports in a row, below those that the kernel gives to outgoing connections."""
    chance = random.SystemRandom()
    while True:
        first = chance.randrange(20_000, 32_000 - count)
        if all(is_port_free(first + n) for n in range(count)):
            return first
