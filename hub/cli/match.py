"""`hub match`: the operator's word on pairs of postings, the review list, and every explanation of matching."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from hub.cli.options import call_role, echo_json, json_option, settings_of, why_option

WORTH = {"match": "one opportunity", "operator": "one opportunity, by the operator's word", "echo": "one opportunity, an echo"}


@click.group()
def match() -> None:
    """Which postings are one opportunity. A posting is named by its source key (noorderlink:123) or an opportunity's id."""


@match.command()
@click.argument("first")
@click.argument("second")
@why_option
@json_option
@click.pass_context
def link(ctx: click.Context, first: str, second: str, why: str, as_json: bool) -> None:
    """Make FIRST and SECOND one opportunity.

    It survives rebuilds; `hub match undo` takes it back.
    """
    _word(ctx, "match.link", first, second, why, as_json)


@match.command()
@click.argument("first")
@click.argument("second")
@why_option
@json_option
@click.pass_context
def separate(ctx: click.Context, first: str, second: str, why: str, as_json: bool) -> None:
    """Keep FIRST and SECOND apart.

    It wins over every link; `hub match undo` takes it back.
    """
    _word(ctx, "match.separate", first, second, why, as_json)


@match.command()
@click.argument("first")
@click.argument("second")
@why_option
@json_option
@click.pass_context
def undo(ctx: click.Context, first: str, second: str, why: str, as_json: bool) -> None:
    """Take the last word on FIRST and SECOND back.

    Ids and content are again what they were.
    """
    _word(ctx, "match.undo", first, second, why, as_json)


@match.command("what-if")
@click.argument("op", type=click.Choice(["link", "separate", "none"]))
@click.argument("first")
@click.argument("second")
@json_option
@click.pass_context
def what_if(ctx: click.Context, op: str, first: str, second: str, as_json: bool) -> None:
    """Show what the word OP on a pair would change; a dry run."""
    arguments = {"op": op, "first": first, "second": second}
    _say_changed(call_role(settings_of(ctx), "unify", "match.what-if", arguments), as_json, "would change")


@match.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Most pairs shown.")
@json_option
@click.pass_context
def review(ctx: click.Context, limit: int, as_json: bool) -> None:
    """List pairs that may be one opening, the most likely first.

    Matching leaves these to a person.
    """
    result = call_role(settings_of(ctx), "unify", "match.review", {"limit": limit})
    for pair in result["pairs"]:
        echo_json(pair) if as_json else click.echo(_pair(pair))
    if not as_json:
        click.echo(
            f"{len(result['pairs'])} of {result['size']} pairs; `hub match why A B` tells more, then link or separate them"
        )


@match.command()
@click.argument("first")
@click.argument("second")
@json_option
@click.pass_context
def why(ctx: click.Context, first: str, second: str, as_json: bool) -> None:
    """Show what was weighed of FIRST and SECOND, and the decision."""
    _explain(call_role(settings_of(ctx), "unify", "match.why", {"first": first, "second": second}), as_json)


@match.command("why-not")
@click.argument("first")
@click.argument("second")
@json_option
@click.pass_context
def why_not(ctx: click.Context, first: str, second: str, as_json: bool) -> None:
    """As why, with what keeps FIRST and SECOND apart."""
    _explain(call_role(settings_of(ctx), "unify", "match.why-not", {"first": first, "second": second}), as_json)


