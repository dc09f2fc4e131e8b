"""Place, postcode or coordinates → municipality (CBS code), province and coordinates, cached by distinct input.

A name decides first, since that is what a person reads; among namesakes the stated province decides, then the
postcode, then the nearest, then the North. What the source says is kept; a municipality that contradicts the place is
replaced and the replacement is noted. Coordinates alone are the last resort. Places outside the North are valid: they
have a province and no municipality.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import Any

from hub.domain.posting import Location
from hub.enrich.reference import load_rows, load_toml

PROVINCES = {
    **{
        "PV20": "Groningen",
        "PV21": "Fryslân",
        "PV22": "Drenthe",
        "PV23": "Overijssel",
        "PV24": "Flevoland",
        "PV25": "Gelderland",
    },
    **{
        "PV26": "Utrecht",
        "PV27": "Noord-Holland",
        "PV28": "Zuid-Holland",
        "PV29": "Zeeland",
        "PV30": "Noord-Brabant",
        "PV31": "Limburg",
    },
}
NORTH = frozenset({"PV20", "PV21", "PV22"})
_NEAREST_KM = 8.0


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    municipality: str | None
    province: str
    lat: float | None
    lng: float | None
    weak: bool = False
    population: int = 0


@dataclass(frozen=True, slots=True)
class Municipality:
    code: str
    name: str
    province: str
    lat: float | None
    lng: float | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is known of a location. `rule` says how it was found."""

    rule: str
    municipality: str | None = None
    province: str | None = None
    lat: float | None = None
    lng: float | None = None
    precision: str | None = None


