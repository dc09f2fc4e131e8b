"""A posting's version as it came in: its head decoded and checked, its features left as bytes, its content packed.

Content is most of what an engine weighs and is looked at only when an opportunity is rendered, so it is kept compressed:
two fifths of its bytes, for some twenty microseconds a change. Of an incoming value only the head and the features are
decoded, by a typed decoder: the content's types are the writer's business, its bytes are kept as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
import xxhash
import zstandard
from pydantic import ValidationError

from hub.domain.posting import EnrichedPosting, Kind, Status
from hub.errors import RecordRejectedError
from hub.matching.sharing import word

_PACK = zstandard.ZstdCompressor(level=1).compress
_UNPACK = zstandard.ZstdDecompressor().decompress
_PLACE = re.compile(r" - at `\$\.?([^`]+)`$")
_MISSING = re.compile(r"^Object missing required field `([^`]+)`")


_Mark = Annotated[int, msgspec.Meta(ge=0, lt=1 << 32)]
_Value = Annotated[int, msgspec.Meta(ge=0, lt=1 << 24)]


class Sketch(msgspec.Struct):
    minhash: str
    shingles: int
    sentences: list[_Mark] = []
    slots: list[_Mark] = []
    vocabulary: list[_Mark] = []


class Features(msgspec.Struct):
    """`hub.domain.features.Features`, as far as the engine reads it."""

    model: str
    job_keys: list[str] = []
    page_keys: list[str] = []
    reference: str | None = None
    employer: str | None = None
    employer_domain: str | None = None
    kvk: str | None = None
    is_for_client: bool = False
    employer_hints: list[str] = []
    intermediary: str | None = None
    consortium: list[str] = []
    title_nl: str | None = None
    title_en: str | None = None
    levels: list[str] = []
    language: str | None = None
    municipalities: list[str] = []
    places: list[str] = []
    lat: float | None = None
    lng: float | None = None
    is_remote: bool = False
    posted: int | None = None
    closes: int | None = None
    hours: list[float] = []
    pay: list[int] = []
    contract: str | None = None
    education: list[str] = []
    bodies: dict[str, Sketch] = {}
    figures: list[_Mark] = []
    names: list[_Mark] = []
    units: dict[str, list[str]] = {}
    occupations: dict[str, list[str]] = {}
    facts: dict[str, list[_Value]] = {}
    starts: int | None = None
    ends: int | None = None
    previous_starts: list[int] = []
    is_all_day: bool = False
    venue: str | None = None
    series: str | None = None
    occurrence: str | None = None


class _Echo(msgspec.Struct):
    opportunity_ids: list[str] = []


class _Provenance(msgspec.Struct):
    url: str | None = None
    rank: int = 5


class Head(msgspec.Struct):
    """`hub.domain.posting.EnrichedPosting`, as far as the engine reads it."""

    source: str
    source_key: str
    seq: int
    first_seen: int
    kind: Kind = Kind.VACANCY
    status: Status = Status.ACTIVE
    status_reason: str | None = None
    republish: Literal["yes", "link-only", "no"] = "yes"
    attribution: str | None = None
    canonical_url: str | None = None
    provenance: _Provenance = msgspec.field(default_factory=_Provenance)
    echo: _Echo | None = None
    expires_at: int | None = None
    turns_at: list[int] = []
    features: msgspec.Raw = msgspec.Raw()


_HEAD = msgspec.json.Decoder(Head)
_FEATURES = msgspec.json.Decoder(Features)


@dataclass(frozen=True, slots=True)
class Record:
    """What of a version matching does not weigh: replaced without a new look at pairs."""

    seq: int
    rank: int
    republish: str
    attribution: str | None
    url: str | None
    packed: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """A posting's version as it came in, its features not yet read."""

    key: str
    head: Head
    record: Record
    evidence: bytes
    """Digest of all that matching reads of it: equal evidence needs no new look at pairs."""


def read_version(key: str, value: bytes) -> Version:
    """Raises RecordRejectedError when the value's head is not that of an EnrichedPosting of this key."""
    try:
        head = _HEAD.decode(value)
    except msgspec.DecodeError as error:
        raise rejected(error) from error
    if head.source_key != key:
        raise RecordRejectedError("wrong_value", "the key and the posting's source_key differ", field="source_key")
    if len(head.features) <= len(b"null") and head.status is not Status.ERASED:
        head.features = msgspec.Raw(_made_features(value))
    record = Record(
        seq=head.seq,
        rank=head.provenance.rank,
        republish=word(head.republish),
        attribution=head.attribution and word(head.attribution),
        url=head.canonical_url or head.provenance.url,
        packed=bytes(memoryview(_PACK(value))),  # a copy: what the compressor returns holds on to room for the worst case
        digest=digest_of(value),
    )
    is_active = head.status is Status.ACTIVE
    ended = None if is_active else head.seq
    rest = (head.kind, head.status, ended, head.first_seen, head.expires_at, head.turns_at, head.canonical_url)
    echo = head.echo.opportunity_ids if head.echo else []
    return Version(key, head, record, digest_of(bytes(head.features) + repr((rest, echo)).encode()))


def _made_features(value: bytes) -> bytes:
    """Of a posting that comes without: the enrich stage makes them, but the engine serves those who use it alone as well."""
    from hub.matching.features import features_of  # the pipeline's unify never needs them

    try:
        made = features_of(EnrichedPosting.model_validate_json(value))
    except ValidationError as error:
        first = error.errors()[0]
        raise RecordRejectedError("wrong_type", first["msg"], field=".".join(map(str, first["loc"]))) from error
    return made.model_dump_json().encode()


def read_features(version: Version) -> Features | None:
    """The features of this version, None where it has none; raises RecordRejectedError when they are of other types."""
    head = version.head
    if head.status is Status.ERASED or len(head.features) <= len(b"null"):
        return None
    try:
        return _FEATURES.decode(head.features)
    except msgspec.DecodeError as error:
        raise rejected(error, "features") from error


def unpacked(record: Record) -> bytes:
    """The posting's JSON as it came in."""
    return _UNPACK(record.packed)


def rejected(error: Exception, *above: str) -> RecordRejectedError:
    """The field's path stands at the end of what msgspec says, in the manner of "… - at `$.provenance.rank`"."""
    said = str(error)
    lacking = _MISSING.search(said)
    place = _PLACE.search(said)
    path = [*above, *([place[1]] if place else []), *([lacking[1]] if lacking else [])]
    return RecordRejectedError("missing_field" if lacking else "wrong_type", said, field=".".join(path) or None)


def digest_of(value: bytes) -> bytes:
    """Tells two values of one posting apart: 120 bits of XXH3, a hash for equality and not against forgery.

    Fifteen bytes, because sixteen would not fit the 48 that Python takes for the object.
    """
    return xxhash.xxh3_128_digest(value)[:15]
