"""Values of schema.org properties, which may be a text, a number, an object, or a list of any of these → plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from hub.domain.posting import Location, Organisation
from hub.sdk.dates import AMSTERDAM, to_datetime
from hub.sdk.formats.addresses import host_of, to_web_address
from hub.sdk.formats.places import POSTCODE, place_text
from hub.sdk.html import to_line

LINE = 2_000
_DURATION = re.compile(r"P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T.*)?\Z", re.I)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_TERM_PREFIX = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.I)
_ITEM_END = re.compile(r"</?(?:ul|ol|li|p|div|br)\b[^>]*>|[•·]", re.I)


def as_list(value: Any) -> list[Any]:
    """A property's values: nothing, one, or several."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    """The first text of a property: itself, `@value`, or an object's `name`; one line, without markup."""
    if isinstance(value, str):
        return to_line(value)[:LINE]
    for entry in as_list(value):
        if isinstance(entry, dict):
            entry = next((entry[key] for key in ("@value", "name", "value", "text") if entry.get(key) not in (None, "")), "")
            entry = entry[0] if isinstance(entry, list) and entry else entry
        if isinstance(entry, bool | dict | list):
            continue
        text = to_line(str(entry))[:LINE]
        if text:
            return text
    return ""


def as_texts(value: Any) -> list[str]:
    """Every text of a property; a single one may be a list in words ("a, b; c")."""
    entries = as_list(value)
    if len(entries) == 1 and isinstance(entries[0], str):
        entries = re.split(r"[,;\n]+", entries[0])
    return [text for text in dict.fromkeys(as_text(entry) for entry in entries) if text]


def as_listed(value: Any) -> list[str]:
    """As `as_texts`; a single text may also be a list in HTML."""
    entries = as_list(value)
    if len(entries) == 1 and isinstance(entries[0], str):
        entries = [entry for entry in _ITEM_END.split(entries[0]) if entry.strip()]
    return as_texts(entries[0] if len(entries) == 1 else entries)


def as_terms(value: Any) -> list[str]:
    """Enumeration members without their schema.org address: `https://schema.org/EventCancelled` → `EventCancelled`."""
    members = [entry.get("@id") or entry.get("name") if isinstance(entry, dict) else entry for entry in as_list(value)]
    return [bare_term(member) for member in members if isinstance(member, str) and member.strip()]


def bare_term(name: str) -> str:
    return _TERM_PREFIX.sub("", name.strip())


def as_number(value: Any) -> float | None:
    for entry in as_list(value):
        if isinstance(entry, dict):
            entry = entry.get("value", entry.get("@value"))
        if isinstance(entry, int | float) and not isinstance(entry, bool) and isfinite(entry):
            return float(entry)
        if isinstance(entry, str) and (match := _NUMBER.search(entry)):
            return float(match[0].replace(",", "."))
    return None


def as_bool(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = as_text(value).lower()
    return {"true": True, "yes": True, "1": True, "ja": True, "false": False, "no": False, "0": False, "nee": False}.get(text)


def as_address(value: Any, base: str | None = None) -> str | None:
    """The first web address of a property: a text, or an object's `url`, `@id` or `contentUrl`."""
    for entry in as_list(value):
        if isinstance(entry, dict):
            stated = [entry.get(key) for key in ("url", "contentUrl", "urlTemplate", "@id")]
            entry = next((text for text in stated if isinstance(text, str) and text), None)
        if isinstance(entry, str) and (address := to_web_address(entry, base)):
            return address
    return None


def as_moment(value: Any, *, field: str, zone: str = AMSTERDAM, end_of_day: bool = False) -> datetime | None:
    """A date or time of the node; raises RecordRejectedError(`impossible_date`)."""
    return to_datetime(as_text(value), field=field, zone=zone, end_of_day=end_of_day)


