"""One operation of the HTTP edge: method, path, handler, and the models that both judge a request and describe it.

A query is read into a pydantic model that refuses what it does not know, since a parameter that is not known must not
pass for a filter that was applied. The same model, with the answers that are named here, makes the OpenAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, get_origin

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from hub.api.problems import ProblemError

JSON, PROBLEM, HTML = "application/json", "application/problem+json", "text/html"
IN_JSON = {
    "extra_forbidden": "this member is not known",
    "model_type": "give a JSON object",
    "tuple_type": "give a JSON list",
}
"""What is wrong with a body, by pydantic's name of it."""
TRACKING = re.compile(
    r"(utm|mtm|pk|hsa)_\w+|(fb|g|dc|tw|tt|y)clid|msclkid|srsltid|li_fat_id|igsh(id)?|[gw]braid|mc_[ce]id|_hs(enc|mi)|_g[al]",
    re.ASCII,
)
"""Parameters that newsletters, social networks and visitor counters add to links: ignored, since they filter nothing."""


class Query(BaseModel):
    """Parameters of one operation. A field that holds several values takes them by commas or by repeated names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoQuery(Query):
    """An operation without parameters."""


AnyQuery = TypeVar("AnyQuery", bound=Query)


@dataclass(frozen=True)
class Answer:
    """`model`: of a JSON body; None: a body of another kind, or none. `headers`: name → what it says, beside the usual ones."""

    description: str
    content_type: str | None = None
    model: type[BaseModel] | None = None
    example: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """What a request carries. `headers`: name → what it must say."""

    description: str
    content_type: str = JSON
    model: type[BaseModel] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    example: Any = None
    is_required: bool = True


@dataclass(frozen=True)
class Operation:
    """`answers`: by status. Those that every operation may give (400, 429, 503 …) are added by the document."""

    method: str
    path: str
    handler: Callable[[web.Request, Any], Awaitable[web.StreamResponse]]
    summary: str
    tag: str
    query: type[Query] = NoQuery
    answers: dict[int, tuple[Answer, ...]] = field(default_factory=dict)
    description: str = ""
    path_parameters: dict[str, str] = field(default_factory=dict)
    """Name → what it is."""
    examples: Mapping[str, object] = field(default_factory=dict)
    """Parameter → a value to try."""
    body: Body | None = None
    expect: Callable[[web.Request], Awaitable[web.StreamResponse | None]] | None = None
    """Answers `Expect: 100-continue`; None: the body is asked for at once."""
    scope: str | None = None
    """What a token must allow; None: everybody."""
    cost: int = 1
    """How many requests of the caller's limit it counts for."""
    keep_by: tuple[str, ...] | None = None
    """Headers of the request on which the answer depends, beside its address; None: it is made anew for everybody."""
    is_endless: bool = False
    """Its answer goes on until somebody closes it."""
    is_signed: bool = False
    """The body's signature says who sends: only what is refused counts against the sender's address."""

    @property
    def id(self) -> str:
        """By which generated clients call it: the handler's name."""
        return str(getattr(self.handler, "__name__", ""))

    @cached_property
    def is_for_people(self) -> bool:
        """Its address is one that people click."""
        return self.tag == "pages" or any(answer.content_type == HTML for answer in self.answers.get(200, ()))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """What the router calls."""
        return await self.handler(request, read_query(request, self.query, passes_over_tracking=self.is_for_people))


def read_query(request: web.Request, model: type[AnyQuery], *, passes_over_tracking: bool = False) -> AnyQuery:
    """Raises a 400 that names the parameter and what would do."""
    found: dict[str, Any] = {}
    for name in request.query:
        values = request.query.getall(name)
        info = model.model_fields.get(name)
        if info is None:
            if passes_over_tracking and TRACKING.fullmatch(name):
                continue
            known = ", ".join(sorted(model.model_fields)) or "none"
            raise ProblemError(400, f"unknown parameter {name[:64]}; known here: {known}", code="parameter")
        if get_origin(info.annotation) is tuple:
            found[name] = tuple(part for value in values for part in value.split(","))
        elif len(values) > 1:
            raise ProblemError(400, f"{name} is given more than once", code="parameter")
        else:
            found[name] = values[0]
    try:
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        is_form = first["type"] == "string_pattern_mismatch"
        wanted = f"not of the form that it has: {model.model_fields[name].description}" if is_form else say(first)
        raise ProblemError(400, f"{name}: {wanted}", code="parameter") from error


def say(wrong: ErrorDetails) -> str:
    """What is wrong with a value, in HTTP's words where the library has Python's."""
    if wrong["type"] == "too_long":
        return f"give at most {wrong['ctx']['max_length']} values"
    return IN_JSON.get(wrong["type"]) or wrong["msg"].removeprefix("Value error, ")
