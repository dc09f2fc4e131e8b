"""`hub subscriber … --kafka` before and without a broker: what it refuses, what it prints, what hub.db remembers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.broker import partners
from hub.cli import main
from hub.cli.partner_configuration import Access, files_of, uses_of
from hub.errors import RetryableError
from hub.settings import Settings
from hub.store.hub_db import open_hub_db
from hub.store.kafka_users import load_kafka_users, note_kafka_user

HOST = {"HUB_KAFKA__PUBLIC_HOST": "kafka.example.org", "HUB_KAFKA__PORT": "1"}


@pytest.fixture
def hub(tmp_path: Path) -> Callable[..., Result]:
    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, ["subscriber", *arguments], env={"HUB_STATE_DIR": str(tmp_path), **environment})

    return run


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What the broker was asked for."""
    asked: list[tuple[str, ...]] = []

    def admit(servers: str, name: str, password: str, *, writes: str | None, quota: partners.Quota) -> None:
        asked.append(("admit", name, writes or ""))

    monkeypatch.setattr(partners, "admit", admit)
    monkeypatch.setattr(partners, "dismiss", lambda servers, name: asked.append(("dismiss", name)))
    return asked


def refused(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise partners.RefusedByClusterError("Kafka does not let the hub")

    monkeypatch.setattr(partners, what, refuse)


def subscribers(hub: Callable[..., Result]) -> dict[str, Any]:
    lines = hub("list", "--json").stdout.splitlines()
    return {line["subscriber"]: line for line in map(json.loads, lines)}


def test_without_a_public_host_nothing_is_made(hub: Callable[..., Result]) -> None:
    result = hub("add", "portal", "--kafka")
    assert result.exit_code != 0
    assert "kafka.public_host is not set" in result.output
    assert subscribers(hub) == {}


def test_write_alone_and_options_of_tokens_are_refused(hub: Callable[..., Result], broker: list[Any]) -> None:
    assert "--write goes with --kafka" in hub("add", "portal", "--write", "miitn").output
    for options in (["--scope", "read"], ["--expires", "3"]):
        assert "belong to tokens" in hub("add", "portal", "--kafka", *options, **HOST).output
    assert "belong to tokens" in hub("rotate", "portal", "--kafka", "--overlap", "3", **HOST).output
    assert broker == []


def test_a_source_that_there_is_not_is_refused_before_anything_is_made(hub: Callable[..., Result], broker: list[Any]) -> None:
    result = hub("add", "portal", "--kafka", "--write", "nobody", **HOST)
    assert "there is no source nobody" in result.output
    assert (broker, subscribers(hub)) == ([], {})


@pytest.mark.parametrize("name", ["a.b", "Portal", "-x", "a b", "User:ANONYMOUS"])
def test_a_name_that_could_be_anothers_prefix_or_user_is_refused(
    hub: Callable[..., Result], broker: list[Any], name: str
) -> None:
    assert hub("add", "--kafka", **HOST).exit_code != 0
    assert "cannot be a subscriber's name" in hub("add", "--kafka", "--", name, **HOST).output
    assert broker == []


def test_add_makes_the_subscriber_without_a_token_and_remembers_what_it_writes(
    hub: Callable[..., Result], broker: list[Any]
) -> None:
    assert hub("add", "portal", "--kafka", "--write", "miitn", **HOST).exit_code == 0
    shown = subscribers(hub)["portal"]
    assert (shown["tokens"], shown["kafka"]["writes"]) == ([], "hub.inbound.miitn.v1")
    assert "partner-portal  reads Kafka, writes hub.inbound.miitn.v1" in hub("list").stdout


def test_a_second_add_is_refused_and_says_what_to_do(hub: Callable[..., Result], broker: list[Any]) -> None:
    hub("add", "portal", "--kafka", **HOST)
    assert "rotate portal --kafka" in hub("add", "portal", "--kafka", **HOST).output
    assert broker == [("admit", "portal", "")]


def test_rotate_keeps_what_the_user_writes(hub: Callable[..., Result], broker: list[Any]) -> None:
    hub("add", "portal", "--kafka", "--write", "miitn", **HOST)
    assert hub("rotate", "portal", "--kafka", **HOST).exit_code == 0
    assert broker[1:] == [("admit", "portal", "miitn")]


def test_remove_takes_the_user_along_and_a_second_one_finds_nothing(hub: Callable[..., Result], broker: list[Any]) -> None:
    hub("add", "portal", "--kafka", **HOST)
    assert hub("remove", "portal", **HOST).exit_code == 0
    assert (broker[1:], subscribers(hub)) == ([("dismiss", "portal")], {})
    assert "there is no subscriber portal" in hub("remove", "portal", **HOST).output


def test_a_subscriber_without_a_kafka_user_is_removed_without_a_broker(hub: Callable[..., Result]) -> None:
    hub("add", "portal")
    assert hub("remove", "portal", **HOST).exit_code == 0


def test_while_the_broker_is_away_nothing_is_forgotten(hub: Callable[..., Result], broker: list[Any]) -> None:
    hub("add", "portal", "--kafka", **HOST)

    def away(*_: object) -> None:
        raise RetryableError("no Kafka broker answers")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partners, "dismiss", away)
        assert hub("remove", "portal", **HOST).exit_code != 0
    assert subscribers(hub)["portal"]["kafka"]["user"] == "partner-portal"


def test_a_cluster_that_refuses_is_told_with_the_commands_to_run_there(
    hub: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(monkeypatch, "admit")
    said = hub("add", "portal", "--kafka", **HOST).output
    assert "kafka-acls.sh --bootstrap-server 127.0.0.1:1 --add --allow-principal User:partner-portal" in said
    assert subscribers(hub) == {}


def test_the_audit_has_the_change_and_not_the_password(hub: Callable[..., Result], broker: list[Any], tmp_path: Path) -> None:
    told = json.loads(hub("add", "portal", "--kafka", "--json", "--why", "agreement", **HOST).stdout)["kafka"]
    with sqlite3.connect(tmp_path / "hub.db") as database:
        rows = database.execute("SELECT what, why, arguments FROM audit").fetchall()
        everything = "\n".join(database.iterdump())
    database.close()
    assert rows == [("subscriber.add", "agreement", '{"name":"portal","kafka":true,"writes":null}')]
    assert told["password"] not in everything


def test_the_files_differ_by_certificate_authority_and_by_writing() -> None:
    reader = Access("kafka.example.org:19094", "partner-portal", "pass", "portal.", None, None)
    writer = Access("kafka.example.org:19094", "partner-portal", "pass", "portal.", "hub-ca.pem", "hub.inbound.miitn.v1")
    assert set(files_of(writer)) - set(files_of(reader)) == {"producer.properties"}
    assert "truststore" not in files_of(reader)["consumer.properties"]
    assert all("hub-ca.pem" in text for text in files_of(writer).values())
    assert [line for line in uses_of(writer) if "partitioner=murmur2_random" in line]
    compile(files_of(writer)["consumer.py"], "consumer.py", "exec")


async def test_a_note_of_a_user_is_gone_with_its_subscriber(tmp_path: Path) -> None:
    from hub.store.tokens import remove_subscriber

    engine = await open_hub_db(Settings(state_dir=tmp_path))
    await note_kafka_user(engine, "portal", "", None, now_ms=5)
    await remove_subscriber(engine, "portal")
    assert await load_kafka_users(engine) == {}
    await engine.dispose()
