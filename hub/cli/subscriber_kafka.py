"""The Kafka half of `hub subscriber`: a partner's user on the broker, and the note of it in hub.db.

Kafka first, then the note: whatever is ended in between, the same command does it again, and a password that nobody was
shown is worth nothing.
"""

from __future__ import annotations

import asyncio
from typing import Any

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.cli.options import echo_json, now_ms
from hub.cli.partner_configuration import Access, files_of, uses_of
from hub.errors import ConfigError, HubError
from hub.settings import KafkaSettings
from hub.store import kafka_users
from hub.topics import FEED, inbound


def require_source(source: str | None) -> None:
    """Raises HubError for a source that there is no connector for."""
    from hub.sdk import load_connectors

    if source is not None and source not in (known := sorted(load_connectors())):
        raise HubError(f"there is no source {source}; `hub connector list` shows them: {', '.join(known)}")


def require_public_host(settings: KafkaSettings) -> str:
    """`host:port` that partners are told. Raises ConfigError while there is none."""
    if not settings.public_host:
        raise ConfigError(
            "kafka.public_host is not set, so partners have no way to Kafka; set it, kafka.certificate_file and kafka.key_file, "
            "and start the broker again (docs/kafka-for-partners.md)"
        )
    return f"{settings.public_host}:{settings.public_port}"


async def add_user(engine: AsyncEngine, settings: KafkaSettings, name: str, note: str, writes: str | None) -> Access:
    """A new user, and the subscriber if there was none. Raises HubError for a name that is taken or unusable."""
    await kafka_users.require_no_kafka_user(engine, name)
    access = await _admit(settings, name, writes)
    await kafka_users.note_kafka_user(engine, name, note, writes, now_ms=now_ms())
    return access


async def rotate_user(engine: AsyncEngine, settings: KafkaSettings, name: str) -> Access:
    """A new password; rights and quota are what they are to be today."""
    user = await kafka_users.require_kafka_user(engine, name)
    access = await _admit(settings, name, user.writes)
    await kafka_users.note_password(engine, name, now_ms=now_ms())
    return access


async def remove_user(engine: AsyncEngine, settings: KafkaSettings, name: str) -> None:
    """Raises HubError when there is none, and when Kafka does not answer: then it is still there."""
    from hub.broker import partners

    await kafka_users.require_kafka_user(engine, name)
    try:
        await asyncio.to_thread(partners.dismiss, settings.servers, name)
    except partners.RefusedByClusterError as error:
        raise HubError(f"{error}. Who has the right takes away all that `User:{partners.user_of(name)}` has there") from error
    await kafka_users.forget_kafka_user(engine, name)


async def remove_user_if_any(engine: AsyncEngine, settings: KafkaSettings, name: str) -> None:
    if name in await kafka_users.load_kafka_users(engine):
        await remove_user(engine, settings, name)


def say_access(name: str, access: Access, as_json: bool) -> None:
    files = files_of(access)
    if as_json:
        told: dict[str, Any] = {
            "user": access.user,
            "password": access.password,
            "bootstrap": access.bootstrap,
            "mechanism": "SCRAM-SHA-512",
            "group_prefix": access.group_prefix,
            "reads": FEED,
            "writes": access.writes,
            "ca": access.ca,
            "files": files,
        }
        echo_json({"subscriber": name, "kafka": told})
        return
    for file, text in files.items():
        click.echo(f"# --- {file}\n{text}")
    for line in uses_of(access):
        click.echo(f"# {line}")
    click.echo("The password is shown this once: keep these files now, readable by their owner alone.", err=True)
    click.echo(f"Consumer groups begin with `{access.group_prefix}`; every other one is refused.", err=True)
    if access.ca:
        click.echo(f"Give the partner {access.ca} (kafka.ca_file) too; its clients look for it beside these files.", err=True)


def say_user(user: kafka_users.KafkaUser | None) -> dict[str, Any] | None:
    """For `hub subscriber list`."""
    from hub.broker import partners

    if user is None:
        return None
    return {
        "user": partners.user_of(user.subscriber),
        "group_prefix": partners.group_prefix(user.subscriber),
        "writes": inbound(user.writes) if user.writes else None,
        "created_at": user.created_at,
        "password_at": user.password_at,
    }


async def _admit(settings: KafkaSettings, name: str, writes: str | None) -> Access:
    from hub.broker import partners

    bootstrap, password = require_public_host(settings), partners.new_password()
    quota = partners.Quota(settings.partner_bytes_per_second, settings.partner_request_percent)
    try:
        await asyncio.to_thread(partners.admit, settings.servers, name, password, writes=writes, quota=quota)
    except partners.RefusedByClusterError as error:
        commands = partners.by_hand(settings.servers, name, writes=writes, quota=quota)
        raise HubError(f"{error}. Who has the right runs there, and sets the password:\n{commands}") from error
    return Access(
        bootstrap=bootstrap,
        user=partners.user_of(name),
        password=password,
        group_prefix=partners.group_prefix(name),
        ca=settings.ca_file.name if settings.ca_file else None,
        writes=inbound(writes) if writes else None,
    )
