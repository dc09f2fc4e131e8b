"""Pages: the feed as a walk from any cursor. A full page leads on, the last one tells the digest.

Walking until `next` is null leaves a reader with the fold of the log up to `cursor`: superseded records are gone, and
their successors stand later in the walk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from hub.feed.entry import to_item
from hub.feed.projection import Standing
from hub.feed.read_model import Row

DEFAULT_LIMIT = 200
LARGEST_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """`is_full`: there is more behind it, so that it may be kept; `cursor`: where to go on from."""

    body: bytes
    is_full: bool
    cursor: int


def render_page(standing: Standing, rows: Sequence[Row], after: int, limit: int, link: Callable[[int, str], str]) -> Page:
    """`rows`: up to `limit + 1` of them; the one too many only says that the page is full.

    `link(cursor, feed_id)` is the address of the next page.
    """
    is_full = len(rows) > limit
    shown = rows[:limit]
    cursor = shown[-1].cursor if is_full else max(standing.position, after)
    head: dict[str, object] = {"feed_id": standing.feed_id, "cursor": cursor, "next": None}
    if is_full:
        head["next"] = link(cursor, standing.feed_id)
    elif after <= standing.position:
        head["digest"] = standing.digest.hex
        head["counts"] = {"live": standing.live, "closed": standing.closed}
    items = b",\n".join(to_item(row.record, row.cursor) for row in shown)
    return Page(b'%b,"items":[%b]}\n' % (orjson.dumps(head)[:-1], items), is_full, cursor)
