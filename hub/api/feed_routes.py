"""The feed over HTTP: pages, snapshot, digest (architecture §7)."""

from __future__ import annotations

from urllib.parse import urlencode

import orjson
from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest

from hub.api.answers import answer
from hub.api.edge import EDGE, Edge
from hub.api.problems import ProblemError, unavailable
from hub.errors import RetryableError
from hub.feed.cursor import START, parse_cursor
from hub.feed.pages import DEFAULT_LIMIT, LARGEST_LIMIT, render_page
from hub.feed.projection import Standing

PAGES = "/v1/feed/pages"
SNAPSHOT = "/v1/feed/snapshot.ndjson.gz"
DIGEST = "/v1/feed/digest"

FULL_PAGE_SECONDS = 3_600
LAST_PAGE_SECONDS = 2
SNAPSHOT_SECONDS = 60


async def get_pages(request: web.Request) -> web.Response:
    edge = request.app[EDGE]
    refuse_unknown(request, {"after", "limit", "feed"})
    after, limit = _cursor(request), _limit(request)
    standing, rows = await edge.read_model.load_after(after, limit + 1)
    await require_place(request, edge, standing, after)

    def link(cursor: int, feed_id: str) -> str:
        query = urlencode({"after": cursor, "limit": limit, "feed": feed_id})
        return edge.address(request, f"{PAGES}?{query}")

    page = render_page(standing, rows, after, limit, link)
    return answer(request, page.body, max_age=FULL_PAGE_SECONDS if page.is_full else LAST_PAGE_SECONDS)


async def get_digest(request: web.Request) -> web.Response:
    edge = request.app[EDGE]
    refuse_unknown(request, set())
    standing = await edge.read_model.load_standing()
    body = {
        "feed_id": standing.feed_id,
        "cursor": standing.position,
        "counts": {"live": standing.live, "closed": standing.closed},
        "digest": standing.digest.hex,
        "buckets": standing.digest.buckets,
    }
    return answer(request, orjson.dumps(body) + b"\n", max_age=LAST_PAGE_SECONDS)


async def get_snapshot(request: web.Request) -> web.StreamResponse:
    edge = request.app[EDGE]
    refuse_unknown(request, set())
    snapshot = await edge.snapshots.load_current()
    headers = {
        hdrs.CACHE_CONTROL: f"public, max-age={SNAPSHOT_SECONDS}",
        hdrs.CONTENT_TYPE: "application/gzip",
        hdrs.CONTENT_DISPOSITION: 'attachment; filename="feed.ndjson.gz"',
    }
    return _Download(snapshot.path, headers=headers)


class _Download(web.FileResponse):
    """aiohttp's ranges and validators, and If-Range with an entity tag, which it takes for a date and passes over."""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        wanted = request.headers.get(hdrs.IF_RANGE, "")
        if wanted.startswith(('"', "W/")) and hdrs.RANGE in request.headers and wanted != self._tag():
            # The reader has begun with another file: it gets this one whole (RFC 9110 §13.1.5).
            headers = request.headers.copy()
            del headers[hdrs.RANGE]
            request = request.clone(headers=headers)
        return await super().prepare(request)

    def _tag(self) -> str:
        facts = self._path.stat()
        return f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'


async def require_place(request: web.Request, edge: Edge, standing: Standing, after: int) -> None:
    """Raises a 410 for a cursor of another feed or beyond the log's end, with where to begin anew."""
    feed_id = request.query.get("feed")
    if feed_id is not None and feed_id != standing.feed_id:
        raise _gone(request, edge, standing, "this cursor belongs to another feed id")
    if after > standing.position:
        try:
            end = await edge.fetch_end()
        except RetryableError as error:
            raise unavailable(f"whether the feed reaches this cursor cannot be said now: {error}") from error
        if after > end:
            raise _gone(request, edge, standing, "this cursor lies beyond the feed's end")


def refuse_unknown(request: web.Request, known: set[str]) -> None:
    """A parameter that is not known must not pass for a filter that was applied."""
    unknown = sorted(set(request.query) - known)
    if unknown:
        allowed = ", ".join(sorted(known)) or "none"
        raise ProblemError(400, f"unknown parameter {unknown[0]}; known here: {allowed}", code="parameter")


def _cursor(request: web.Request) -> int:
    try:
        return parse_cursor(request.query.get("after", str(START)))
    except ValueError as error:
        raise ProblemError(400, f"after: {error}", code="parameter") from error


def _limit(request: web.Request) -> int:
    text = request.query.get("limit", str(DEFAULT_LIMIT))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LARGEST_LIMIT:
        raise ProblemError(400, f"limit is a number from 1 to {LARGEST_LIMIT}", code="parameter")
    return int(text)


def _gone(request: web.Request, edge: Edge, standing: Standing, why: str) -> ProblemError:
    snapshot = edge.address(request, SNAPSHOT)
    return ProblemError(
        410, f"{why}: begin anew from the snapshot", code="cursor-unknown", snapshot=snapshot, feed_id=standing.feed_id
    )
