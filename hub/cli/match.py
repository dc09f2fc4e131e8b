"""`hub match`: the operator's word on pairs of postings, the review list, and every explanation of matching."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from hub.cli import match_text
from hub.cli.options import call_role, json_option, say, settings_of, why_option
from hub.settings import Settings


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
    result = call_role(settings_of(ctx), "unify", "match.what-if", arguments)
    say(result, as_json, *match_text.word(result, is_dry=True))


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
        say(pair, as_json, *match_text.reviewed(pair))
    if not as_json:
        next_step = "; `hub match why A B` tells more, then link or separate them" if result["pairs"] else ""
        click.echo(f"{len(result['pairs'])} of {result['size']} pairs{next_step}")


@match.command()
@click.argument("first")
@click.argument("second")
@json_option
@click.pass_context
def why(ctx: click.Context, first: str, second: str, as_json: bool) -> None:
    """Show what was weighed of FIRST and SECOND, and the decision."""
    told = call_role(settings_of(ctx), "unify", "match.why", {"first": first, "second": second})
    say(told, as_json, *match_text.explanation(told))


@match.command("why-not")
@click.argument("first")
@click.argument("second")
@json_option
@click.pass_context
def why_not(ctx: click.Context, first: str, second: str, as_json: bool) -> None:
    """As why, with what keeps FIRST and SECOND apart."""
    told = call_role(settings_of(ctx), "unify", "match.why-not", {"first": first, "second": second})
    say(told, as_json, *match_text.explanation(told))


@match.command()
@click.argument("name")
@json_option
@click.pass_context
def how(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show how the opportunity of NAME came to be.

    Members, joins with their bits, refused joins, origins of its fields.
    """
    told = call_role(settings_of(ctx), "unify", "match.how", {"name": name})
    say(told, as_json, *match_text.history(told, name))


@match.command()
@json_option
@click.pass_context
def large(ctx: click.Context, as_json: bool) -> None:
    """List blocks and components beyond their bounds.

    Their postings are compared like all others; a name or an address that says little costs time or draws unlike ones.
    """
    rows = call_role(settings_of(ctx), "unify", "match.large", {})["large"]
    for row in rows:
        say(row, as_json, *match_text.large(row))
    if not rows and not as_json:
        click.echo("none: every block and component is within its bound")


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
    say({"file": str(file), "model": current.hash}, as_json, f"{file}: model {current.hash}")


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
    from hub.app import match_model_named
    from hub.streams.compare import compare_models

    settings = settings_of(ctx)
    models = match_model_named(settings, old), match_model_named(settings, new)
    report = asyncio.run(compare_models(settings.kafka.servers, _hosts(settings), *models))
    say(report, as_json, *match_text.change(report))


def _hosts(settings: Settings) -> dict[str, str]:
    """Platforms' own hosts as the running unify knows them, else as the settings say: `hub up` tells its roles where the
    sandbox is."""
    from hub.app import platform_hosts
    from hub.errors import HubError
    from hub.sdk.connector import load_connectors

    try:
        return dict(call_role(settings, "unify", "match.hosts", {})["hosts"])
    except HubError:
        return platform_hosts(settings, load_connectors())


def _word(ctx: click.Context, command: str, first: str, second: str, why: str, as_json: bool) -> None:
    result = call_role(settings_of(ctx), "unify", command, {"first": first, "second": second}, why=why)
    say(result, as_json, *match_text.word(result, is_dry=False))
