"""Places as people write them in one field → locations and the workplace: "Groningen, Assen en Emmen", "Assen (hybride)"."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Literal

from hub.domain.posting import Location

LINE = 2_000
POSTCODE = re.compile(r"\b(\d{4})\s?([A-Z]{2})\b")
_COUNTRY = re.compile(r"(?:the\s+)?(?:netherlands|nederland|nl|holland)\Z", re.I)
_ABROAD = {
    **dict.fromkeys(("germany", "deutschland", "duitsland", "de"), "DE"),
    **dict.fromkeys(("belgium", "belgië", "belgie", "be"), "BE"),
    **dict.fromkeys(("denmark", "denemarken", "dk"), "DK"),
    **dict.fromkeys(("norway", "noorwegen"), "NO"),
    **dict.fromkeys(("sweden", "zweden"), "SE"),
    **dict.fromkeys(("france", "frankrijk"), "FR"),
    **dict.fromkeys(("luxembourg", "luxemburg"), "LU"),
    **dict.fromkeys(("switzerland", "zwitserland"), "CH"),
    **dict.fromkeys(("united kingdom", "uk", "england", "engeland"), "GB"),
}
"""Haren, Meppen and Bunde lie on both sides of the border; a country behind the place says which is meant."""
_COUNTRY_BEHIND = re.compile(rf"(?:,\s*|\s*\(\s*)({'|'.join(_ABROAD)})\s*\)?\s*\Z", re.I)
_STREET = re.compile(r"([^\d,][^\d]*?\s\d{1,4}\s?[a-z]{0,2}(?:\s?[-/]\s?\d{1,4})?)\s*,\s*([^\d,]+)\Z", re.I)
_REMOTE = re.compile(
    r"\b(?:(?:fully )?remote(?:ly)?|work from home|home[- ]?office|thuis(?:werken)?|anywhere|online|telecommut\w*)\b", re.I
)
_HYBRID = re.compile(r"\bhybrid[e]?\b", re.I)
_ONSITE = re.compile(r"\bon[- ]?site\b|\bop locatie\b", re.I)
_SEPARATORS = re.compile(r"\s*(?:[/;|+•]|\s&\s|(?<!\bAa)\s(?:and|en|or|of|und)\s)\s*")
_ENUMERATED = re.compile(r",[^,]*[^,\s]\s(?:and|en|or|of|und)\s[^,]+\Z")
"""Before the last word of an enumeration a comma parts places; elsewhere it parts a hall or a street from its place."""
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_UNKNOWN = re.compile(r"n\.?t\.?b|t\.?b\.?[ad]|n\.?v\.?t|nader te bepalen|onbekend|unknown", re.I)


@lru_cache(maxsize=4096)
def workplace_of(text: str, is_remote: bool = False) -> Literal["onsite", "hybrid", "remote"] | None:
    """`is_remote`: the source's flag means remote; a place beside "remote" in the free text means both."""
    if is_remote:
        return "remote"
    if _HYBRID.search(text):
        return "hybrid"
    if _REMOTE.search(text):
        return "hybrid" if places_of(text) else "remote"
    return "onsite" if _ONSITE.search(text) else None


@lru_cache(maxsize=4096)
def places_of(text: str) -> tuple[Location, ...]:
    """ "Groningen / remote" → Groningen; "Assen and Emmen" → both; "Zernike Campus, Groningen" stays together."""
    bare = _EMPTY.sub("", _ONSITE.sub("", _HYBRID.sub("", _REMOTE.sub("", html.unescape(text)))))
    found: dict[str, Location] = {}
    for part in _SEPARATORS.split(bare.replace(",", ";") if _ENUMERATED.search(bare) else bare):
        abroad = _COUNTRY_BEHIND.search(part)
        segments = [segment.strip(" -–,.") for segment in (part[: abroad.start()] if abroad else part).split(",")]
        stated = ", ".join(one for one in segments if one and not _COUNTRY.match(one) and not _UNKNOWN.fullmatch(one))
        if stated:
            place = place_text(stated[:LINE])
            country = _ABROAD[abroad[1].lower()] if abroad else place.country
            found[f"{stated}, {country}"] = place.model_copy(update={"country": country})
    return tuple(found.values())


def place_text(text: str) -> Location:
    """Free text of an address: a postcode and the country in it are told apart, the rest stays as stated for the
    crosswalk of places. Calendars write "street, place, postcode, country", people "street, postcode place"."""
    parts = [part for part in (part.strip() for part in text.split(",")) if part]
    country = "NL" if len(parts) > 1 and _COUNTRY.match(parts[-1]) else None
    text = ", ".join(parts[:-1] if country else parts) or text
    match = POSTCODE.search(text)
    if match is None:
        return _street_and_place(text, country)
    street, place = text[: match.start()].strip(" ,"), text[match.end() :].strip(" ,")
    if not place:
        street, _, place = street.rpartition(",")
    return Location(
        place=place.strip() or None,
        street=street.strip() or None,
        postcode=f"{match[1]} {match[2]}",
        country=country,
        precision="postcode",
    )


def _street_and_place(text: str, country: str | None) -> Location:
    """ "Nieuwe Markt 1, Groningen": what ends in a house number is the street."""
    match = _STREET.match(text)
    if match is None:
        return Location(place=text, country=country, precision="place")
    return Location(place=match[2], street=match[1], country=country, precision="address")
