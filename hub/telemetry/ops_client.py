"""Asks a running role for one of the operator's commands, at its ops port on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson

from hub.errors import HubError
from hub.settings import Settings
from hub.telemetry.contact import load_token, ops_port


class RoleAwayError(HubError):
    """Nothing answers on the role's ops port."""


def call_role(
    settings: Settings,
    role: str,
    command: str,
    arguments: Mapping[str, Any],
    *,
    who: str,
    why: str = "",
    number: int = 1,
    timeout_seconds: float = 60,
) -> Any:
    """The command's result. Raises RoleAwayError, or HubError with the sentence of a role that refuses. Blocks."""
    port = ops_port(settings, role, number)
    body = orjson.dumps({"who": who, "why": why, "arguments": dict(arguments)})
    request = Request(f"http://{settings.ops.host}:{port}/ops/{command}", data=body, method="POST")
    request.add_header("Authorization", f"Bearer {load_token(settings.state_dir)}")
    try:
        with urlopen(request, timeout=timeout_seconds) as response:
            return orjson.loads(response.read())["result"]
    except HTTPError as error:
        raise HubError(_refusal(role, error)) from error
    except OSError as error:
        raise RoleAwayError(
            f"the role {role} does not answer on port {port}: is `hub up` or `hub {role}` running here?"
        ) from error


def _refusal(role: str, error: HTTPError) -> str:
    try:
        return str(orjson.loads(error.read())["error"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"the role {role} answered {error.code}: its log says why"
