"""The OpenAPI 3.1 document, made from the operations: the models that judge requests and shape answers describe them too.

What every operation may answer (a query that is refused, a caller that asks too often, a hub that is not ready) is written
here once. HEAD is not listed: it goes with every GET (RFC 9110 §9.3.2). Pure: the same operations make the same document.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from hub.api.openapi_schemas import Models, reachable, share_parameters
from hub.api.operation import HTML, JSON, PROBLEM, Answer, Body, Operation
from hub.api.problems import Problem
from hub.telemetry.release import release

EVENT_STREAM = "text/event-stream"
"""A stream has no validator: it does not end."""
PAGES = "pages"
"""The tag of what is for people: its errors are pages, too, for whoever would rather have one."""
TAGS = {
    "feed": "The whole feed or a part of it, from any cursor, with proof that nothing is missing.",
    "opportunities": "Opportunities one by one and in lists.",
    "segments": "Named filters, such as a campaign's.",
    "subscriptions": "Signed webhooks, for whoever has a token that allows `push`.",
    PAGES: "Pages for people.",
    "inbound": "What partners push.",
    "about": "This document and what it describes.",
}
ABOUT = (
    "Vacancies, traineeships, internships, courses and events of the northern Netherlands, read from several platforms and "
    "published as one feed. Reading needs no token; a token has higher limits. A parameter that is not known is refused, so "
    "that it never passes for a filter that was applied. Errors are problem documents (RFC 9457). Every answer has an "
    "entity tag: send it back in `If-None-Match`. HEAD is answered wherever GET is. `/docs` shows how to begin.\n\n"
    "Rights: each opportunity names its sources with their attribution; show it, and link to the owner's page "
    "(`content.canonical_url`)."
)
HEADERS = {
    "ETag": "validator of this answer, for `If-None-Match`",
    "Cache-Control": "for how long it may be kept",
    "Location": "where it is now",
    "Retry-After": "seconds after which to ask again",
    "WWW-Authenticate": "how to show who you are",
    "RateLimit": "what is left of the caller's limit, and when it is whole again; absent where there is none",
    "RateLimit-Policy": "the caller's limit, in requests and seconds",
}
SOMETIMES = {"RateLimit", "RateLimit-Policy"}
HEADERS_OF = {
    200: ("ETag", "Cache-Control", "RateLimit", "RateLimit-Policy"),
    206: ("ETag", "Cache-Control"),
    304: ("ETag", "Cache-Control"),
    307: ("Location", "Cache-Control"),
    401: ("WWW-Authenticate",),
    429: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    503: ("Retry-After",),
}
"""Status → headers that such an answer to a reader has; those of `SOMETIMES` not always."""
SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "hub_<keyid>_<secret>",
        "description": "Optional for reading: a token has higher limits.",
    }
}
EXAMPLES: Mapping[str, object] = {"id": "opp-wgb4ngbjerx3tzzf", "segment": "internationals", "name": "internationals"}
"""What to try where an operation says nothing else: parameter → value."""
JSON_KINDS = re.compile(r"application/(.+\+)?json")


def document(operations: Iterable[Operation], server: str) -> dict[str, Any]:
    """`server`: the address below which the paths stand."""
    listed = list(operations)
    models = Models(listed)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, models)
    parameters = share_parameters([told for item in paths.values() for told in item.values()])
    used = {operation.tag for operation in listed}
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Regional talent hub",
            "version": release(),
            "description": ABOUT,
            "contact": {"name": "The operator of this hub"},
            "license": {"name": "European Union Public Licence 1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": server}],
        "externalDocs": {"description": "How to begin, surface by surface", "url": "/docs"},
        "security": [{}, {"token": []}],
        "tags": [{"name": name, "description": told} for name, told in TAGS.items() if name in used],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": reachable(models.schemas, [paths, parameters]),
            "parameters": parameters,
            "headers": {name: _header(name, told, is_required=name not in SOMETIMES) for name, told in HEADERS.items()},
            "securitySchemes": SECURITY,
        },
    }


def _operation(operation: Operation, models: Models) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": operation.id, "summary": operation.summary, "tags": [operation.tag]}
    if operation.description:
        told["description"] = operation.description
    parameters = [*_path_parameters(operation), *_headers_of(operation.body), *_query_parameters(operation, models)]
    if parameters:
        told["parameters"] = parameters
    if operation.body is not None:
        schema = models.reference(operation.body.model) if operation.body.model else {}
        media: dict[str, Any] = {"schema": schema} if schema else {}
        if operation.body.example is not None:
            media["example"] = operation.body.example
        content = {operation.body.content_type: media}
        told["requestBody"] = {
            "description": operation.body.description,
            "required": operation.body.is_required,
            "content": content,
        }
    if operation.is_signed:
        told["security"] = []
    elif operation.scope is not None:
        told["security"] = [{"token": [operation.scope]}]
    told["responses"] = _answers(operation, models)
    return told


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": told,
            "schema": {"type": "string"},
            **_example(operation, name),
        }
        for name, told in operation.path_parameters.items()
    ]


def _headers_of(body: Body | None) -> list[dict[str, Any]]:
    headers = body.headers if body is not None else {}
    return [
        {"name": name, "in": "header", "required": True, "description": told, "schema": {"type": "string"}}
        for name, told in headers.items()
    ]


def _query_parameters(operation: Operation, models: Models) -> list[dict[str, Any]]:
    schema = models.queries[operation.query]
    required = schema.get("required", ())
    found = []
    for name, stated in schema.get("properties", {}).items():
        parameter: dict[str, Any] = {"name": name, "in": "query"}
        shape = _plain(stated)
        if "description" in shape:
            parameter["description"] = shape.pop("description")
        if name in required:
            parameter["required"] = True
        if shape.get("type") == "array":
            # By commas; the same name given several times is understood as well.
            parameter |= {"style": "form", "explode": False}
        found.append({**parameter, "schema": shape, **_example(operation, name)})
    return found


def _plain(stated: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter is given or not: its schema knows no null, and a default that says nothing is left out."""
    shape = copy.deepcopy(dict(stated))
    shape.pop("title", None)
    if shape.get("default", 0) in (None, []):
        del shape["default"]
    options = [option for option in shape.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        del shape["anyOf"]
        shape = {**options[0], **shape}
    if shape.get("type") == "array":
        # A parameter that names no value at all would be a filter that asks for nothing: leave it out instead.
        shape["minItems"] = 1
    return shape


def _example(operation: Operation, name: str) -> dict[str, Any]:
    examples = {**EXAMPLES, **operation.examples}
    return {"example": examples[name]} if name in examples else {}


def _answers(operation: Operation, models: Models) -> dict[str, Any]:
    found = {status: list(answers) for status, answers in operation.answers.items()}
    for status, told in _common(operation).items():
        if status == 304 or not found.get(status):
            found[status] = [told]
        elif told.description not in {answer.description for answer in found[status]}:
            found[status].append(told)
    if operation.tag == PAGES:
        for status, answers in found.items():
            if status >= 400:
                answers.append(Answer(answers[0].description, HTML))
    return {str(status): _answer(operation, status, found[status], models) for status in sorted(found)}


def _common(operation: Operation) -> dict[int, Answer]:
    """What an operation may answer by being an operation."""

    def problem(told: str) -> Answer:
        return Answer(told, PROBLEM, Problem)

    found = {
        400: problem("a parameter is not known or has a value that it cannot have"),
        429: problem("too many requests"),
        503: problem("the hub is not ready, or what it needs is away"),
    }
    if not operation.is_signed:
        found[401] = problem("the token is not known or has ended")
    if operation.method == "GET":
        found[304] = Answer("the reader has it already")
    if "segment" in operation.query.model_fields:
        found[404] = problem("there is no such segment or source")
        found[410] = problem("the segment has ended")
    if operation.scope is not None:
        found[403] = problem(f"the token does not allow `{operation.scope}`")
    return found


def _answer(operation: Operation, status: int, answers: Sequence[Answer], models: Models) -> dict[str, Any]:
    descriptions = dict.fromkeys(answer.description for answer in answers)
    told: dict[str, Any] = {"description": "; ".join(descriptions) or HTTPStatus(status).phrase}
    is_plain = operation.method == "GET" and not any(answer.content_type == EVENT_STREAM for answer in answers)
    usual = HEADERS_OF.get(status, ()) if is_plain or status >= 400 else ()
    headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in usual}
    for answer in answers:
        headers |= {name: _header(name, said, is_required=False) for name, said in answer.headers.items()}
    if headers:
        told["headers"] = headers
    content: dict[str, Any] = {}
    for answer in answers:
        if answer.content_type is not None:
            content[answer.content_type] = _media(answer, models)
    if content:
        told["content"] = content
    return told


def _media(answer: Answer, models: Models) -> dict[str, Any]:
    media: dict[str, Any] = {}
    if answer.model is not None:
        media["schema"] = models.reference(answer.model)
    elif (answer.content_type or "").startswith("text/") and answer.content_type != EVENT_STREAM:
        media["schema"] = {"type": "string"}
    elif JSON_KINDS.fullmatch(answer.content_type or JSON):
        media["schema"] = {"type": "object"}
    if answer.example is not None:
        media["example"] = answer.example
    return media


def _header(name: str, told: str, *, is_required: bool = True) -> dict[str, Any]:
    kind = "integer" if name == "Retry-After" else "string"
    return {"description": told, "required": is_required, "schema": {"type": kind}}
