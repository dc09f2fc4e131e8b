"""Postings to measure matching by: as the enrich stage writes them, made fast, any number, the same for the same seed.

Invented employers (one per sixty postings, few of them large), the region's towns, occupations of the model's tables in two
languages, bodies out of sentence pools. An opening is listed on 2.2 of four boards in the mean: some in the other language,
cut short, under another spelling of the employer, a day apart. The truth is not asked here; ops/match_report judges quality.
Features are those of the enrich stage, a body's made once for all boards that show it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import orjson
import zstandard

from hub.domain.keys import source_key
from hub.domain.posting import EnrichedPosting
from hub.matching import default_parts, features_of

SOURCES = (("miitn", 5), ("noorderlink", 4), ("traineelink", 4), ("vonk", 3))
"""Boards and their rank of trust."""
HOSTS = {f"{source}.example": source for source, _ in SOURCES}
LISTED = (1,) * 30 + (2,) * 35 + (3,) * 20 + (4,) * 15
"""On how many boards an opening stands; 2.2 in the mean."""
POSTINGS_AN_EMPLOYER = 60
FIRST_DAY = 20_700
"""Days since 1970-01-01; a day of September 2026."""
DAY_MS = 86_400_000
OF_TEXT = {"bodies", "figures", "names", "units", "occupations", "facts"}
"""Features that come of the text alone."""
MONTHS = ("januari", "maart", "april", "mei", "juni", "september", "oktober", "november")
DECORATIONS = (*[""] * 14, " (m/v/x)", " - {place}", " {hours} uur", " | {employer}", " (m/v) {hours} u", " regio {place}")
LEVELS = (*[""] * 16, "Junior ", "Senior ", "Senior ", "Medior ")
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STORE = ROOT / "build" / "bench"
CODE = (
    *(Path(__file__), HERE / "matching_texts.toml", ROOT / "hub/domain/posting.py"),
    *(
        ROOT / "hub/matching" / name
        for name in ("features.py", "bodies.py", "counts.py", "units.py", "occupations.py", "addresses/keys.py")
    ),
)
TEXTS: dict[str, Any] = tomllib.loads((HERE / "matching_texts.toml").read_text(encoding="utf-8"))


class Town(NamedTuple):
    name: str
    municipality: str
    lat: float
    lng: float


class Made(NamedTuple):
    """A posting's key, the JSON of its EnrichedPosting, and the opening that it is of."""

    key: str
    value: bytes
    opening: int


@dataclass(frozen=True, slots=True)
class Employer:
    names: tuple[str, str, str]
    """As its own system writes it, short or translated, in capitals."""
    host: str
    titles: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    towns: tuple[Town, ...]
    about: tuple[str, str]


class Body(NamedTuple):
    text: str
    features: dict[str, Any]
    """Those of `OF_TEXT`."""


