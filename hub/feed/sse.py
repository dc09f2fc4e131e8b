"""Server-Sent Events of the feed (HTML Living Standard, §9.2): the form of each event, and what its id says.

An event's id is `<feed_id>.<cursor>`: where a reader stands once it has taken the event in. Browsers send the last one
back as `Last-Event-ID` when they reconnect. JSON as it is written here has no line breaks, so each event is one data line.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import orjson

from hub.feed.cursor import parse_cursor
from hub.feed.pages import counts_of, to_change
from hub.feed.projection import Standing
from hub.feed.read_model import Change
from hub.feed.selection import Selection

CONTENT_TYPE = "text/event-stream"
RETRY_MS = 3_000


def opening() -> bytes:
    """How long a reader waits before it reconnects."""
    return b"retry: %d\n\n" % RETRY_MS


def change_events(feed_id: str, changes: Sequence[Change]) -> bytes:
    """One `opportunity` event for each; what the reader's filter does not match comes as a stub."""
    head = feed_id.encode()
    return b"".join(
        b"id: %b.%d\nevent: opportunity\ndata: %b\n\n" % (head, change.cursor, to_change(change)) for change in changes
    )


def heartbeat_event(standing: Standing, selection: Selection) -> bytes:
    """Cursor, counts and digest: a reader that stands here holds exactly this."""
    feed_id = selection.feed_id(standing)
    told = {
        "feed_id": feed_id,
        "cursor": standing.position,
        "digest": standing.digest.hex,
        "counts": counts_of(standing, selection),
    }
    return b"id: %b.%d\nevent: heartbeat\ndata: %b\n\n" % (feed_id.encode(), standing.position, orjson.dumps(told))


def gone_event(snapshot: str, selection: Selection) -> bytes:
    """The feed is another one now: cursors have lost their meaning, the reader begins anew from the snapshot, whose address
    is relative to the stream's.
    """
    asked = f"?{urlencode(selection.asked, safe=',:')}" if selection.asked else ""
    return b"event: gone\ndata: %b\n\n" % orjson.dumps({"snapshot": f"{snapshot}{asked}"})


def parse_event_id(text: str) -> tuple[str, int]:
    """Feed id and cursor of an event's id. Raises ValueError."""
    feed_id, dot, cursor = text.rpartition(".")
    if not dot or not feed_id:
        raise ValueError("an event's id has the form <feed_id>.<cursor>")
    return feed_id, parse_cursor(cursor)
