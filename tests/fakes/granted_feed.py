"""A feed of three sources that grant all, links only, and nothing: each opening told by every set of them, live and closed.

Every value that a source states holds a word that stands nowhere else, so whatever is shown can be traced to its source and
field. Cleaning, enrichers, engine and unify's ledger are the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from hub.domain.opportunity import Opportunity
from hub.domain.posting import (
    Apply,
    Contact,
    Description,
    EnrichedPosting,
    Event,
    Internship,
    Kind,
    Location,
    Organisation,
    Placement,
    Posting,
    Price,
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
from hub.domain.records import MatchOverride
from hub.enrich import clean, enrich, to_ghost
from hub.matching import ClockChange, Engine, MatchChange, PostingChange, features_of
from hub.streams.ledger import Ledger

GRANTS = {"granting": "yes", "linking": "link-only", "silent": "no"}
RANKS = {"silent": 0, "linking": 1, "granting": 2}
"""The less a source grants the more it is trusted here: rank must not help what may not be shown."""
CREDIT = {source: f"zqcredit{source}qz" for source in GRANTS}
OF_A_LINK = {"title", "employer", "place", "page"}
"""Fields whose words a link-only source grants; its dates hold no words."""
GROUPS = [group for size in (1, 2, 3) for group in combinations(GRANTS, size)]
KINDS = {False: (Kind.VACANCY, Kind.EVENT, Kind.TRAINEESHIP, Kind.COURSE), True: (Kind.VACANCY, Kind.EVENT)}
"""By whether every source has withdrawn it."""
WORD = re.compile(r"zq(granting|linking|silent)x([a-z]+)x([a-j]+)qz")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Opening:
    """`is_closed`: every source has withdrawn it."""

    number: int
    kind: Kind
    group: tuple[str, ...]
    is_closed: bool

    @property
    def keys(self) -> list[str]:
        return [key_of(source, self.number) for source in self.group]


OPENINGS = [
    Opening(number, kind, group, is_closed)
    for number, (kind, group, is_closed) in enumerate(
        (kind, group, is_closed) for is_closed, kinds in KINDS.items() for kind in kinds for group in GROUPS
    )
]


def key_of(source: str, number: int) -> str:
    return f"{source}:{word(source, 'key', number)}"


def word(source: str, field: str, number: int) -> str:
    """Of letters alone, so that no enricher takes it for a number, a date or an address."""
    return f"zq{source}x{field}x{''.join(chr(ord('a') + int(digit)) for digit in str(number))}qz"


def records() -> list[Opportunity]:
    """What unify would have written, in order: everything live, then what closing changes."""
    engine, ledger = Engine(), Ledger()
    found: list[Opportunity] = []
    for changes in ([ClockChange(NOW_MS), *_told(), *_joined()], list(_withdrawn())):
        for one in ledger.differences(engine.apply(changes)):
            ledger.read(one)
            found.append(one)
    return found


def _told() -> Iterator[PostingChange]:
    for opening in OPENINGS:
        for source in opening.group:
            posting = _posting(source, opening)
            yield PostingChange(posting.source_key, posting.to_bytes())


def _joined() -> Iterator[MatchChange]:
    word_ = MatchOverride(op="link", who="test", when=NOW_MS)
    for opening in OPENINGS:
        for first, second in combinations(sorted(opening.keys), 2):
            yield MatchChange(first, second, word_)


def _withdrawn() -> Iterator[PostingChange]:
    for opening in OPENINGS:
        for source in opening.group if opening.is_closed else ():
            ghost = to_ghost(_posting(source, opening)).model_copy(update={"status": Status.WITHDRAWN, "seq": NOW_MS})
            yield PostingChange(ghost.source_key, ghost.to_bytes())


def _posting(source: str, opening: Opening) -> EnrichedPosting:
    cleaned = clean(_stated(source, opening), contacts="drop")
    enriched = enrich(cleaned)
    return enriched.model_copy(update={"features": features_of(enriched)})


def _stated(source: str, opening: Opening) -> Posting:
    def said(field: str) -> str:
        return word(source, field, opening.number)

    def page(field: str) -> str:
        return f"https://{source}.example/{said(field)}"

    def organisation(field: str) -> Organisation:
        return Organisation(name=f"{said(field)} Noord", description=said("about"), logo_url=page("logo"), sector=said("branch"))

    start = NOW + timedelta(days=40 + opening.number)
    is_event = opening.kind in (Kind.EVENT, Kind.COURSE)
    seen = NOW_MS - 86_400_000 * (1 + list(GRANTS).index(source))
    return Posting(
        kind=opening.kind,
        source=source,
        source_key=key_of(source, opening.number),
        seq=seen,
        first_seen=seen,
        republish=GRANTS[source],
        attribution=CREDIT[source],
        provenance=Provenance(url=page("page"), rank=RANKS[source]),
        title=Title(nl=Text(text=f"Medewerker {said('title')}"), en=Text(text=f"Employee {said('title')}")),
        description=Description(
            nl=RichText(
                html=f"<p>Je werkt met {said('body')} in een laboratorium; hbo is nodig. Goede kennis van het Nederlands.</p>"
            ),
            en=RichText(html=f"<p>You work with {said('body')} in a laboratory. You speak Dutch fluently.</p>"),
        ),
        organisation=organisation("employer"),
        consortium=[organisation("consortium")],
        intermediary=None if opening.number % 2 else organisation("agency"),
        locations=[Location(place=f"{said('place')}", country="NL"), Location(place="Groningen", country="NL")],
        salary=Salary(
            min=2_900, max=3_100, currency="EUR", period="month", as_stated=said("pay"), cao=said("cao"), scale=said("scale")
        ),
        contract="permanent",
        education_levels=["hbo"],
        disciplines=[said("discipline")],
        functions=[said("function")],
        work_permit=said("permit"),
        traineeship=Traineeship(
            duration_months=24,
            cohort_start=date(2027, 9, 1),
            training_days=said("training"),
            placements=[Placement(organisation=said("placement"), months=8, role=said("role"))],
        ),
        internship=Internship(supervision=said("supervision"), allowance=Salary(as_stated=said("allowance"))),
        event=_event(said, page, start) if is_event else None,
        apply=Apply(method="url", url=page("apply")),
        contact=Contact(name=f"Jan {said('contact').capitalize()}", email=f"jan.{said('contact')}@{source}.example"),
        reference_number=said("reference").upper(),
        date_posted=NOW - timedelta(days=3),
        valid_through=NOW + timedelta(days=60),
        canonical_url=page("page"),
        image_url=page("image"),
        status_reason=said("reason"),
    )


def _event(said, page, start: datetime) -> Event:
    return Event(
        start=start,
        end=start + timedelta(hours=2),
        timezone="Europe/Amsterdam",
        status="rescheduled",
        status_reason=said("whymoved"),
        previous_starts=[start - timedelta(days=7)],
        attendance_mode="mixed",
        venue=Venue(
            name=said("venue"), location=Location(place="Groningen", street=f"{said('street')} 1"), url=page("venuepage")
        ),
        online_url=page("online"),
        registration_url=page("registration"),
        prices=[Price(amount=5, currency="EUR", audience=said("audience"), as_stated=said("price"))],
        series=Series(uid=said("uid")),
    )
