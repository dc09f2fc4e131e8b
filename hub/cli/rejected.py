"""`hub rejected`: what was parked, why, and putting it through again."""

from __future__ import annotations

from typing import Any

import click
import orjson

from hub.cli.options import call_role, echo_json, json_option, say, settings_of, why_option
from hub.errors import HubError
from hub.settings import Settings

OFFSET = click.IntRange(0, 2**63 - 1)
"""What Kafka can number."""
SHOWN_RAW = 2_000
DETAIL_LETTERS = 80
LISTED = ("offset", "stage", "reason", "field", "source", "source_key", "detail", "at")
"""Fields of a line of `hub rejected list --json`; `show` has them all, the raw record too."""


@click.group()
def rejected() -> None:
    """Dead letters: records that could not be used. Their neighbours went on."""


@rejected.command("list")
@click.option("--source", help="Only of this source.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="The newest so many.")
@json_option
@click.pass_context
def list_(ctx: click.Context, source: str | None, limit: int, as_json: bool) -> None:
    """The newest dead letters, oldest first.

    Of a record that was parked again the last one.
    """
    letters = [row for row in _last_of_each(_letters(settings_of(ctx))) if source in (None, row["source"])][-limit:]
    for row in letters:
        say({name: row.get(name) for name in LISTED}, as_json, _line(row))
    if not letters and not as_json:
        click.echo("nothing is parked")


@rejected.command()
@click.argument("offset", type=OFFSET)
@json_option
@click.pass_context
def show(ctx: click.Context, offset: int, as_json: bool) -> None:
    """One dead letter with its cause, origin and raw record."""
    letter = next((row for row in _letters(settings_of(ctx)) if row["offset"] == offset), None)
    if letter is None:
        raise HubError(f"there is no dead letter {offset}: `hub rejected list` names them")
    if as_json:
        echo_json(letter)
        return
    raw = letter.pop("raw", "")
    click.echo(orjson.dumps(letter, option=orjson.OPT_INDENT_2))
    click.echo(
        raw[:SHOWN_RAW] + (f"\n… {len(raw) - SHOWN_RAW} more characters: --json shows all" if len(raw) > SHOWN_RAW else "")
    )


@rejected.command()
@click.argument("offset", type=OFFSET)
@why_option
@json_option
@click.pass_context
def redrive(ctx: click.Context, offset: int, why: str, as_json: bool) -> None:
    """Put the record of dead letter OFFSET through its stage again. Refused when a newer version came since."""
    settings = settings_of(ctx)
    for number in range(1, settings.streams.workers + 1):
        result = call_role(settings, "worker", "rejected.redrive", {"offset": offset}, why=why, number=number)
        if result["outcome"] is not None:
            say(result, as_json, f"{result['source_key']}: {result['outcome']} ({result['stage']})")
            return
    raise HubError(
        f"no worker among streams.workers ({settings.streams.workers}) reads the record's partition now; look at /readyz and "
        "give the command again"
    )


def _line(row: dict[str, Any]) -> str:
    about = row.get("source_key") or row.get("source") or "-"
    return (
        f"{row['offset']:>8}  {row.get('stage') or '-':<12} {row.get('reason') or '-':<16} {row.get('field') or '-':<24} "
        f"{about:<32} {(row.get('detail') or '')[:DETAIL_LETTERS]}"
    )


def _last_of_each(letters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A replay, a redrive or a start parks a record once more that is still bad; ingest's own letters name no record."""
    found: dict[str, dict[str, Any]] = {}
    for letter in letters:
        place = f"{letter.get('stage')} {letter['origin']}" if letter.get("origin") else str(letter["offset"])
        found.pop(place, None)
        found[place] = letter
    return list(found.values())


def _letters(settings: Settings) -> list[dict[str, Any]]:
    import asyncio

    from hub.broker.log_reader import LogReader
    from hub.broker.probe import answers, describe_away
    from hub.topics import REJECTED

    servers = settings.kafka.servers
    if not answers(servers):
        raise HubError(describe_away(servers))

    async def read() -> list[dict[str, Any]]:
        return [
            {"offset": record.offset, **orjson.loads(record.value)}
            async for records in LogReader(servers, [REJECTED]).read()
            for record in records
        ]

    return asyncio.run(read())
