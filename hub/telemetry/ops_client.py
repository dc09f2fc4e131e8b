"""Asks a running role for one of the operator's commands, at its ops port on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson

from hub.errors import HubError
from hub.settings import Settings
from hub.telemetry.contact import load_token, ops_address, ops_port

ALIVE_SECONDS = 10.0
"""A process that takes a connection and says nothing for so long hangs: a busy role answers `/livez` within seconds."""


class RoleAwayError(HubError):
    """Nobody listens on the role's ops port."""


class RoleHangsError(HubError):
    """Somebody listens there, and says nothing."""


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
    """The command's result. Raises RoleAwayError, RoleHangsError, or HubError with a refusing role's sentence. Blocks."""
    port = ops_port(settings, role, number)
    base = ops_address(settings, role, number)
    body = orjson.dumps({"who": who, "why": why, "arguments": dict(arguments)})
    request = Request(f"{base}/ops/{command}", data=body, method="POST")
    request.add_header("Authorization", f"Bearer {load_token(settings.state_dir)}")
    try:
        with urlopen(f"{base}/livez", timeout=ALIVE_SECONDS):
            pass
        with urlopen(request, timeout=timeout_seconds) as response:
            return orjson.loads(response.read())["result"]
    except HTTPError as error:
        raise HubError(_refusal(role, error)) from error
    except TimeoutError as error:
        raise RoleHangsError(
            f"the role {role} listens on port {port} and does not answer: it hangs or was stopped (SIGSTOP). "
            "Look into its log; `hub up` ends it within minutes and starts it again, and so it does when you end the process"
        ) from error
    except OSError as error:
        raise RoleAwayError(
            f"the role {role} does not answer on port {port}: is `hub up` or `hub {role}` running here?"
        ) from error


def _refusal(role: str, error: HTTPError) -> str:
    if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
        return f"the role {role} is starting and does not take this command yet: give it again in a moment"
    try:
        return str(orjson.loads(error.read())["error"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"the role {role} answered {error.code}: its log says why"
