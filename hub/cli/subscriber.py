"""`hub subscriber`: who reads the feed under a name, the tokens and the Kafka users that are given out.

It works on hub.db itself, and for `--kafka` on the broker. A running `hub serve` takes a token in at once and lets go of one
that ended within seconds. Every change is written to the audit before it is made; a token or a password is printed once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from click.core import ParameterSource
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.cli import subscriber_kafka
from hub.cli.options import echo_json, json_option, now_ms, say, settings_of, why_option
from hub.cli.partner_configuration import Access
from hub.settings import Settings
from hub.store import kafka_users, tokens
from hub.store.audit import audit_writer
from hub.store.hub_db import hub_db_of
from hub.telemetry.contact import user_name

Result = TypeVar("Result")
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
OVERLAP_HOURS = 24

expires_option = click.option(
    "--expires", "days", type=click.IntRange(1, 3650), help="Days after which the token ends; else never."
)
scope_option = click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(sorted(tokens.SCOPES)), help="What the token allows; may be repeated."
)


def kafka_option(meaning: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--kafka", is_flag=True, help=meaning)


@click.group()
def subscriber() -> None:
    """Who reads the feed under a name: add, list, rotate, remove."""


@subscriber.command()
@click.argument("name")
@click.option("--note", default="", help="Who that is and how to reach them.")
@kafka_option("A Kafka user instead of a token, also for a subscriber that there is.")
@click.option("--write", "source", metavar="SOURCE", help="With --kafka: it may also write what this source pushes.")
@scope_option
@expires_option
@why_option
@json_option
@click.pass_context
def add(
    ctx: click.Context,
    name: str,
    note: str,
    kafka: bool,
    source: str | None,
    scopes: tuple[str, ...],
    days: int | None,
    why: str,
    as_json: bool,
) -> None:
    """Add a subscriber and print its token; it is shown this once.

    With --kafka instead a Kafka user and complete configurations of clients for it."""
    if kafka:
        _refuse_token_options(ctx)
        _add_kafka(settings_of(ctx), name, note, source, why, as_json)
        return
    if source is not None:
        raise click.UsageError("--write goes with --kafka")
    now, allowed = now_ms(), scopes or ("read",)
    expires_at = _after(now, days)

    async def run(engine: AsyncEngine) -> str:
        return await tokens.add_subscriber(engine, name, note, allowed, now_ms=now, expires_at=expires_at)

    arguments = {"name": name, "scopes": sorted(allowed), "expires_at": expires_at}
    given = asyncio.run(_change(settings_of(ctx), "subscriber.add", why, arguments, run))
    _say_token({"subscriber": name, "token": given, "scopes": sorted(allowed), "expires_at": expires_at}, as_json)


@subscriber.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Every subscriber: its tokens, its Kafka user, no secrets."""
    found, users = asyncio.run(_load(settings_of(ctx)))
    now = now_ms()
    for one in found:
        shown = [_to_line(token, now) for token in one.tokens]
        user = subscriber_kafka.say_user(users.get(one.name))
        if as_json:
            echo_json({"subscriber": one.name, "note": one.note, "created_at": one.created_at, "tokens": shown, "kafka": user})
            continue
        click.echo(f"{one.name}  since {_day(one.created_at)}{f'  {one.note}' if one.note else ''}")
        if user is not None:
            writes = f", writes {user['writes']}" if user["writes"] else ""
            click.echo(f"  {user['user']}  reads Kafka{writes}  password since {_day(user['password_at'])}")
        for line in shown:
            used = f"last used {_day(line['last_used_at'])}" if line["last_used_at"] else "not used yet"
            click.echo(f"  {line['token']}  {' '.join(line['scopes'])}  {_ending(line)}, {used}")
    if not found and not as_json:
        click.echo("there are no subscribers; `hub subscriber add NAME` makes one")


@subscriber.command()
@click.argument("name")
@click.option(
    "--overlap",
    type=click.IntRange(0, 24 * 90),
    default=OVERLAP_HOURS,
    show_default=True,
    help="Hours that old tokens still work.",
)
@kafka_option("A new password for the Kafka user; the old one is refused at once.")
@scope_option
@expires_option
@why_option
@json_option
@click.pass_context
def rotate(
    ctx: click.Context, name: str, overlap: int, kafka: bool, scopes: tuple[str, ...], days: int | None, why: str, as_json: bool
) -> None:
    """Give NAME a new token. Old ones work for the overlap still, with --overlap 0 no longer.

    With --kafka a new password; the old one is refused at once."""
    if kafka:
        _refuse_token_options(ctx)
        _rotate_kafka(settings_of(ctx), name, why, as_json)
        return
    now = now_ms()
    expires_at = _after(now, days)

    async def run(engine: AsyncEngine) -> str:
        return await tokens.rotate(
            engine, name, now_ms=now, overlap_ms=overlap * HOUR_MS, expires_at=expires_at, scopes=scopes or None
        )

    arguments = {"name": name, "overlap_hours": overlap, "scopes": sorted(scopes) or None, "expires_at": expires_at}
    given = asyncio.run(_change(settings_of(ctx), "subscriber.rotate", why, arguments, run))
    ends = now + overlap * HOUR_MS
    _say_token({"subscriber": name, "token": given, "expires_at": expires_at, "old_tokens_end_at": ends}, as_json)


