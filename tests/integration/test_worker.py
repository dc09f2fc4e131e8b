"""The worker as a process: raw records come out canonical and enriched, bad ones parked; replay and redrive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.readiness import is_ready
from fakes.topic_reader import records_of
from kafka import KafkaProducer

from hub.broker.embedded import EmbeddedKafka
from hub.broker.headers import Stamp
from hub.topics import CANONICAL, ENRICHED, REJECTED, raw

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
RAW = raw("noorderlink")


class Worker:
    """`hub worker` on a broker, with an independent client beside it."""

    def __init__(self, servers: str, state: Path, ops_port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.servers = servers
        self.ready_url = f"http://127.0.0.1:{ops_port + 1}/readyz"
        self.environment = {
            **kept,
            "HUB_STATE_DIR": str(state),
            "HUB_OPS__PORT": str(ops_port),
            "HUB_KAFKA__BOOTSTRAP_SERVERS": servers,
        }
        self._state = state
        with (state / "worker.log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "hub", "worker"], env=self.environment, cwd=state, stderr=log)
        self._producer = KafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=5)

    def hub(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hub", *arguments],
            env=self.environment,
            cwd=self._state,
            capture_output=True,
            text=True,
            timeout=150,
        )

    def write(self, number: int, seq: int = 1, **item: Any) -> None:
        body = {
            "item": {"id": number, "slug": f"v-{number}", "title": f"Adviseur {number}", "text": "<p>Werk in Assen.</p>", **item}
        }
        headers = Stamp("upsert", seq, 1, "f", url=f"https://n.example/vacature/v-{number}").to_headers()
        self._producer.send(RAW, key=f"noorderlink:{number}".encode(), value=json.dumps(body).encode(), headers=headers)

    def flush(self) -> None:
        self._producer.flush()

    def records(self, topic: str) -> list[tuple[str, dict[str, Any]]]:
        return [((record.key or b"").decode(), json.loads(record.value)) for record in records_of(self.servers, topic)]

    def until(self, condition: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + 150
        while not condition():
            assert time.monotonic() < deadline, f"waited for {what}"
            time.sleep(0.2)

    def is_ready(self) -> bool:
        return is_ready(self.ready_url)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._producer.close()


@pytest.fixture
def worker(fresh_kafka: EmbeddedKafka, tmp_path: Path, free_ports: Callable[[int], int]) -> Iterator[Worker]:
    worker = Worker(fresh_kafka.bootstrap, tmp_path, free_ports(8))
    worker.until(worker.is_ready, "the worker to be ready")
    yield worker
    worker.close()


def test_bad_records_are_parked_and_their_neighbours_go_through(worker: Worker) -> None:
    for number in range(200):
        worker.write(number, **({"title": ["no text"]} if number % 50 == 7 else {}))
    worker.flush()
    worker.until(lambda: len(dict(worker.records(ENRICHED))) == 196, "196 enriched postings")
    worker.until(lambda: len(worker.records(REJECTED)) == 4, "4 dead letters")
    letters = [row for _, row in worker.records(REJECTED)]
    assert [(row["source_key"], row["field"]) for row in letters] == [
        (f"noorderlink:{n}", "item.title") for n in (7, 57, 107, 157)
    ]
    listed = worker.hub("rejected", "list", "--json").stdout.splitlines()
    assert [json.loads(line)["source_key"] for line in listed] == [row["source_key"] for row in letters]


def test_a_replay_while_changes_arrive_repeats_the_same_bytes_and_loses_nothing(worker: Worker) -> None:
    for number in range(300):
        worker.write(number)
    worker.flush()
    worker.until(lambda: len(dict(worker.records(ENRICHED))) == 300, "300 enriched postings")
    for number in range(300, 600):
        if number == 400:
            assert worker.hub("replay", "canonicalise").returncode == 0
        if number == 500:
            assert worker.hub("replay", "enrich").returncode == 0
        worker.write(number)
    worker.flush()
    worker.until(lambda: len(dict(worker.records(ENRICHED))) == 600, "600 keys")
    worker.until(lambda: len(worker.records(CANONICAL)) >= 900, "the replay's repeats")
    for topic in (CANONICAL, ENRICHED):
        versions = {(key, row["seq"]): set() for key, row in worker.records(topic)}
        for key, row in worker.records(topic):
            versions[key, row["seq"]].add(json.dumps(row, sort_keys=True))
        assert all(len(contents) == 1 for contents in versions.values())


def test_a_redrive_parks_what_is_still_bad_and_refuses_what_is_superseded(worker: Worker) -> None:
    worker.write(1, title=["no text"])
    worker.flush()
    worker.until(lambda: worker.records(REJECTED), "a dead letter")
    assert "parked again" in worker.hub("rejected", "redrive", "0").stdout
    listed = worker.hub("rejected", "list", "--json").stdout.splitlines()
    assert [json.loads(line)["offset"] for line in listed] == [1]
    worker.write(1, seq=2)
    worker.flush()
    worker.until(lambda: worker.records(ENRICHED), "the mended version")
    refused = worker.hub("rejected", "redrive", "0")
    assert (refused.returncode, "superseded" in refused.stderr) == (1, True)
