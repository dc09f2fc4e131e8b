"""`hub replay`: a stage reads its input again from the start; for unify that is a rebuild."""

from __future__ import annotations

import click

from hub.cli.options import call_role, echo_json, json_option, settings_of, why_option
from hub.errors import HubError


@click.command()
@click.argument("stage", type=click.Choice(["canonicalise", "enrich", "unify"]))
@why_option
@json_option
@click.pass_context
def replay(ctx: click.Context, stage: str, why: str, as_json: bool) -> None:
    """Read STAGE's input again from the start, in order. Repeats write the same bytes; nothing is lost meanwhile."""
    settings = settings_of(ctx)
    role = "unify" if stage == "unify" else "worker"
    numbers = range(1, (settings.streams.workers if role == "worker" else 1) + 1)
    begun = count = 0
    for number in numbers:
        result = call_role(settings, role, f"replay.{stage}", {}, why=why, number=number)
        begun, count = begun + result.get("partitions", 0), result.get("of", 0)
        if as_json:
            echo_json(result)
        elif role == "worker":
            click.echo(f"worker {number}: {stage} reads {result['partitions']} partitions again from their start")
        else:
            click.echo("unify: the rebuild begins; /readyz of unify says when it is live again")
    if begun < count:
        raise HubError(
            f"{count - begun} of {count} partitions are not read again: their worker is starting, or is not among "
            f"streams.workers ({settings.streams.workers}); look at /readyz and give the command again"
        )