@subscriber.command()
@click.argument("name")
@kafka_option("Its Kafka user alone; the subscriber and its tokens stay.")
@why_option
@json_option
@click.pass_context
def remove(ctx: click.Context, name: str, kafka: bool, why: str, as_json: bool) -> None:
    """Remove NAME with all its tokens and its Kafka user."""
    settings = settings_of(ctx)

    async def run(engine: AsyncEngine) -> None:
        if kafka:
            await subscriber_kafka.remove_user(engine, settings.kafka, name)
            return
        await subscriber_kafka.remove_user_if_any(engine, settings.kafka, name)
        await tokens.remove_subscriber(engine, name)

    asyncio.run(_change(settings, "subscriber.remove", why, {"name": name, "kafka": kafka}, run))
    what = f"the Kafka user of {name} is removed" if kafka else f"{name} is removed; its tokens end within seconds"
    say({"removed": name, **({"kafka": True} if kafka else {})}, as_json, what)


def _add_kafka(settings: Settings, name: str, note: str, source: str | None, why: str, as_json: bool) -> None:
    subscriber_kafka.require_public_host(settings.kafka)
    subscriber_kafka.require_source(source)

    async def run(engine: AsyncEngine) -> Access:
        return await subscriber_kafka.add_user(engine, settings.kafka, name, note, source)

    arguments = {"name": name, "kafka": True, "writes": source}
    subscriber_kafka.say_access(name, asyncio.run(_change(settings, "subscriber.add", why, arguments, run)), as_json)


def _rotate_kafka(settings: Settings, name: str, why: str, as_json: bool) -> None:
    subscriber_kafka.require_public_host(settings.kafka)

    async def run(engine: AsyncEngine) -> Access:
        return await subscriber_kafka.rotate_user(engine, settings.kafka, name)

    arguments = {"name": name, "kafka": True}
    subscriber_kafka.say_access(name, asyncio.run(_change(settings, "subscriber.rotate", why, arguments, run)), as_json)


async def _load(settings: Settings) -> tuple[list[tokens.Subscriber], dict[str, kafka_users.KafkaUser]]:
    async with hub_db_of(settings) as engine:
        return await tokens.load_subscribers(engine), await kafka_users.load_kafka_users(engine)


def _refuse_token_options(ctx: click.Context) -> None:
    given = [name for name in ("scopes", "days", "overlap") if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        raise click.UsageError("--scope, --expires and --overlap belong to tokens; a Kafka user has a password")


async def _change(
    settings: Settings, what: str, why: str, arguments: Mapping[str, Any], act: Callable[[AsyncEngine], Awaitable[Result]]
) -> Result:
    await audit_writer(settings)(user_name(), what, why, arguments)
    async with hub_db_of(settings) as engine:
        return await act(engine)


def _say_token(result: dict[str, Any], as_json: bool) -> None:
    say(result, as_json, result["token"])
    if as_json:
        return
    click.echo("It is shown this once: keep it now. It goes into the header `Authorization: Bearer …`.", err=True)
    if "old_tokens_end_at" in result:
        click.echo(f"Older tokens of {result['subscriber']} end at {_minute(result['old_tokens_end_at'])}.", err=True)


def _to_line(token: tokens.Token, now_ms: int) -> dict[str, Any]:
    return {
        "token": f"hub_{token.keyid}_…",
        "scopes": sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
        "ended": token.ended_at(now_ms) is not None,
    }


def _ending(line: Mapping[str, Any]) -> str:
    if line["ended"]:
        return f"revoked {_minute(line['revoked_at'])}" if line["revoked_at"] else f"ended {_minute(line['expires_at'])}"
    return f"ends {_minute(line['expires_at'])}" if line["expires_at"] else "does not end"


def _after(now_ms: int, days: int | None) -> int | None:
    return None if days is None else now_ms + days * DAY_MS


def _day(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d")


def _minute(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
