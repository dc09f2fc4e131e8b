"""raw → canonical: parts → payload → mapping → cleaned, stamped `Posting`, or a dead letter.

A bad edit of a good posting is parked and the last good version stands. A withdrawal is never parked: if its payload no
longer maps it goes on bare, for what left a platform must leave the feed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub import topics
from hub.broker.headers import Stamp
from hub.broker.outbox import OutRecord
from hub.domain.keys import native_id_of, source_of
from hub.domain.posting import Posting, Provenance, Status
from hub.domain.records import RAW_LIMIT
from hub.enrich.cleaning import clean
from hub.errors import RecordRejectedError
from hub.sdk.connector import Connector, MappingContext
from hub.streams.batch import Incoming
from hub.streams.posting_record import key_of, output, stamp_of
from hub.streams.stage import Phase, Stage


@dataclass(slots=True)
class _Work:
    """A record on its way through the phases."""

    record: Incoming
    connector: Connector
    key: str
    stamp: Stamp
    payload: Any = None
    posting: Posting | None = None
    is_bare: bool = False


def create_stage(connectors: Mapping[str, Connector]) -> Stage:
    for connector in connectors.values():
        connector.load()  # a connector that cannot be imported stops the role at its start, not at its first record
    return Stage("canonicalise", topics.AGENT_CANONICALISE, create_phases(connectors))


def create_phases(connectors: Mapping[str, Connector]) -> tuple[Phase, ...]:
    """The pure phases of this hop, for the connectors of this hub."""

    def open_record(record: Incoming) -> _Work:
        key = key_of(record)
        stamp = stamp_of(record)
        connector = connectors.get(source_of(key))
        if connector is None:
            raise RecordRejectedError("unknown_source", f"no connector is called {source_of(key)}: was it taken out?")
        return _Work(record, connector, key, stamp, is_bare=stamp.op == "erased")

    return open_record, *map(_unless_bare, (_parse, _map, _clean)), _write


def _unless_bare(phase: Callable[[_Work], None]) -> Callable[[_Work], _Work]:
    """`phase` for each record that has a posting; a withdrawal that has none goes on bare instead of being parked."""

    def guarded(work: _Work) -> _Work:
        if not work.is_bare:
            try:
                phase(work)
            except Exception:
                if work.stamp.op != "withdrawn":
                    raise
                work.is_bare = True
        return work

    return guarded


def _parse(work: _Work) -> None:
    work.payload = _payload_of(work.connector, work.record.value or b"")


def _map(work: _Work) -> None:
    work.posting = _map_parsed(work.connector, work.key, work.stamp, work.payload)
    work.payload = None


def _clean(work: _Work) -> None:
    if work.posting is not None:
        work.posting = _clean_mapped(work.connector, work.posting)


def _write(work: _Work) -> list[OutRecord]:
    changes = _stamps(work.connector, work.key, work.stamp)
    posting = work.posting
    if work.is_bare or posting is None:
        posting = Posting(status=Status.ERASED if work.stamp.op == "erased" else Status.WITHDRAWN)
    elif work.stamp.op == "withdrawn":
        changes |= {"status": Status.WITHDRAWN, "contact": None}
    return [output(topics.CANONICAL, work.key, posting.model_copy(update=changes), work.stamp, work.record)]


def map_payload(connector: Connector, key: str, stamp: Stamp, value: bytes) -> Posting:
    """The stamped canonical posting of an upsert. Raises RecordRejectedError when it does not map."""
    mapped = _map_parsed(connector, key, stamp, _payload_of(connector, value))
    return _clean_mapped(connector, mapped).model_copy(update=_stamps(connector, key, stamp))


def _payload_of(connector: Connector, value: bytes) -> Any:
    if len(value) > RAW_LIMIT:
        raise RecordRejectedError("too_large", f"the record has {len(value)} bytes, more than {RAW_LIMIT}")
    return connector.parse(value)


def _map_parsed(connector: Connector, key: str, stamp: Stamp, payload: Any) -> Posting:
    native_id = native_id_of(key)
    return connector.to_posting(payload, MappingContext(connector.name, native_id, stamp.url, stamp.fetched_at))


def _clean_mapped(connector: Connector, posting: Posting) -> Posting:
    cleaned = clean(posting, contacts=connector.manifest.contacts)
    if cleaned.title.nl is None and cleaned.title.en is None:
        raise RecordRejectedError("missing_field", "the posting has no title", field="title")
    return cleaned


def _stamps(connector: Connector, key: str, stamp: Stamp) -> dict[str, object]:
    manifest = connector.manifest
    return {
        "source": connector.name,
        "source_key": key,
        "seq": stamp.seq,
        "first_seen": stamp.first_seen,
        "republish": manifest.republish,
        "attribution": manifest.attribution or None,
        "provenance": Provenance(url=stamp.url, fetched_at=stamp.fetched_at, fingerprint=stamp.fingerprint, rank=manifest.rank),
    }
