"""A small universe of openings, and how platforms tell of them: everything that matching weighs, few values of each.

Eight openings of three employers look alike on purpose: two departments of one ward, two dates of one event, one title at
two employers. A `Shape` is one platform's telling of one of them (wording, alias, what it leaves out, what it gets
wrong), so two postings share evidence of every kind, and seldom all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from fakes.postings import BASE

from hub.domain.keys import opportunity_id
from hub.domain.posting import (
    Apply,
    Description,
    EchoHints,
    EnrichedPosting,
    Event,
    Hours,
    Kind,
    Location,
    Organisation,
    Provenance,
    RichText,
    Salary,
    Series,
    Status,
    Text,
    Title,
    Venue,
)
from hub.domain.series import turns_at
from hub.enrich import to_bare, to_ghost
from hub.matching import features_of

PLATFORM_HOSTS = {"a.example": "a", "b.example": "b"}
RANKS = {"a": 5, "b": 2, "c": 5, "d": 0}
EVERYTHING = frozenset({"url", "reference", "place", "body", "closing", "hours"})
SHOWN: tuple[frozenset[str], ...] = (
    EVERYTHING,
    EVERYTHING - {"url"},
    EVERYTHING - {"url", "reference"},
    EVERYTHING - {"url", "reference"},
    EVERYTHING - {"url", "reference", "body"},
    EVERYTHING - {"url", "reference", "place"},
    frozenset({"place", "closing"}),
    frozenset({"url"}),
    frozenset(),
)
PLACES = (
    Location(place="Groningen", municipality="GM0014", municipality_name="Groningen", lat=53.219, lng=6.566, precision="place"),
    Location(place="Emmen", municipality="GM0114", municipality_name="Emmen", lat=52.785, lng=6.897, precision="place"),
    Location(place="Haren", municipality="GM0014", municipality_name="Groningen", lat=53.172, lng=6.605, precision="place"),
)
ALIASES = (
    ("Stichting Noordelijk Medisch Centrum", "NMC", "Noordelijk Medisch Centrum (NMC)"),
    ("Gemeente Veenwolde", "Municipality of Veenwolde", "Gem. Veenwolde"),
    ("Hogeschool Waddenkust B.V.", "Waddenkust University of Applied Sciences", "Hogeschool Waddenkust"),
)
SENTENCES = {
    "nl": (
        "Op onze afdeling zorg je samen met twaalf collega's voor mensen met hartklachten.",
        "Je werkt in wisselende diensten en leidt elke week een overleg over de planning.",
        "Wij vragen een afgeronde opleiding en ervaring met het dossier van de patiënt.",
        "Voor vragen belt u 050 361 4711 en vraagt u naar het team werving.",
        "Het salaris volgt de cao en bedraagt ten hoogste 4215 euro in schaal negen.",
        "Je schrijft plannen voor sloten, dijken en gemalen tussen de Hunze en de zee.",
        "Studenten begeleid je bij hun eerste programma en bij projecten met bedrijven.",
        "Onze systemen draaien op Linux en je bouwt diensten in Python en in Go.",
    ),
    "en": (
        "On our ward you care for people with heart complaints together with twelve colleagues.",
        "You work in shifts and chair a weekly meeting about the planning of the ward.",
        "We ask for a finished degree and experience with the patient's record.",
        "If you have questions please call 050 361 4711 and ask for recruitment.",
        "The salary follows the collective agreement with at most 4215 euro in scale nine.",
        "You write plans for ditches, dikes and pumping stations between Hunze and sea.",
        "You guide students through their first program and in projects with companies.",
        "Our systems run on Linux and you build services in Python and in Go.",
    ),
}


@dataclass(frozen=True, slots=True)
class Opening:
    """`titles`: Dutch, English, Dutch as another platform writes it."""

    employer: int
    titles: tuple[str, str, str]
    place: int
    url: str
    reference: str
    sentences: tuple[int, ...]
    closes_day: int
    kind: Kind = Kind.VACANCY
    starts_day: int | None = None


OPENINGS = (
    Opening(
        0,
        ("Verpleegkundige cardiologie", "Nurse cardiology", "Verpleegkundige Cardiologie (m/v/x) 32 uur"),
        0,
        "https://werkenbij.nmc.example/vacatures/verpleegkundige-4711",
        "NMC-2026-014",
        (0, 1, 2, 3, 4),
        30,
    ),
    Opening(
        0,
        ("Verpleegkundige neurologie", "Nurse neurology", "Verpleegkundige afdeling neurologie"),
        0,
        "https://werkenbij.nmc.example/vacatures/verpleegkundige-4712",
        "NMC-2026-015",
        (1, 2, 3, 4),
        30,
    ),
    Opening(
        0,
        ("Softwareontwikkelaar", "Software developer", "Software developer (fulltime)"),
        0,
        "https://werkenbij.nmc.example/vacatures/ontwikkelaar-4800",
        "NMC-2026-020",
        (7, 2, 4),
        44,
    ),
    Opening(
        1,
        ("Beleidsmedewerker water", "Policy officer water", "Beleidsadviseur water"),
        1,
        "https://veenwolde.recruitee.com/o/beleidsmedewerker-water",
        "VW-88-1201",
        (5, 2, 4),
        30,
    ),
    Opening(
        2,
        ("Softwareontwikkelaar", "Software developer", "Ontwikkelaar software"),
        0,
        "https://boards.greenhouse.io/waddenkust/jobs/990017",
        "HWK-3017",
        (7, 6, 2),
        58,
    ),
    Opening(
        2,
        ("Traineeship techniek", "Engineering traineeship", "Trainee techniek"),
        0,
        "https://boards.greenhouse.io/waddenkust/jobs/990018",
        "HWK-3018",
        (6, 7),
        44,
        Kind.TRAINEESHIP,
    ),
    Opening(
        2,
        ("Open dag techniek", "Open day engineering", "Open Dag Techniek"),
        0,
        "https://waddenkust.example/agenda/open-dag-2026-11",
        "",
        (6,),
        40,
        Kind.EVENT,
        40,
    ),
    Opening(
        2,
        ("Open dag techniek", "Open day engineering", "Open Dag Techniek"),
        0,
        "https://waddenkust.example/agenda/open-dag-2026-12",
        "",
        (6,),
        47,
        Kind.EVENT,
        47,
    ),
)


@dataclass(frozen=True, slots=True, repr=False)
class Shape:
    """One platform's telling of `opening`. The smallest values are the plainest telling."""

    opening: int = 0
    wording: int = 0
    """0 Dutch, 1 English, 2 Dutch in other words."""
    alias: int = 0
    shown: int = 0
    body: int = 0
    """0 whole, 1 cut off, 2 with a sentence of another opening."""
    drift: int = 0
    """What it gets wrong or what has changed: 1 place, 2 dates, 3 reference, 4 level, 5 employer, 6 kind, 7 the address."""
    note: int = 0
    """Nothing that matching weighs, but readers see it."""
    echo: str = ""
    """`id:KEY`: carries that posting's opportunity id; `page:KEY`: stands on that posting's own page."""

    def but(self, **values: Any) -> Shape:
        return replace(self, **values)

    def __repr__(self) -> str:
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return "(" + " ".join(f"{name}={value}" for name, value in told.items() if value) + ")"


