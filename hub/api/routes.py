"""The HTTP edge put together: routes, and around them problems, metrics and the headers that every answer carries."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from aiohttp import web
from sqlalchemy.exc import DBAPIError

from hub.api.edge import EDGE, Edge
from hub.api.front_page import FRONT_PAGE, FrontPage
from hub.api.operations import OPERATIONS
from hub.api.problems import ProblemError, unavailable
from hub.api.roles import RoleStates
from hub.api.surfaces.document import DOCUMENT, Document
from hub.errors import RetryableError
from hub.telemetry import metrics

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


def build_app(edge: Edge, roles: RoleStates) -> web.Application:
    app = web.Application(middlewares=[_measure, _explain], client_max_size=edge.settings.http.body_limit)
    app[EDGE] = edge
    app[FRONT_PAGE] = FrontPage(edge, roles)
    app[DOCUMENT] = Document(OPERATIONS)
    for operation in OPERATIONS:
        if operation.method == "GET":
            app.router.add_get(operation.path, operation.handle)  # with GET goes HEAD
        else:
            app.router.add_route(operation.method, operation.path, operation.handle, expect_handler=operation.expect)
    app.on_response_prepare.append(_add_headers)
    return app


@web.middleware
async def _measure(request: web.Request, handler: Handler) -> web.StreamResponse:
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "unmatched"
    method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
    started = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        metrics.HTTP_REQUESTS.labels(route, method, str(status)).inc()
        metrics.HTTP_SECONDS.labels(route).observe(time.perf_counter() - started)


@web.middleware
async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is answered as a problem document, and never with the inside of the hub."""
    try:
        return await handler(request)
    except ProblemError as problem:
        return problem.to_response()
    except web.HTTPException as error:
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return ProblemError(error.status, HTTPStatus(error.status).description or error.reason, headers=headers).to_response()
    except RetryableError as error:
        return unavailable(str(error)).to_response()
    except (DBAPIError, OSError) as error:
        log.error("request failed", path=request.path, method=request.method, error=str(getattr(error, "orig", error))[:300])
        return unavailable("the hub's storage does not answer").to_response()
    except Exception:
        log.exception("request failed", path=request.path, method=request.method)
        return ProblemError(500, "the hub has a fault; it has been noted").to_response()


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers["Server"] = "hub"
    if request.path.startswith("/v1/") and request.method in ("GET", "HEAD"):
        response.headers["Access-Control-Allow-Origin"] = "*"
