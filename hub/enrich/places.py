"""Place, postcode or coordinates → municipality (CBS code), province and coordinates, cached by distinct input.

A name decides first, since that is what a person reads; among namesakes the stated province decides, then the
postcode, then the nearest, then the North. What the source says is kept; a municipality that contradicts the place is
replaced and the replacement is noted. Coordinates alone are the last resort. Places outside the North are valid: they
have a province and no municipality.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import Any

from hub.domain.posting import Location
from hub.enrich.gazetteer import (
    FULL_POSTCODE,
    LOCATED_PLACES,
    MUNICIPALITIES,
    MUNICIPALITIES_BY_NAME,
    NORTH,
    OTHER_NAMES,
    PLACES_BY_NAME,
    PROVINCE_WORD,
    PROVINCES,
    PROVINCES_BY_NAME,
    Place,
    fold,
    municipality_of_postcode,
    province_code,
    province_of_postcode,
)

_NEAREST_KM = 8.0


_NOISE = re.compile(
    r"\b(?:gemeente|municipality of|gem|regio|region|omgeving|omstreken|eo|en omgeving|en omstreken|surroundings|and surroundings"
    r"|centrum|city of|stad|netherlands|nederland|the netherlands|holland|nl|nld|locatie|location|hybride|hybrid|remote"
    r"|standplaats)\b"
)
_SPLIT = re.compile(r"[,;|&(){}\n]|\s[-–]\s|\s/\s|/|\ben\b|\band\b|\bof\b|\bor\b")
_HOME = frozenset({"NL", "NLD", "NETHERLANDS", "THE NETHERLANDS", "NEDERLAND", "HOLLAND", ""})


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is known of a location. `rule` says how it was found."""

    rule: str
    municipality: str | None = None
    province: str | None = None
    lat: float | None = None
    lng: float | None = None
    precision: str | None = None


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
        "country": "NL",  # nothing is found in another one; sources write it in ten ways
        "lat": location.lat if has_point else found.lat,
        "lng": location.lng if has_point else found.lng,
        "precision": location.precision or _precision(location, found),
    }
    return Location(**values), found.rule


def _precision(location: Location, found: Resolved) -> str | None:
    if location.street:
        return "address"
    if location.postcode and FULL_POSTCODE.search(location.postcode.upper()):
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
    postcode = postcode or (place if place and FULL_POSTCODE.search(place.upper()) else None)
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
    return (
        municipality
        if municipality in MUNICIPALITIES
        else MUNICIPALITIES_BY_NAME.get(fold(municipality).removeprefix("gemeente "))
    )


def _of_municipality(rule: str, code: str, point: tuple[float, float] | None, precision: str) -> Resolved:
    entry = MUNICIPALITIES[code]
    lat, lng = point or (entry.lat, entry.lng)
    return Resolved(rule, code, entry.province, lat, lng, precision)


def _by_name(place: str, stated: str | None, by_postcode: str | None, point: tuple[float, float] | None) -> Resolved | None:
    for part in _parts(place):
        within = stated or next((code for other in _parts(place)[1:] if (code := PROVINCES_BY_NAME.get(other))), None)
        candidates = PLACES_BY_NAME.get(OTHER_NAMES.get(part, part), [])
        chosen = _choose(candidates, within, by_postcode, point)
        if chosen is not None:
            rule = "places.crosswalk" if chosen.municipality else "places.elsewhere"
            return _of_place(rule, chosen, point)
        code = MUNICIPALITIES_BY_NAME.get(part)
        if code is not None and (within is None or MUNICIPALITIES[code].province == within):
            return _of_municipality("places.municipality_name", code, point, "municipality")
    return _town_and_part(fold(place), point)


_QUARTERS = frozenset({"noord", "oost", "zuid", "west", "north", "east", "south", "binnenstad"})


def _town_and_part(name: str, point: tuple[float, float] | None) -> Resolved | None:
    """`Groningen Hoogkerk`, `Emmen Noord`: a town, and a place that belongs to it or one of its quarters."""
    town, _, part = name.partition(" ")
    owners = {one.municipality for one in PLACES_BY_NAME.get(part, [])}
    towns = (one for one in PLACES_BY_NAME.get(town, []) if not one.weak)
    chosen = next((one for one in towns if one.municipality in owners or part in _QUARTERS), None)
    return _of_place("places.crosswalk", chosen, point) if chosen is not None and chosen.municipality else None


def _of_place(rule: str, place: Place, point: tuple[float, float] | None) -> Resolved:
    if place.lat is None and place.municipality and point is None:
        return _of_municipality(rule, place.municipality, None, "municipality")
    lat, lng = point or (place.lat, place.lng)
    return Resolved(rule, place.municipality, place.province, lat, lng, "place")


def _parts(place: str) -> list[str]:
    """The names that a free place field may hold, whole first: `9711 AB Groningen (NL)` → `groningen`."""
    plain = place.translate({0x2019: "'", 0x2018: "'"})
    whole = fold(plain)
    if PROVINCE_WORD.search(whole):
        return []
    names = [
        name
        for name in (whole, " ".join(_NOISE.sub(" ", whole).split()))
        if name in PLACES_BY_NAME or name in MUNICIPALITIES_BY_NAME
    ]
    for piece in _SPLIT.split(FULL_POSTCODE.sub(" ", plain)):
        folded = fold(piece)
        if not folded:
            continue
        if folded in PLACES_BY_NAME or folded in MUNICIPALITIES_BY_NAME or folded in PROVINCES_BY_NAME:
            names.append(folded)
            continue
        stripped = " ".join(_NOISE.sub(" ", folded).split())
        if stripped:
            names.append(stripped)
            names += [stripped.rsplit(" ", 1)[0]] if stripped.rsplit(" ", 1)[-1] in PROVINCES_BY_NAME else []
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
    best = min(LOCATED_PLACES, key=lambda place: _distance(place, (lat, lng)))
    return best if _distance(best, (lat, lng)) <= _NEAREST_KM else None
