"""The embedded broker's `server.properties` and JVM flags: one node, broker and controller in one.

Two doors. The internal listener takes anybody, on loopback alone, and whoever comes in there (`User:ANONYMOUS`) may do
everything. The partners' listener is off until it is configured; it takes TLS with SCRAM only, so that nobody who comes in
there is anonymous, and the authorizer, which is always on, lets a user do what its own rules allow and nothing else.
`flush.messages` and the like belong to topics (`hub/topics.py`), not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
OFFSETS_RETENTION_MINUTES = 525_600
"""A year, so that a subscriber may stay away for long."""

PARTNERS = "PARTNERS"
MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256")
REAUTHENTICATE_MS = 3_600_000
"""A connection proves its password again after so long or is closed; so long may one live that began with a former password."""
MOST_PARTNER_CONNECTIONS = 250
MOST_NEW_PARTNER_CONNECTIONS = 25
"""A second: each handshake of TLS and SCRAM costs the broker milliseconds, also one that is refused."""

JVM = [
    "-XX:+UseSerialGC",
    # By default the heap begins with a 64th of the machine's memory: Java fills that before its first collection and keeps it.
    "-Xms32m",
    "-XX:MinHeapFreeRatio=10",
    "-XX:MaxHeapFreeRatio=40",
    # Nearly all objects die young: a larger eden would take memory and spare no processor time.
    "-XX:MaxNewSize=8m",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xshare:auto",
    "-Djava.awt.headless=true",
    "-Djava.net.preferIPv4Stack=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ssZ",
]

JVM_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}
"""By default glibc keeps an arena for each thread, with the most that Kafka's buffers ever took."""


@dataclass(frozen=True, slots=True)
class PartnerListener:
    """The door for partners: where it listens, the name and port they are told, certificate and key in PEM."""

    public_host: str
    port: int
    listen_host: str
    certificate_file: Path
    key_file: Path


def server_properties(
    *, port: int, controller_port: int, log_dir: Path, partners: PartnerListener | None = None, keystore: Path | None = None
) -> str:
    """The file's text. `keystore`: where `hub.broker.certificate` put what `partners` names."""
    values: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "listener.security.protocol.map": f"PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,{PARTNERS}:SASL_SSL",
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": "User:ANONYMOUS",
        # `voters` would make a static quorum, which a later cluster could not grow out of.
        "controller.quorum.bootstrap.servers": f"{HOST}:{controller_port}",
        "log.dirs": log_dir,
        "auto.create.topics.enable": "false",
        "num.partitions": 1,
        "default.replication.factor": 1,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "offsets.retention.minutes": OFFSETS_RETENTION_MINUTES,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 2,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
        # Taken at the start and kept: 24 bytes a key, so 157,000 keys a pass of the cleaner; more keys take another pass.
        "log.cleaner.dedupe.buffer.size": 4_194_304,
        "message.max.bytes": 2_097_152,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        # A killed broker's registration must not hold up the next one.
        "broker.session.timeout.ms": 3_000,
        "broker.heartbeat.interval.ms": 500,
    }
    if partners is not None:
        values["listeners"] = f"{values['listeners']},{PARTNERS}://{partners.listen_host}:{partners.port}"
        values["advertised.listeners"] = f"{values['advertised.listeners']},{PARTNERS}://{partners.public_host}:{partners.port}"
        values |= partner_properties(keystore)
    return "".join(f"{name}={value}\n" for name, value in values.items())


def partner_properties(keystore: Path | None) -> dict[str, object]:
    """What is said of the partners' listener alone; docker-compose.partners.yml says the same."""
    own = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": keystore,
        "ssl.client.auth": "none",
        "ssl.enabled.protocols": "TLSv1.3,TLSv1.2",
        "sasl.enabled.mechanisms": ",".join(MECHANISMS),
        **{
            f"{mechanism.lower()}.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            for mechanism in MECHANISMS
        },
        "connections.max.reauth.ms": REAUTHENTICATE_MS,
        "max.connections": MOST_PARTNER_CONNECTIONS,
        "max.connection.creation.rate": MOST_NEW_PARTNER_CONNECTIONS,
    }
    return {f"listener.name.{PARTNERS.lower()}.{name}": value for name, value in own.items()}
