"""`/v1/feed/snapshot.ndjson.gz`: what is live now, as one file, with the cursor to go on from in its first line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from email.utils import formatdate

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest

from hub.api.edge import EDGE
from hub.api.operation import PROBLEM, Answer, Operation
from hub.api.problems import Problem, ProblemError, unavailable
from hub.api.queries import FilterQuery

SNAPSHOT = "/v1/feed/snapshot.ndjson.gz"
SNAPSHOT_SECONDS = 60
ONE_RANGE = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{0,17}[1-9]\d{0,17})", re.ASCII | re.IGNORECASE)


async def get_snapshot(request: web.Request, query: FilterQuery) -> web.StreamResponse:
    edge = request.app[EDGE]
    snapshot = await edge.snapshots.load_current(query.select(request))
    headers = {
        hdrs.CACHE_CONTROL: f"public, max-age={SNAPSHOT_SECONDS}",
        hdrs.CONTENT_TYPE: "application/gzip",
        hdrs.CONTENT_DISPOSITION: 'attachment; filename="feed.ndjson.gz"',
    }
    return _Download(snapshot.path, headers=headers)


class _Explained(web.StreamResponse):
    """Stands behind `FileResponse` in the order of calls: what that one refuses goes out as a problem document."""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        if self.status < 400:
            return await super().prepare(request)
        problem = _refusal(self.status)
        self.set_status(problem.status)
        del self.headers[hdrs.CONTENT_DISPOSITION]
        self.headers.update({hdrs.CONTENT_TYPE: PROBLEM, hdrs.CACHE_CONTROL: "no-store", **problem.headers})
        self.content_length = len(problem.body)
        writer = await super().prepare(request)
        if request.method != hdrs.METH_HEAD:
            await self.write(problem.body)
        return writer


def _refusal(status: int) -> ProblemError:
    if status == 412:
        return ProblemError(412, "the file is another one than the request names; ask without conditions", code="precondition")
    if status == 416:
        return ProblemError(416, "the range lies beyond the file; `Content-Range` tells how long that is", code="range")
    return unavailable("the file has just been made anew; ask again")


class _Download(web.FileResponse, _Explained):
    """aiohttp's ranges and validators, and what it makes of them otherwise than RFC 9110 does."""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        headers = request.headers.copy()
        for name in (hdrs.IF_MATCH, hdrs.IF_NONE_MATCH):
            if len(lines := headers.getall(name, ())) > 1:
                headers[name] = ", ".join(lines)  # one list (§5.3), of which aiohttp reads the first line
        if hdrs.RANGE in headers and self._is_passed_over(headers):
            del headers[hdrs.RANGE]
        return await super().prepare(request if headers == request.headers else request.clone(headers=headers))

    def _is_passed_over(self, headers: Mapping[str, str]) -> bool:
        """The reader gets the whole file when its range is not one of bytes (§14.2), or several, which only make work, or
        when it has begun with another file (If-Range, of which a date must be the file's own, §13.1.5).
        """
        if ONE_RANGE.fullmatch(headers[hdrs.RANGE].strip()) is None:
            return True
        return hdrs.IF_RANGE in headers and headers[hdrs.IF_RANGE].strip() not in self._validators()

    def _validators(self) -> tuple[str, str]:
        facts = self._path.stat()
        return f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', formatdate(math.ceil(facts.st_mtime), usegmt=True)


OPERATION = Operation(
    "GET",
    SNAPSHOT,
    get_snapshot,
    "All live items in one gzipped file",
    "feed",
    cost=20,
    query=FilterQuery,
    answers={
        200: (Answer("newline-delimited JSON, gzipped; the first line has `feed_id`, `cursor`, `digest`", "application/gzip"),),
        206: (Answer("the range that was asked for", "application/gzip"),),
        412: (Answer("the file is another one than `If-Match` or `If-Unmodified-Since` has it", PROBLEM, Problem),),
        416: (Answer("the range lies beyond the file", PROBLEM, Problem),),
    },
)
