"""`/v1/feed/stream`: changes the moment they are readable, as Server-Sent Events.

A reader says where it stands, by `Last-Event-ID` or by `after`, and is first told what it has missed, then what comes. It
is told at least once: an item may come again, with the same cursor or a later one. Every stream ends after a while, so
that readers spread over processes again; `Last-Event-ID` makes that no matter.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

from aiohttp import hdrs, web
from pydantic import Field

from hub.api.edge import EDGE
from hub.api.operation import PROBLEM, Answer, Operation
from hub.api.problems import Problem, ProblemError, unavailable
from hub.api.queries import Cursor, FeedQuery, require_place
from hub.api.streaming.broadcast import BATCH, Broadcast, Channel
from hub.api.streaming.reader import STALL_SECONDS, StreamReader
from hub.api.surfaces.snapshot import SNAPSHOT
from hub.feed.selection import Selection
from hub.feed.sse import CONTENT_TYPE, change_events, heartbeat_event, opening, parse_event_id
from hub.telemetry import metrics

STREAM = "/v1/feed/stream"
LONGEST_SECONDS = 3_600.0
MOST_READERS = 10_000


class StreamQuery(FeedQuery):
    after: Cursor | None = Field(
        None, description="changes at this cursor and later, then those that come; unset: those that come"
    )


class Streams:
    """Who is listening in this process, and the broadcast that they listen to."""

    def __init__(self, broadcast: Broadcast) -> None:
        self.broadcast = broadcast
        self._taken = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises a 503 when this process has enough readers. How many one address may have, the listening socket bounds."""
        if self._taken >= MOST_READERS:
            raise unavailable("this process has as many readers of the stream as it can serve")
        self._taken += 1
        metrics.STREAM_READERS.inc()
        try:
            yield
        finally:
            metrics.STREAM_READERS.dec()
            self._taken -= 1

    async def run_beside(self, app: web.Application) -> AsyncIterator[None]:
        """For the application's life (`cleanup_ctx`)."""
        running = asyncio.create_task(self.broadcast.run())
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    async def end(self, app: web.Application) -> None:
        """For `on_shutdown`."""
        self.broadcast.end()


STREAMS = web.AppKey("streams", Streams)


async def get_stream(request: web.Request, query: StreamQuery) -> web.StreamResponse:
    edge, streams, selection = request.app[EDGE], request.app[STREAMS], query.select(request)
    feed_id, cursor = _place(request, query)
    standing = await edge.read_model.load_standing()
    if cursor is None:
        cursor = standing.position
    await require_place(request, standing, selection, cursor, feed_id, SNAPSHOT)
    response = web.StreamResponse(
        headers={hdrs.CONTENT_TYPE: CONTENT_TYPE, hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"}
    )
    if request.method == hdrs.METH_HEAD:
        await response.prepare(request)
        return response
    with streams.place():
        await response.prepare(request)
        await response.write(opening())
        with suppress(ConnectionError, TimeoutError):
            channel, reader = await _catch_up(request, response, selection, cursor)
            await _listen(request, response, channel, reader)
    return response


def _place(request: web.Request, query: StreamQuery) -> tuple[str | None, int | None]:
    """What the reader saw last stands before what its address says: the address is that of its first connection."""
    last = request.headers.get("Last-Event-ID")
    if not last:  # one that is empty says that none was seen (HTML Living Standard, §9.2.4)
        return query.feed, query.after
    try:
        return parse_event_id(last)
    except ValueError as error:
        raise ProblemError(400, f"Last-Event-ID: {error}", code="header") from error


async def _catch_up(
    request: web.Request, response: web.StreamResponse, selection: Selection, cursor: int
) -> tuple[Channel, StreamReader]:
    """Write what is there, until nothing is left to write; then join those who listen, in the same moment."""
    read_model, broadcast = request.app[EDGE].read_model, request.app[STREAMS].broadcast
    while True:
        standing, changes = await read_model.load_after(cursor, BATCH, selection.filter)
        if changes:
            async with asyncio.timeout(STALL_SECONDS):
                await response.write(change_events(selection.feed_id(standing), changes))
            cursor = changes[-1].cursor
            continue
        channel = broadcast.channel(selection, standing)
        if channel.position <= max(cursor, standing.position):
            return channel, broadcast.join(channel, heartbeat_event(standing, selection))


async def _listen(request: web.Request, response: web.StreamResponse, channel: Channel, reader: StreamReader) -> None:
    # Not all at once: whoever came at the same time, such as after a restart, must not come back at the same time.
    closing = asyncio.get_running_loop().call_later(random.uniform(0.8, 1.0) * LONGEST_SECONDS, reader.close)
    try:
        await reader.write_to(response)
    except TimeoutError:
        metrics.STREAM_CUTS.inc()
        if request.transport is not None:
            request.transport.abort()
    finally:
        closing.cancel()
        request.app[STREAMS].broadcast.leave(channel, reader)


OPERATION = Operation(
    "GET",
    STREAM,
    get_stream,
    "Changes as they happen, as Server-Sent Events",
    "feed",
    query=StreamQuery,
    cost=5,
    is_endless=True,
    answers={
        200: (Answer("events `opportunity` (an item or a stub) and `heartbeat` (cursor, digest, counts)", CONTENT_TYPE),),
        410: (Answer("the cursor means nothing here: begin anew from `snapshot`", PROBLEM, Problem),),
    },
)
