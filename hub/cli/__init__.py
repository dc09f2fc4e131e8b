"""The command line: one file per command group, imported only when called, so that `hub --help` stays quick."""

from __future__ import annotations

import importlib
from typing import Any

import click

from hub.errors import ConfigError, HubError
from hub.telemetry.release import PACKAGE

COMMANDS = {
    "up": ("hub.cli.roles:up", "Run the whole hub on this machine."),
    "broker": ("hub.cli.roles:broker", "Run the embedded Kafka broker."),
    "sandbox": ("hub.cli.roles:sandbox", "Run the four simulated partner platforms."),
    "ingest": ("hub.cli.roles:ingest", "Run the connectors on their schedules."),
    "worker": ("hub.cli.roles:worker", "Run the stages canonicalise and enrich."),
    "unify": ("hub.cli.roles:unify", "Run the stage unify: matching and publishing."),
    "serve": ("hub.cli.roles:serve", "Serve the feed over HTTP."),
    "deliver": ("hub.cli.roles:deliver", "Send webhooks to subscribers."),
    "doctor": ("hub.cli.doctor:doctor", "Say what is missing on this machine and what to install."),
    "topics": ("hub.cli.topics:topics", "Create, correct and check the Kafka topics."),
    "connector": ("hub.cli.connector:connector", "List, write, try, test and run connectors."),
    "held": ("hub.cli.held:held", "What the brake holds: list, show, release, discard."),
    "rejected": ("hub.cli.rejected:rejected", "Dead letters: list, show, redrive."),
    "posting": ("hub.cli.posting:posting", "The operator's word on one posting: hide, set, undo, show."),
    "match": ("hub.cli.match:match", "The operator's word on pairs, and why postings are one or not."),
    "feed": ("hub.cli.feed:feed", "The unified feed: export, tail, digest, rebuild."),
    "subscriber": ("hub.cli.subscriber:subscriber", "Readers with a name and their tokens: add, list, rotate, remove."),
    "subscription": ("hub.cli.subscription:subscription", "Webhook subscriptions: list, show, pause, resume."),
    "replay": ("hub.cli.replay:replay", "Read a stage's input again from the start."),
    "backup": ("hub.cli.backup:backup", "Write the whole state of this machine's hub to one file; verify one."),
    "restore": ("hub.cli.backup:restore", "Put a backup into the state directory of a stopped hub."),
    "settings": ("hub.cli.settings:settings", "Every setting with its value and meaning."),
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise _Failure(str(error), 2) from error
        except HubError as error:
            raise _Failure(str(error), 1) from error
        except BrokenPipeError:
            raise  # the reader of a pipe has seen enough; click ends in silence
        except OSError as error:
            raise _Failure(str(error), 1) from error


class _Failure(click.ClickException):
    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code

    def show(self, file: Any = None) -> None:
        click.echo(f"hub: {self.message}", err=True)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(), help="Configuration file (default: HUB_CONFIG, else ./hub.toml).")
@click.version_option(package_name=PACKAGE, prog_name="hub")
@click.pass_context
def main(ctx: click.Context, config: str | None) -> None:
    """The regional talent hub: many platforms in, one feed out."""
    ctx.obj = config
