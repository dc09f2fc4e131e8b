"""Errors of the HTTP edge as RFC 9457 problem documents."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 2


class Problem(BaseModel):
    """RFC 9457 §3. `code`s of this hub stand at the end of `type`; some kinds carry further members."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


class ProblemError(Exception):
    """What a handler raises; the edge answers it. `code` names the kind of problem for programs."""

    def __init__(
        self, status: int, detail: str, *, code: str | None = None, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.headers = dict(headers or {})
        self.members = members

    @property
    def body(self) -> bytes:
        told = {
            "type": f"urn:hub:problem:{self.code}" if self.code else "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
        return orjson.dumps(told) + b"\n"

    def to_response(self) -> web.Response:
        headers = {"Cache-Control": "no-store", **self.headers}
        return web.Response(body=self.body, status=self.status, content_type=CONTENT_TYPE, headers=headers)


def unavailable(detail: str) -> ProblemError:
    """503 with a word on when to try again."""
    return ProblemError(503, detail, code="not-ready", headers={"Retry-After": str(RETRY_SECONDS)})


def unmet_expectation() -> ProblemError:
    return ProblemError(417, "only 100-continue can be expected", code="expectation")