@match.command()
@click.argument("name")
@json_option
@click.pass_context
def how(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show how the opportunity of NAME came to be.

    Members, joins with their bits, refused joins, origins of its fields.
    """
    told = call_role(settings_of(ctx), "unify", "match.how", {"name": name})
    if as_json:
        echo_json(told)
        return
    click.echo(f"{told['id']} ({told['state']}), anchored in {told['anchor']['source_key']}, model {told['model']}")
    for one in told["members"]:
        marks = ["live" if one["live"] else one["status"], *(["echo"] if one["echo"] else [])]
        click.echo(
            f"  {one['source_key']}  {', '.join(marks)}" + ("" if one["id"] == told["id"] else f"  (redirects {one['id']})")
        )
    for join in told["joins"]:
        click.echo(f"  joined by {join['by']}: {join['first']} and {join['second']}{_bits_if(join)}")
    for refused in told["refused"]:
        click.echo(f"  not joined: {refused['first']} and {refused['second']}{_bits_if(refused)}, {refused['reason']}")
    for field, origin in told["field_origins"].items():
        click.echo(f"  {field}: {origin}")


@match.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@click.pass_context
def model(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Write the match model that the settings name to FILE.

    Weights, thresholds, employers and lexicon, with their hash: what `hub match compare` and matching.model_file read.
    """
    from hub.app import match_model

    current = match_model(settings_of(ctx))
    file.write_bytes(current.to_bytes())
    if as_json:
        echo_json({"file": str(file), "model": current.hash})
    else:
        click.echo(f"{file}: model {current.hash}")


@match.command()
@click.argument("old")
@click.argument("new")
@json_option
@click.pass_context
def compare(ctx: click.Context, old: str, new: str, as_json: bool) -> None:
    """Show what would merge and split if model NEW judged, not OLD.

    A model is a file of `hub match model`, the hash of one that ran here, or `current`. Nothing is changed; to put a model
    to work, set matching.model_file and run `hub replay unify`.
    """
    from hub.app import match_model_named, platform_hosts
    from hub.sdk.connector import load_connectors
    from hub.streams.compare import compare_models

    settings = settings_of(ctx)
    models = match_model_named(settings, old), match_model_named(settings, new)
    hosts = platform_hosts(settings, load_connectors())
    report = asyncio.run(compare_models(settings.kafka.servers, hosts, *models))
    if as_json:
        echo_json(report)
        return
    counts = report["counts"]
    click.echo(
        f"{report['old']} → {report['new']}: {counts['live_before']} live opportunities become {counts['live_after']}; "
        f"{counts['merged']} merges, {counts['split']} splits, {counts['moved']} otherwise, "
        f"{counts['content_changed']} with other content"
    )
    for name in ("merged", "split"):
        for row in report[name]:
            parts = " + ".join(",".join(part) for part in row["parts"])
            click.echo(f"  {name}: {parts}  ({_bits(row['bits_apart'])} apart, {_bits(row['bits_together'])} together)")


def _word(ctx: click.Context, command: str, first: str, second: str, why: str, as_json: bool) -> None:
    arguments = {"first": first, "second": second}
    _say_changed(call_role(settings_of(ctx), "unify", command, arguments, why=why), as_json, "change")


def _say_changed(result: dict[str, Any], as_json: bool, verb: str) -> None:
    if as_json:
        echo_json(result)
        return
    click.echo(f"{result['first']} and {result['second']}: {result['op']}; these opportunities {verb}:")
    for one in result["opportunities"]:
        end = f" → {one['merged_into']}" if one["merged_into"] else ""
        click.echo(f"  {one['id']}  {one['state']}{end}  {', '.join(one['sources'])}")


def _explain(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(told)
        return
    click.echo(f"{told['first']} and {told['second']}: {WORTH.get(told['decision'], told['decision'])}")
    if told.get("because"):
        click.echo(f"  {told['because']}")
    click.echo(f"  {_bits(told['prior'])}  prior")
    if told["template"]:
        click.echo(f"  {_bits(-told['template'])}  the employer uses this title more than once")
    for row in told["evidence"]:
        if row["bits"] or row["level"] not in ("none", "missing"):
            values = f"{_value(row['first'])} / {_value(row['second'])}"
            click.echo(f"  {_bits(row['bits'])}  {row['field']}: {row['level']}  ({values})")
    for group, taken in told["caps"].items():
        click.echo(f"  {_bits(taken)}  {group} repeats itself: cut off at its cap")
    click.echo(f"  {_bits(told['total'])}  total; {_bits(told['threshold'])} link; probability {told['posterior']:.2%}")
    for name in ("veto", "guard", "override"):
        if told[name]:
            click.echo(f"  {name}: {told[name]}")
    click.echo(f"  met by: {', '.join(told['keys']) or 'no key'}")


def _pair(pair: dict[str, Any]) -> str:
    sides = [
        f"{title or 'no title'} — {employer or 'no employer'}"
        for title, employer in zip(pair["titles"], pair["employers"], strict=True)
    ]
    return f"{pair['posterior']:7.1%}  {pair['first']}: {sides[0]}\n         {pair['second']}: {sides[1]}"


def _bits(milli: int) -> str:
    return f"{milli / 1000:+6.1f} bits"


def _bits_if(join: dict[str, Any]) -> str:
    return f" ({_bits(join['total']).strip()})" if join["by"] == "match" else ""


def _value(value: Any) -> str:
    if value in (None, [], ""):
        return "—"
    return " | ".join(map(str, value)) if isinstance(value, list) else str(value)
