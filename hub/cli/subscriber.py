"""`hub subscriber`: who reads the feed under a name, and the tokens that are given out. It works on hub.db itself.

A running `hub serve` takes a token in at once and lets go of one that ended within seconds. Every change is written to
the audit before it is made; a token is printed once and stands nowhere else.
"""

from __future__ import annotations

import asyncio
import getpass
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.cli.options import echo_json, json_option, settings_of, why_option
from hub.settings import Settings
from hub.store import tokens
from hub.store.audit import audit_writer
from hub.store.hub_db import open_hub_db

Result = TypeVar("Result")
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
OVERLAP_HOURS = 24

expires_option = click.option(
    "--expires", "days", type=click.IntRange(1, 3650), help="Days after which the token ends; else never."
)
scope_option = click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(sorted(tokens.SCOPES)), help="What the token allows; may be repeated."
)


@click.group()
def subscriber() -> None:
    """Who reads the feed under a name: add, list, rotate, remove."""


@subscriber.command()
@click.argument("name")
@click.option("--note", default="", help="Who that is and how to reach them.")
@scope_option
@expires_option
@why_option
@json_option
@click.pass_context
def add(ctx: click.Context, name: str, note: str, scopes: tuple[str, ...], days: int | None, why: str, as_json: bool) -> None:
    """Add a subscriber and print its token. The token is shown this once."""
    now, allowed = _now_ms(), scopes or ("read",)
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
    """Every subscriber with its tokens, without their secrets."""
    found = asyncio.run(_with_hub_db(settings_of(ctx), tokens.load_subscribers))
    now = _now_ms()
    for one in found:
        shown = [_to_line(token, now) for token in one.tokens]
        if as_json:
            echo_json({"subscriber": one.name, "note": one.note, "created_at": one.created_at, "tokens": shown})
            continue
        click.echo(f"{one.name}  since {_day(one.created_at)}{f'  {one.note}' if one.note else ''}")
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
@scope_option
@expires_option
@why_option
@json_option
@click.pass_context
def rotate(
    ctx: click.Context, name: str, overlap: int, scopes: tuple[str, ...], days: int | None, why: str, as_json: bool
) -> None:
    """Give NAME a new token. Old ones work for the overlap still, with --overlap 0 no longer."""
    now = _now_ms()
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
@why_option
@json_option
@click.pass_context
def remove(ctx: click.Context, name: str, why: str, as_json: bool) -> None:
    """Remove NAME and all its tokens."""

    async def run(engine: AsyncEngine) -> None:
        await tokens.remove_subscriber(engine, name)

    asyncio.run(_change(settings_of(ctx), "subscriber.remove", why, {"name": name}, run))
    echo_json({"removed": name}) if as_json else click.echo(f"{name} is removed; its tokens end within seconds")


async def _with_hub_db(settings: Settings, act: Callable[[AsyncEngine], Awaitable[Result]]) -> Result:
    engine = await open_hub_db(settings)
    try:
        return await act(engine)
    finally:
        await engine.dispose()


async def _change(
    settings: Settings, what: str, why: str, arguments: Mapping[str, Any], act: Callable[[AsyncEngine], Awaitable[Result]]
) -> Result:
    await audit_writer(settings)(getpass.getuser(), what, why, arguments)
    return await _with_hub_db(settings, act)


def _say_token(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(result)
        return
    click.echo(result["token"])
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


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _day(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d")


def _minute(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
