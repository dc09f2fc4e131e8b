"""JSON-LD inside HTML: only what search engines take, and so written that no text of it ends the element.

Google refuses a JobPosting without description, date, employer or place, and marks the site that shows such. Hence a document
that lacks a required property is not embedded at all; the representation `application/ld+json` gives it all the same, since
schema.org itself requires nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from hub.domain.posting import Lang
from hub.feed.jsonld.document import to_document

_REQUIRED = {
    "JobPosting": ("title", "description", "datePosted", "hiringOrganization"),
    "Event": ("name", "startDate"),
    "Course": ("name", "description", "provider"),
}
_ESCAPES = [(character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029"]


def missing_of(document: Mapping[str, Any]) -> list[str]:
    """Names of the properties that Google requires of this type and that are not there; empty: it may be embedded."""
    kind = document["@type"]
    absent = [name for name in _REQUIRED[kind] if name not in document]
    if kind == "JobPosting" and not _has_place(document):
        absent.append("jobLocation")
    if kind == "Event" and not any(_is_placed(place) for place in _all(document.get("location"))):
        absent.append("location")
    return absent


def to_script(record: bytes, language: Lang = "nl") -> str | None:
    """Text for between `<script type="application/ld+json">` and its end, not to be escaped again; None: do not embed."""
    document = to_document(orjson.loads(record), language)
    return None if missing_of(document) else to_safe_json(document)


def to_safe_json(document: Mapping[str, Any]) -> str:
    """JSON in which `</script>`, `<!--` and line separators stand as escapes: the same value to every JSON parser."""
    text = orjson.dumps(document).decode()
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text


def _has_place(document: Mapping[str, Any]) -> bool:
    """With a country; a remote job's place is where one may apply from."""
    if document.get("jobLocationType") == "TELECOMMUTE" and document.get("applicantLocationRequirements"):
        return True
    return any((place.get("address") or {}).get("addressCountry") for place in _all(document.get("jobLocation")))


def _is_placed(place: Mapping[str, Any]) -> bool:
    return bool(place.get("url") if place["@type"] == "VirtualLocation" else place.get("address"))


def _all(value: Any) -> Iterator[Any]:
    if value is not None:
        yield from value if isinstance(value, list) else [value]
