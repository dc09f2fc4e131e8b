"""The HTTP edge put together: routes, and around them problems, metrics and the headers that every answer carries."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import cache
from http import HTTPStatus

import structlog
from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Middleware
from prometheus_client import Counter, Histogram
from sqlalchemy.exc import DBAPIError

from hub.api.access.gate import Gate
from hub.api.access.headers import header_writer
from hub.api.edge import EDGE, Edge
from hub.api.front_page import FRONT_PAGE, FrontPage
from hub.api.kept import KeptAnswers, keeping, once_a_turn
from hub.api.operation import Operation
from hub.api.operations import OPERATIONS
from hub.api.problems import ProblemError, unavailable, unmet_expectation
from hub.api.roles import RoleStates
from hub.api.site import operations as site
from hub.api.site import problem_page
from hub.api.streaming.broadcast import Broadcast
from hub.api.subscriptions.desk import DESK, Desk
from hub.api.surfaces.document import DOCUMENT, Document
from hub.api.surfaces.snapshot import SNAPSHOT
from hub.api.surfaces.stream import STREAMS, Streams
from hub.errors import RetryableError
from hub.telemetry import metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE"})
"""Those that have a name in the metrics."""
ENDLESS = frozenset(operation.path for operation in OPERATIONS if operation.is_endless)
"""How long such an answer takes says nothing of the hub: it is counted, and not timed."""

UNROUTED = {
    404: "there is nothing at this address; /openapi.json lists what there is, /docs begins at the beginning",
    405: "this address does not take this method; `Allow` names those that it takes",
}
"""What the router refuses, in words that lead on."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


def build_app(edge: Edge, roles: RoleStates, desk: Desk | None = None) -> web.Application:
    """`desk`: None where nothing is known of subscriptions."""
    kept = KeptAnswers(once_a_turn(edge.read_model.stamp))
    gate = Gate(edge.settings.http, edge.tokens)
    app = web.Application(middlewares=around(gate), client_max_size=edge.settings.http.body_limit)
    app[EDGE] = edge
    if desk is not None:
        app[DESK] = desk
    app[FRONT_PAGE] = FrontPage(edge, roles)
    app[STREAMS] = streams = Streams(Broadcast(edge.read_model, SNAPSHOT))
    app.cleanup_ctx.append(streams.run_beside)
    app.on_shutdown.append(streams.end)
    app[DOCUMENT] = Document(OPERATIONS)
    site.prepare(app, edge)
    for operation in OPERATIONS:
        if operation.method == "GET":
            route = app.router.add_get(operation.path, _kept(operation, kept, edge), expect_handler=expect)  # with GET goes HEAD
        else:
            route = app.router.add_route(
                operation.method, operation.path, operation.handle, expect_handler=operation.expect or expect
            )
        gate.guard(route.resource, operation)
    app.on_response_prepare.append(header_writer(edge.settings.http))
    return app


def _kept(operation: Operation, kept: KeptAnswers, edge: Edge) -> Handler:
    if operation.keep_by is None:
        return operation.handle
    return keeping(operation.handle, kept, edge.origin, operation.keep_by)


async def expect(request: web.Request) -> web.StreamResponse | None:
    """RFC 9110 §10.1.1: the only thing that may be expected is to be asked for the body."""
    if request.headers.get("Expect", "").lower() != "100-continue":
        return unmet_expectation().to_response()
    if request.version == HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return None


@web.middleware
async def _measure(request: web.Request, handler: Handler) -> web.StreamResponse:
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "unmatched"
    method = request.method if request.method in METHODS else "other"
    started = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        _counter(route, method, status).inc()
        if route not in ENDLESS:
            _clock(route).observe(time.perf_counter() - started)


# To check and join a series' labels takes twice as long as to count. There are as many as routes, methods and statuses.
@cache
def _counter(route: str, method: str, status: int) -> Counter:
    return metrics.HTTP_REQUESTS.labels(route, method, str(status))


@cache
def _clock(route: str) -> Histogram:
    return metrics.HTTP_SECONDS.labels(route)


@web.middleware
async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is answered as a problem document, or as a page for people, and never with the inside of the hub."""
    try:
        return await handler(request)
    except ProblemError as error:
        problem = error
    except web.HTTPException as error:
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        detail = UNROUTED.get(error.status) or HTTPStatus(error.status).description or error.reason
        problem = ProblemError(error.status, detail, headers=headers)
    except RetryableError as error:
        problem = unavailable(str(error))
    except (DBAPIError, OSError) as error:
        log.error("request failed", path=request.path, method=request.method, error=str(getattr(error, "orig", error))[:300])
        problem = unavailable("the hub's storage does not answer")
    except Exception:
        log.exception("request failed", path=request.path, method=request.method)
        problem = ProblemError(500, "the hub has a fault; it has been noted")
    return problem_page.to_page(request, problem) if problem_page.wants_page(request) else problem.to_response()


def around(gate: Gate) -> list[Middleware]:
    """What every request passes, from the outside in."""
    return [_measure, _explain, _admitting(gate)]


def _admitting(gate: Gate) -> Middleware:
    @web.middleware
    async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await gate.admit(request, handler)

    return admit
