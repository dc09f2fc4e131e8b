"""One item as a source lists or pushes it, against what is known of it: what must be written (R2, R7). Pure.

A poll is judged by content alone, and says nothing on an item that a push changed after the run began. A push is
ordered by the source's own date. What the source deleted explicitly has returned only when it stands in two healthy
runs begun after the deletion: a list behind a cache still shows it for a while.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from hub.ingest.known import UNKNOWN_OFFSET, Item, next_seq


@dataclass(frozen=True, slots=True)
class Seen:
    """One listed or pushed item. Without a `value` it was not fetched: the source says that it has not changed."""

    native_id: str
    collection: str
    fingerprint: str = ""
    value: bytes | None = None
    url: str | None = None
    changed_at: int | None = None
    fetched_at: int = 0


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    RETURNED = "returned"
    UNCHANGED = "unchanged"
    OVERTAKEN = "overtaken"
    """A push changed the item after the run began: the run says nothing on it."""
    WAITING = "waiting"
    """Deleted explicitly and listed again: it must stand in one more run."""
    STALE = "stale"
    """A push that is older than what is known."""
    UNKNOWN = "unknown"
    """Said to be unchanged, but nothing is known of it."""

    @property
    def writes(self) -> bool:
        return self in (Verdict.NEW, Verdict.CHANGED, Verdict.RETURNED)


def judge_poll(item: Item | None, seen: Seen, *, begun_at: int, returning: Collection[str] = ()) -> Verdict:
    """`begun_at`: the knowledge's revision when the run began. `returning`: ids that one run has listed again."""
    if item is None or item.op == "erased":
        return Verdict.NEW if seen.value is not None else Verdict.UNKNOWN
    if item.revision > begun_at:
        return Verdict.OVERTAKEN
    if not item.is_live:
        if item.closed_by == "delete" and item.native_id not in returning:
            return Verdict.WAITING
        return Verdict.RETURNED
    if seen.value is None:
        return Verdict.UNCHANGED
    moved = seen.url is not None and seen.url != item.url
    return Verdict.CHANGED if moved or seen.fingerprint != item.fingerprint else Verdict.UNCHANGED


def judge_push(item: Item | None, seen: Seen) -> Verdict:
    """Pushes of equal date count in the order in which they came."""
    if item is None or item.op == "erased":
        return Verdict.NEW
    if seen.changed_at is not None and item.changed_at is not None and seen.changed_at < item.changed_at:
        return Verdict.STALE
    if not item.is_live:
        repeated = seen.changed_at is not None and seen.changed_at == item.changed_at
        return Verdict.STALE if repeated else Verdict.RETURNED
    return Verdict.CHANGED if seen.fingerprint != item.fingerprint else Verdict.UNCHANGED


def is_stale_delete(item: Item, changed_at: int | None) -> bool:
    """A deletion that is older than the version that is known."""
    return changed_at is not None and item.changed_at is not None and changed_at < item.changed_at


def upsert(item: Item | None, seen: Seen, now_ms: int) -> Item:
    """The next version of an item that is listed or pushed; it keeps `first_seen` whatever happened between."""
    if item is None:
        first_seen, fingerprint, url, changed_at = now_ms, seen.fingerprint, seen.url, seen.changed_at
    else:
        first_seen = item.first_seen
        fingerprint = item.fingerprint if seen.value is None else seen.fingerprint
        url = seen.url or item.url  # a push may not carry the address that the list gave
        changed_at = seen.changed_at if seen.changed_at is not None else item.changed_at
    return Item(
        native_id=seen.native_id,
        op="upsert",
        seq=next_seq(item, now_ms),
        first_seen=first_seen,
        fingerprint=fingerprint,
        collection=seen.collection,
        url=url,
        fetched_at=seen.fetched_at or now_ms,
        offset=UNKNOWN_OFFSET,
        changed_at=changed_at,
    )


def withdrawal(item: Item, now_ms: int, closed_by: str, changed_at: int | None = None) -> Item:
    """The next version of an item that has left its source; the payload stays the last one."""
    return replace(
        item,
        op="withdrawn",
        seq=next_seq(item, now_ms),
        offset=UNKNOWN_OFFSET,
        closed_by=closed_by,
        changed_at=changed_at if changed_at is not None else item.changed_at,
    )


def erasure(item: Item, now_ms: int) -> Item:
    """The last version of a ghost that has grown old: nothing but its key and dates."""
    return replace(
        item,
        op="erased",
        seq=next_seq(item, now_ms),
        fingerprint="",
        url=None,
        offset=UNKNOWN_OFFSET,
        closed_by=None,
        changed_at=None,
    )
