"""raw → canonical: parts → payload → mapping → cleaned, stamped `Posting`, or a dead letter.

A bad edit of a good posting is parked and the last good version stands. A withdrawal is never parked: if its payload no
longer maps it goes on bare, for what left a platform must leave the feed.
"""

from __future__ import annotations

from collections.abc import Mapping

from hub import topics
from hub.broker import headers
from hub.broker.headers import Stamp
from hub.broker.outbox import OutRecord
from hub.domain.keys import source_of
from hub.domain.posting import Posting, Provenance, Status
from hub.enrich.cleaning import clean
from hub.errors import HubError, RecordRejectedError
from hub.sdk.connector import Connector, MappingContext
from hub.streams.batch import Incoming
from hub.streams.stage import Stage, Step

LARGEST_RAW = 256 * 1024


def create_stage(connectors: Mapping[str, Connector]) -> Stage:
    for connector in connectors.values():
        connector.load()  # a connector that cannot be imported stops the role at its start, not at its first record
    return Stage("canonicalise", topics.AGENT_CANONICALISE, create_step(connectors))


def create_step(connectors: Mapping[str, Connector]) -> Step:
    """The pure step of this hop, for the connectors of this hub."""

    def step(record: Incoming) -> list[OutRecord]:
        key = key_of(record)
        stamp = stamp_of(record)
        connector = connectors.get(source_of(key))
        if connector is None:
            raise RecordRejectedError("unknown_source", f"no connector is called {source_of(key)}: was it taken out?")
        return [output(topics.CANONICAL, key, to_posting(connector, key, stamp, record), stamp, record)]

    return step


def to_posting(connector: Connector, key: str, stamp: Stamp, record: Incoming) -> Posting:
    """The stamped canonical posting. Raises RecordRejectedError for an upsert that does not map."""
    if stamp.op == "erased":
        return bare(connector, key, stamp, Status.ERASED)
    try:
        posting = map_payload(connector, key, stamp, record.value or b"")
    except Exception:
        if stamp.op == "withdrawn":
            return bare(connector, key, stamp, Status.WITHDRAWN)
        raise
    if stamp.op == "withdrawn":
        return posting.model_copy(update={"status": Status.WITHDRAWN, "contact": None})
    return posting


def map_payload(connector: Connector, key: str, stamp: Stamp, value: bytes) -> Posting:
    if len(value) > LARGEST_RAW:
        raise RecordRejectedError("too_large", f"the record has {len(value)} bytes, more than {LARGEST_RAW}")
    native_id = key.partition(":")[2]
    payload = connector.parse(value)
    mapped = connector.to_posting(payload, MappingContext(connector.name, native_id, stamp.url, stamp.fetched_at))
    cleaned = clean(mapped, contacts=connector.manifest.contacts)
    if cleaned.title.nl is None and cleaned.title.en is None:
        raise RecordRejectedError("missing_field", "the posting has no title", field="title")
    return cleaned.model_copy(update=stamps(connector, key, stamp))


def bare(connector: Connector, key: str, stamp: Stamp, status: Status) -> Posting:
    return Posting(status=status).model_copy(update=stamps(connector, key, stamp))


def stamps(connector: Connector, key: str, stamp: Stamp) -> dict[str, object]:
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


def key_of(record: Incoming) -> str:
    """Raises RecordRejectedError when the record has no usable source key."""
    try:
        key = (record.key or b"").decode()
    except UnicodeDecodeError as error:
        raise RecordRejectedError("missing_id", "the key is not UTF-8") from error
    if ":" not in key:
        raise RecordRejectedError("missing_id", "the key is not `source:native id`")
    return key


def stamp_of(record: Incoming) -> Stamp:
    try:
        return Stamp.from_headers(record.headers or ())
    except (ValueError, HubError) as error:
        raise RecordRejectedError("missing_field", str(error), field="headers") from error


def output(topic: str, key: str, posting: Posting, stamp: Stamp, record: Incoming) -> OutRecord:
    """A posting on its way: the stamps of ingest go on with it, and the correlation id of its run."""
    correlation = next((v.decode() for k, v in record.headers if k == headers.CORRELATION), f"{key}@{stamp.seq}")
    return OutRecord(
        topic,
        key.encode(),
        posting.to_bytes(),
        [
            *stamp.to_headers(),
            *headers.cloud_event(
                type_=topic, source="hub", id_=f"{key}@{stamp.seq}", time_ms=stamp.seq, correlation_id=correlation
            ),
        ],
    )
