"""Unify as a process on a real broker, and the independent client around it: writes its inputs, reads its feed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from fakes.postings import posting
from fakes.topic_reader import TopicReader
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from hub.broker.admin import apply_topics
from hub.broker.embedded import EmbeddedKafka
from hub.broker.headers import Stamp
from hub.topics import ENRICHED, FEED, catalogue

JOB = "https://werkenbij.ziekenhuis.example/vacatures/functie-{}0001"


class Process:
    """One `hub unify` of its own, with its own ops port and state directory."""

    def __init__(self, servers: str, state: Path, ops_port: int, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.state = state
        self.port = ops_port + 2
        self.environment = {
            **kept,
            "HUB_STATE_DIR": str(state),
            "HUB_OPS__PORT": str(ops_port),
            "HUB_KAFKA__BOOTSTRAP_SERVERS": servers,
            "HUB_STREAMS__SESSION_SECONDS": "6",
            **settings,
        }
        state.mkdir(exist_ok=True)
        with (state / "unify.log").open("ab") as log:
            command = [sys.executable, "-m", "hub", "unify"]
            self.process = subprocess.Popen(command, env=self.environment, cwd=state, stderr=log)

    def readiness(self) -> dict[str, Any]:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as response:
                found: dict[str, Any] = json.loads(response.read())
        except HTTPError as refusal:
            with refusal:
                found = json.loads(refusal.read())
        except OSError:
            return {"ready": False, "missing": {}}
        return found

    def until_ready(self) -> Process:
        until(lambda: self.readiness()["ready"], "unify to be ready")
        return self

    def until_held(self) -> str:
        """What readiness says of the brake."""
        held: str = until(lambda: self.readiness()["missing"].get("brake"), "the rebuild to be held")
        return held

    def call(self, command: str, **arguments: Any) -> Any:
        token = (self.state / "ops.token").read_text()
        request = Request(
            f"http://127.0.0.1:{self.port}/ops/{command}",
            data=json.dumps({"who": "test", "why": "test", "arguments": arguments}).encode(),
            headers={"Authorization": f"Bearer {token}"},
        )
        with urlopen(request, timeout=120) as response:
            return json.loads(response.read())["result"]

    def hub(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `hub` command as the operator does, beside this process."""
        command = [sys.executable, "-m", "hub", *arguments]
        return subprocess.run(command, env=self.environment, cwd=self.state, capture_output=True, text=True, timeout=120)

    def end(self) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=120) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class World:
    """The independent client: writes enriched, reads the feed, starts owners."""

    def __init__(self, kafka: EmbeddedKafka, tmp_path: Path, free_ports: Callable[[int], int]) -> None:
        self.servers = kafka.bootstrap
        self._tmp_path = tmp_path
        self._free_ports = free_ports
        self._processes: list[Process] = []
        self._topics = TopicReader(self.servers)
        self._producer = KafkaProducer(bootstrap_servers=self.servers, acks="all", linger_ms=5)

    def start(self, **settings: str) -> Process:
        state = self._tmp_path / f"unify-{len(self._processes)}"
        process = Process(self.servers, state, self._free_ports(8), **settings)
        self._processes.append(process)
        return process

    def write(self, key: str, **fields: Any) -> None:
        value = posting(key, **fields)
        headers = Stamp("upsert", value.seq, value.first_seen).to_headers()
        self._producer.send(ENRICHED, key=key.encode(), value=value.to_bytes(), headers=headers)

    def send(self, topic: str, key: bytes, value: bytes, headers: Any = ()) -> None:
        self._producer.send(topic, key=key, value=value, headers=list(headers))
        self._producer.flush()

    def fill(self, count: int) -> None:
        for number in range(count):
            self.write(f"a:{number}", apply_url=JOB.format(number))
        self._producer.flush()

    def records(self, topic: str = FEED) -> list[dict[str, Any]]:
        return self._topics.values(topic)

    def live(self) -> dict[str, list[str]]:
        fold = {row["id"]: row for row in self.records()}
        return {id_: [s["source_key"] for s in row["sources"]] for id_, row in fold.items() if row["state"] == "live"}

    def until_live(self, count: int) -> None:
        until(lambda: len(self.live()) == count, f"{count} live opportunities")

    def forget(self, before: int) -> None:
        """Lose the first records of the enriched topic, as a broken disk or a wrong retention would."""
        admin = KafkaAdminClient(bootstrap_servers=self.servers)
        admin.alter_configs([_with_policy(ENRICHED, "delete")])  # records of a compacted topic cannot be deleted
        admin.delete_records({TopicPartition(ENRICHED, 0): before})
        admin.close()
        apply_topics(self.servers, catalogue([]))

    def lose_feed(self) -> None:
        """The topic is deleted, and made anew by whoever notices."""
        admin = KafkaAdminClient(bootstrap_servers=self.servers)
        admin.delete_topics([FEED])
        until(lambda: FEED not in admin.list_topics(), "the topic to be gone")
        admin.close()
        apply_topics(self.servers, catalogue([]))
        self._topics = TopicReader(self.servers)

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        self._producer.close()


def until(condition: Callable[[], Any], what: str, seconds: float = 150) -> Any:
    """What the condition said when it was so."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.2)
    return found


def _with_policy(topic: str, policy: str) -> ConfigResource:
    return ConfigResource(ConfigResourceType.TOPIC, topic, configs={"cleanup.policy": policy})
