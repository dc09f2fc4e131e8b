"""`hub subscription`: webhook subscriptions as the operator sees them: list, show, pause, resume. It works on hub.db itself.

Subscribers make and delete theirs over HTTP. `hub deliver` takes a change up within a second; each is in the audit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.cli.options import echo_json, json_option, now_ms, say, settings_of, why_option
from hub.errors import HubError
from hub.settings import Settings
from hub.store.audit import audit_writer
from hub.store.hub_db import hub_db_of
from hub.store.subscription_changes import RESUMED, alter_subscription, count_of
from hub.store.subscriptions import REASON_LENGTH, Subscription, find_subscription, load_attempts, load_subscriptions
from hub.telemetry.contact import user_name

SHOWN_ATTEMPTS = 20


@click.group()
def subscription() -> None:
    """Webhook subscriptions: list, show, pause, resume."""


@subscription.command("list")
@click.option("--subscriber", help="Only this one's.")
@json_option
@click.pass_context
def list_(ctx: click.Context, subscriber: str | None, as_json: bool) -> None:
    """Every subscription with its state."""
    found = asyncio.run(_load(settings_of(ctx), subscriber))
    for one in found:
        why = f"  ({one.reason})" if one.reason else ""
        say(_to_line(one), as_json, f"{one.id}  {one.subscriber:<20} {one.state:<8} cursor {one.cursor:<9} {one.url}{why}")
    if not found and not as_json:
        click.echo("there are no subscriptions; subscribers make them at /v1/subscriptions")


@subscription.command()
@click.argument("id_", metavar="ID")
@json_option
@click.pass_context
def show(ctx: click.Context, id_: str, as_json: bool) -> None:
    """One subscription with what was sent lately."""
    told = asyncio.run(_look(settings_of(ctx), id_))
    if as_json:
        echo_json(told)
        return
    attempts = told.pop("attempts")
    for name, value in told.items():
        click.echo(f"{name:<16} {value}")
    for attempt in attempts:
        at = datetime.fromtimestamp(attempt["at"] / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        about = attempt["opportunity"] or "test"
        click.echo(f"  {at}  {attempt['verdict']:<10} {attempt['status'] or '–'!s:<4} {about}  {attempt['detail']}")


@subscription.command()
@click.argument("id_", metavar="ID")
@why_option
@json_option
@click.pass_context
def pause(ctx: click.Context, id_: str, why: str, as_json: bool) -> None:
    """Send nothing to ID any more until it is resumed. It loses nothing."""
    values = {"state": "paused", "reason": f"paused by the operator{f': {why}' if why else ''}"[:REASON_LENGTH]}
    asyncio.run(_change(settings_of(ctx), "subscription.pause", id_, why, values))
    say({"paused": id_}, as_json, f"{id_} is paused")


@subscription.command()
@click.argument("id_", metavar="ID")
@why_option
@json_option
@click.pass_context
def resume(ctx: click.Context, id_: str, why: str, as_json: bool) -> None:
    """Go on where ID stands; what its receiver refused is tried at once."""
    asyncio.run(_change(settings_of(ctx), "subscription.resume", id_, why, RESUMED))
    say({"resumed": id_}, as_json, f"{id_} goes on from its cursor")


async def _load(settings: Settings, subscriber: str | None) -> list[Subscription]:
    async with hub_db_of(settings) as engine:
        return await load_subscriptions(engine, subscriber)


async def _look(settings: Settings, id_: str) -> dict[str, Any]:
    async with hub_db_of(settings) as engine:
        one = await _find(engine, id_)
        tally = await count_of(engine, id_)
        attempts = await load_attempts(engine, id_, SHOWN_ATTEMPTS)
    told = [{name: getattr(attempt, name) for name in type(attempt).__slots__} for _, attempt in attempts]
    counts = {"held": tally.held, "parked": tally.parked, "given_up": tally.given_up}
    return {**_to_line(one), **counts, "attempts": told}


async def _change(settings: Settings, what: str, id_: str, why: str, values: Mapping[str, Any]) -> None:
    async with hub_db_of(settings) as engine:
        await _find(engine, id_)
        await audit_writer(settings)(user_name(), what, why, {"subscription": id_})
        await alter_subscription(engine, id_, now_ms(), retry_parked=values.get("state") == "active", **values)


async def _find(engine: AsyncEngine, id_: str) -> Subscription:
    found = await find_subscription(engine, id_)
    if found is None:
        raise HubError(f"there is no subscription {id_}; `hub subscription list` shows them")
    return found


def _to_line(one: Subscription) -> dict[str, Any]:
    """Without its secrets."""
    hidden = {"secret", "former_secret", "revision"}
    return {name: getattr(one, name) for name in Subscription.__slots__ if name not in hidden}
