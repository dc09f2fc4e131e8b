"""Bodies of requests: JSON of bounded size in bounded time, read into a model that refuses what it does not know."""

from __future__ import annotations

from typing import Any, TypeVar

import orjson
from aiohttp import hdrs, web
from pydantic import BaseModel, ConfigDict, ValidationError

from hub.api.bounded_body import read_bounded
from hub.api.edge import EDGE
from hub.api.operation import JSON, PROBLEM, Answer, say
from hub.api.problems import Problem, ProblemError

LARGEST_BYTES = 65_536


class RequestBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def whole_number(value: Any) -> Any:
    """For a `BeforeValidator`. As JSON Schema has it: 1.0 is a whole number, and neither true nor "1" is a number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("give a whole number")
    return value


AnyBody = TypeVar("AnyBody", bound=BaseModel)

REFUSALS = {
    400: (Answer("the body is no JSON, or holds what it cannot hold", PROBLEM, Problem),),
    408: (Answer("the body took too long", PROBLEM, Problem),),
    413: (Answer("the body is too large", PROBLEM, Problem),),
    415: (Answer("the body is of another kind, or compressed", PROBLEM, Problem),),
}
"""What an operation with a JSON body may answer."""


async def read_body(request: web.Request, model: type[AnyBody], *, is_required: bool = True) -> AnyBody:
    """Where none is required, none is the same as `{}`. Raises a ProblemError: 400 (it names the field and what would do), 408,
    413 or 415.
    """
    if not is_required and not request.body_exists:
        return model()
    if request.content_type != JSON or request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise ProblemError(415, f"send the body as {JSON}, without Content-Encoding", code="content-type")
    raw = await read_bounded(request, most_bytes=LARGEST_BYTES, seconds=request.app[EDGE].settings.http.body_seconds)
    try:
        return model.model_validate(orjson.loads(raw))
    except orjson.JSONDecodeError as error:
        raise ProblemError(400, "the body is no JSON in UTF-8", code="body") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part)[:64] for part in first["loc"]) or "the body"
        raise ProblemError(400, f"{where}: {say(first)}", code="body") from error
