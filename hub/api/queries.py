"""Query models that several surfaces share: a filter, a place in the feed, and what they lead to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any

from aiohttp import web
from pydantic import BeforeValidator, Field

from hub.api.edge import EDGE, Edge
from hub.api.operation import Query
from hub.api.problems import ProblemError, unavailable
from hub.domain.wanted import Wanted
from hub.errors import RetryableError
from hub.feed.cursor import LARGEST, START, parse_cursor
from hub.feed.filters import FIELDS, Filter
from hub.feed.projection import Standing
from hub.feed.segments import NAME, EndedSegmentError, Segment, UnknownSegmentError, day_of
from hub.feed.selection import Selection


def _to_cursor(value: Any) -> Any:
    """`+1`, `1.0` and ` 1` are numbers to pydantic and no cursors to us."""
    return parse_cursor(value) if isinstance(value, str) else value


Cursor = Annotated[int, Field(ge=START, le=LARGEST), BeforeValidator(_to_cursor)]
SegmentName = Annotated[str, Field(pattern=NAME)]


class FilterQuery(Wanted, Query):
    """Fields of the filter, and a segment by its name; both given: both must hold."""

    segment: SegmentName | None = Field(None, description="a named filter; `/v1/segments` lists them")

    def asked(self) -> dict[str, str]:
        """The filter as query parameters, in a fixed order."""
        given = {name: ",".join(map(str, getattr(self, name))) for name in (*FIELDS, "exclude_source")}
        given = {name: text for name, text in given.items() if text}
        return {**given, "segment": self.segment} if self.segment is not None else given

    def select(self, request: web.Request) -> Selection:
        """Raises a 404 for a source or a segment that is not there, and a 410 for a segment that has ended."""
        edge = request.app[EDGE]
        own = Filter.from_wanted(self)
        self._require_sources(edge.sources.manifests)
        if self.segment is None:
            return Selection(own, asked=self.asked())
        segment = find_segment(edge, self.segment)
        return Selection(segment.filter & own, segment, edge.segments.base_of(segment.name), self.asked())

    def _require_sources(self, known: Collection[str]) -> None:
        """A misspelt name would leave nothing out, or everything, and nobody would be told."""
        for name in (*self.source, *self.exclude_source):
            if name not in known:
                raise ProblemError(
                    404, f"there is no source {name}; known here: {', '.join(sorted(known))}", code="unknown-source"
                )


class FeedQuery(FilterQuery):
    """A filter, and the feed id that a link carries."""

    feed: Annotated[str, Field(max_length=128)] | None = Field(
        None, description="feed id that the cursor belongs to; another one is answered 410"
    )


def find_segment(edge: Edge, name: str) -> Segment:
    """Raises a 404 for a segment that is not there (yet), and a 410 for one that has ended."""
    try:
        return edge.segments.find_valid(name, today_of(edge))
    except UnknownSegmentError as error:
        raise ProblemError(404, f"{error}; /v1/segments lists them", code="unknown-segment") from error
    except EndedSegmentError as error:
        raise ProblemError(410, str(error), code="segment-ended") from error


def today_of(edge: Edge) -> date:
    return day_of(edge.now_ms())


async def require_place(
    request: web.Request, standing: Standing, selection: Selection, after: int, feed_id: str | None, snapshot: str
) -> None:
    """Raises a 410 for a cursor of another feed or beyond the log's end, with where to begin anew: at `snapshot`."""
    edge = request.app[EDGE]
    current = selection.feed_id(standing)

    def gone(why: str) -> ProblemError:
        where = edge.address(request, snapshot, selection.asked)
        return ProblemError(410, f"{why}: begin anew from the snapshot", code="cursor-unknown", snapshot=where, feed_id=current)

    if feed_id is not None and feed_id != current:
        raise gone("this cursor belongs to another feed id")
    if after > standing.position:
        try:
            end = await edge.fetch_end()
        except RetryableError as error:
            raise unavailable(f"whether the feed reaches this cursor cannot be said now: {error}") from error
        if after > end:
            raise gone("this cursor lies beyond the feed's end")
