"""One posting as the engine holds it: features as the model reads them, content as the bytes it came in, packed.

Content is most of what an engine weighs and is looked at only when an opportunity is rendered, so it is kept compressed:
two fifths of its bytes, for some twenty microseconds a change. Of an incoming value only the head and the features are
decoded, by a typed decoder: the content's types are the writer's business, its bytes are kept as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import orjson
import xxhash
import zstandard

from hub.domain.keys import OPPORTUNITY_ID, opportunity_id
from hub.domain.posting import Kind, Status
from hub.errors import RecordRejectedError
from hub.matching.addresses import authority
from hub.matching.bodies import Body, unpack
from hub.matching.employers import EmployerForm, EmployerTable
from hub.matching.marks import packed
from hub.matching.model import MatchModel
from hub.matching.titles import TitleForm, sign_of
from hub.matching.titles.form import Wording

_PACK = zstandard.ZstdCompressor(level=1).compress
_UNPACK = zstandard.ZstdDecompressor().decompress
DAY_MS = 86_400_000
STALE_MS = 120 * DAY_MS
"""Open for so long without a word from the source: flagged `stale`."""
NO_DAY = 1 << 20
PLACE = re.compile(r" - at `\$\.?([^`]+)`$")
MISSING = re.compile(r"^Object missing required field `([^`]+)`")

T = TypeVar("T")
Family = Literal["job", "course", "event"]


_Mark = Annotated[int, msgspec.Meta(ge=0, lt=1 << 32)]


class _Sketch(msgspec.Struct):
    minhash: str
    shingles: int
    sentences: list[_Mark] = []


class _Features(msgspec.Struct):
    """`hub.domain.posting.Features`, as far as the engine reads it."""

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
    bodies: dict[str, _Sketch] = {}
    figures: list[_Mark] = []
    names: list[_Mark] = []
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


class _Head(msgspec.Struct):
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
    features: msgspec.Raw = msgspec.Raw()


_HEAD = msgspec.json.Decoder(_Head)
_FEATURES = msgspec.json.Decoder(_Features)


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


class Entry:
    """A posting's current version. Compared and hashed by identity: the engine holds one a key."""

    __slots__ = (
        "asks",
        "bodies",
        "by_date",
        "by_title",
        "canonical_host",
        "closes",
        "consortium",
        "contract",
        "echo_ids",
        "education",
        "employer",
        "ends",
        "evidence",
        "expires_at",
        "family",
        "figures",
        "first_seen",
        "groups",
        "hours",
        "id",
        "intermediary",
        "is_all_day",
        "is_plain",
        "is_remote",
        "job_keys",
        "key",
        "kind",
        "lat",
        "lng",
        "municipalities",
        "names",
        "occurrence",
        "page_keys",
        "pairs",
        "pay",
        "possible",
        "previous_starts",
        "published",
        "record",
        "reference",
        "said_en",
        "said_nl",
        "says",
        "series",
        "source",
        "starts",
        "status",
        "stopped_at",
        "template",
        "title_en",
        "title_nl",
        "venue",
    )

    key: str
    id: str
    source: str
    kind: Kind
    family: Family
    record: Record
    evidence: bytes
    """Digest of everything below that the value gave."""
    status: Status
    stopped_at: int | None
    """Unix ms at which its source said that it is no longer active."""
    first_seen: int
    expires_at: int | None
    canonical_host: str | None
    echo_ids: tuple[str, ...]
    job_keys: tuple[str, ...]
    page_keys: tuple[str, ...]
    reference: str | None
    employer: EmployerForm | None
    intermediary: EmployerForm | None
    consortium: tuple[EmployerForm, ...]
    title_nl: TitleForm | None
    title_en: TitleForm | None
    said_nl: int
    said_en: int
    """A number for the wording of each title, 0 without one: what comparisons of titles are remembered by."""
    asks: int
    says: int
    """The titles' sign: `first.asks & second.says` is 0 only where no two of their titles agree."""
    is_plain: bool
    """No title names a level, a department or a number."""
    groups: tuple[str, ...]
    municipalities: tuple[str, ...]
    lat: float | None
    lng: float | None
    is_remote: bool
    published: int
    """Day of publication, or of when it was first seen."""
    closes: int | None
    hours: tuple[float, ...]
    pay: tuple[int, ...]
    contract: str | None
    education: tuple[str, ...]
    bodies: tuple[Body, ...]
    figures: bytes
    names: bytes
    """Packed marks."""
    starts: int | None
    ends: int | None
    previous_starts: tuple[int, ...]
    is_all_day: bool
    venue: str | None
    series: str | None
    occurrence: str | None
    # what the engine derives for itself
    template: int | None
    """Employer, title and source: how many live postings share it is what its title is worth."""
    by_date: tuple[int, int, str, str]
    by_title: tuple[str, str, int, str]
    """Sort keys of the windows: neighbours are alike, and no two entries compare equal."""
    pairs: dict[str, int] | None
    """Partner's key → total in milli-bits, where it is enough to link."""
    possible: dict[str, int] | None
    """Partner's key → total, where it is not: for the review list."""

    def value(self) -> bytes:
        """The posting's JSON as it came in."""
        return _UNPACK(self.record.packed)

    def stated(self) -> dict[str, Any]:
        """The posting as it came in."""
        tree: dict[str, Any] = orjson.loads(self.value())
        return tree

    @property
    def is_current(self) -> bool:
        """Active as its source says; the clock and the operator may still say otherwise."""
        return self.status is Status.ACTIVE

    @property
    def trust(self) -> tuple[int, str]:
        """Order of trust in the golden record: smaller is better. Who was seen first is chance and plays no part."""
        return (self.record.rank, self.key)

    @property
    def stale_at(self) -> int:
        return self.first_seen + STALE_MS

    @property
    def titles(self) -> tuple[TitleForm, ...]:
        return tuple(form for form in (self.title_nl, self.title_en) if form is not None)

    @property
    def life(self) -> tuple[int, int]:
        """Unix ms from when until when it was shown, as far as its versions tell; without the clock."""
        end = self.expires_at if self.expires_at is not None else NO_DAY * DAY_MS
        return (self.first_seen, end if self.stopped_at is None else min(end, self.stopped_at))


