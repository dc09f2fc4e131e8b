"""The embedded broker is a real Kafka: data outlives a kill -9 of the JVM and of whoever started it, faults are said."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.topic_reader import records_of
from kafka import KafkaProducer

from hub.broker import jars
from hub.broker.admin import apply_topics
from hub.broker.embedded import EmbeddedKafka
from hub.errors import ConfigError
from hub.topics import CLOCK, catalogue

pytestmark = pytest.mark.integration

NewKafka = Callable[[], EmbeddedKafka]


def write(servers: str, values: list[bytes]) -> None:
    producer = KafkaProducer(bootstrap_servers=servers, acks="all")
    for value in values:
        producer.send(CLOCK, key=value, value=value).get(90)
    producer.close()


def read_all(servers: str) -> list[bytes]:
    return [record.value for record in records_of(servers, CLOCK)]


def test_data_survives_a_killed_jvm(new_kafka: NewKafka) -> None:
    broker = new_kafka()
    broker.start()
    apply_topics(broker.bootstrap, catalogue([]))
    write(broker.bootstrap, [b"1", b"2", b"3"])
    broker.kill()
    broker.start()
    assert read_all(broker.bootstrap) == [b"1", b"2", b"3"]


def test_data_survives_a_tidy_stop_and_the_cluster_keeps_its_id(new_kafka: NewKafka) -> None:
    broker = new_kafka()
    broker.start()
    apply_topics(broker.bootstrap, catalogue([]))
    write(broker.bootstrap, [b"1"])
    identity = (broker.data_dir / "cluster.id").read_text()
    broker.stop()
    again = EmbeddedKafka(data_dir=broker.data_dir, port=broker.port, heap_mb=256)
    again.start()
    values = read_all(again.bootstrap)
    again.stop()
    assert values == [b"1"]
    assert f"cluster.id={identity}" in (broker.log_dir / "meta.properties").read_text()


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def until(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


PARENT = """
import sys, time
from pathlib import Path
from hub.broker.embedded import EmbeddedKafka
broker = EmbeddedKafka(data_dir=Path(sys.argv[1]), port=int(sys.argv[2]), heap_mb=256)
broker.start()
print(broker.pid, flush=True)
time.sleep(300)
"""


def test_a_killed_parent_takes_the_jvm_with_it_and_the_next_start_finds_the_data(new_kafka: NewKafka) -> None:
    broker = new_kafka()
    command = [sys.executable, "-c", PARENT, str(broker.data_dir), str(broker.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        jvm = int(parent.stdout.readline())
        apply_topics(broker.bootstrap, catalogue([]))
        write(broker.bootstrap, [b"1", b"2"])
        parent.kill()
    broker.start()  # at once: it waits for the log's lock
    assert not is_running(jvm)
    assert read_all(broker.bootstrap) == [b"1", b"2"]


def role_environment(broker: EmbeddedKafka, ops_port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return {
        **kept,
        "HUB_STATE_DIR": str(broker.data_dir.parent / "state"),
        "HUB_KAFKA__PORT": str(broker.port),
        "HUB_OPS__PORT": str(ops_port),
    }


def jvm_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0])


def test_the_role_ends_loudly_when_its_jvm_is_killed(new_kafka: NewKafka, free_ports: Callable[[int], int]) -> None:
    broker = new_kafka()
    environment = role_environment(broker, free_ports(6))
    command = [sys.executable, "-m", "hub", "broker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as role:
        assert role.stderr is not None
        assert '"broker ready"' in role.stderr.readline()
        os.kill(jvm_of(role.pid), signal.SIGKILL)
        said = role.stderr.read()
    assert role.returncode == 1
    assert "hub: the embedded broker ended with code -9" in said


def test_the_role_stops_tidily_on_sigterm(new_kafka: NewKafka, free_ports: Callable[[int], int]) -> None:
    broker = new_kafka()
    environment = role_environment(broker, free_ports(6))
    command = [sys.executable, "-m", "hub", "broker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as role:
        assert role.stderr is not None
        role.stderr.readline()
        jvm = jvm_of(role.pid)
        role.terminate()
    assert role.returncode == 0
    assert not is_running(jvm)
    assert (broker.data_dir.parent / "state" / "kafka" / "log" / ".kafka_cleanshutdown").exists()


@pytest.mark.parametrize("offset", [0, 1])
def test_a_taken_port_is_named_with_its_setting(new_kafka: NewKafka, offset: int) -> None:
    broker = new_kafka()
    with socket.socket() as other:
        other.bind(("127.0.0.1", broker.port + offset))
        other.listen()
        with pytest.raises(ConfigError, match=rf"port {broker.port + offset} .* is taken;.*HUB_KAFKA__PORT"):
            broker.start()


def test_a_corrupt_jar_is_refused_and_nothing_starts(tmp_path: Path, free_ports: Callable[[int], int]) -> None:
    directory = tmp_path / "jars"
    shutil.copytree(jars.cache_dir(), directory)
    victim = directory / "kafka-clients-4.3.1.jar"
    victim.chmod(0o644)
    content = bytearray(victim.read_bytes())
    content[1000] ^= 1
    victim.write_bytes(content)
    broker = EmbeddedKafka(data_dir=tmp_path / "kafka", port=free_ports(2), jars_dir=directory)
    with pytest.raises(ConfigError, match=r"kafka-clients-4\.3\.1\.jar is corrupt.*make setup"):
        broker.start()
    assert broker.pid is None


def test_a_second_broker_on_the_same_data_is_refused(new_kafka: NewKafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.broker.embedded.LOCK_WAIT_SECONDS", 0.2)
    broker = new_kafka()
    broker.start()
    second = EmbeddedKafka(data_dir=broker.data_dir, port=broker.port + 2)
    with pytest.raises(ConfigError, match="another broker uses"):
        second.start()
