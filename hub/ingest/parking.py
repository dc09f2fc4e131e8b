"""Dead letters of ingest: records that are too large, have no id, or are not in the partner's format at all."""

from __future__ import annotations

import hashlib

from hub.domain.keys import source_key
from hub.domain.records import RecordOrigin, Rejection
from hub.ingest.diff import RAW_LIMIT
from hub.ingest.reading import Parked

KEPT = 64 * 1024
"""What a dead letter keeps of a record that is larger than the limit."""


def rejection_of(
    parked: Parked, *, source: str, at: int, origin: RecordOrigin | None = None, headers: dict[str, str] | None = None
) -> tuple[bytes | None, bytes]:
    """Key and value of the dead letter."""
    key = source_key(source, parked.native_id) if parked.native_id else None
    kept = parked.raw if len(parked.raw) <= RAW_LIMIT else parked.raw[:KEPT]
    letter = Rejection(
        stage="ingest",
        reason=parked.reason,
        field=parked.field,
        detail=parked.detail[:2_000],
        source=source,
        source_key=key,
        raw=kept.decode("utf-8", "backslashreplace"),
        raw_length=len(parked.raw),
        raw_sha256=hashlib.sha256(parked.raw).hexdigest(),
        headers=headers or {},
        origin=origin,
        at=at,
    )
    return (key.encode() if key else None), letter.to_bytes()