def fold(name: str) -> str:
    """Lower case without accents, apostrophes, dots and hyphens: `Sint-Annaparochie` = `st annaparochie`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    plain = re.sub(r"['`.]", "", re.sub(r"[-_/]", " ", plain))
    return re.sub(r"^st ", "sint ", " ".join(plain.split()))


def _load() -> tuple[dict[str, Municipality], dict[str, list[Place]], list[Place]]:
    crosswalk = load_toml("crosswalk.toml")
    by_name: dict[str, list[Place]] = defaultdict(list)
    located: list[Place] = []
    centres: dict[str, tuple[float, float]] = {}
    for row in load_rows("places_north.csv"):
        lat, lng = (float(row["lat"]), float(row["lng"])) if row["lat"] else (None, None)
        province = crosswalk[row["municipality"]]["province"]
        place = Place(row["name"], row["municipality"], province, lat, lng, row["weak"] == "weak", int(row["population"]))
        if lat is not None and lng is not None:
            located.append(place)
            centres.setdefault(row["municipality"], (lat, lng))
        for name in {fold(name) for name in (row["name"], *row["spellings"].split("|")) if name}:
            by_name[name].append(place)
    for row in load_rows("places_elsewhere.csv"):
        place = Place(row["name"], None, row["province"], float(row["lat"]), float(row["lng"]), False, int(row["population"]))
        located.append(place)
        by_name[fold(row["name"])].append(place)
    municipalities = {
        code: Municipality(code, entry["name"], entry["province"], *centres.get(code, (None, None)))
        for code, entry in crosswalk.items()
    }
    return municipalities, dict(by_name), located


MUNICIPALITIES, _BY_NAME, _LOCATED = _load()

_ELSEWHERE = {
    "den haag": "the hague",
    "s gravenhage": "the hague",
    "sgravenhage": "the hague",
    "den bosch": "s hertogenbosch",
    "shertogenbosch": "s hertogenbosch",
    "flushing": "vlissingen",
}
_BY_MUNICIPALITY = {fold(entry.name): entry.code for entry in MUNICIPALITIES.values()} | {
    fold(former): code for code, entry in load_toml("crosswalk.toml").items() for former in entry.get("former", ())
}
_BY_MUNICIPALITY |= {
    **{
        "sudwest fryslan": "GM1900",
        "southwest friesland": "GM1900",
        "noordoost friesland": "GM1970",
        "tytsjerksteradeel": "GM0737",
    },
    **{"tietjerksteradeel": "GM0737", "dantumadeel": "GM1891", "midden drenthe": "GM1731", "middle groningen": "GM1952"},
    **{"zuidwest friesland": "GM1900", "het hogelaand": "GM1966", "swf": "GM1900", "winsum": "GM1966"},
}
_PROVINCE_NAMES = {fold(name): code for code, name in PROVINCES.items()} | {
    **{
        "friesland": "PV21",
        "frisia": "PV21",
        "frl": "PV21",
        "fr": "PV21",
        "gr": "PV20",
        "gn": "PV20",
        "grn": "PV20",
        "dr": "PV22",
    },
    **{"north holland": "PV27", "south holland": "PV28", "north brabant": "PV30", "brabant": "PV30", "nb": "PV30", "zh": "PV28"},
    **{"nh": "PV27", "ov": "PV23", "gld": "PV25", "provincie utrecht": "PV26", "zealand": "PV29", "flevo": "PV24"},
    **{code.lower(): code for code in PROVINCES},
    **{"nl gr": "PV20", "nl fr": "PV21", "nl dr": "PV22"},
}
_POSTCODE = re.compile(r"\b([1-9]\d{3})\s?(?:[A-Za-z]{2})?\b")
_FULL_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b")
_NOISE = re.compile(
    r"\b(?:gemeente|municipality of|gem|regio|region|omgeving|omstreken|eo|en omgeving|en omstreken|surroundings|and surroundings"
    r"|centrum|city of|stad|netherlands|nederland|the netherlands|holland|nl|nld|locatie|location|hybride|hybrid|remote"
    r"|standplaats)\b"
)
_PROVINCE_WORD = re.compile(r"^(?:de )?(?:provincie|province of|province|prov)\s+|\s+(?:province|provincie)$")
_SPLIT = re.compile(r"[,;|&(){}\n]|\s[-–]\s|\s/\s|/|\ben\b|\band\b|\bof\b|\bor\b")
_HOME = frozenset({"NL", "NLD", "NETHERLANDS", "THE NETHERLANDS", "NEDERLAND", "HOLLAND", ""})


def _postcode_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code, ranges in load_toml("postcodes.toml").items():
        for part in ranges:
            first, _, last = part.partition("-")
            for number in range(int(first), int(last or first) + 1):
                table[number] = code
    return table


_BY_POSTCODE = _postcode_table()
_PROVINCE_RANGES = (
    *(
        (1300, 1379, "PV24"),
        (1000, 1299, "PV27"),
        (1430, 2158, "PV27"),
        (2170, 3380, "PV28"),
        (3400, 3464, "PV26"),
        (3500, 3769, "PV26"),
    ),
    *(
        (3770, 3794, "PV25"),
        (3800, 3836, "PV26"),
        (3840, 3888, "PV25"),
        (3890, 3899, "PV24"),
        (4000, 4119, "PV25"),
        (4300, 4599, "PV29"),
    ),
    *(
        (4600, 4670, "PV30"),
        (4700, 5299, "PV30"),
        (5340, 5765, "PV30"),
        (5800, 5999, "PV31"),
        (6040, 6499, "PV31"),
        (6500, 6583, "PV25"),
    ),
    *(
        (6600, 7399, "PV25"),
        (7400, 7438, "PV23"),
        (7440, 7699, "PV23"),
        (7740, 7766, "PV22"),
        (7800, 7949, "PV22"),
        (7956, 7999, "PV22"),
    ),
    *(
        (8000, 8049, "PV23"),
        (8200, 8259, "PV24"),
        (8260, 8299, "PV23"),
        (8380, 8387, "PV22"),
        (8388, 9299, "PV21"),
        (9300, 9349, "PV22"),
    ),
    *(
        (9350, 9399, "PV20"),
        (9400, 9478, "PV22"),
        (9480, 9499, "PV22"),
        (9500, 9509, "PV20"),
        (9510, 9539, "PV22"),
        (9540, 9569, "PV20"),
    ),
    *(
        (9570, 9579, "PV22"),
        (9580, 9653, "PV20"),
        (9654, 9659, "PV22"),
        (9660, 9759, "PV20"),
        (9760, 9769, "PV22"),
        (9770, 9849, "PV20"),
    ),
    *((9850, 9859, "PV21"), (9860, 9869, "PV20"), (9870, 9879, "PV21"), (9880, 9999, "PV20")),
)


def municipality_of_postcode(postcode: str | None) -> str | None:
    """CBS code where the whole four-digit area lies in one northern municipality."""
    match = _POSTCODE.search(postcode) if postcode else None
    return _BY_POSTCODE.get(int(match.group(1))) if match else None


def province_of_postcode(postcode: str | None) -> str | None:
    match = _POSTCODE.search(postcode) if postcode else None
    if match is None:
        return None
    number = int(match.group(1))
    return next((code for first, last, code in _PROVINCE_RANGES if first <= number <= last), None)


def province_code(name: str | None) -> str | None:
    """`Friesland`, `Fryslân`, `PV21` → `PV21`."""
    if not name:
        return None
    folded = fold(name)
    return _PROVINCE_NAMES.get(folded) or _PROVINCE_NAMES.get(_PROVINCE_WORD.sub("", folded).strip())


def to_located(location: Location) -> tuple[Location, str | None]:
    """`location` with municipality, province, country, coordinates and precision filled, and the rule that did it."""
    found = resolve(
        location.place,
        location.postcode,
        location.province,
        location.country,
        location.municipality or location.municipality_name,
        None if location.lat is None else round(location.lat, 4),
        None if location.lng is None else round(location.lng, 4),
    )
    if found is None:
        return location, None
    municipality = found.municipality
    entry = MUNICIPALITIES.get(municipality) if municipality else None
    has_point = location.lat is not None and location.lng is not None
    values: dict[str, Any] = {
        "place": location.place,
        "street": location.street,
        "postcode": location.postcode,
        "municipality": municipality,
        "municipality_name": entry.name if entry else location.municipality_name,
        "province": PROVINCES[found.province] if found.province else location.province,
        "country": location.country or "NL",
        "lat": location.lat if has_point else found.lat,
        "lng": location.lng if has_point else found.lng,
        "precision": location.precision or _precision(location, found),
    }
    return Location(**values), found.rule


def _precision(location: Location, found: Resolved) -> str | None:
    if location.street:
        return "address"
    if location.postcode and _FULL_POSTCODE.search(location.postcode.upper()):
        return "postcode"
    return found.precision


@lru_cache(maxsize=20_000)
def resolve(
    place: str | None,
    postcode: str | None,
    province: str | None,
    country: str | None,
    municipality: str | None,
    lat: float | None,
    lng: float | None,
) -> Resolved | None:
    """What the stated parts say together, or None when nothing is known of them."""
    if (country or "").strip().upper() not in _HOME:
        return None
    stated = province_code(province)
    point = (lat, lng) if lat is not None and lng is not None else None
    postcode = postcode or (place if place and _FULL_POSTCODE.search(place.upper()) else None)
    by_postcode = municipality_of_postcode(postcode)
    found = _by_name(place, stated, by_postcode, point) if place else None
    if found is not None:
        return found
    if by_postcode is not None:
        return _of_municipality("places.postcode", by_postcode, point, "municipality")
    code = _stated_municipality(municipality)
    if code is not None:
        return _of_municipality("places.municipality", code, point, "municipality")
    if point is not None and (near := nearest(*point)) is not None:
        return Resolved("places.nearest", near.municipality, near.province, *point, "place")
    region = stated or province_of_postcode(postcode) or province_code(place)
    return Resolved("places.province", province=region, precision="region") if region else None


def _stated_municipality(municipality: str | None) -> str | None:
    if not municipality:
        return None
    return municipality if municipality in MUNICIPALITIES else _BY_MUNICIPALITY.get(fold(municipality).removeprefix("gemeente "))


def _of_municipality(rule: str, code: str, point: tuple[float, float] | None, precision: str) -> Resolved:
    entry = MUNICIPALITIES[code]
    lat, lng = point or (entry.lat, entry.lng)
    return Resolved(rule, code, entry.province, lat, lng, precision)


def _by_name(place: str, stated: str | None, by_postcode: str | None, point: tuple[float, float] | None) -> Resolved | None:
    for part in _parts(place):
        within = stated or next((code for other in _parts(place)[1:] if (code := _PROVINCE_NAMES.get(other))), None)
        candidates = _BY_NAME.get(_ELSEWHERE.get(part, part), [])
        chosen = _choose(candidates, within, by_postcode, point)
        if chosen is not None:
            rule = "places.crosswalk" if chosen.municipality else "places.elsewhere"
            return _of_place(rule, chosen, point)
        code = _BY_MUNICIPALITY.get(part)
        if code is not None and (within is None or MUNICIPALITIES[code].province == within):
            return _of_municipality("places.municipality_name", code, point, "municipality")
    return None


def _of_place(rule: str, place: Place, point: tuple[float, float] | None) -> Resolved:
    if place.lat is None and place.municipality and point is None:
        return _of_municipality(rule, place.municipality, None, "municipality")
    lat, lng = point or (place.lat, place.lng)
    return Resolved(rule, place.municipality, place.province, lat, lng, "place")


def _parts(place: str) -> list[str]:
    """The names that a free place field may hold, whole first: `9711 AB Groningen (NL)` → `groningen`."""
    plain = place.translate({0x2019: "'", 0x2018: "'"})
    whole = fold(plain)
    if _PROVINCE_WORD.search(whole):
        return []
    names = [name for name in (whole, " ".join(_NOISE.sub(" ", whole).split())) if name in _BY_NAME or name in _BY_MUNICIPALITY]
    for piece in _SPLIT.split(_FULL_POSTCODE.sub(" ", plain)):
        folded = fold(piece)
        if not folded:
            continue
        if folded in _BY_NAME or folded in _BY_MUNICIPALITY or folded in _PROVINCE_NAMES:
            names.append(folded)
            continue
        stripped = " ".join(_NOISE.sub(" ", folded).split())
        if stripped:
            names.append(stripped)
            names += [stripped.rsplit(" ", 1)[0]] if stripped.rsplit(" ", 1)[-1] in _PROVINCE_NAMES else []
    return names


def _choose(
    candidates: list[Place], province: str | None, by_postcode: str | None, point: tuple[float, float] | None
) -> Place | None:
    """One of the namesakes; a weak one (a neighbourhood, a hamlet) needs a second fact that agrees."""
    if not candidates:
        return None
    if by_postcode is not None:
        same = [place for place in candidates if place.municipality == by_postcode]
        if same:
            return same[0]
    if province is not None:
        same = [place for place in candidates if place.province == province]
        candidates = same or [place for place in candidates if not place.weak]
    if point is not None and len(candidates) > 1:
        return min(candidates, key=lambda place: (_distance(place, point), place.name, place.municipality or ""))
    strong = [place for place in candidates if not place.weak] or (candidates if province is not None else [])
    return max(strong, key=lambda place: (place.province in NORTH, place.population), default=None)


def _distance(place: Place, point: tuple[float, float]) -> float:
    """Kilometres on a plane good enough for one country; unknown is far."""
    if place.lat is None or place.lng is None:
        return 1_000.0
    return hypot((place.lat - point[0]) * 111.2, (place.lng - point[1]) * 67.0)


@lru_cache(maxsize=20_000)
def nearest(lat: float, lng: float) -> Place | None:
    """The nearest known place within eight kilometres."""
    best = min(_LOCATED, key=lambda place: _distance(place, (lat, lng)))
    return best if _distance(best, (lat, lng)) <= _NEAREST_KM else None
