"""`hub feed`: the unified feed, read from Kafka itself and not from what serves it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
import orjson

from hub.cli.options import always_json_option, call_role, json_option, say, settings_of, why_option
from hub.errors import HubError
from hub.settings import Settings
from hub.telemetry.contact import user_name

if TYPE_CHECKING:
    from hub.feed.entry import Entry
    from hub.feed.log import FeedLog

Result = TypeVar("Result")
POLL_SECONDS = 0.5


@click.group()
def feed() -> None:
    """The unified feed: export, tail, digest, rebuild."""


@feed.command("export")
@click.option("--live", is_flag=True, help="Live opportunities only.")
@always_json_option
@click.pass_context
def export(ctx: click.Context, live: bool) -> None:
    """Every opportunity as it stands. One JSON object a line, in the order of the log."""
    from hub.feed.entry import to_item
    from hub.feed.folding import load_fold, read_folded

    async def run(log: FeedLog) -> int:
        written = 0
        async for entry in read_folded(log, await load_fold(log)):
            if entry.is_live or not live:
                sys.stdout.buffer.write(to_item(entry.record, entry.cursor) + b"\n")
                written += 1
        sys.stdout.buffer.flush()
        return written

    _with_log(settings_of(ctx), run)


@feed.command("tail")
@click.option("--after", type=click.IntRange(min=0), help="Begin at this cursor; else at the log's end.")
@click.option("--once", is_flag=True, help="Stop at the log's end.")
@json_option
@click.pass_context
def tail(ctx: click.Context, after: int | None, once: bool, as_json: bool) -> None:
    """Changes as they are written; Ctrl-C ends it."""

    async def run(log: FeedLog) -> None:
        first, end = await log.fetch_bounds()
        position = end if after is None else max(first, after)
        if position > end:
            raise HubError(f"the cursor {after} lies beyond the feed's end, which is {end}")
        log.seek(position)
        while not (once and position >= end):
            records, position = await log.read()
            for record in records:
                _print_change(record, as_json)

    try:
        _with_log(settings_of(ctx), run)
    except KeyboardInterrupt:
        return


@feed.command("digest")
@json_option
@click.pass_context
def digest(ctx: click.Context, as_json: bool) -> None:
    """Cursor, counts and digest, computed from the log."""
    from hub.feed.folding import Fold, load_fold

    fold: Fold = _with_log(settings_of(ctx), load_fold)
    found = {"cursor": fold.end, "counts": {"live": fold.live, "closed": fold.closed}, "digest": fold.digest.hex}
    lines = f"cursor  {fold.end}", f"live    {fold.live}", f"closed  {fold.closed}", f"digest  {fold.digest.hex}"
    say({**found, "buckets": fold.digest.buckets}, as_json, *lines)


@feed.command("rebuild")
@why_option
@json_option
@click.pass_context
def rebuild(ctx: click.Context, why: str, as_json: bool) -> None:
    """Make the read model anew from the log, beside the served one.

    Cursors stay good; it works with and without a running hub.
    """
    from hub.telemetry.ops_client import RoleAwayError

    settings = settings_of(ctx)
    started = time.monotonic()
    try:
        end = call_role(settings, "serve", "feed.rebuild", {}, why=why)["end"]
    except RoleAwayError:
        result = asyncio.run(_rebuild_here(settings, why, quiet=as_json))
    else:
        result = _await_rebuild(settings, end, quiet=as_json)
    result["seconds"] = round(time.monotonic() - started, 3)
    say(result, as_json, f"the read model stands at cursor {result['cursor']} again, after {result['seconds']:.1f} s")


def _with_log(settings: Settings, run: Callable[[FeedLog], Awaitable[Result]]) -> Result:
    from hub.feed.log import FeedLog

    async def whole() -> Result:
        log = FeedLog(settings.kafka.servers, "hub-cli")
        await log.start()
        try:
            return await run(log)
        finally:
            await log.stop()

    return asyncio.run(whole())


def _await_rebuild(settings: Settings, end: int, *, quiet: bool) -> dict[str, Any]:
    """Follow the running role until what it makes beside is served."""
    from rich.progress import Progress

    with Progress(disable=quiet) as progress:
        task = progress.add_task("reading the log", total=max(1, end))
        while True:
            status = call_role(settings, "serve", "feed.status", {})
            if status["rebuild_failure"] is not None:
                raise HubError(f"the rebuild was given up, what was served is served on: {status['rebuild_failure']}")
            if status["rebuild"] is None:
                progress.update(task, completed=max(1, end))
                return {"cursor": status["position"]}
            progress.update(task, completed=status["rebuild"]["position"], total=max(1, status["rebuild"]["end"]))
            time.sleep(POLL_SECONDS)


async def _rebuild_here(settings: Settings, why: str, *, quiet: bool) -> dict[str, Any]:
    """No role runs: this process takes the projection's lock and reads the log itself."""
    from rich.progress import Progress

    from hub.feed.log import FeedLog
    from hub.feed.projector import Projector
    from hub.store.audit import audit_writer
    from hub.store.hub_db import open_hub_db
    from hub.telemetry import logs
    from hub.telemetry.health import Health

    logs.configure("cli", "warning")
    await audit_writer(settings)(user_name(), "feed.rebuild", why, {})
    log, hub_db = FeedLog(settings.kafka.servers, "hub-cli"), await open_hub_db(settings)
    try:
        await log.start()
        projector = Projector(feed_log=log, hub_db=hub_db, state_dir=settings.state_dir, health=Health(), patience_seconds=0)
        with Progress(disable=quiet) as progress:
            task = progress.add_task("reading the log", total=None)
            standing = await projector.catch_up(
                lambda position, end: progress.update(task, completed=position, total=max(1, end)), anew=True
            )
        return {"cursor": standing.position}
    finally:
        await log.stop()
        await hub_db.dispose()


def _print_change(record: Any, as_json: bool) -> None:
    from hub.feed.entry import read_entry, to_item

    try:
        entry = read_entry(record)
    except ValueError as error:
        click.echo(f"{record.offset + 1}: passed over, {error}", err=True)
        return
    click.echo(to_item(entry.record, entry.cursor) if as_json else _line(entry))


def _line(entry: Entry) -> str:
    from hub.feed.reading import LANGUAGES, content_of, title_of

    title = title_of(content_of(orjson.loads(entry.record)), LANGUAGES[0])
    state = entry.state if entry.is_live else f"closed ({entry.closed_reason})"
    return f"{entry.cursor:>8}  {entry.id}  {state:<18}  {entry.kind:<12}  {title}  [{', '.join(entry.sources)}]"
