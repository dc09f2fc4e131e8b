"""Commands that run a role until it is told to stop."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from hub.cli.options import settings_of


@click.command()
@click.option("--no-sandbox", is_flag=True, help="Real partners: do not run the simulated ones.")
@click.pass_context
def up(ctx: click.Context, no_sandbox: bool) -> None:
    """Run the whole hub on this machine: broker, sandbox, ingest, worker, unify, serve, deliver."""
    from hub.app import run_up

    root = ctx.find_root()
    config = Path(root.obj) if root.obj else None

    def main(arguments: Sequence[str]) -> None:
        root.command.main(arguments, prog_name=root.info_name)

    sys.exit(run_up(settings_of(ctx), main, with_sandbox=not no_sandbox, config=config))


@click.command()
@click.pass_context
def broker(ctx: click.Context) -> None:
    """Run the embedded Kafka broker."""
    from hub.app import run_broker

    sys.exit(run_broker(settings_of(ctx)))


@click.command()
@click.pass_context
def ingest(ctx: click.Context) -> None:
    """Run the connectors on their schedules."""
    from hub.app import run_ingest

    sys.exit(run_ingest(settings_of(ctx)))


@click.command()
@click.option("--number", type=click.IntRange(min=1), default=1, show_default=True, help="Which worker this is.")
@click.pass_context
def worker(ctx: click.Context, number: int) -> None:
    """Run the stages canonicalise and enrich."""
    from hub.app import run_worker

    sys.exit(run_worker(settings_of(ctx), number))


@click.command()
@click.pass_context
def unify(ctx: click.Context) -> None:
    """Run the stage unify: matching and publishing."""
    from hub.app import run_unify

    sys.exit(run_unify(settings_of(ctx)))


@click.command()
@click.pass_context
def serve(ctx: click.Context) -> None:
    """Serve the feed over HTTP."""
    from hub.app import run_serve

    sys.exit(run_serve(settings_of(ctx)))


@click.command()
@click.option("--truth", "truth_file", type=click.Path(), help="Write the truth (what is the same opening) and keep it current.")
@click.pass_context
def sandbox(ctx: click.Context, truth_file: str | None) -> None:
    """Run the four simulated partner platforms."""
    from hub.app import run_sandbox

    sys.exit(run_sandbox(settings_of(ctx), truth_file))


@click.command()
@click.pass_context
def deliver(ctx: click.Context) -> None:
    """Send signed webhooks to subscribers."""
    from hub.app import run_deliver

    sys.exit(run_deliver(settings_of(ctx)))
