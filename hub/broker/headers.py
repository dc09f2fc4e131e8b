"""Kafka headers of the hub's records: the stamps of ingest, and CloudEvents 1.0 (Kafka binding, binary mode).

Header values are UTF-8 text. `seq` and `first_seen` are unix milliseconds in decimal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hub.domain.opportunity import rfc3339

Op = Literal["upsert", "withdrawn", "erased"]
Headers = list[tuple[str, bytes]]

OP = "hub-op"
SEQ = "seq"
FIRST_SEEN = "first_seen"
FINGERPRINT = "fingerprint"
COLLECTION = "collection"
URL = "source_url"
FETCHED_AT = "fetched_at"
TERM = "hub-term"
CORRELATION = "correlation_id"
WEBHOOK_ID = "webhook-id"
CONTENT_TYPE = "content-type"
_STAMPED = frozenset((OP, SEQ, FIRST_SEEN, FINGERPRINT, COLLECTION, URL, FETCHED_AT))


def decode(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """Headers as text; of a repeated name the last wins, undecodable bytes are kept as `\\xNN`."""
    return {name: (value or b"").decode("utf-8", "backslashreplace") for name, value in headers}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What ingest knows of one version of one item and every later record carries."""

    op: Op
    seq: int
    first_seen: int
    fingerprint: str = ""
    collection: str = "items"
    url: str | None = None
    fetched_at: int = 0

    def to_headers(self) -> Headers:
        pairs = [
            (OP, self.op.encode()),
            (SEQ, str(self.seq).encode()),
            (FIRST_SEEN, str(self.first_seen).encode()),
            (FINGERPRINT, self.fingerprint.encode()),
            (COLLECTION, self.collection.encode()),
            (FETCHED_AT, str(self.fetched_at).encode()),
        ]
        if self.url:
            pairs.append((URL, self.url.encode()))
        return pairs

    @classmethod
    def from_headers(cls, headers: Iterable[tuple[str, bytes | None]]) -> Stamp:
        """Raises ValueError when `hub-op`, `seq` or `first_seen` is missing or not what it must be."""
        found = decode((name, value) for name, value in headers if name in _STAMPED)
        op = found.get(OP)
        if op not in ("upsert", "withdrawn", "erased"):
            raise ValueError(f"header {OP} is {op!r}")
        return cls(
            op=op,  # type: ignore[arg-type]  # narrowed by the line above
            seq=int(found.get(SEQ, "")),
            first_seen=int(found.get(FIRST_SEEN, "")),
            fingerprint=found.get(FINGERPRINT, ""),
            collection=found.get(COLLECTION, "items"),
            url=found.get(URL),
            fetched_at=int(found.get(FETCHED_AT, "0")),
        )


def cloud_event(*, type_: str, source: str, id_: str, time_ms: int, correlation_id: str) -> Headers:
    """CloudEvents 1.0 attributes. `id_` must be deterministic, so that a repeat writes the same bytes."""
    return [
        ("ce_id", id_.encode()),
        ("ce_source", source.encode()),
        ("ce_specversion", b"1.0"),
        ("ce_time", rfc3339(time_ms).encode()),
        ("ce_type", type_.encode()),
        (CONTENT_TYPE, b"application/json"),
        (CORRELATION, correlation_id.encode()),
    ]
