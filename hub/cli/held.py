"""`hub held`: what the brakes hold, and a person's word on it. Ingest holds withdrawals and the clock, unify a rebuild."""

from __future__ import annotations

from typing import Any

import click

from hub.cli.options import call_role, echo_json, json_option, say, settings_of, why_option
from hub.errors import HubError
from hub.settings import Settings

UNIFY = "unify"
SHOWN = 20


@click.group()
def held() -> None:
    """What the brake holds: list, show, release, discard.

    SOURCE is a source's name, `clock` or `unify`.
    """


@held.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Everything that waits for a person."""
    settings = settings_of(ctx)
    is_any = False
    for ask in (_of_ingest, _of_unify):  # what the first holds is told although the second hangs
        for entry in ask(settings):
            is_any = True
            say(entry, as_json, _line(entry))
    if not is_any and not as_json:
        click.echo("nothing is held")


@held.command("show")
@click.argument("source")
@click.option("--all", "show_all", is_flag=True, help=f"Every item, not only the first {SHOWN}.")
@json_option
@click.pass_context
def show(ctx: click.Context, source: str, show_all: bool, as_json: bool) -> None:
    """What is held of SOURCE, item by item, and why."""
    entry = _call(settings_of(ctx), source, "held.show")
    if as_json:
        echo_json(entry)
        return
    items = entry.get("items", [])
    click.echo(_line({"count": len(items), "reason": "a rebuild would close them without a record that says so", **entry}))
    for item in items if show_all else items[:SHOWN]:
        click.echo(f"  {_item(item)}")
    if len(items) > SHOWN and not show_all:
        click.echo(f"  … and {len(items) - SHOWN} more; --all shows them")


@held.command("release")
@click.argument("source")
@why_option
@json_option
@click.pass_context
def release(ctx: click.Context, source: str, why: str, as_json: bool) -> None:
    """Withdraw what is held of SOURCE, or let the clock go on."""
    result = _call(settings_of(ctx), source, "held.release", why)
    if as_json:
        echo_json(result)
    elif source == "clock":
        click.echo(f"the clock goes on at {result['minute']}")
    else:
        click.echo(f"{source}: {result['released']} released")


@held.command("discard")
@click.argument("source")
@why_option
@json_option
@click.pass_context
def discard(ctx: click.Context, source: str, why: str, as_json: bool) -> None:
    """Forget what is held of SOURCE. Its next run judges anew."""
    result = _call(settings_of(ctx), source, "held.discard", why)
    say(result, as_json, f"{source}: {result['discarded']} forgotten; the next run judges anew")


def _call(settings: Settings, source: str, command: str, why: str = "") -> Any:
    return call_role(settings, "unify" if source == UNIFY else "ingest", command, {"source": source}, why=why)


def _of_ingest(settings: Settings) -> list[Any]:
    entries: list[Any] = call_role(settings, "ingest", "held.list", {})
    return entries


def _of_unify(settings: Settings) -> list[Any]:
    """What unify holds; where it does not run, or has only begun to start, it holds nothing. One that hangs may hold a lot."""
    from hub.telemetry.ops_client import RoleHangsError

    try:
        entries: list[Any] = call_role(settings, "unify", "held.list", {})
    except RoleHangsError:
        raise
    except HubError:
        return []
    return entries


def _line(entry: dict[str, Any]) -> str:
    since = f", since {entry['since']}" if entry.get("since") else ""
    if entry["source"] == "clock":
        return f"clock: waits; {entry['reason']}"
    what = "closings" if entry["source"] == UNIFY else "withdrawals"
    return f"{entry['source']}: {entry['count']} {what} held, of {entry.get('of', '?')} live{since}; {entry['reason']}"


def _item(item: Any) -> str:
    if isinstance(item, str):
        return item
    return "  ".join(str(part) for part in (item["source_key"], item["cause"], item.get("url")) if part)
