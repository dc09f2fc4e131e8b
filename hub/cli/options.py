"""What several command groups share: settings from the context, output, calls to a running role."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from hub.settings import Settings, load_settings
from hub.telemetry.contact import user_name


def settings_of(ctx: click.Context) -> Settings:
    """Settings as `--config` and the environment say."""
    config = ctx.find_root().obj
    return load_settings(Path(config) if config else None)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")(command)


def always_json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """For commands that print nothing but JSON: a script may pass `--json` to every command."""
    return click.option("--json", is_flag=True, expose_value=False, help="The output is JSON either way.")(command)


def why_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--why", default="", help="Reason, for the audit.")(command)


def echo_json(value: Any) -> None:
    click.echo(orjson.dumps(value, default=str))


def say(told: Any, as_json: bool, *lines: str) -> None:
    """`told` as one JSON object, or the lines for a person."""
    if as_json:
        echo_json(told)
        return
    for line in lines:
        click.echo(line)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def call_role(
    settings: Settings, role: str, command: str, arguments: Mapping[str, Any], *, why: str = "", number: int = 1
) -> Any:
    """Run an operator's command in a running role, in the name of this user. Raises as `ops_client.call_role`."""
    from hub.telemetry import ops_client

    return ops_client.call_role(settings, role, command, arguments, who=user_name(), why=why, number=number)
