"""Dead letters: a record that a step cannot use is parked with its cause, and its neighbours go on."""

from __future__ import annotations

from itertools import islice
from typing import Literal

from hub import topics
from hub.broker import headers
from hub.broker.outbox import OutRecord
from hub.domain.keys import source_of
from hub.domain.records import RecordOrigin, Rejection
from hub.errors import RecordRejectedError
from hub.streams.batch import Incoming
from hub.telemetry import metrics

StageName = Literal["canonicalise", "enrich", "unify"]

KEPT_HEADERS, KEPT_NAME, KEPT_LETTERS = 20, 200, 2_000
"""So many headers, letters of a name, and of a text and the key: a letter fits into its topic whatever the record is."""
LARGEST_SEQ_DIGITS = 18
"""What fits into 64 bits, which is all that JSON's writer takes."""
DETAIL_LETTERS = 1_000


def park(stage: StageName, record: Incoming, error: Exception) -> OutRecord:
    """The dead letter of `record`, counted."""
    metrics.STAGE_REJECTED.labels(stage, source_of(_key_text(record) or ""), _reason(error)).inc()
    return dead_letter(stage, record, error)


def dead_letter(stage: StageName, record: Incoming, error: Exception) -> OutRecord:
    """The parked form of `record`. Equal input makes equal bytes, so a redelivery parks the same letter again."""
    found = headers.decode(record.headers or ())
    kept = {name[:KEPT_NAME]: text[:KEPT_LETTERS] for name, text in islice(found.items(), KEPT_HEADERS)}
    key, seq = _key_text(record), found.get(headers.SEQ, "")
    rejection = Rejection(
        stage=stage,
        reason=_reason(error),
        field=error.field if isinstance(error, RecordRejectedError) else None,
        detail=(str(error) if isinstance(error, RecordRejectedError) else f"{type(error).__name__}: {error}")[:DETAIL_LETTERS],
        source=source_of(key) if key else None,
        source_key=key,
        seq=int(seq) if seq.isdecimal() and len(seq) <= LARGEST_SEQ_DIGITS else None,
        headers=kept,
        origin=RecordOrigin(topic=record.topic, partition=record.partition, offset=record.offset),
        at=record.timestamp,
        **Rejection.raw_fields(record.value or b""),
    )
    identity = f"{record.topic}/{record.partition}/{record.offset}"
    return OutRecord(
        topics.REJECTED,
        record.key[:KEPT_LETTERS] if record.key else record.key,
        rejection.to_bytes(),
        headers.cloud_event(
            type_=topics.REJECTED,
            source=f"hub/{stage}",
            id_=identity,
            time_ms=record.timestamp,
            correlation_id=kept.get(headers.CORRELATION, identity),
        ),
    )


def _reason(error: Exception) -> str:
    return error.reason if isinstance(error, RecordRejectedError) else "bug"


def _key_text(record: Incoming) -> str | None:
    return (record.key or b"").decode("utf-8", "backslashreplace")[:KEPT_LETTERS] or None
