"""What is remembered of each listed page between runs: its `lastmod`, and what stood on it (ids, marks of titles)."""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from typing import Any

import orjson

from hub.sdk.formats.schema_org.sitemap import Entry

PAGE_CYCLE = 2
"""Every page is read once in so many runs, whatever its `lastmod` says: a page that is gone, or lost its markup, may
stay in the sitemap as it was, and its item is to leave the feed within two runs."""
MANY_PAGES = 1_000
IDLE_CYCLE = 24
"""A page that never held an item is read again in so many runs, on a site of many pages: there those are the most, and
reading half of them in every run would never end."""
_FORMAT = 3


class PageMemory:
    def __init__(self, stored: str | None) -> None:
        value = _load(stored)
        self._run: int = value["run"] + 1
        self._known: dict[str, tuple[str | None, dict[str, int]]] = {
            address: (stamp, items) for address, (stamp, items) in value["pages"].items()
        }
        self._seen: dict[str, tuple[str | None, dict[str, int]]] = {}
        self._broken_before = frozenset[str](value["broken"])
        self._broken: list[str] = []
        self._lost_before = frozenset[str](value["lost"])
        self._lost: list[str] = []
        self._listed: list[list[str | None]] = value["listed"]
        self.is_flat: bool = bool(self._listed)
        """Whether the sitemap was one file, so that its 304 speaks for all of it."""

    def knows(self, address: str) -> bool:
        return address in self._known

    def items_of(self, address: str) -> dict[str, int]:
        """Native id → mark of the title."""
        return self._known.get(address, (None, {}))[1]

    def is_settled(self, entry: Entry, today: str | None) -> bool:
        """Whether the stamp proves that the page is as it was, and its turn has not come."""
        stamp, items = self._known.get(entry.address, (None, {}))
        if stamp is None or stamp != entry.last_modified or not is_past(stamp, today):
            return False
        is_idle = not items and entry.address not in self._lost_before and len(self._known) > MANY_PAGES
        cycle = IDLE_CYCLE if is_idle else PAGE_CYCLE
        return (zlib.crc32(entry.address.encode()) + self._run) % cycle != 0

    def was_broken(self, address: str) -> bool:
        return address in self._broken_before

    def keep_broken(self, address: str, items: dict[str, int]) -> None:
        """A page that cannot be used keeps its items and is read again."""
        self.keep(Entry(address, None), items)
        self._broken.append(address)

    def forget(self, address: str) -> None:
        """A page that lost its items is new in the next run, and remembered as one that had some."""
        self._lost.append(address)

    def keep(self, entry: Entry, items: dict[str, int]) -> None:
        if not items and entry.address in self._lost_before:
            self._lost.append(entry.address)
        self._seen[entry.address] = (entry.last_modified, items)

    def entries(self) -> list[Entry]:
        """The sitemap as the last complete run read it."""
        return [Entry(address or "", stamp) for address, stamp in self._listed]

    def to_text(self, listed: list[Entry] | None) -> str:
        """`listed`: the sitemap, where it is a single file."""
        rows = [[entry.address, entry.last_modified] for entry in listed or []]
        value = {"format": _FORMAT, "run": self._run, "pages": self._seen, "broken": self._broken, "lost": self._lost}
        return orjson.dumps({**value, "listed": rows}).decode()


def is_past(stamp: str, today: str | None) -> bool:
    """A stamp with a time of day is exact; one of a day is so only when that day is over."""
    if len(stamp) > 10:
        return True
    try:
        return today is not None and date.fromisoformat(stamp) < date.fromisoformat(today) - timedelta(days=1)
    except ValueError:
        return False


def _load(stored: str | None) -> dict[str, Any]:
    try:
        value = orjson.loads(stored or "")
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict) and value.get("format") == _FORMAT:
        return value
    return {"run": 0, "pages": {}, "broken": [], "lost": [], "listed": []}
