"""One posting as the engine holds it: features as the model reads them, and the record of what they came from."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Literal, NamedTuple

import orjson

from hub.domain.posting import Kind, Status
from hub.matching.bodies import Body
from hub.matching.employers import EmployerForm
from hub.matching.titles import TitleForm, Wording
from hub.matching.version import Record, unpacked

DAY_MS = 86_400_000
STALE_MS = 120 * DAY_MS
"""Open for so long without a word from the source: flagged `stale`."""
NO_DAY = 1 << 20

Family = Literal["job", "course", "event"]


class Units(NamedTuple):
    """Names of the unit in a posting's texts: of sites, folded, and of departments as the model reads them in each language."""

    sites: tuple[str, ...]
    nl: tuple[str, ...]
    en: tuple[str, ...]


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
        "facts",
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
        "levels",
        "lng",
        "municipalities",
        "names",
        "occupations",
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
        "site",
        "source",
        "starts",
        "status",
        "stopped_at",
        "template",
        "title_en",
        "title_nl",
        "turns_at",
        "units",
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
    turns_at: tuple[int, ...]
    """Unix ms: when each date of a recurring event but the last is over."""
    canonical_host: str | None
    echo_ids: tuple[str, ...]
    job_keys: tuple[str, ...]
    page_keys: tuple[str, ...]
    reference: str | None
    employer: EmployerForm | None
    site: str | None
    """Host that applications to a named employer go to, or the tenant there; of none that many employers share."""
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
    levels: frozenset[str]
    """Those that the text names, of this opening or of colleagues."""
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
    facts: bytes
    """As `hub.matching.facts.kept`."""
    units: Units | None
    occupations: tuple[Wording, ...]
    """What the text and the address to apply at call the work, as far as the model knows it for such."""
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
        return unpacked(self.record)

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

    def dates_over(self, clock: int) -> int:
        """How many dates of a recurring event are over; it is shown at the next one."""
        return bisect_right(self.turns_at, clock) if self.turns_at else 0

    @property
    def titles(self) -> tuple[TitleForm, ...]:
        return tuple(form for form in (self.title_nl, self.title_en) if form is not None)

    @property
    def life(self) -> tuple[int, int]:
        """Unix ms from when until when it was shown, as far as its versions tell; without the clock."""
        end = self.expires_at if self.expires_at is not None else NO_DAY * DAY_MS
        return (self.first_seen, end if self.stopped_at is None else min(end, self.stopped_at))
