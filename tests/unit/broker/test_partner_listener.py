"""The door for partners, before a JVM starts: what Kafka is told, which certificates are refused, which settings are too few."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from fakes.partner_door import Certificate

from hub.broker.certificate import keystore_of, write_secret
from hub.broker.configuration import PartnerListener, server_properties
from hub.errors import ConfigError
from hub.settings import KafkaSettings
from hub.supervisor.broker import partner_listener

NOW = datetime.now(UTC)
LISTENER = PartnerListener("kafka.example.org", 9094, "0.0.0.0", Path("cert.pem"), Path("key.pem"))


def properties(partners: PartnerListener | None) -> dict[str, str]:
    text = server_properties(port=1, controller_port=2, log_dir=Path("/d"), partners=partners, keystore=Path("/d/.partners.pem"))
    return dict(line.partition("=")[::2] for line in text.splitlines())


def test_without_a_listener_for_partners_the_broker_listens_on_loopback_alone() -> None:
    assert properties(None)["listeners"] == "PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2"
    assert not [name for name in properties(None) if name.startswith("listener.name.partners")]


@pytest.mark.parametrize("partners", [None, LISTENER])
def test_the_authorizer_is_always_on_and_forbids_what_is_not_allowed(partners: PartnerListener | None) -> None:
    found = properties(partners)
    assert found["authorizer.class.name"] == "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
    assert (found["allow.everyone.if.no.acl.found"], found["super.users"]) == ("false", "User:ANONYMOUS")


def test_the_door_for_partners_takes_tls_with_scram_alone() -> None:
    found = properties(LISTENER)
    assert found["listeners"].endswith(",PARTNERS://0.0.0.0:9094")
    assert found["advertised.listeners"].endswith(",PARTNERS://kafka.example.org:9094")
    assert "PARTNERS:SASL_SSL" in found["listener.security.protocol.map"]
    assert found["listener.name.partners.sasl.enabled.mechanisms"] == "SCRAM-SHA-512,SCRAM-SHA-256"
    assert found["inter.broker.listener.name"] == "PLAINTEXT"


def made(folder: Path, host: str = "kafka.example.org", **issued: object) -> Certificate:
    folder.mkdir(exist_ok=True)
    return Certificate(folder, host, **issued)


def test_key_and_chain_become_one_file_with_the_key_as_kafka_reads_it(tmp_path: Path) -> None:
    own = made(tmp_path)
    text = keystore_of(own.certificate, own.key, "kafka.example.org")
    assert text.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert own.certificate.read_text() in text


@pytest.mark.parametrize(
    ("issued_to", "asked"),
    [("*.example.org", "kafka.example.org"), ("KAFKA.example.org", "kafka.example.org"), ("127.0.0.1", "127.0.0.1")],
)
def test_a_certificate_that_names_the_host_in_another_form_is_taken(tmp_path: Path, issued_to: str, asked: str) -> None:
    own = made(tmp_path, issued_to)
    assert keystore_of(own.certificate, own.key, asked)


@pytest.mark.parametrize("asked", ["kafka.example.com", "a.kafka.example.org", "example.org", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(tmp_path: Path, asked: str) -> None:
    own = made(tmp_path)
    with pytest.raises(ConfigError, match=r"not made out to .* \(kafka\.public_host\)"):
        keystore_of(own.certificate, own.key, asked)


def test_a_certificate_that_ended_keeps_no_hub_from_starting(tmp_path: Path) -> None:
    own = made(tmp_path, not_after=NOW - timedelta(days=1))
    assert keystore_of(own.certificate, own.key, "kafka.example.org")


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    own, other = made(tmp_path / "a"), made(tmp_path / "b")
    with pytest.raises(ConfigError, match=r"kafka\.key_file: .* does not belong to the first certificate"):
        keystore_of(own.certificate, other.key, "kafka.example.org")


@pytest.mark.parametrize("setting", ["kafka.certificate_file", "kafka.key_file"])
def test_a_file_that_is_missing_or_holds_something_else_is_named_with_its_setting(tmp_path: Path, setting: str) -> None:
    own = made(tmp_path)
    path = own.certificate if setting == "kafka.certificate_file" else own.key
    path.write_text("no PEM")
    with pytest.raises(ConfigError, match=rf"{setting}: .* holds no"):
        keystore_of(own.certificate, own.key, "kafka.example.org")
    path.unlink()
    with pytest.raises(ConfigError, match=rf"{setting}: .* cannot be read"):
        keystore_of(own.certificate, own.key, "kafka.example.org")


def test_a_key_with_a_password_is_refused(tmp_path: Path) -> None:
    own = made(tmp_path)
    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"locked")
    )
    own.key.write_bytes(locked)
    with pytest.raises(ConfigError, match="without a password"):
        keystore_of(own.certificate, own.key, "kafka.example.org")


def test_the_key_is_readable_by_its_owner_alone_also_where_a_file_stood(tmp_path: Path) -> None:
    path = tmp_path / ".partners.pem"
    path.write_text("of everybody")
    path.chmod(0o644)
    write_secret(path, "secret")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (0o600, "secret")


def test_nothing_set_keeps_the_door_shut() -> None:
    assert partner_listener(KafkaSettings()) is None


@pytest.mark.parametrize("left_out", ["public_host", "certificate_file", "key_file"])
def test_a_door_that_is_set_by_half_is_refused_with_what_is_missing(left_out: str) -> None:
    values = {"public_host": "kafka.example.org", "certificate_file": "c.pem", "key_file": "k.pem"}
    del values[left_out]
    with pytest.raises(ConfigError, match=rf"not set: kafka\.{left_out}\."):
        partner_listener(KafkaSettings.model_validate(values))
