"""The ops port of a role: `/livez`, `/readyz`, `/metrics`, and `POST /ops/<command>` for the operator's commands.

Commands need the bearer token of the state directory and are audited (who, what, why) before they run.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from hub.errors import ConfigError, HubError
from hub.telemetry.health import Health

Command = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Takes the call's arguments with `who` and `why`; HubError is answered with 409 and its sentence."""
Audit = Callable[[str, str, str, Mapping[str, Any]], Awaitable[None]]
"""`(who, what, why, arguments)`; raises when it cannot be written, and then the command does not run."""


async def no_audit(who: str, what: str, why: str, arguments: Mapping[str, Any]) -> None:
    """For a role without commands, or whose commands change nothing."""


class OpsServer:
    def __init__(
        self, *, host: str, port: int, token: str, health: Health, commands: Mapping[str, Command], audit: Audit
    ) -> None:
        self._host = host
        self._port = port
        self._token = token
        self._health = health
        self._commands = commands
        self._audit = audit
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Raises ConfigError when the port is taken."""
        app = web.Application()
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_post("/ops/{command}", self._command)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigError(
                f"the ops port {self._port} on {self._host} is taken ({error.strerror}): end that process or set HUB_OPS__PORT"
            ) from error

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _livez(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        return _json(self._health.report(), status=200 if self._health.is_ready else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _command(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return _json({"error": "the ops token is missing or wrong"}, status=401)
        name = request.match_info["command"]
        command = self._commands.get(name)
        if command is None and self._health.is_starting:
            return _json({"error": f"this role is starting and does not take {name} yet"}, status=503)
        if command is None:
            return _json({"error": f"this role has no command {name}", "commands": sorted(self._commands)}, status=404)
        try:
            body = orjson.loads(await request.read() or b"{}")
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict) or not isinstance(arguments := body.get("arguments", {}), dict):
            return _json({"error": 'the body must be JSON: {"who": …, "why": …, "arguments": {…}}'}, status=400)
        who, why = str(body.get("who", "unknown")), str(body.get("why", ""))
        try:
            await self._audit(who, name, why, arguments)
            return _json({"result": await command({**arguments, "who": who, "why": why})})
        except HubError as error:
            return _json({"error": str(error)}, status=409)


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value, default=str) + b"\n", status=status, content_type="application/json")
