"""Pages: the feed as a walk from any cursor. A full page leads on, the last one tells the digest.

Walking until `next` is null leaves a reader with the fold of the log up to `cursor`: superseded records are gone, and
their successors stand later in the walk. With a filter, every change of an item that does not match comes as a stub, so
that what has left the filter leaves the reader too; cursor and digest speak of what matches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from hub.feed.entry import to_item, to_stub
from hub.feed.projection import Standing
from hub.feed.read_model import Change
from hub.feed.selection import WHOLE, Selection

DEFAULT_LIMIT = 200
LARGEST_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """`is_full`: there is more behind it, so that it may be kept; `cursor`: where to go on from."""

    body: bytes
    is_full: bool
    cursor: int


def render_page(
    standing: Standing,
    changes: Sequence[Change],
    after: int,
    limit: int,
    link: Callable[[int, str], str],
    selection: Selection = WHOLE,
) -> Page:
    """`changes`: up to `limit + 1` of them; the one too many only says that the page is full.

    `link(cursor, feed_id)` is the address of the next page.
    """
    is_full = len(changes) > limit
    listed = changes[:limit]
    cursor = listed[-1].cursor if is_full else max(standing.position, after)
    feed_id = selection.feed_id(standing)
    head: dict[str, object] = {"feed_id": feed_id, "cursor": cursor, "next": None}
    if is_full:
        head["next"] = link(cursor, feed_id)
    elif after <= standing.position:
        head["digest"] = standing.digest.hex
        head["counts"] = counts_of(standing, selection)
    items = b",\n".join(to_change(change) for change in listed)
    return Page(b'%b,"items":[%b]}\n' % (orjson.dumps(head)[:-1], items), is_full, cursor)


def to_change(change: Change) -> bytes:
    """The item, or a stub for what the reader's filter does not match."""
    if change.record is None:
        return to_stub(change.id, change.cursor)
    return to_item(change.record, change.cursor)


def counts_of(standing: Standing, selection: Selection) -> dict[str, int]:
    """A filter's reader never had the items that closed before they matched: closed ones are counted of the whole alone."""
    return {"live": standing.live, **({} if not selection.filter.is_all else {"closed": standing.closed})}
