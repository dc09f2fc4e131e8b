"""What one run has read so far: items listed, counts per collection, what must be parked. Pure.

A run is a claim about a whole collection, so it is checked as one: an id twice, or a stated total that differs from
what was read, makes the run fail (R1). A record that cannot be read still counts as listed where it has an id: a bad
edit leaves the last good version standing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from hub.domain.records import RAW_LIMIT
from hub.errors import RecordRejectedError, SourceError
from hub.ingest.brake import CollectionRead
from hub.ingest.diff import Seen
from hub.sdk.connector import Connector
from hub.sdk.record import Complete, Invalid, NotModified, RawRecord, SourceEvent, Unchanged

ID_LIMIT = 500
"""Longest native id in characters."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that becomes a dead letter of ingest."""

    reason: str
    raw: bytes
    detail: str = ""
    field: str | None = None
    native_id: str | None = None

    @property
    def hash(self) -> str:
        text = f"{self.native_id}\x1f{self.reason}\x1f{self.field}\x1f".encode()
        return hashlib.sha256(text + self.raw).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Deleted:
    """The source says that an item is no more."""

    native_id: str
    changed_at: int | None = None


@dataclass
class _Collection:
    read: int = 0
    unkeyable: int = 0
    complete: Complete | None = None
    not_modified: bool = False


@dataclass
class Reading:
    """Events of one run; `take` gives what must be written or parked now."""

    connector: Connector
    listed: dict[str, str] = field(default_factory=dict)
    """Native id → collection."""
    fetched: set[str] = field(default_factory=set)
    """Ids whose record could be read, fit to be asked for as controls."""
    deleted: dict[str, Deleted] = field(default_factory=dict)
    rejected: int = 0
    _collections: dict[str, _Collection] = field(default_factory=dict)

    def take(self, event: SourceEvent, now_ms: int) -> Seen | Parked | None:
        """Raises SourceError(`duplicate`) when an id comes twice in one run."""
        collection = self._collections.setdefault(event.collection, _Collection())
        match event:
            case RawRecord(op="delete"):
                self.deleted[event.native_id] = Deleted(event.native_id, event.changed_at)
                return None
            case RawRecord():
                return self._record(event, collection, now_ms)
            case Unchanged():
                self._list(event.native_id, event.collection, collection)
                self.fetched.add(event.native_id)
                return Seen(event.native_id, event.collection)
            case Invalid():
                return self._invalid(event, collection)
            case NotModified():
                collection.not_modified = True
            case Complete():
                collection.complete = event
        return None

    def _record(self, record: RawRecord, collection: _Collection, now_ms: int) -> Seen | Parked:
        result = seen_of(self.connector, record, now_ms)
        if isinstance(result, Parked):
            self.rejected += 1
        if isinstance(result, Parked) and result.native_id is None:
            collection.read += 1
            collection.unkeyable += 1
            return result
        self._list(record.native_id, record.collection, collection)
        if isinstance(result, Seen):
            self.fetched.add(record.native_id)
        return result

    def _invalid(self, event: Invalid, collection: _Collection) -> Parked:
        self.rejected += 1
        if event.native_id is not None:
            self._list(event.native_id, event.collection, collection)
        else:
            collection.read += 1
            collection.unkeyable += 1
        return Parked(event.reason, event.raw, event.detail, event.field, event.native_id)

    def _list(self, native_id: str, name: str, collection: _Collection) -> None:
        if native_id in self.listed:
            raise SourceError("duplicate", f"{native_id} came twice in one run")
        self.listed[native_id] = name
        collection.read += 1

    @property
    def is_complete(self) -> bool:
        """Every collection that the run touched was read to its end."""
        return bool(self._collections) and all(one.complete or one.not_modified for one in self._collections.values())

    @property
    def is_unchanged(self) -> bool:
        return bool(self._collections) and all(one.not_modified for one in self._collections.values())

    def not_modified(self) -> set[str]:
        return {name for name, one in self._collections.items() if one.not_modified and one.complete is None and not one.read}

    def check_totals(self) -> None:
        """Raises SourceError(`total`) when a stated total is not what was read, (`bug`) when nothing at all was said."""
        if not self._collections:
            raise SourceError("bug", f"{self.connector.name} gave neither items nor the end of a list")
        for name, one in self._collections.items():
            stated = one.complete.stated_total if one.complete is not None else None
            if stated is not None and str(stated) != str(one.read):  # PHP writes "20"
                raise SourceError("total", f"{name}: the partner states {stated} items, {one.read} were read")

    def reads(self) -> Mapping[str, CollectionRead]:
        """The collections that were read to their end in this run."""
        return {
            name: CollectionRead(name, one.read, one.complete.stated_total, one.complete.requests, one.unkeyable)
            for name, one in self._collections.items()
            if one.complete is not None
        }

    def counts(self) -> Iterator[tuple[str, int]]:
        return ((name, one.read) for name, one in self._collections.items() if one.complete is not None)


def seen_of(connector: Connector, record: RawRecord, now_ms: int) -> Seen | Parked:
    """What is written for one record, or why it cannot be.

    Parts that do not parse are written all the same, fingerprinted as they are: canonicalise parks them with their
    fault, and may read them when the mapping has learned to.
    """
    parts = dict(record.parts)
    native_id = record.native_id
    fault = _id_fault(native_id)
    try:
        value = orjson.dumps(parts)
    except TypeError as error:
        text = repr(parts).encode("utf-8", "backslashreplace")
        return Parked("wrong_type", text, str(error), None, None if fault else native_id)
    if fault:
        return Parked("missing_id", value, fault, "native_id")
    if len(value) > RAW_LIMIT:
        return Parked("too_large", value, f"{len(value)} bytes, {RAW_LIMIT} are allowed", None, native_id)
    return Seen(
        native_id=native_id,
        collection=record.collection,
        fingerprint=_fingerprint(connector, value),
        value=value,
        url=record.url,
        changed_at=record.changed_at,
        fetched_at=now_ms,
    )


def _fingerprint(connector: Connector, value: bytes) -> str:
    try:
        return connector.fingerprint(connector.parse(value))
    except RecordRejectedError:
        return "raw-" + hashlib.sha256(value).hexdigest()[:28]
    except Exception:  # a fault of the payload's own code is one record's fault; canonicalise parks it as `bug`
        return "raw-" + hashlib.sha256(value).hexdigest()[:28]


def _id_fault(native_id: object) -> str | None:
    if not isinstance(native_id, str) or not native_id.strip():
        return "the record has no id"
    if len(native_id) > ID_LIMIT or not native_id.isprintable():
        return "the id is too long or holds control characters"
    return None
