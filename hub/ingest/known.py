"""What ingest knows of each item of one source: the fold of raw's headers, one record and no second truth.

The greatest `seq` is current, of equal ones the later in the log; so folding raw from the start after any crash gives
the same knowledge, and a repeat is seen as unchanged. `revision` counts changes in this process: a run compares it
with the count at its start, and so knows that a push overtook it whatever the machine's clock does meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hub.broker.headers import Headers, Op, Stamp, decode
from hub.domain.keys import source_key

CLOSED_BY = "closed_by"
"""Why an item was withdrawn: `absence`, `proof`, `delete` (the source said so) or `release` (an operator did)."""
CHANGED_AT = "changed_at"
"""The source's own date of a version, unix ms; orders pushes."""

UNKNOWN_OFFSET = -1


@dataclass(frozen=True, slots=True)
class Item:
    """The current version of one item."""

    native_id: str
    op: Op
    seq: int
    first_seen: int
    fingerprint: str
    collection: str
    url: str | None
    fetched_at: int
    offset: int
    """Where raw holds the payload; UNKNOWN_OFFSET until raw was read on to there."""
    revision: int = 0
    closed_by: str | None = None
    changed_at: int | None = None

    @property
    def is_live(self) -> bool:
        return self.op == "upsert"


class KnownItems:
    """All items of one source, by native id."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        """Offset in raw up to which it was read."""
        self._items: dict[str, Item] = {}
        self._live = 0
        self._revision = 0
        self._prefix = source_key(source, "")

    def __len__(self) -> int:
        return len(self._items)

    @property
    def live_count(self) -> int:
        return self._live

    @property
    def revision(self) -> int:
        return self._revision

    def get(self, native_id: str) -> Item | None:
        return self._items.get(native_id)

    def items(self) -> Iterator[Item]:
        return iter(list(self._items.values()))

    def live(self, collection: str | None = None) -> Iterator[Item]:
        """Live items, of one collection or of all."""
        return (item for item in self.items() if item.is_live and collection in (None, item.collection))

    def live_by_collection(self) -> dict[str, int]:
        return dict(Counter(item.collection for item in self._items.values() if item.is_live))

    def key(self, native_id: str) -> str:
        return self._prefix + native_id

    def fold(self, key: str, headers: Iterable[tuple[str, bytes | None]], offset: int) -> None:
        """Take one record of raw; one without our stamps, or of another source, is passed over."""
        self.position = max(self.position, offset + 1)
        if not key.startswith(self._prefix):
            return
        pairs = list(headers)
        try:
            stamp = Stamp.from_headers(pairs)
            extra = decode(pairs)
            changed_at = int(extra[CHANGED_AT]) if CHANGED_AT in extra else None
        except ValueError:
            return
        self.put(item_of(key.removeprefix(self._prefix), stamp, offset, extra.get(CLOSED_BY), changed_at))

    def put(self, item: Item) -> None:
        """Take `item` unless a greater `seq` is known. The same version again only tells its offset."""
        previous = self._items.get(item.native_id)
        if previous is not None and previous.seq > item.seq:
            return
        if previous is not None and previous.seq == item.seq and previous.op == item.op:
            offset = item.offset if item.offset != UNKNOWN_OFFSET else previous.offset
            self._items[item.native_id] = replace(item, offset=offset, revision=previous.revision)
            return
        self._revision += 1
        self._live += item.is_live - (previous is not None and previous.is_live)
        self._items[item.native_id] = replace(item, revision=self._revision)

    def closings_since(self, at: int) -> int:
        """Withdrawals since `at` (unix ms), those that an operator released apart."""
        return sum(1 for item in self._items.values() if item.op == "withdrawn" and item.seq > at and item.closed_by != "release")

    def count_by_op(self) -> dict[str, int]:
        counts = {"upsert": 0, "withdrawn": 0, "erased": 0}
        for item in self._items.values():
            counts[item.op] += 1
        return counts


def item_of(native_id: str, stamp: Stamp, offset: int, closed_by: str | None, changed_at: int | None) -> Item:
    return Item(
        native_id=native_id,
        op=stamp.op,
        seq=stamp.seq,
        first_seen=stamp.first_seen,
        fingerprint=stamp.fingerprint,
        collection=stamp.collection,
        url=stamp.url,
        fetched_at=stamp.fetched_at,
        offset=offset,
        closed_by=closed_by,
        changed_at=changed_at,
    )


def next_seq(item: Item | None, now_ms: int) -> int:
    """`max(previous + 1, now)`: versions of an item never go back, even when the clock does."""
    return now_ms if item is None else max(item.seq + 1, now_ms)


def headers_of(item: Item) -> Headers:
    """The headers of raw that `fold` reads back."""
    stamp = Stamp(
        op=item.op,
        seq=item.seq,
        first_seen=item.first_seen,
        fingerprint=item.fingerprint,
        collection=item.collection,
        url=item.url,
        fetched_at=item.fetched_at,
    )
    headers = stamp.to_headers()
    if item.closed_by is not None:
        headers.append((CLOSED_BY, item.closed_by.encode()))
    if item.changed_at is not None:
        headers.append((CHANGED_AT, str(item.changed_at).encode()))
    return headers
