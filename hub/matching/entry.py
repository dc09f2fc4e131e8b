"""One posting as the engine holds it: features apart, content as the bytes it came in, packed.

Content is most of what an engine weighs and is looked at only when an opportunity is rendered, so it is kept compressed:
a third of its bytes, for a tenth of a millisecond a change.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from pydantic import ValidationError

from hub.domain.keys import OPPORTUNITY_ID, opportunity_id
from hub.domain.posting import EnrichedPosting, Kind, Status
from hub.errors import RecordRejectedError
from hub.matching.addresses import authority

PACKING = 1
"""zlib's quickest level; the next ones take longer and save little."""
STALE_MS = 120 * 86_400_000
"""Open for so long without a word from the source: flagged `stale`."""

STATED, OWN = "stated", "own"
"""Roles that a posting plays towards an address: it states it, or it stands on that page."""

Family = Literal["job", "course", "event"]


@dataclass(slots=True)
class Entry:
    key: str
    id: str
    source: str
    kind: Kind
    family: Family
    status: Status
    status_reason: str | None
    seq: int
    first_seen: int
    rank: int
    republish: str
    expires_at: int | None
    job_keys: tuple[str, ...]
    page_keys: tuple[str, ...]
    reference_keys: tuple[str, ...]
    echo_ids: tuple[str, ...]
    canonical_host: str | None
    url: str | None
    attribution: str | None
    packed: bytes
    digest: bytes
    link_keys: tuple[tuple[str, str], ...] = field(init=False)
    """What may link it to others, with its role there."""

    def __post_init__(self) -> None:
        self.link_keys = (
            *(("a:" + key, STATED) for key in self.job_keys),
            *(("r:" + key, STATED) for key in self.reference_keys),
            *(("a:" + key, OWN) for key in self.page_keys if key not in self.job_keys),
        )

    def stated(self) -> dict[str, Any]:
        """The posting as it came in."""
        tree: dict[str, Any] = orjson.loads(zlib.decompress(self.packed))
        return tree

    @property
    def is_current(self) -> bool:
        """Active as its source says; the clock and the operator may still say otherwise."""
        return self.status is Status.ACTIVE

    @property
    def trust(self) -> tuple[int, str]:
        """Order of trust in the golden record: smaller is better. Who was seen first is chance and plays no part."""
        return (self.rank, self.key)

    @property
    def stale_at(self) -> int:
        return self.first_seen + STALE_MS


def read_entry(key: str, value: bytes) -> Entry:
    """Raises RecordRejectedError when the value is not an EnrichedPosting of this key."""
    try:
        posting = EnrichedPosting.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise RecordRejectedError("wrong_type", str(first["msg"]), field=".".join(map(str, first["loc"]))) from error
    if posting.source_key != key:
        raise RecordRejectedError("wrong_value", "the key and the posting's source_key differ", field="source_key")
    features = posting.features
    erased = posting.status is Status.ERASED or features is None
    echo = posting.echo.opportunity_ids if posting.echo else []
    return Entry(
        key=key,
        id=opportunity_id(key),
        source=posting.source,
        kind=posting.kind,
        family=family_of(posting.kind),
        status=posting.status,
        status_reason=posting.status_reason,
        seq=posting.seq,
        first_seen=posting.first_seen,
        rank=posting.provenance.rank,
        republish=posting.republish,
        expires_at=posting.expires_at,
        job_keys=() if erased or features is None else tuple(features.job_keys),
        page_keys=() if erased or features is None else tuple(features.page_keys),
        reference_keys=() if erased or features is None else tuple(features.reference_keys),
        echo_ids=tuple(sorted({found for text in echo for found in OPPORTUNITY_ID.findall(text)})),
        canonical_host=authority(posting.canonical_url) if posting.canonical_url else None,
        url=posting.canonical_url or posting.provenance.url,
        attribution=posting.attribution,
        packed=zlib.compress(value, PACKING),
        digest=digest_of(value),
    )


def digest_of(value: bytes) -> bytes:
    """Tells two values of one posting apart."""
    return hashlib.blake2b(value, digest_size=16).digest()


def family_of(kind: Kind) -> Family:
    """Postings of different families never describe one opening; platforms do differ on vacancy or traineeship."""
    if kind is Kind.EVENT:
        return "event"
    return "course" if kind is Kind.COURSE else "job"
