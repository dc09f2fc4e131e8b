"""What a partner writes into its Kafka clients: files for Java, Python and kcat, each complete as it stands.

Every one reads the feed from its start the first time (`earliest`: the feed is compacted, so that from its start it is
whole), in a group of the partner's own, over TLS with SCRAM.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.topics import FEED

JAAS = "org.apache.kafka.common.security.scram.ScramLoginModule"
STRING = "org.apache.kafka.common.serialization.String"


@dataclass(frozen=True, slots=True)
class Access:
    """`ca`: name of the file with the certificate authority; None where the partner's machine knows it. `writes`: a topic."""

    bootstrap: str
    user: str
    password: str
    group_prefix: str
    ca: str | None
    writes: str | None

    @property
    def group(self) -> str:
        return f"{self.group_prefix}mirror"


def files_of(access: Access) -> dict[str, str]:
    """File name → text."""
    files = {"consumer.properties": _java_consumer(access), "consumer.py": _python(access), "kcat.conf": _kcat(access)}
    if access.writes is not None:
        files["producer.properties"] = _java_producer(access)
    return files


def uses_of(access: Access) -> list[str]:
    """One line each: how the files are used."""
    lines = [
        f"kcat -F kcat.conf -G {access.group} {FEED}",
        "python consumer.py    (with kafka-python)",
        "consumer.properties    (for Java's KafkaConsumer)",
    ]
    if access.writes is not None:
        lines.append(f"producer.properties    (for Java's KafkaProducer, which writes to {access.writes})")
        lines.append(
            f"kcat -F kcat.conf -X partitioner=murmur2_random -P -t {access.writes}    "
            "(murmur2, as Java does it: a key stays in its partition whoever writes it)"
        )
    return lines


def _java(access: Access) -> list[str]:
    trust = ["ssl.truststore.type=PEM", f"ssl.truststore.location={access.ca}"] if access.ca else []
    return [
        f"bootstrap.servers={access.bootstrap}",
        "security.protocol=SASL_SSL",
        *trust,
        "sasl.mechanism=SCRAM-SHA-512",
        f'sasl.jaas.config={JAAS} required username="{access.user}" password="{access.password}";',
    ]


def _java_consumer(access: Access) -> str:
    own = [
        f"group.id={access.group}",
        "auto.offset.reset=earliest",
        "allow.auto.create.topics=false",
        f"key.deserializer={STRING}Deserializer",
        f"value.deserializer={STRING}Deserializer",
    ]
    return _text([*_java(access), *own])


def _java_producer(access: Access) -> str:
    # No partitioner is named: Java's own is murmur2 of the key.
    own = ["acks=all", f"key.serializer={STRING}Serializer", f"value.serializer={STRING}Serializer"]
    return _text([*_java(access), *own])


def _python(access: Access) -> str:
    trust = [f'    ssl_cafile="{access.ca}",'] if access.ca else []
    return _text(
        [
            "import logging",
            "",
            "from kafka import KafkaConsumer",
            "",
            "logging.basicConfig(level=logging.WARNING)  # without it a refused connection is tried again in silence",
            "",
            "consumer = KafkaConsumer(",
            f'    "{FEED}",',
            f'    bootstrap_servers="{access.bootstrap}",',
            '    security_protocol="SASL_SSL",',
            *trust,
            '    sasl_mechanism="SCRAM-SHA-512",',
            f'    sasl_plain_username="{access.user}",',
            f'    sasl_plain_password="{access.password}",',
            f'    group_id="{access.group}",',
            '    auto_offset_reset="earliest",',
            ")",
            "for record in consumer:",
            "    print(record.offset + 1, record.value.decode(), flush=True)  # the cursor behind this record, the record",
        ]
    )


def _kcat(access: Access) -> str:
    trust = [f"ssl.ca.location={access.ca}"] if access.ca else []
    return _text(
        [
            f"bootstrap.servers={access.bootstrap}",
            "security.protocol=SASL_SSL",
            *trust,
            "sasl.mechanism=SCRAM-SHA-512",
            f"sasl.username={access.user}",
            f"sasl.password={access.password}",
            "auto.offset.reset=earliest",
        ]
    )


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