def stored_postings(count: int) -> Iterator[Made]:
    """As `postings`, kept packed under `build/`: a name holds a hash of the code, so that a stale file is never read."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in CODE)).hexdigest()[:12]
    path = STORE / f"postings-{count}-{digest}.zst"
    if not path.is_file():
        STORE.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".new")
        with zstandard.open(scratch, "wb") as file:
            for made in postings(count):
                file.write(b"%d\t%s\t%s\n" % (made.opening, made.key.encode(), made.value))
        scratch.replace(path)
    with zstandard.open(path, "rb") as file:
        for line in io.BufferedReader(file, 1 << 20):
            opening, key, value = line.rstrip(b"\n").split(b"\t", 2)
            yield Made(key.decode(), value, int(opening))


def postings(count: int, seed: int = 1) -> Iterator[Made]:
    """`count` postings, opening by opening."""
    chance = Random(seed)
    employers = _employers(max(12, count // POSTINGS_AN_EMPLOYER), chance)
    made = opening = 0
    while made < count:
        employer = employers[int(len(employers) * chance.random() ** 1.5)]  # few are large
        for value in _listings(opening, employer, chance):
            if made < count:
                yield value
            made += 1
        opening += 1


def _employers(count: int, chance: Random) -> list[Employer]:
    rows = TEXTS["employers"]
    occupations, towns = _occupations(), _towns()
    onsets, middles, ends = rows["onsets"], rows["middles"], rows["ends"]
    made = []
    for number in range(count):
        # A step that shares no factor with the number of words visits each of them once.
        at = number * 7_919 % (len(onsets) * len(middles) * len(ends))
        word = onsets[at % len(onsets)] + middles[at // len(onsets) % len(middles)] + ends[at // len(onsets) // len(middles)]
        full, short, sector = chance.choice(rows["patterns"])
        names = full.format(word), short.format(word), full.format(word).upper()
        titles = tuple(chance.sample(occupations[sector], min(30, len(occupations[sector]))))
        weights = range(len(towns), 0, -1)
        about = _sentence("work", "nl", chance), _sentence("work", "en", chance)
        made.append(Employer(names, f"{word.lower()}.nl", titles, tuple(chance.choices(towns, weights, k=3)), about))
    return made


def _occupations() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Sector → rows of Dutch and English labels, some forty-five, spread over the table."""
    found = {}
    for name, text in default_parts().items():
        if name.startswith("occupations_"):
            rows = [line.split("\t")[1:] for line in text.splitlines() if line and not line.startswith("#")]
            pairs = [(_labels(nl), _labels(en)) for nl, en in rows]
            found[name.removeprefix("occupations_")] = pairs[:: max(1, len(pairs) // 45)]
    return found


def _labels(cell: str) -> tuple[str, ...]:
    return tuple(label.strip().capitalize() for label in cell.split(";"))[:3]


def _towns() -> list[Town]:
    """The north's places, the largest first."""
    text = (resources.files("hub.enrich") / "data" / "places_north.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: -int(row["population"] or 0))
    return [Town(row["name"], row["municipality"], float(row["lat"]), float(row["lng"])) for row in rows[:80]]


def _sentence(kind: str, language: str, chance: Random) -> str:
    pool = TEXTS[language]
    words = {name: chance.choice(pool[name]) for name in ("field", "client", "role")}
    numbers = {"number": chance.randrange(2, 60), "hour": f"{chance.randrange(6, 10)}:{chance.choice(('00', '15', '30'))}"}
    shared = {name: chance.choice(TEXTS["shared"][name]) for name in ("tool", "project")}
    day, month = chance.randrange(1, 29), chance.choice(MONTHS)
    sentence: str = chance.choice(pool[kind]).format(**words, **numbers, **shared, day=day, month=month)
    return sentence


def _body(employer: Employer, language: str, chance: Random) -> str:
    parts = [_sentence("work", language, chance) for _ in range(chance.randrange(5, 9))]
    parts += [employer.about[language == "en"]]
    parts += [_sentence("ask", language, chance) for _ in range(3)]
    parts += [_sentence("offer", language, chance) for _ in range(2)]
    return "\n".join(parts)


def _read(text: str, language: str) -> Body:
    description = {language: {"html": _html(text), "text": text}}
    features = features_of(EnrichedPosting.model_validate({"description": description}))
    return Body(text, features.model_dump(include=OF_TEXT))


@dataclass(slots=True)
class _Opening:
    number: int
    employer: Employer
    town: Town
    labels: tuple[tuple[str, ...], tuple[str, ...]]
    level: str
    posted: int
    closes: int | None
    hours: int
    pay: tuple[int, int] | None
    reference: str | None
    apply: str | None
    bodies: dict[tuple[str, bool], Body]
    """By language and whether cut short."""


def _listings(number: int, employer: Employer, chance: Random) -> Iterator[Made]:
    posted = FIRST_DAY + chance.randrange(90)
    low = chance.randrange(2_200, 5_400, 50)
    reference = f"{chance.choice(('VAC', 'R', 'JR'))}-{10_000 + number}" if chance.random() < 0.4 else None
    opening = _Opening(
        number=number,
        employer=employer,
        town=chance.choice(employer.towns),
        labels=chance.choice(employer.titles),
        level=chance.choice(LEVELS),
        posted=posted,
        closes=posted + chance.randrange(14, 60) if chance.random() < 0.8 else None,
        hours=chance.choice((16, 20, 24, 28, 32, 32, 36, 36, 36, 40)),
        pay=(low, low + chance.randrange(400, 1_600, 50)) if chance.random() < 0.6 else None,
        reference=reference,
        apply=f"https://werkenbij{employer.host}/vacature/{100_000 + number}" if chance.random() < 0.5 else None,
        bodies={},
    )
    for board in sorted(chance.sample(range(len(SOURCES)), chance.choice(LISTED))):
        yield _listing(opening, board, chance)


def _listing(opening: _Opening, board: int, chance: Random) -> Made:
    (source, rank), employer, town = SOURCES[board], opening.employer, opening.town
    key = source_key(source, f"{opening.number}")
    language = "en" if chance.random() < (0.7 if source == "miitn" else 0.1) else "nl"
    name = None if chance.random() < 0.02 else employer.names[chance.choice((0, 0, 0, 1, 1, 2))]
    labels = opening.labels[language == "en"]
    decoration = chance.choice(DECORATIONS).format(place=town.name, hours=opening.hours, employer=name or "")
    title = f"{opening.level}{labels[0] if chance.random() < 0.8 else chance.choice(labels)}{decoration}"
    posted = opening.posted + chance.choice((0, 0, 0, 1, 2, 4))
    body = _body_of(opening, language, source == "vonk", chance)
    moment = posted * DAY_MS + 8 * 3_600_000
    page = f"https://{source}.example/vacature/{opening.number}-{_slug(opening.labels[0][0])}"
    stated = {
        "reference": opening.reference if chance.random() < 0.7 else None,
        "apply": opening.apply if chance.random() < 0.7 else None,
        "pay": opening.pay if chance.random() < 0.7 else None,
        "closes": opening.closes,
    }
    posting = {
        "kind": "vacancy",
        "status": "active",
        "title": {language: {"text": title, "origin": "source"}},
        "ad_language": language,
        "organisation": {"name": name} if name else None,
        "locations": [_location(town)],
        "workplace": "onsite",
        "employment_types": ["part_time" if opening.hours < 36 else "full_time"],
        "contract": "fixed_term",
        "hours": {"min": float(opening.hours), "max": float(opening.hours)},
        "salary": _salary(stated["pay"]),
        "education_levels": ["hbo"] if opening.number % 2 else ["mbo4"],
        "apply": {"method": "url", "url": stated["apply"]} if stated["apply"] else None,
        "reference_number": stated["reference"],
        "date_posted": _rfc3339(posted, "08:00:00"),
        "valid_through": _rfc3339(opening.closes, "21:59:59") if opening.closes else None,
        "canonical_url": page,
        "source": source,
        "source_key": key,
        "seq": moment,
        "first_seen": moment,
        "provenance": {"url": page, "fetched_at": moment, "fingerprint": "sha256:generated", "rank": rank},
        "expires_at": (opening.closes + 1) * DAY_MS if opening.closes else None,
        "regions": [{"scheme": "nuts3", "code": "NL111"}, {"scheme": "province", "code": "PV20"}],
        "dutch_required": {"value": "yes" if language == "nl" else "unknown", "rule": "dutch.language_of_text"},
        "sectors": [{"code": "Q", "score": 0.8, "rule": "sectors.title", "evidence": title}],
        "audiences": [{"code": "professional", "score": 0.5, "rule": "audiences.default"}],
    }
    return Made(key, _with_features(posting, body, language), opening.number)


def _with_features(posting: dict[str, Any], body: Body, language: str) -> bytes:
    """JSON with features: those of the text from `body`, the others from the posting without it."""
    posting = _without_none(posting)
    others = features_of(EnrichedPosting.model_validate(posting)).model_dump(exclude_none=True)
    text = {language: {"html": _html(body.text), "text": body.text, "origin": "source"}}
    return orjson.dumps({**posting, "description": text, "features": {**others, **body.features}})


def _body_of(opening: _Opening, language: str, is_cut: bool, chance: Random) -> Body:
    whole = opening.bodies.get((language, False))
    if whole is None:
        whole = opening.bodies[language, False] = _read(_body(opening.employer, language, chance), language)
    if not is_cut:
        return whole
    cut = opening.bodies.get((language, True))
    if cut is None:
        cut = opening.bodies[language, True] = _read("\n".join(whole.text.split("\n")[:6]), language)
    return cut


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z]+", text.lower()))


def _html(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n"))


def _location(town: Town) -> dict[str, Any]:
    return {
        "place": town.name,
        "municipality": town.municipality,
        "country": "NL",
        "lat": town.lat,
        "lng": town.lng,
        "precision": "place",
    }


def _salary(pay: tuple[int, int] | None) -> dict[str, Any] | None:
    return {"min": float(pay[0]), "max": float(pay[1]), "currency": "EUR", "period": "month"} if pay else None


def _without_none(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if value is not None}


def _rfc3339(day: int, time: str) -> str:
    return f"{date(1970, 1, 1) + timedelta(days=day)}T{time}Z"