def as_months(value: Any) -> int | None:
    """An ISO 8601 duration (`P2Y`, `P18M`) or "18 months" / "2 jaar" → whole months."""
    text = as_text(value)
    match = _DURATION.match(text)
    if match and any(match.groups()):
        years, months, weeks, days = (float(group) if group else 0.0 for group in match.groups())
        return round(years * 12 + months + weeks * 12 / 52 + days / 30.4)
    number = as_number(text)
    if number is None:
        return None
    return round(number * 12) if re.search(r"year|jaar|yr", text, re.I) else round(number)


def organisation_of(value: Any, base: str | None = None) -> Organisation | None:
    """Organization or Person, or its bare name."""
    for entry in as_list(value):
        name = as_text(entry)
        if not name or name == "Organization":
            continue
        node: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
        url = next(
            (found for key in ("sameAs", "url") for same in as_list(node.get(key)) if (found := as_address(same, base))), None
        )
        return Organisation(
            name=name,
            kvk=_kvk(node),
            url=url,
            domain=host_of(url),
            logo_url=as_address(node.get("logo") or node.get("image"), base),
            description=as_text(node.get("description")) or None,
            sector=as_text(node.get("industry")) or None,
            size_class=_size(node.get("numberOfEmployees")),
        )
    return None


def locations_of(value: Any) -> list[Location]:
    """Place, PostalAddress or bare text, one or several."""
    found = [location for entry in as_list(value) if (location := _location(entry)) is not None]
    return [location for index, location in enumerate(found) if location not in found[:index]]


def _location(entry: Any) -> Location | None:
    if not isinstance(entry, dict):
        text = as_text(entry)
        return place_text(text) if text else None
    address = next(
        iter(as_list(entry.get("address"))), entry if entry.get("addressLocality") or entry.get("postalCode") else None
    )
    geo = next((node for node in as_list(entry.get("geo")) if isinstance(node, dict)), {})
    lat, lng = _degree(geo.get("latitude"), 90), _degree(geo.get("longitude"), 180)
    if not isinstance(address, dict):
        text = as_text(address) or (as_text(entry.get("name")) if address is None else "")
        location = place_text(text) if text else Location()
    else:
        place, postcode = as_text(address.get("addressLocality")), _postcode(as_text(address.get("postalCode")))
        if postcode is None and (match := POSTCODE.match(place)):  # "9712 HN Groningen"
            place, postcode = place[match.end() :].strip(" ,"), f"{match[1]} {match[2]}"
        location = Location(
            place=place or None,
            street=as_text(address.get("streetAddress")) or None,
            postcode=postcode,
            province=as_text(address.get("addressRegion")) or None,
            country=as_text(address.get("addressCountry")) or None,
        )
    if lat is not None and lng is not None:
        location = location.model_copy(update={"lat": lat, "lng": lng})
    if location == Location():
        return None
    return location.model_copy(update={"precision": _precision(location)})


def _precision(location: Location) -> Any:
    if location.street:
        return "address"
    return "postcode" if location.postcode else "place" if location.place else "region" if location.province else "unknown"


def _postcode(text: str) -> str | None:
    match = POSTCODE.search(text.upper())
    return f"{match[1]} {match[2]}" if match else text[:20] or None


def _degree(value: Any, limit: int) -> float | None:
    number = as_number(value)
    return number if number is not None and -limit <= number <= limit and number != 0 else None


def _kvk(node: Mapping[str, Any]) -> str | None:
    """The chamber of commerce's number, where an `identifier` says that it is one; `taxID` and `leiCode` are others."""
    for entry in as_list(node.get("identifier")):
        if isinstance(entry, dict) and re.search(r"kvk|chamber", f"{entry.get('propertyID', '')} {entry.get('name', '')}", re.I):
            return as_text(entry.get("value")) or None
    return None


def _size(value: Any) -> str | None:
    for entry in as_list(value):
        if isinstance(entry, dict) and (entry.get("minValue") or entry.get("maxValue")):
            return f"{entry.get('minValue', '')}-{entry.get('maxValue', '')}"
    return as_text(value) or None
