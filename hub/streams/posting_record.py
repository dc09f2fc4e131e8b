"""A posting on its way from raw to enriched: its key and stamps as a hop reads them, and its record as a hop writes it."""

from __future__ import annotations

from hub.broker import headers
from hub.broker.headers import Stamp
from hub.broker.outbox import OutRecord
from hub.domain.posting import Posting
from hub.errors import RecordRejectedError
from hub.streams.batch import Incoming


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
    """Raises RecordRejectedError when the stamps of ingest are missing or malformed."""
    try:
        return Stamp.from_headers(record.headers or ())
    except ValueError as error:
        raise RecordRejectedError("missing_field", str(error), field="headers") from error


def output(topic: str, key: str, posting: Posting, stamp: Stamp, record: Incoming) -> OutRecord:
    """`posting` made of `record`: ingest's stamps and the correlation id of its run go on with it."""
    id_ = f"{key}@{stamp.seq}"
    correlation = next((value.decode() for name, value in record.headers if name == headers.CORRELATION), id_)
    event = headers.cloud_event(type_=topic, source="hub", id_=id_, time_ms=stamp.seq, correlation_id=correlation)
    return OutRecord(topic, key.encode(), posting.to_bytes(), [*stamp.to_headers(), *event])
