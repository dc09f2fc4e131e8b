"""The hard pairs of `tests/corpora/hard_pairs/*.toml` as enriched postings.

    for pair, first, second in load_pairs():
        ...

A side of a pair is a posting in short form (`Side`). It goes the way of the pipeline: cleaned, enriched from its own
text, given its features, and made a ghost when it is withdrawn. The split is a hash of the id, so nobody can choose it.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field

from hub.domain.keys import source_key
from hub.domain.model import Model
from hub.domain.posting import (
    Apply,
    Description,
    EnrichedPosting,
    Event,
    Hours,
    Kind,
    Lang,
    Location,
    Organisation,
    Posting,
    Provenance,
    RichText,
    Salary,
    Series,
    Status,
    Text,
    Title,
    Traineeship,
    Venue,
)
from hub.enrich import clean, enrich, to_ghost
from hub.enrich.safe_html import from_text
from hub.matching import features_of

FOLDER = Path(__file__).parents[2] / "tests" / "corpora" / "hard_pairs"
RANKS = {"vonk": 3, "noorderlink": 4, "traineelink": 4, "miitn": 5}
"""Trust in each source, as its connector's manifest states it."""
SPLIT = 3
"""One id in three is held out."""


class Written(Model):
    """Of a file written by hand: a name that is not known is a slip of the pen."""

    model_config = ConfigDict(extra="forbid")


class EventSide(Written):
    start: datetime
    end: datetime | None = None
    venue: str | None = None
    venue_place: str | None = None
    series: str | None = None
    recurrence: str | None = None
    previous_starts: list[datetime] = []
    status: Literal["scheduled", "cancelled", "postponed", "rescheduled", "moved_online"] = "scheduled"
    online: bool = False
    all_day: bool = False
    registration_url: str | None = None


class Side(Written):
    """A posting in short form; README.md of the corpora explains each field."""

    source: Literal["noorderlink", "miitn", "traineelink", "vonk"]
    lang: Lang = "nl"
    title: str | None = None
    title_nl: str | None = None
    title_en: str | None = None
    text: str | None = None
    text_nl: str | None = None
    text_en: str | None = None
    kind: Kind = Kind.VACANCY
    employer: str | None = None
    employer_domain: str | None = None
    intermediary: str | None = None
    consortium: list[str] = []
    place: str | list[str] = []
    remote: bool = False
    hours: list[float] | None = Field(default=None, min_length=1, max_length=2)
    salary: Salary | None = None
    contract: str | None = None
    education: list[str] = []
    reference: str | None = None
    posted: date = date(2026, 10, 5)
    closes: date | None = None
    cohort_start: date | None = None
    duration_months: int | None = None
    apply_url: str | None = None
    page_url: str | None = None
    event: EventSide | None = None
    status: Status = Status.ACTIVE
    native_id: str | None = None


class Pair(Written):
    id: str = Field(pattern=r"^[a-z_]+-\d{3}$")
    same: bool
    why: str
    wrong_by: list[str]
    a: Side
    b: Side

    @property
    def stratum(self) -> str:
        return self.id.rpartition("-")[0]

    @property
    def is_held_out(self) -> bool:
        return is_held_out(self.id)


def is_held_out(pair_id: str) -> bool:
    """Whether a pair is kept from tuning; fixed by its id for ever."""
    return hashlib.sha256(pair_id.encode()).digest()[0] % SPLIT == 0


def read_pairs(folder: Path = FOLDER) -> Iterator[Pair]:
    """Every pair as written, file by file in the order of their names."""
    for path in sorted(folder.glob("*.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["pair"]:
            yield Pair(**table)


def load_pairs(folder: Path = FOLDER) -> Iterator[tuple[Pair, EnrichedPosting, EnrichedPosting]]:
    """Every pair with its two postings as unify receives them."""
    for pair in read_pairs(folder):
        yield pair, to_enriched(pair.a, f"{pair.id}-a"), to_enriched(pair.b, f"{pair.id}-b")


def to_enriched(side: Side, native_id: str) -> EnrichedPosting:
    """The posting as the enrich stage puts it out: a ghost when `side` is withdrawn."""
    live = to_live(side, native_id)
    return to_ghost(live) if side.status is Status.WITHDRAWN else live


def to_live(side: Side, native_id: str) -> EnrichedPosting:
    """The same with its texts, whatever its status: what the simple matchers read."""
    enriched = enrich(clean(to_posting(side, native_id), contacts="drop"))
    return enriched.model_copy(update={"features": features_of(enriched)})


def to_posting(side: Side, native_id: str) -> Posting:
    native = side.native_id or native_id
    seen = _millis(side.posted)
    page = side.page_url or f"https://{side.source}.example/vacature/{native}"
    return Posting(
        kind=side.kind,
        status=side.status,
        title=Title(**{lang: Text(text=text) for lang, text in _by_language(side, "title").items()}),
        description=Description(
            **{lang: RichText(html=from_text(text), text=text) for lang, text in _by_language(side, "text").items()}
        ),
        ad_language=side.lang,
        organisation=Organisation(name=side.employer, domain=side.employer_domain) if side.employer else None,
        intermediary=Organisation(name=side.intermediary) if side.intermediary else None,
        consortium=[Organisation(name=name) for name in side.consortium],
        locations=[Location(place=name) for name in ([side.place] if isinstance(side.place, str) else side.place)],
        workplace="remote" if side.remote else None,
        hours=Hours(min=side.hours[0], max=side.hours[-1]) if side.hours else None,
        salary=side.salary,
        contract=side.contract,
        education_levels=side.education,
        reference_number=side.reference,
        traineeship=_traineeship(side),
        event=_event(side.event) if side.event else None,
        apply=Apply(method="url", url=side.apply_url) if side.apply_url else None,
        date_posted=datetime.combine(side.posted, time(8), UTC),
        valid_through=datetime.combine(side.closes, time(22, 59, 59), UTC) if side.closes else None,
        canonical_url=page,
        source=side.source,
        source_key=source_key(side.source, native),
        seq=seen,
        first_seen=seen,
        provenance=Provenance(url=page, fetched_at=seen, rank=RANKS[side.source]),
    )


def _by_language(side: Side, field: str) -> dict[str, str]:
    """`title` stands in the slot of `lang`; `title_nl` and `title_en` stand in their own."""
    texts = {"nl": getattr(side, f"{field}_nl"), "en": getattr(side, f"{field}_en")}
    texts[side.lang] = texts[side.lang] or getattr(side, field)
    return {lang: text.strip() for lang, text in texts.items() if text}


def _traineeship(side: Side) -> Traineeship | None:
    if side.cohort_start is None and side.duration_months is None:
        return None
    return Traineeship(cohort_start=side.cohort_start, duration_months=side.duration_months)


def _event(side: EventSide) -> Event:
    values: dict[str, Any] = side.model_dump(include={"start", "end", "all_day", "status", "previous_starts", "registration_url"})
    located = Location(place=side.venue_place) if side.venue_place else None
    return Event(
        **values,
        timezone="Europe/Amsterdam",
        attendance_mode="online" if side.online else None,
        venue=Venue(name=side.venue, location=located) if side.venue or located else None,
        series=Series(uid=side.series, recurrence_id=side.recurrence) if side.series else None,
    )


def _millis(day: date) -> int:
    return int(datetime.combine(day, time(8), UTC).timestamp() * 1000)
