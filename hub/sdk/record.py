"""What a source yields while it runs. One run is a sequence of these; only `Complete` makes absence mean anything.

    async for event in source.run(checkpoint):
        RawRecord     an item that the partner lists (or pushed), verbatim
        Unchanged     an item that is still listed and known not to have changed, so it was not fetched
        NotModified   the whole collection is what the last complete run saw (304, or equal bytes)
        Invalid       something that is not even an item (no id, broken JSON): parked, its neighbours go on
        Complete      the collection was read to its end; absent items may now be asked after (R1)

A run that raises, or ends without `Complete` for a collection, withdraws nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

ITEMS = "items"


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One item of a partner. `parts`: named verbatim JSON parts as fetched (`{"listing": {…}, "jsonld": {…}}`).

    `native_id` is unique within the source for ever: prefix it where two collections could share numbers.
    `url` is the address of the item itself, at which it can be asked for singly; none when it has no such address
    (a calendar entry). `changed_at` (unix ms) is the source's own date and orders pushes only, never polls.
    """

    native_id: str
    parts: Mapping[str, Any]
    collection: str = ITEMS
    url: str | None = None
    op: Literal["upsert", "delete"] = "upsert"
    changed_at: int | None = None


def to_native_id(value: Any) -> str | None:
    """An id that a partner writes as a number or as a text; None for anything else and for a blank one."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip() or None


@dataclass(frozen=True, slots=True)
class Unchanged:
    native_id: str
    collection: str = ITEMS


@dataclass(frozen=True, slots=True)
class NotModified:
    collection: str = ITEMS


@dataclass(frozen=True, slots=True)
class Invalid:
    """A record that cannot be keyed or parsed at all. `reason` as in `RecordRejectedError`."""

    reason: str
    raw: bytes
    detail: str = ""
    field: str | None = None
    native_id: str | None = None
    collection: str = ITEMS


@dataclass(frozen=True, slots=True)
class Complete:
    """`stated_total`: what the partner says the collection holds; `requests`: how many pages the walk took.

    The runtime checks the count. Absence alone proves a withdrawal only when the total is stated and one request
    brought it all; else every absent item with an `url` is asked after singly, one without waits for a second run.
    """

    collection: str = ITEMS
    stated_total: int | None = None
    requests: int = 1


SourceEvent = RawRecord | Unchanged | NotModified | Invalid | Complete


class Liveness(StrEnum):
    """What asking for one item singly proved."""

    ALIVE = "alive"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item that the hub holds as live."""

    native_id: str
    collection: str
    url: str | None


@dataclass(frozen=True, slots=True)
class InboundRecord:
    """What a webhook brought or a partner wrote to `hub.inbound.<source>.v1`: one payload in the partner's format."""

    body: bytes
    content_type: str = "application/json"
    op: Literal["upsert", "delete"] = "upsert"
    webhook_id: str | None = None
    received_at: int = 0
