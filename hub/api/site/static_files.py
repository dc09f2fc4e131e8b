"""Style sheet and scripts of the pages, each at an address that names its content, so that it may be kept for ever.

`htmx.min.js` is htmx 2.0.11 as npm gives it (package `htmx.org`, Zero-Clause BSD licence), byte for byte; a test knows
its hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files

from aiohttp import web

from hub.api.answers import answer
from hub.api.operation import PROBLEM, Answer, NoQuery, Operation
from hub.api.problems import Problem, ProblemError

PATH = "/static"
YEAR_SECONDS = 31_536_000
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_NAMES = ("site.css", "site.js", "htmx.min.js", "mark.svg")


@dataclass(frozen=True, slots=True)
class Asset:
    content_type: str
    body: bytes


def _load() -> tuple[dict[str, str], dict[str, Asset]]:
    addresses: dict[str, str] = {}
    assets: dict[str, Asset] = {}
    for name in _NAMES:
        body = files("hub.api.site").joinpath("static", name).read_bytes()
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
        addresses[name] = f"{PATH}/{hashed}"
        assets[hashed] = Asset(_TYPES[ending], body)
    return addresses, assets


ADDRESSES, ASSETS = _load()
"""Name → address, and name in the address → content."""


async def get_static_file(request: web.Request, _: NoQuery) -> web.Response:
    asset = ASSETS.get(request.match_info["name"])
    if asset is None:
        raise ProblemError(404, "there is no such file; its address changes with its content", code="unknown-file")
    response = answer(request, asset.body, max_age=YEAR_SECONDS, content_type=asset.content_type)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


OPERATION = Operation(
    "GET",
    f"{PATH}/{{name}}",
    get_static_file,
    "A style sheet or script of the pages",
    "pages",
    answers={
        200: (Answer("the file; it never changes under its name", "text/css"), Answer("a script", "text/javascript")),
        404: (Answer("no file has this name, or not any more", PROBLEM, Problem),),
    },
    path_parameters={"name": "name with the hash of its content"},
    examples={"name": next(iter(ASSETS))},
)
