"""Nothing below a committed offset is missing from the output, whatever is killed (faust.md §4).

An independent client writes the input, reads the output and the committed offsets; the stage runs in processes of its
own that are killed for real.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.forwarder import POISON
from fakes.topic_reader import records_of
from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import BrokerResponseError

from hub.broker.admin import apply_topics
from hub.broker.embedded import EmbeddedKafka
from hub.topics import REJECTED, Topic, catalogue
from ops.empty_broker import empty_broker

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

SOURCE, TARGET = "hub.test.in.v1", "hub.test.out.v1"
PARTITIONS = 4
TOPICS = [
    Topic(SOURCE, "any", "any", PARTITIONS, "delete"),
    Topic(TARGET, "any", "any", PARTITIONS, "delete"),
    next(topic for topic in catalogue([]) if topic.name == REJECTED),
]
PROGRAM = Path(__file__).parents[1] / "fakes" / "forwarder.py"


class Bench:
    """The independent client, and the processes under test."""

    def __init__(self, broker: EmbeddedKafka) -> None:
        self.broker = broker
        self.processes: list[subprocess.Popen[bytes]] = []
        self.written = 0
        # Of its own, so that members killed by an earlier test need not time out first.
        self.group = f"hub-test-{uuid.uuid4().hex[:8]}"
        empty_broker(broker.bootstrap)
        apply_topics(broker.bootstrap, TOPICS)

    def write(self, count: int, value: bytes = b"x" * 500) -> None:
        producer = KafkaProducer(bootstrap_servers=self.broker.bootstrap, acks="all", linger_ms=20)
        for number in range(count):
            producer.send(SOURCE, key=str(self.written + number).encode(), value=value)
        producer.flush()
        producer.close()
        self.written += count

    def write_versions(self, count: int) -> None:
        """Versions of one key."""
        producer = KafkaProducer(bootstrap_servers=self.broker.bootstrap, acks="all")
        for _ in range(count):
            producer.send(SOURCE, key=b"k", value=b"version")
        producer.flush()
        producer.close()

    def start(self, fail_every: int = 0, step_ms: int = 0) -> subprocess.Popen[bytes]:
        arguments = [self.broker.bootstrap, self.group, SOURCE, TARGET, str(fail_every), str(step_ms)]
        process = subprocess.Popen([sys.executable, str(PROGRAM), *arguments], env=os.environ, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def committed(self) -> dict[int, int]:
        admin = KafkaAdminClient(bootstrap_servers=self.broker.bootstrap)
        try:
            found = admin.list_group_offsets(self.group)[self.group]
        except BrokerResponseError as error:
            if not error.retriable:
                raise
            return {}  # the broker still makes its offsets topic, or reads it after a start
        finally:
            admin.close()
        return {tp.partition: max(0, row.offset) for tp, row in found.items() if tp.topic == SOURCE}

    def delivered(self, topic: str = TARGET) -> list[bytes]:
        return [record.value for record in records_of(self.broker.bootstrap, topic)]

    def missing_below_committed(self) -> set[str]:
        delivered = {value.decode() for value in self.delivered()}
        return {f"{part}:{offset}" for part, end in self.committed().items() for offset in range(end)} - delivered

    def wait_until_done(self, seconds: float = 200) -> None:
        self.wait_until_committed(self.written, seconds)

    def wait_until_committed(self, count: int, seconds: float = 200) -> None:
        deadline = time.monotonic() + seconds
        while sum(self.committed().values()) < count:
            assert time.monotonic() < deadline, f"committed {self.committed()} of {count}"
            time.sleep(0.3)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def bench(kafka: EmbeddedKafka) -> Iterator[Bench]:
    bench = Bench(kafka)
    yield bench
    bench.close()


@pytest.mark.parametrize("attempt", range(30 if os.environ.get("SOAK") else 3))
def test_a_cold_start_with_a_backlog_delivers_all_of_it(bench: Bench, attempt: int) -> None:
    bench.write(6_000)
    bench.start()
    bench.wait_until_done()
    assert bench.missing_below_committed() == set()


def test_two_joins_and_a_kill_lose_nothing(bench: Bench) -> None:
    bench.write(8_000)
    first = bench.start()
    bench.start()
    bench.write(4_000)
    bench.start()
    time.sleep(3)
    first.kill()
    bench.write(4_000)
    bench.wait_until_done()
    assert bench.missing_below_committed() == set()


def test_injected_send_failures_end_the_process_and_lose_nothing(bench: Bench) -> None:
    bench.write(9_000)
    codes = []
    for _ in range(3):
        process = bench.start(fail_every=12)
        codes.append(process.wait(timeout=150))
        assert bench.missing_below_committed() == set()
    bench.start()
    bench.wait_until_done()
    assert bench.missing_below_committed() == set()
    assert all(code != 0 for code in codes)


def test_a_member_that_was_stopped_past_its_session_writes_no_older_version_behind_a_newer_one(bench: Bench) -> None:
    bench.write_versions(1_000)
    stopped = bench.start(step_ms=20)
    bench.wait_until_committed(200)  # so it is in the midst of the next batch
    stopped.send_signal(signal.SIGSTOP)
    bench.start()
    bench.wait_until_committed(1_000)
    bench.write_versions(1)
    bench.wait_until_committed(1_001)
    stopped.send_signal(signal.SIGCONT)
    assert stopped.wait(timeout=60) == 1
    assert bench.delivered()[-1].endswith(b":1000")


def test_a_poisoned_record_is_parked_and_its_neighbours_go_on(bench: Bench) -> None:
    bench.write(500)
    bench.write(1, POISON)
    bench.write(500)
    bench.start()
    bench.wait_until_done()
    assert len(bench.delivered(REJECTED)) == 1
    assert len(set(bench.delivered())) == 1_000


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_a_broker_that_dies_under_traffic_loses_nothing(new_kafka: Callable[[], EmbeddedKafka], signal_number: int) -> None:
    broker = new_kafka()
    broker.start()
    bench = Bench(broker)
    try:
        bench.write(2_000)
        process = bench.start()
        bench.wait_until_done()
        writing = threading.Thread(target=bench.write, args=(20_000,))
        writing.start()
        bench.wait_until_committed(2_001)
        broker.kill() if signal_number == signal.SIGKILL else broker.stop()
        time.sleep(6)
        broker.start()
        writing.join()
        bench.wait_until_done()
        assert bench.missing_below_committed() == set()
        assert process.poll() is None
    finally:
        bench.close()
