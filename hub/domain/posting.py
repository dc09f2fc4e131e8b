"""The canonical posting: one vacancy, traineeship, internship, course or event as *one* source states it.

`Posting` holds what the source carries and is what a connector's `mapping.py` returns; `EnrichedPosting` adds what
the hub derives from it, each value with the rule and the evidence. Money is in units of `currency`, times are aware
datetimes, `seq` and `first_seen` are unix milliseconds as ingest stamped them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from hub.domain.features import Features
from hub.domain.model import Lang as Lang
from hub.domain.model import Model, empty
from hub.domain.pay import Period

Line = Annotated[str, StringConstraints(max_length=2_000)]
Long = Annotated[str, StringConstraints(max_length=200_000)]
Url = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^https?://")]


class Kind(StrEnum):
    VACANCY = "vacancy"
    TRAINEESHIP = "traineeship"
    INTERNSHIP = "internship"
    GRADUATION_INTERNSHIP = "graduation_internship"
    SIDE_JOB = "side_job"
    COURSE = "course"
    EVENT = "event"


class Status(StrEnum):
    """Life cycle. `withdrawn` makes the posting a ghost, `erased` leaves a bare record (architecture §3)."""

    ACTIVE = "active"
    EXPIRED = "expired"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Text(Model):
    text: Line
    origin: Literal["source", "derived"] = "source"


class RichText(Model):
    """`html` as the source gave it until canonicalise has sanitised it; `text` is the same without markup."""

    html: Long
    text: Long = ""
    origin: Literal["source", "derived"] = "source"


class Title(Model):
    nl: Text | None = None
    en: Text | None = None


class Description(Model):
    nl: RichText | None = None
    en: RichText | None = None


class Organisation(Model):
    name: Line
    kvk: str | None = None
    domain: str | None = None
    url: Url | None = None
    size_class: str | None = None
    sector: str | None = None
    logo_url: Url | None = None
    description: Line | None = None


class Location(Model):
    place: Line | None = None
    street: Line | None = None
    postcode: str | None = None
    municipality: str | None = None
    """CBS code, `GM0014`; derived by enrich."""
    municipality_name: str | None = None
    province: str | None = None
    country: str | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lng: float | None = Field(default=None, ge=-180, le=180)
    precision: Literal["address", "postcode", "place", "municipality", "region", "unknown"] | None = None


class RegionCode(Model):
    scheme: str
    code: str


class LanguageRequirement(Model):
    lang: str
    level: str | None = None
    necessity: Literal["required", "preferred", "not_required"] = "required"


class Hours(Model):
    """Hours a week."""

    min: float | None = Field(default=None, ge=0, le=168)
    max: float | None = Field(default=None, ge=0, le=168)


class Salary(Model):
    min: float | None = Field(default=None, ge=0)
    max: float | None = Field(default=None, ge=0)
    currency: str | None = None
    period: Period | None = None
    period_is_guess: bool = False
    hours_basis: float | None = None
    cao: str | None = None
    scale: str | None = None
    as_stated: Line | None = None


class Experience(Model):
    min_months: int | None = Field(default=None, ge=0)
    max_months: int | None = Field(default=None, ge=0)


class Placement(Model):
    organisation: Line
    months: int | None = None
    role: Line | None = None


class Traineeship(Model):
    duration_months: int | None = None
    cohort_start: date | None = None
    intake_deadline: date | None = None
    placements: list[Placement] = empty(list)
    training_days: Line | None = None
    job_guarantee: bool | None = None


class Internship(Model):
    start: date | None = None
    end: date | None = None
    hours_per_week: float | None = None
    ects: float | None = None
    allowance: Salary | None = None
    supervision: Line | None = None


class Price(Model):
    audience: str | None = None
    amount: float | None = Field(default=None, ge=0)
    currency: str | None = None
    as_stated: Line | None = None


class Series(Model):
    uid: str
    recurrence_id: str | None = None
    ends: Literal["never"] | None = None
    """`never`: the source repeats it without an end that can be told, so it is over when it is withdrawn."""
    dates: list[AwareDatetime] = empty(list)
    """When it begins again after the event's own `start`, in order, as far as the rule was followed."""


class Venue(Model):
    name: Line | None = None
    location: Location | None = None
    url: Url | None = None


class Event(Model):
    start: AwareDatetime
    end: AwareDatetime | None = None
    timezone: str | None = None
    all_day: bool = False
    status: Literal["scheduled", "cancelled", "postponed", "rescheduled", "moved_online"] = "scheduled"
    status_reason: Line | None = None
    previous_starts: list[AwareDatetime] = empty(list)
    attendance_mode: Literal["onsite", "online", "mixed"] | None = None
    venue: Venue | None = None
    online_url: Url | None = None
    capacity: int | None = None
    registration_url: Url | None = None
    registration_deadline: AwareDatetime | None = None
    prices: list[Price] = empty(list)
    series: Series | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Event:
        if self.end is not None and self.end < self.start:
            raise ValueError("the event ends before it starts")
        return self