@lru_cache(maxsize=50_000)
def template(key: str, shape: Shape, status: Status) -> EnrichedPosting:
    """The posting without its stamps; a withdrawn one is the ghost that enrich leaves, an erased one is bare."""
    source = key.partition(":")[0]
    posting = EnrichedPosting(
        **_told(shape),
        status=status,
        source=source,
        source_key=key,
        seq=0,
        first_seen=0,
        image_url=f"https://{source}.example/{shape.note}.png" if shape.note else None,
        positions=shape.note or None,
        provenance=Provenance(url=own_page(key), rank=RANKS[source]),
        republish="link-only" if source == "c" else "no" if key == "a:5" else "yes",
        echo=EchoHints(opportunity_ids=[opportunity_id(shape.echo[3:])]) if shape.echo.startswith("id:") else None,
        canonical_url=own_page(shape.echo[5:]) if shape.echo.startswith("page:") else None,
    )
    if status is Status.ERASED:
        return to_bare(posting)
    posting = posting.model_copy(update={"features": features_of(posting)})
    return to_ghost(posting) if status is Status.WITHDRAWN else posting


def told(key: str, shape: Shape, status: Status, seq: int, first_seen: int) -> bytes:
    """The record of one version, as enrich writes it."""
    return template(key, shape, status).model_copy(update={"seq": seq, "first_seen": first_seen}).to_bytes()


