"""What `hub doctor` says about a machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.partner_door import Certificate

from hub.errors import ConfigError
from hub.settings import ConnectorSettings, KafkaSettings, Settings
from hub.supervisor import http
from hub.supervisor.doctor import Finding, examine
from hub.supervisor.up import lock_state_dir
from hub.telemetry.contact import ops_port


@pytest.fixture
def settings(tmp_path: Path, free_ports: Callable[[int], int]) -> Settings:
    first = free_ports(22)
    tree = {
        "state_dir": tmp_path / "state",
        "kafka": {"port": first},
        "http": {"port": first + 2},
        "ops": {"port": first + 3},
        "sandbox": {"port": first + 15},
    }
    return Settings.model_validate(tree)


def told(settings: Settings, subject: str) -> list[Finding]:
    return [finding for finding in examine(settings) if finding.subject == subject]


def test_a_connector_that_does_not_exist_is_said_with_those_that_do(settings: Settings) -> None:
    (found,) = told(settings.model_copy(update={"connectors": {"vonkk": ConnectorSettings()}}), "connectors")
    assert found.state == "fail"
    assert "connectors.vonkk is no connector; there are miitn, noorderlink, traineelink, vonk" in found.detail


def test_a_cluster_that_does_not_answer_is_said(settings: Settings, free_ports: Callable[[int], int]) -> None:
    servers = f"127.0.0.1:{free_ports(1)}"
    (found,) = told(settings.model_copy(update={"kafka": KafkaSettings(bootstrap_servers=servers)}), "Kafka")
    assert (found.state, found.detail) == ("fail", f"no Kafka broker answers on {servers}")
    assert "HUB_KAFKA__BOOTSTRAP_SERVERS" in found.advice


def test_missing_java_maven_and_jars_come_with_what_to_install(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("hub.broker.java._bundled_java", lambda: None)
    advice = {finding.subject: finding.advice for finding in examine(settings) if finding.state == "fail"}
    assert "openjdk-17-jre-headless" in advice["Java"]
    assert advice["Maven"] == "apt-get install maven"
    assert advice["Kafka's jars"] == "make setup"


def test_a_user_without_a_home_is_told_the_rest_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise ConfigError("this user has no home; set XDG_CACHE_HOME")

    monkeypatch.setattr("hub.supervisor.doctor.jars.cache_dir", homeless)
    (found,) = [finding for finding in examine(settings) if finding.subject == "Kafka's jars"]
    assert (found.state, found.advice) == ("fail", "set XDG_CACHE_HOME")
    assert examine(settings)[-1].subject == "file descriptors"


def test_a_cluster_elsewhere_needs_neither_java_nor_jars(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    elsewhere = settings.model_copy(update={"kafka": settings.kafka.model_copy(update={"bootstrap_servers": "k:9092"})})
    assert [finding.state for finding in told(elsewhere, "Java")] == ["ok"]
    assert told(elsewhere, "Kafka's jars") == []


def test_a_taken_port_comes_with_its_setting(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.http.port))
        other.listen()
        (finding,) = told(settings, "ports")
    assert (finding.state, finding.advice) == ("fail", "end the other process or set HUB_HTTP__PORT")


def test_free_ports_and_a_new_state_directory_are_fine(settings: Settings) -> None:
    assert [finding.state for finding in told(settings, "ports") + told(settings, "state directory")] == ["ok", "ok"]
    assert not settings.state_dir.exists()


def test_a_running_hub_is_told_apart_from_a_fault(settings: Settings) -> None:
    lock = lock_state_dir(settings.state_dir)
    (finding,) = told(settings, "state directory")
    lock.release()
    assert (finding.state, finding.detail) == ("warn", f"{settings.state_dir} is in use by a running hub")


def test_a_running_hubs_ports_are_one_line(settings: Settings) -> None:
    lock = lock_state_dir(settings.state_dir)
    with socket.socket() as own:
        own.bind(("127.0.0.1", settings.http.port))
        own.listen()
        (finding,) = told(settings, "ports")
    lock.release()
    assert (finding.state, finding.detail) == ("warn", "1 of 15 are taken, by the running hub")


def test_a_role_that_hangs_is_told_apart_from_one_that_says_what_it_lacks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.2)
    lock = lock_state_dir(settings.state_dir)
    ports = (ops_port(settings, role) for role in ("ingest", "unify"))
    with ExitStack() as opened:
        ingest, _ = (opened.enter_context(socket.create_server(("127.0.0.1", port))) for port in ports)
        answering = threading.Thread(target=_lacks_a_broker, args=(ingest,))
        answering.start()
        found = {finding.subject: finding.detail for finding in examine(settings)}
        answering.join()
    lock.release()
    assert (found["ingest"], found["unify"]) == (
        "Kafka has not answered",
        "listens and does not answer: it hangs or was stopped",
    )
    assert "serve" not in found


def _lacks_a_broker(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b'HTTP/1.0 503 Service Unavailable\r\n\r\n{"missing": {"broker": "Kafka has not answered"}}')


def test_a_hub_that_others_reach_is_asked_for_the_address_at_which_they_do(settings: Settings) -> None:
    open_to_all = settings.model_copy(update={"http": settings.http.model_copy(update={"host": "0.0.0.0"})})
    (finding,) = told(open_to_all, "public address")
    assert (finding.state, "HUB_HTTP__PUBLIC_URL" in finding.advice) == ("warn", True)
    assert told(settings, "public address") == []


def test_a_secret_that_everybody_can_read_is_named_and_a_groups_right_is_not(settings: Settings, tmp_path: Path) -> None:
    credential = tmp_path / "noorderlink.credential"
    credential.write_text("user:password")
    own = ConnectorSettings(credential_file=credential)
    with_secret = settings.model_copy(update={"connectors": {"noorderlink": own}})
    credential.chmod(0o640)
    assert told(with_secret, "secrets") == []
    credential.chmod(0o644)
    (finding,) = told(with_secret, "secrets")
    assert finding.detail.startswith("connectors.noorderlink.credential_file: everybody on this machine can read")
    assert (finding.state, finding.advice) == ("warn", f"chmod o= {credential}")


@pytest.mark.parametrize(("secret", "why"), [(None, "cannot be read"), ("", "is empty"), ("whsec_x", None)])
def test_a_webhooks_secret_that_is_not_there_is_told_before_a_partner_pushes(
    settings: Settings, tmp_path: Path, secret: str | None, why: str | None
) -> None:
    path = tmp_path / "vonk.webhook"
    if secret is not None:
        path.write_text(secret)
        path.chmod(0o600)
    with_secret = settings.model_copy(update={"connectors": {"vonk": ConnectorSettings(webhook_secret_file=path)}})
    found = told(with_secret, "secrets")
    assert [f"{path} {why}" in one.detail for one in found] == [True] * (why is not None)
    assert {one.advice for one in found} <= {"put the secret there, or unset it"}


@pytest.mark.parametrize(("days", "state"), [(60, "ok"), (9, "warn"), (-1, "warn")])
def test_the_certificate_of_kafkas_door_is_judged_by_its_last_day(
    settings: Settings, tmp_path: Path, days: int, state: str
) -> None:
    own = Certificate(tmp_path, not_after=datetime.now(UTC) + timedelta(days=days, hours=1))
    door = {"public_host": "localhost", "public_port": settings.kafka.port + 20}
    files = {"certificate_file": own.certificate, "key_file": own.key}
    kafka = settings.kafka.model_copy(update={**door, **files})
    (finding,) = told(settings.model_copy(update={"kafka": kafka}), "Kafka's door")
    assert finding.state == state


def test_of_a_directory_that_is_named_for_a_secret_no_rights_are_to_be_taken(settings: Settings, tmp_path: Path) -> None:
    own = ConnectorSettings(credential_file=tmp_path)
    tmp_path.chmod(0o755)
    assert told(settings.model_copy(update={"connectors": {"noorderlink": own}}), "secrets") == []