class Apply(Model):
    method: Literal["url", "email", "form"] | None = None
    url: Url | None = None
    email: str | None = None
    deadline: AwareDatetime | None = None


class Contact(Model):
    """Personal data: dropped by canonicalise unless the manifest says `contacts = "republish"`."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


class AlternateUrl(Model):
    source: str
    url: Url


class EchoHints(Model):
    """What points back at the hub or at another platform (R8); unify judges."""

    opportunity_ids: list[str] = []
    urls: list[str] = []


class Provenance(Model):
    """Where the record came from, as headers of raw say. `rank`: trust, 0 is the owner's own system."""

    url: str | None = None
    fetched_at: int = 0
    fingerprint: str = ""
    rank: int = 5


ISCO_08 = "isco08:"
"""Before the four digits of a unit group of ISCO-08, in the codes of `occupation`."""


class Derived(Model):
    """One derived value: which rule said so and the words that it found."""

    code: str
    score: float = 1.0
    rule: str
    evidence: str | None = None


class Posting(Model):
    """What one source states. A mapping fills what the source carries; the stamps at the end are canonicalise's."""

    kind: Kind = Kind.VACANCY
    status: Status = Status.ACTIVE
    status_reason: str | None = None

    title: Title = Title()
    description: Description = Description()
    ad_language: str | None = None

    organisation: Organisation | None = None
    consortium: list[Organisation] = empty(list)
    intermediary: Organisation | None = None

    locations: list[Location] = empty(list)
    workplace: Literal["onsite", "hybrid", "remote"] | None = None

    language_requirements: list[LanguageRequirement] = empty(list)
    employment_types: list[str] = empty(list)
    """`full_time`, `part_time`, `temporary`, `contractor`, `intern`, `volunteer`, `per_diem`, `other`."""
    contract: str | None = None
    """`permanent`, `fixed_term`, `temporary_with_prospect`, `secondment`, `on_call`."""
    hours: Hours | None = None
    salary: Salary | None = None
    positions: int | None = Field(default=None, ge=0)

    education_levels: list[str] = empty(list)
    """`mbo1` … `mbo4`, `associate`, `hbo`, `wo`, `phd`, `none`."""
    eqf_min: int | None = Field(default=None, ge=1, le=8)
    disciplines: list[str] = empty(list)
    functions: list[str] = empty(list)
    """The source's own words for occupation and field of work (`functions[]`, `workfields[]`, categories, tags)."""
    skills_asked: list[Line] = empty(list)
    """The source's own words for what one must be able to do, each a term and no sentence; `skills` are made of them."""
    must_be_enrolled: bool | None = None
    experience: Experience | None = None
    work_permit: str | None = None
    sponsorship: bool | None = None

    traineeship: Traineeship | None = None
    internship: Internship | None = None
    event: Event | None = None

    apply: Apply | None = None
    contact: Contact | None = None
    reference_number: str | None = None

    date_posted: AwareDatetime | None = None
    date_modified: AwareDatetime | None = None
    valid_through: AwareDatetime | None = None

    canonical_url: Url | None = None
    """The owner's page: what readers are sent to."""
    alternate_urls: list[AlternateUrl] = empty(list)
    image_url: Url | None = None
    echo: EchoHints | None = None
    field_origins: dict[str, str] = empty(dict)
    """Field → rule, where a value is a guess or a fall-back (`salary.period`: `noorderlink.salary.period_guess`)."""

    source: str = ""
    source_key: str = ""
    seq: int = 0
    first_seen: int = 0
    republish: Literal["yes", "link-only", "no"] = "yes"
    attribution: str | None = None
    provenance: Provenance = Provenance()


class DutchRequired(Model):
    value: Literal["yes", "no", "unknown"] = "unknown"
    rule: str | None = None
    evidence: str | None = None


class EnrichedPosting(Posting):
    """A posting with what the hub derives from it. There is no clock here: unify judges `expires_at` and `turns_at`."""

    expires_at: int | None = None
    """Unix ms; `valid_through`, an event's end, an intake deadline — whichever closes the posting."""
    turns_at: list[int] = empty(list)
    """Unix ms, in order: when each date of a recurring event is over and the next of `event.series.dates` is to be shown."""
    regions: list[RegionCode] = []
    dutch_required: DutchRequired = DutchRequired()
    sectors: list[Derived] = []
    audiences: list[Derived] = []
    occupation: list[Derived] = []
    """Unit groups of ISCO-08, `isco08:2512`. The match model's lexicon reads them from titles, so unify fills them in."""
    skills: list[Derived] = []
    flags: list[Derived] = []
    """`multi_employer`, `starter_friendly`, `internal_first`, …"""
    features: Features | None = None
