"""What a reader remembers of each item between runs: a hash of what REST said, so that only news costs a page fetch.

Every page is read again at least once in `PAGE_CYCLE` runs, since its structured data can change alone (a geocoder,
the site's default currency). An item that is not remembered is news; only ids of the last complete run are kept.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

PAGE_CYCLE = 24
_FORMAT = 1


class Memory:
    def __init__(self, stored: str | None) -> None:
        value = _load(stored)
        self._run: int = value["run"] + 1
        self._known: dict[str, str] = value["known"]
        self._seen: dict[str, str] = {}
        self._foreign_before = frozenset[int](value.get("foreign", ()))
        self._foreign: list[int] = []

    def is_settled(self, item_id: int, digest: str) -> bool:
        """Whether the item is as the last complete run left it and its page's turn has not come."""
        return self._known.get(str(item_id)) == digest and (item_id + self._run) % PAGE_CYCLE != 0

    def is_unchanged(self, item_id: int, digest: str) -> bool:
        return self._known.get(str(item_id)) == digest

    def keep(self, item_id: int, digest: str) -> None:
        self._seen[str(item_id)] = digest

    def was_foreign(self, item_id: int) -> bool:
        """Whether the last complete run found another page than the item's at its address."""
        return item_id in self._foreign_before

    def keep_foreign(self, item_id: int) -> None:
        self._foreign.append(item_id)

    def to_text(self) -> str:
        value = {"format": _FORMAT, "run": self._run, "known": self._seen, "foreign": self._foreign}
        return orjson.dumps(value).decode()


def digest_of(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def _load(stored: str | None) -> dict[str, Any]:
    try:
        value = orjson.loads(stored or "")
    except orjson.JSONDecodeError:
        value = None
    if isinstance(value, dict) and value.get("format") == _FORMAT:
        return value
    return {"run": 0, "known": {}}