def own_page(key: str) -> str:
    source, _, native = key.partition(":")
    return f"https://{source}.example/vacature/{native}00{native}-functie"


def _told(shape: Shape) -> dict[str, Any]:
    opening, shown = OPENINGS[shape.opening], SHOWN[shape.shown]
    lang = "en" if shape.wording == 1 else "nl"
    title = ("Senior " if shape.drift == 4 else "") + opening.titles[shape.wording]
    employer = ALIASES[(opening.employer + (shape.drift == 5)) % len(ALIASES)][shape.alias]
    late = 35 if shape.drift == 2 else 0
    reference = opening.reference + "9" * (shape.drift == 3)
    url = opening.url + "1" * (shape.drift == 7)
    values: dict[str, Any] = {
        "kind": _kind(opening, shape),
        "ad_language": lang,
        "title": Title(**{lang: Text(text=title)}),
        "organisation": Organisation(name=employer),
        "date_posted": _day(late),
    }
    if opening.starts_day is not None:
        values["event"] = event = _event(opening, shape)
        values["turns_at"] = turns_at(event)
    if "body" in shown:
        values["description"] = Description(**{lang: RichText(html="<p>", text=_body(opening, shape, lang))})
    if "place" in shown:
        values["locations"] = [PLACES[(opening.place + (shape.drift == 1)) % len(PLACES)]]
    if "closing" in shown:
        closes = _day(opening.closes_day + late)
        values |= {"valid_through": closes, "expires_at": int(closes.timestamp() * 1000)}
    if "hours" in shown:
        values |= {"hours": Hours(min=32, max=36), "salary": Salary(min=3000, max=4215, currency="EUR", period="month")}
    if "url" in shown:
        values["apply"] = Apply(method="url", url=url)
    if "reference" in shown and reference:
        values["reference_number"] = reference
    return values


def _kind(opening: Opening, shape: Shape) -> Kind:
    if shape.drift != 6:
        return opening.kind
    return Kind.COURSE if opening.kind is Kind.EVENT else Kind.INTERNSHIP


def _event(opening: Opening, shape: Shape) -> Event:
    start = _day((opening.starts_day or 0) + (7 if shape.drift == 2 else 0)) + timedelta(minutes=15 * (shape.body == 1))
    return Event(
        start=start,
        end=start + timedelta(hours=3),
        venue=Venue(name="Zernikeplein 11"),
        series=Series(uid=f"series-{opening.employer}", dates=[start + timedelta(days=7)]) if shape.alias == 0 else None,
    )


def _body(opening: Opening, shape: Shape, lang: str) -> str:
    numbers = opening.sentences
    if shape.body == 1:
        numbers = numbers[: max(1, len(numbers) // 2)]
    elif shape.body == 2:
        numbers = (*numbers, (numbers[-1] + 1) % len(SENTENCES["nl"]))
    return "\n".join(SENTENCES[lang][number] for number in numbers)


def _day(number: int) -> datetime:
    return datetime.fromtimestamp(BASE / 1000, UTC) + timedelta(days=number)
