"""Realtime Paged Data Exchange 1.0 (OpenActive): the log as pages of updated and deleted items, ordered by change number.

A change number is the feed's base + cursor, so it grows with every change and over every new beginning of the log: a
reader whose number lies below the base stands before the first record and reads all of it again. What is live and matches
is updated; what is closed, or does not match the reader's filter, is deleted. The last page has no items and leads to
itself (RPDE 1.0, "Last page definition"), every other one strictly on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson

from hub.feed.cursor import START
from hub.feed.entry import to_item
from hub.feed.pages import Page
from hub.feed.read_model import Change

KIND = b"opportunity"
"""One kind for all: readers tell items apart by kind and id, and an opportunity may change from one kind to another."""
DEFAULT_LIMIT = 500
"""The standard's suggestion, and its judge's least."""
LARGEST_LIMIT = 1_000


def cursor_at(change_number: int, base: int) -> int:
    """Where a reader stands who has this change number; before the first record when it is of an earlier base."""
    return max(START, change_number - base)


def render_rpde_page(changes: Sequence[Change], base: int, *, here: str, link: Callable[[int], str], license_: str) -> Page:
    """`here`: this page's own address; `link(change number)`: of the page behind it; `license_`: an address (RPDE 1.0)."""
    cursor = changes[-1].cursor if changes else START
    following = link(base + cursor) if changes else here
    items = b",\n".join(_item(change, base) for change in changes)
    body = b'{"next":%b,"license":%b,"items":[%b]}\n' % (orjson.dumps(following), orjson.dumps(license_), items)
    return Page(body, bool(changes), cursor)


def _item(change: Change, base: int) -> bytes:
    names = (KIND, orjson.dumps(change.id), base + change.cursor)
    if change.record is None or not change.is_shown:
        return b'{"state":"deleted","kind":"%b","id":%b,"modified":%d}' % names
    return b'{"state":"updated","kind":"%b","id":%b,"modified":%d,"data":%b}' % (*names, to_item(change.record, change.cursor))