@dataclass(frozen=True, slots=True)
class Version:
    """A posting's version as it came in, its features not yet read."""

    key: str
    head: _Head
    record: Record
    evidence: bytes
    """Digest of all that matching reads of it: equal evidence needs no new look at pairs."""


def read_version(key: str, value: bytes) -> Version:
    """Raises RecordRejectedError when the value's head is not that of an EnrichedPosting of this key."""
    try:
        head = _HEAD.decode(value)
    except msgspec.DecodeError as error:
        raise _rejected(error) from error
    if head.source_key != key:
        raise RecordRejectedError("wrong_value", "the key and the posting's source_key differ", field="source_key")
    record = Record(
        seq=head.seq,
        rank=head.provenance.rank,
        republish=_known(head.republish),
        attribution=head.attribution and _known(head.attribution),
        url=head.canonical_url or head.provenance.url,
        packed=bytes(memoryview(_PACK(value))),  # a copy: what the compressor returns holds on to room for the worst case
        digest=digest_of(value),
    )
    is_active = head.status is Status.ACTIVE
    rest = (head.kind, head.status, None if is_active else head.seq, head.first_seen, head.expires_at, head.canonical_url)
    echo = head.echo.opportunity_ids if head.echo else []
    return Version(key, head, record, digest_of(bytes(head.features) + repr((rest, echo)).encode()))


def to_entry(version: Version, model: MatchModel) -> Entry:
    """Raises RecordRejectedError when the features are none."""
    head = version.head
    try:
        features = _FEATURES.decode(head.features) if head.status is not Status.ERASED and len(head.features) > 4 else None
        bodies = features.bodies if features else {}
        sketches = tuple(
            Body(_known(language), unpack(one.minhash), max(1, one.shingles), packed(one.sentences))
            for language, one in sorted(bodies.items())
        )
    except (msgspec.DecodeError, ValueError) as error:
        raise _rejected(error, "features") from error
    entry = Entry()
    entry.key = version.key
    entry.id = opportunity_id(version.key)
    entry.source = _known(head.source)
    entry.kind = head.kind
    entry.family = family_of(head.kind)
    entry.record = version.record
    entry.evidence = version.evidence
    entry.status = head.status
    entry.stopped_at = None if head.status is Status.ACTIVE else head.seq
    entry.first_seen = head.first_seen
    entry.expires_at = head.expires_at
    entry.canonical_host = _host_of(head.canonical_url) if head.canonical_url else None
    echo = head.echo.opportunity_ids if head.echo else []
    entry.echo_ids = tuple(sorted({found for text in echo for found in OPPORTUNITY_ID.findall(text)})) if echo else ()
    entry.bodies = sketches
    entry.pairs = entry.possible = None
    _read_features(entry, features or _Features(model=""), model)
    return entry


