"""The sandbox's own edge: take a step, freeze, ask for a fault, read the truth and what was served.

The same routes stand on the control port and, under `/sandbox/`, on every platform's port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from hub.sandbox.platforms.platform import json
from hub.sandbox.truth import truth_of
from hub.sandbox.webhooks import Target

if TYPE_CHECKING:
    from hub.sandbox.run import Sandbox

Action = Callable[["Sandbox", dict[str, Any]], Awaitable[Any]]


class _BadRequestError(Exception):
    pass


def routes(sandbox: Sandbox) -> list[web.RouteDef]:
    def act(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            try:
                body = orjson.loads(await request.read() or b"{}")
                return json(await action(sandbox, body))
            except (_BadRequestError, ValueError, KeyError, TypeError) as error:
                return json({"error": f"{type(error).__name__}: {error}"}, status=400)

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


async def _status(sandbox: Sandbox, _: dict[str, Any]) -> Any:
    return sandbox.status()


async def _truth(sandbox: Sandbox, _: dict[str, Any]) -> Any:
    return truth_of(sandbox.world)


async def _step(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    number = int(body.get("n", 1))
    if not 0 <= number <= 10_000:
        raise _BadRequestError("n must be from 0 to 10000")
    return {"step": sandbox.world.step, "changed": len(sandbox.step(number)), "now": sandbox.world.step}


async def _freeze(sandbox: Sandbox, _: dict[str, Any]) -> Any:
    sandbox.speed = 0.0
    return {"step": sandbox.world.step, "speed": 0.0}


async def _speed(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    speed = float(body["speed"])
    if not 0 <= speed <= 10_000:
        raise _BadRequestError("speed is steps per ten seconds, from 0 to 10000")
    sandbox.speed = speed
    return {"step": sandbox.world.step, "speed": speed}


async def _faults(sandbox: Sandbox, _: dict[str, Any]) -> Any:
    return sandbox.desk.standing


async def _fault(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    sandbox.fault(str(body["source"]), str(body["fault"]), body.get("count"), body.get("path"))
    return sandbox.desk.standing


async def _clear(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    sandbox.desk.clear(body.get("source"))
    return sandbox.desk.standing


async def _webhook(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    sandbox.pusher.target = Target(str(body["url"]), str(body["secret"])) if body.get("url") else None
    return {"webhook": body.get("url")}


async def _withdraw(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    return {"state": sandbox.withdraw(str(body["source"]), str(body["native_id"])).state}


async def _edit(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    return {"title": sandbox.edit(str(body["source"]), str(body["native_id"]), body.get("title")).title}
