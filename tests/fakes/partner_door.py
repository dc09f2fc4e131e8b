"""A broker with its door for partners open, `hub subscriber` beside it, and what comes out of it: (offset, value) by anybody."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import trustme
from click.testing import CliRunner
from fakes.feed_log import write_feed
from fakes.feed_records import faceted

from hub.broker.configuration import PartnerListener
from hub.broker.embedded import EmbeddedKafka
from hub.cli import main

SOURCES = ["miitn", "noorderlink", "traineelink", "vonk"]


class Certificate:
    """Files with a certificate for `host`, its key and its authority."""

    def __init__(self, folder: Path, host: str = "localhost", **issued: Any) -> None:
        authority = trustme.CA()
        made = authority.issue_cert(host, **issued)
        self.certificate, self.key, self.ca = folder / "cert.pem", folder / "key.pem", folder / "hub-ca.pem"
        self.certificate.write_bytes(b"".join(one.bytes() for one in made.cert_chain_pems))
        self.key.write_bytes(made.private_key_pem.bytes())
        self.ca.write_bytes(authority.cert_pem.bytes())


class Door:
    def __init__(self, folder: Path, first_port: int) -> None:
        self.folder = folder
        self.own = Certificate(folder)
        self.port = first_port + 2
        listener = PartnerListener("localhost", self.port, "127.0.0.1", self.own.certificate, self.own.key)
        self.broker = EmbeddedKafka(data_dir=folder / "kafka", port=first_port, heap_mb=256, partners=listener)
        self._chance = random.Random(7)
        self._written = 0

    @property
    def inside(self) -> str:
        return self.broker.bootstrap

    @property
    def outside(self) -> str:
        return f"localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HUB_STATE_DIR": str(self.folder / "state"),
            "HUB_KAFKA__PORT": str(self.broker.port),
            "HUB_KAFKA__PUBLIC_HOST": "localhost",
            "HUB_KAFKA__PUBLIC_PORT": str(self.port),
            "HUB_KAFKA__CA_FILE": str(self.own.ca),
        }

    def hub(self, *arguments: str) -> list[Any]:
        """What a command prints, one object a line."""
        ran = CliRunner().invoke(main, [*arguments, "--json"], env=self.environment)
        assert ran.exit_code == 0, ran.output
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def admit(self, name: str, *options: str) -> dict[str, Any]:
        """`hub subscriber add NAME --kafka`: what the partner is told."""
        (told,) = self.hub("subscriber", "add", name, "--kafka", *options)
        return told["kafka"]

    def change(self, count: int) -> int:
        """So many edits and closures of sixty opportunities, and all along new ones; returns the log's end."""
        states = ["live", "live", "closed"]
        first, self._written = self._written, self._written + count
        items = [
            faceted(self._chance.randrange(60 + (first + n) // 5), str(first + n), ["miitn"], state=self._chance.choice(states))
            for n in range(count)
        ]
        return asyncio.run(write_feed(self.inside, items))

    def export(self) -> dict[str, str]:
        """id → version of all that the hub itself says is live."""
        return {item["id"]: item["version"] for item in self.hub("feed", "export", "--live")}

    def client(self, told: dict[str, Any], **other: Any) -> dict[str, Any]:
        """Options of kafka-python."""
        return {
            "bootstrap_servers": self.outside,
            "security_protocol": "SASL_SSL",
            "ssl_cafile": str(self.own.ca),
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": told["user"],
            "sasl_plain_password": told["password"],
            "bootstrap_timeout_ms": 15_000,
            **other,
        }


def fold(records: list[tuple[int, str]]) -> dict[str, str]:
    """(offset, value) → id and version of what is live: all that a partner needs to do."""
    held: dict[str, str] = {}
    for _, value in records:
        item = json.loads(value)
        held.pop(item["id"], None)
        if item["state"] == "live":
            held[item["id"]] = item["version"]
    return held
