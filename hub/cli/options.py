"""What several command groups share: settings from the context, output, calls to a running role."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import click
import orjson

from hub.errors import HubError
from hub.settings import Settings, load_settings


def settings_of(ctx: click.Context) -> Settings:
    """Settings as `--config` and the environment say."""
    config = ctx.find_root().obj
    return load_settings(Path(config) if config else None)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")(command)


def why_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--why", default="", help="Reason, for the audit.")(command)


def echo_json(value: Any) -> None:
    click.echo(orjson.dumps(value, default=str))


def call_role(
    settings: Settings, role: str, command: str, arguments: Mapping[str, Any], *, why: str = "", number: int = 1
) -> Any:
    """Run an operator's command in a running role. Raises HubError when the role is away or refuses."""
    from hub.telemetry.role import load_token, ops_port

    port = ops_port(settings, role, number)
    body = orjson.dumps({"who": getpass.getuser(), "why": why, "arguments": dict(arguments)})
    request = Request(f"http://{settings.ops.host}:{port}/ops/{command}", data=body, method="POST")
    request.add_header("Authorization", f"Bearer {load_token(settings.state_dir)}")
    try:
        with urlopen(request, timeout=60) as response:
            return orjson.loads(response.read())["result"]
    except HTTPError as error:
        raise HubError(orjson.loads(error.read())["error"]) from error
    except (URLError, OSError) as error:
        raise HubError(f"the role {role} does not answer on port {port}: is `hub up` or `hub {role}` running here?") from error
