"""Dead letters of ingest: records that are too large, have no id, or are not in the partner's format at all."""

from __future__ import annotations

from hub.domain.keys import source_key
from hub.domain.records import RecordOrigin, Rejection
from hub.ingest.reading import Parked

DETAIL_LETTERS = 2_000


def letter_of(parked: Parked, *, source: str, at: int, origin: RecordOrigin | None = None) -> tuple[bytes | None, bytes]:
    """Key and value of the dead letter."""
    key = source_key(source, parked.native_id) if parked.native_id else None
    letter = Rejection(
        stage="ingest",
        reason=parked.reason,
        field=parked.field,
        detail=parked.detail[:DETAIL_LETTERS],
        source=source,
        source_key=key,
        origin=origin,
        at=at,
        **Rejection.raw_fields(parked.raw),
    )
    return (key.encode() if key else None), letter.to_bytes()
