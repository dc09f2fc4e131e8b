"""A whole hub as its user starts it: `hub up` with the sandbox, on a state directory and ports of its own.

Everything is judged from outside: the feed by stock kafka-python, the world by the sandbox's truth, the roles by their
pids. A role is killed by `kill -9` on the pid that the supervisor wrote to `run.json`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from kafka import KafkaConsumer, TopicPartition

from hub.topics import FEED

SOURCES = ("noorderlink", "miitn", "traineelink", "vonk")
PORTS = 40
VOLATILE = ("id", "first_published", "last_changed", "redirects")
"""What may differ between two runs of one world: ids follow who was seen first, and times are times."""


class RunningHub:
    """`first_port`: the first of `PORTS` free ports."""

    def __init__(self, state: Path, first_port: int, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.state = state
        self.servers = f"127.0.0.1:{first_port}"
        self.http = f"http://127.0.0.1:{first_port + 2}"
        self.sandbox = f"http://127.0.0.1:{first_port + 20}"
        self.ops = first_port + 3
        self.environment = {
            **kept,
            "HUB_STATE_DIR": str(state),
            "HUB_KAFKA__PORT": str(first_port),
            "HUB_HTTP__PORT": str(first_port + 2),
            "HUB_OPS__PORT": str(self.ops),
            "HUB_SANDBOX__PORT": str(first_port + 20),
            **{f"HUB_CONNECTORS__{source.upper()}__EVERY_SECONDS": "2" for source in SOURCES},
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    # --- life -----------------------------------------------------------------------------------------------------

    def start(self, seconds: float = 120) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        with (self.state / "up.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "up"], env=self.environment, stdout=output, stderr=output, cwd=self.state
            )
        self.until(self.is_ready, seconds, "every role to be ready")

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill_everything(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def hub(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `hub` command as the operator does."""
        return subprocess.run(
            [sys.executable, "-m", "hub", *arguments],
            env=self.environment,
            cwd=self.state,
            capture_output=True,
            text=True,
            timeout=90,
        )

    # --- roles ----------------------------------------------------------------------------------------------------

    def pids(self) -> dict[str, int]:
        try:
            found: dict[str, int] = json.loads((self.state / "run.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def kill(self, role: str) -> None:
        """kill -9, then wait until the supervisor has started another one."""
        pid = self.pids()[role]
        os.kill(pid, signal.SIGKILL)
        self.until(lambda: self.pids().get(role, pid) != pid, 60, f"{role} to be started again")

    def is_ready(self) -> bool:
        return all(self.readiness(offset) for offset in (0, 1, 2, 3))

    def readiness(self, offset: int) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.ops + offset}/readyz", timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    # --- the world ------------------------------------------------------------------------------------------------

    def control(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.sandbox}/sandbox/{path}", data=data, headers={"Content-Type": "application/json"})
        with urlopen(request, timeout=20) as response:
            return json.loads(response.read() or b"null")

    def truth(self) -> dict[str, Any]:
        truth: dict[str, Any] = self.control("truth")
        return truth

    def expected(self) -> set[frozenset[str]]:
        """The live opportunities that certain links alone make of the truth, as sets of source keys."""
        groups: defaultdict[str, set[str]] = defaultdict(set)
        for opening in self.truth()["openings"]:
            for posting in opening["postings"]:
                if posting["live"] and posting["link"] != "echo":
                    groups[posting["certain"]].add(posting["source_key"])
        return {frozenset(keys) for keys in groups.values()}

    # --- the feed -------------------------------------------------------------------------------------------------

    def feed(self) -> dict[str, dict[str, Any]]:
        """id → latest record, folded from the log by an independent client."""
        consumer = KafkaConsumer(bootstrap_servers=self.servers, enable_auto_commit=False, auto_offset_reset="earliest")
        part = TopicPartition(FEED, 0)
        consumer.assign([part])
        end = consumer.end_offsets([part])[part]
        consumer.seek_to_beginning(part)
        fold: dict[str, dict[str, Any]] = {}
        while consumer.position(part) < end:
            for records in consumer.poll(timeout_ms=500).values():
                for record in records:
                    fold[record.key.decode()] = json.loads(record.value)
        consumer.close()
        return fold

    def live(self) -> dict[frozenset[str], dict[str, Any]]:
        """Live opportunities by the set of their source keys."""
        rows = [row for row in self.feed().values() if row["state"] == "live"]
        return {frozenset(source["source_key"] for source in row["sources"]): row for row in rows}

    def until(self, condition: Any, seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds:.0f} s for {what}; see {self.state}/up.txt and logs/")
            time.sleep(0.3)

    def until_true(self, seconds: float = 120) -> None:
        """Wait until the feed says what the truth says."""
        try:
            self.until(lambda: set(self.live()) == self.expected(), seconds, "the feed to equal the truth")
        except AssertionError as error:
            live, expected = set(self.live()), self.expected()
            extra, lacking = [sorted(map(sorted, some))[:8] for some in (live - expected, expected - live)]
            raise AssertionError(f"{error}; too much: {extra}; lacking: {lacking}") from None


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """What two runs of one world must agree on. Sandbox addresses differ by their ports only."""
    kept = {name: value for name, value in row.items() if name not in VOLATILE}
    kept["sources"] = [{k: v for k, v in source.items() if k != "first_seen"} for source in row["sources"]]
    return kept