def _read_features(entry: Entry, features: _Features, model: MatchModel) -> None:
    """Plain values as they are, names and titles as the model reads them."""
    entry.job_keys = tuple(key for key in features.job_keys if not model.is_generic(key))
    entry.page_keys = tuple(features.page_keys)
    entry.reference = features.reference
    employers = model.employers
    entry.employer = _employer(features, entry.source, employers)
    entry.intermediary = employers.form(features.intermediary) if features.intermediary else None
    entry.consortium = tuple(form for name in features.consortium if (form := employers.form(name)) is not None)
    places = tuple(features.places)
    employer = features.employer or ""
    entry.title_nl = model.title(features.title_nl, "nl", employer, places) if features.title_nl else None
    entry.title_en = model.title(features.title_en, "en", employer, places) if features.title_en else None
    entry.said_nl, entry.said_en = _said(entry.title_nl), _said(entry.title_en)
    entry.asks, entry.says = sign_of(*entry.titles)
    entry.is_plain = not any(form.levels or form.department or form.numbers for form in entry.titles)
    entry.groups = _one_of(_TEXTS, tuple(dict.fromkeys(group for form in entry.titles for group in form.groups)))
    entry.municipalities = _one_of(_TEXTS, tuple(features.municipalities))
    entry.lat, entry.lng = _one_of(_FLOATS, features.lat), _one_of(_FLOATS, features.lng)
    entry.is_remote = features.is_remote
    posted = features.posted if features.posted is not None else entry.first_seen // DAY_MS
    entry.published, entry.closes = _one_of(_DAYS, posted) or 0, _one_of(_DAYS, features.closes)
    entry.hours, entry.pay = _one_of(_HOURS, tuple(features.hours)), _one_of(_PAY, tuple(features.pay))
    entry.contract = features.contract and _known(features.contract)
    entry.education = _one_of(_TEXTS, tuple(features.education))
    entry.figures, entry.names = packed(features.figures), packed(features.names)
    entry.previous_starts = tuple(features.previous_starts)
    entry.starts, entry.ends, entry.is_all_day = features.starts, features.ends, features.is_all_day
    entry.venue, entry.series, entry.occurrence = features.venue, features.series, features.occurrence
    title = entry.title_nl or entry.title_en
    core = title.core if title else ""
    group = entry.groups[0] if entry.groups else ""
    named = f"{entry.employer.key}\x1f{core}\x1f{entry.source}" if entry.employer and core else None
    entry.template = xxhash.xxh3_64_intdigest(named.encode()) >> 4 if named else None
    date = features.starts if features.starts is not None else features.closes if features.closes is not None else NO_DAY
    entry.by_date = (date, entry.pay[0] if entry.pay else 0, core, entry.key)
    entry.by_title = (group, core, date, entry.key)


def _employer(features: _Features, source: str, employers: EmployerTable) -> EmployerForm | None:
    """As stated; in doubt where the text is a recruiter's or a board names itself; else whom the hints name."""
    stated = employers.form(features.employer, features.employer_domain, features.kvk)
    if stated is None:
        return employers.guess(features.employer_hints)
    if features.employer_domain is None and features.employer_hints and features.employer:
        stated = employers.form(
            features.employer, employers.borne_by(features.employer, features.employer_hints[0]), features.kvk
        )
    names_itself = bool(features.employer) and "".join(filter(str.isalnum, features.employer or "")).casefold() == source
    return employers.doubted(stated) if stated is not None and (features.is_for_client or names_itself) else stated


def _rejected(error: Exception, *above: str) -> RecordRejectedError:
    """The field's path stands at the end of what msgspec says, in the manner of "… - at `$.provenance.rank`"."""
    said = str(error)
    lacking = MISSING.search(said)
    place = PLACE.search(said)
    path = [*above, *([place[1]] if place else []), *([lacking[1]] if lacking else [])]
    return RecordRejectedError("missing_field" if lacking else "wrong_type", said, field=".".join(path) or None)


def _known(text: str) -> str:
    """One object for a word that many entries say."""
    return _WORDS.setdefault(text, text)


def _host_of(url: str) -> str | None:
    host = authority("/".join(url.split("/", 3)[:3]))  # what follows the host says nothing of it, and no two are alike
    return _known(host) if host is not None else None


def _one_of(held: dict[T, T], value: T) -> T:
    """The first object of this value: a region has few days, scales of pay and towns, and a hundred thousand postings.

    One table a type, because `36 == 36.0`: which of two came first would be seen.
    """
    return held.setdefault(value, value)


def _said(title: TitleForm | None) -> int:
    return _WORDINGS.setdefault(title.wording, len(_WORDINGS) + 1) if title is not None else 0


_WORDINGS: dict[Wording, int] = {}
_WORDS: dict[str, str] = {}
_TEXTS: dict[tuple[str, ...], tuple[str, ...]] = {}
_HOURS: dict[tuple[float, ...], tuple[float, ...]] = {}
_FLOATS: dict[float | None, float | None] = {}
_PAY: dict[tuple[int, ...], tuple[int, ...]] = {}
_DAYS: dict[int | None, int | None] = {}


def digest_of(value: bytes) -> bytes:
    """Tells two values of one posting apart: 120 bits of XXH3, a hash for equality and not against forgery.

    Fifteen bytes, because sixteen would not fit the 48 that Python takes for the object.
    """
    return xxhash.xxh3_128_digest(value)[:15]


def family_of(kind: Kind) -> Family:
    """Postings of different families never describe one opening; platforms do differ on vacancy or traineeship."""
    if kind is Kind.EVENT:
        return "event"
    return "course" if kind is Kind.COURSE else "job"
