"""The sandbox's own edge: take a step, freeze, ask for a fault, read the truth and what was served.

The same routes stand on the control port and, under `/sandbox/`, on every platform's port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import orjson
from aiohttp import web

from hub.sandbox.faults import FaultDesk
from hub.sandbox.platforms.platform import json
from hub.sandbox.webhooks import Pusher, Target
from hub.sandbox.world import Change, Listing, World


class Controlled(Protocol):
    """What these routes need of the sandbox."""

    world: World
    desk: FaultDesk
    pusher: Pusher
    speed: float

    def step(self, n: int = 1) -> list[Change]: ...

    def edit(self, source: str, native_id: str, title: str | None = None) -> Listing: ...

    def withdraw(self, source: str, native_id: str) -> Listing: ...

    def fault(self, source: str, kind: str, count: int | None = None, path: str | None = None) -> None: ...

    def status(self) -> dict[str, Any]: ...

    def truth(self) -> dict[str, Any]: ...


Action = Callable[[Controlled, dict[str, Any]], Awaitable[Any]]


class _BadRequestError(Exception):
    pass


def routes(sandbox: Controlled) -> list[web.RouteDef]:
    def act(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            try:
                body = orjson.loads(await request.read() or b"{}")
                if not isinstance(body, dict):
                    raise _BadRequestError("the body must be a JSON object")
                return json(await action(sandbox, body))
            except KeyError as error:
                return json({"error": f"the body must name {error.args[0]}"}, status=400)
            except (_BadRequestError, ValueError, TypeError) as error:
                return json({"error": str(error)}, status=400)

        return handler

    return [
        web.get("/sandbox/status", act(_status)),
        web.get("/sandbox/truth", act(_truth)),
        web.post("/sandbox/step", act(_step)),
        web.post("/sandbox/freeze", act(_freeze)),
        web.post("/sandbox/speed", act(_speed)),
        web.get("/sandbox/fault", act(_faults)),
        web.post("/sandbox/fault", act(_fault)),
        web.delete("/sandbox/fault", act(_clear)),
        web.post("/sandbox/webhook", act(_webhook)),
        web.post("/sandbox/withdraw", act(_withdraw)),
        web.post("/sandbox/edit", act(_edit)),
    ]


async def _status(sandbox: Controlled, _: dict[str, Any]) -> Any:
    return sandbox.status()


async def _truth(sandbox: Controlled, _: dict[str, Any]) -> Any:
    return sandbox.truth()


async def _step(sandbox: Controlled, body: dict[str, Any]) -> Any:
    number = int(body.get("n", 1))
    if not 0 <= number <= 10_000:
        raise _BadRequestError("n must be from 0 to 10000")
    return {"step": sandbox.world.step, "changed": len(sandbox.step(number)), "now": sandbox.world.step}


async def _freeze(sandbox: Controlled, _: dict[str, Any]) -> Any:
    sandbox.speed = 0.0
    return {"step": sandbox.world.step, "speed": 0.0}


async def _speed(sandbox: Controlled, body: dict[str, Any]) -> Any:
    speed = float(body["speed"])
    if not 0 <= speed <= 10_000:
        raise _BadRequestError("speed is steps per ten seconds, from 0 to 10000")
    sandbox.speed = speed
    return {"step": sandbox.world.step, "speed": speed}


async def _faults(sandbox: Controlled, _: dict[str, Any]) -> Any:
    return sandbox.desk.standing


async def _fault(sandbox: Controlled, body: dict[str, Any]) -> Any:
    count, path = body.get("count"), body.get("path")
    if count is not None and (not isinstance(count, int) or count < 1):
        raise _BadRequestError("count is how many requests see the fault: a whole number from 1, or left out for all")
    if path is not None and not isinstance(path, str):
        raise _BadRequestError("path is a part of the addresses that have the fault")
    sandbox.fault(str(body["source"]), str(body["fault"]), count, path)
    return sandbox.desk.standing


async def _clear(sandbox: Controlled, body: dict[str, Any]) -> Any:
    sandbox.desk.clear(body.get("source"))
    return sandbox.desk.standing


async def _webhook(sandbox: Controlled, body: dict[str, Any]) -> Any:
    sandbox.pusher.target = Target(str(body["url"]), str(body["secret"])) if body.get("url") else None
    return {"webhook": body.get("url")}


async def _withdraw(sandbox: Controlled, body: dict[str, Any]) -> Any:
    return {"state": sandbox.withdraw(str(body["source"]), str(body["native_id"])).state}


async def _edit(sandbox: Controlled, body: dict[str, Any]) -> Any:
    return {"title": sandbox.edit(str(body["source"]), str(body["native_id"]), body.get("title")).title}
