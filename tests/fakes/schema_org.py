"""Judges of JSON-LD: schema.org's vocabulary after expansion by a JSON-LD processor, and Google's tables of properties.

The tables are written down by hand from Google's pages on structured data (Job posting, Event, Course); each form is what the
page says of the value. Nothing is fetched: the context comes from `tests/corpora/schema_org`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pyld import FrozenDocumentLoader, jsonld

SCHEMA = "http://schema.org/"
VOCABULARY = json.loads((Path(__file__).parents[1] / "corpora" / "schema_org" / "vocabulary.json").read_text())
ADDRESS = {
    name
    for name, ranges in VOCABULARY["properties"].items()
    if ("URL" in ranges and "Text" not in ranges) or name in ("eventStatus", "eventAttendanceMode")
}
CONTEXT = {"@context": {"@vocab": SCHEMA, **{name: {"@id": SCHEMA + name, "@type": "@id"} for name in sorted(ADDRESS)}}}
LOADER = FrozenDocumentLoader({"https://schema.org": CONTEXT})
BEYOND = {("JobPosting", "inLanguage"): "the hub's own promise; schema.org has it for creative works and events alone"}
"""Properties beyond a type's own, each with its reason."""
TEXTUAL = {"Text", "URL", "Date", "DateTime", "Time", "Language"}


def expanded(document: dict[str, Any]) -> dict[str, Any]:
    """What a JSON-LD processor makes of it: one node, all names absolute."""
    nodes = jsonld.expand(document, {"documentLoader": LOADER})
    assert len(nodes) == 1
    return nodes[0]


def vocabulary_faults(node: dict[str, Any]) -> Iterator[str]:
    """Of an expanded node: types and properties that schema.org does not know, and values that it does not expect."""
    (kind,) = (one.removeprefix(SCHEMA) for one in node["@type"])
    if kind not in VOCABULARY["types"]:
        yield f"no type {kind}"
        return
    for name, values in node.items():
        if name in ("@type", "@id"):
            continue
        short = name.removeprefix(SCHEMA)
        if short not in VOCABULARY["types"][kind]["properties"] and (kind, short) not in BEYOND:
            yield f"{kind} has no {short}"
            continue
        for value in values:
            yield from _value_faults(kind, short, value)


def _value_faults(kind: str, name: str, value: dict[str, Any]) -> Iterator[str]:
    ranges = set(VOCABULARY["properties"].get(name, ["Text"]))
    if "@type" in value and "@value" not in value:
        (inner,) = (one.removeprefix(SCHEMA) for one in value["@type"])
        if not ranges & set(VOCABULARY["types"].get(inner, {"is": [inner]})["is"]):
            yield f"{kind}.{name} is a {inner}, not one of {sorted(ranges)}"
        yield from vocabulary_faults(value)
    elif "@id" in value:
        members = {member for one in ranges for member in VOCABULARY["members"].get(one, ())}
        fits = value["@id"].removeprefix("https://schema.org/") in members if members else "URL" in ranges
        if not fits:
            yield f"{kind}.{name} is {value['@id']}, not one of {sorted(members or ranges)}"
    elif not ranges & _kinds_of(value["@value"]):
        yield f"{kind}.{name} is {value['@value']!r}, not one of {sorted(ranges)}"


def _kinds_of(value: object) -> set[str]:
    if isinstance(value, bool):
        return {"Boolean"}
    if isinstance(value, (int, float)):
        return {"Number", "Integer", "Float"}
    return TEXTUAL


# --- Google's tables --------------------------------------------------------------------------------------------------


def text(value: object) -> bool:
    """Words, without markup."""
    return isinstance(value, str) and value.strip() == value != "" and not re.search(r"</?(p|br|b|ul|li|div)\b", value)


def html(value: object) -> bool:
    """More than the title, with paragraphs; no script."""
    return isinstance(value, str) and bool(value.strip()) and not re.search(r"<(script|iframe|style)\b", value, re.I)


def day_or_time(value: object) -> bool:
    """ISO 8601: a date, or a time with its offset from UTC."""
    if not isinstance(value, str):
        return False
    try:
        return bool(date.fromisoformat(value)) if len(value) == 10 else datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def web(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"https?://\S+", value) is not None


def boolean(value: object) -> bool:
    return isinstance(value, bool)


def positive(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0


def not_negative(value: object) -> bool:
    return value == 0 or positive(value)


def one_of(*words: str) -> Callable[[object], bool]:
    return lambda value: value in words


Form = Callable[[Any], bool]
Table = dict[str, dict[str, Form]]
EMPLOYMENT = one_of("FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER")
CREDENTIAL = one_of(
    "high school", "associate degree", "bachelor degree", "professional certificate", "postgraduate degree", "no requirements"
)
STATUS = one_of(*(f"https://schema.org/{name}" for name in VOCABULARY["members"]["EventStatusType"]))
MODE = one_of(*(f"https://schema.org/{name}" for name in VOCABULARY["members"]["EventAttendanceModeEnumeration"]))
OFFER: dict[str, Form] = {"offers.price": not_negative, "offers.priceCurrency": text, "offers.url": web}
TABLES: dict[str, Table] = {
    "JobPosting": {
        "required": {
            "title": text,
            "description": html,
            "datePosted": day_or_time,
            "hiringOrganization.name": text,
            "jobLocation.address.addressCountry": text,
        },
        "recommended": {
            "validThrough": day_or_time,
            "hiringOrganization.sameAs": web,
            "hiringOrganization.logo": web,
            "jobLocation.address.streetAddress": text,
            "jobLocation.address.addressLocality": text,
            "jobLocation.address.addressRegion": text,
            "jobLocation.address.postalCode": text,
            "jobLocationType": one_of("TELECOMMUTE"),
            "applicantLocationRequirements.name": text,
            "baseSalary.currency": lambda value: re.fullmatch("[A-Z]{3}", value) is not None,
            "baseSalary.value.value": positive,
            "baseSalary.value.minValue": not_negative,
            "baseSalary.value.maxValue": positive,
            "baseSalary.value.unitText": one_of("HOUR", "DAY", "WEEK", "MONTH", "YEAR"),
            "employmentType": EMPLOYMENT,
            "identifier.name": text,
            "identifier.value": text,
            "directApply": boolean,
            "educationRequirements.credentialCategory": CREDENTIAL,
            "experienceRequirements.monthsOfExperience": positive,
        },
    },
    "Event": {
        "required": {"name": text, "startDate": day_or_time, "location": lambda value: bool(value)},
        "recommended": {
            "location.name": text,
            "location.address.addressLocality": text,
            "location.address.addressCountry": text,
            "location.url": web,
            "description": text,
            "endDate": day_or_time,
            "eventStatus": STATUS,
            "eventAttendanceMode": MODE,
            "previousStartDate": day_or_time,
            "image": web,
            "organizer.name": text,
            "organizer.sameAs": web,
            **OFFER,
        },
    },
    "Course": {
        "required": {"name": text, "description": text, "provider.name": text},
        "recommended": {
            "provider.sameAs": web,
            "offers.category": one_of("Free", "Paid"),
            "hasCourseInstance.courseMode": one_of("online", "onsite", "blended"),
            "hasCourseInstance.startDate": day_or_time,
            "hasCourseInstance.endDate": day_or_time,
            "hasCourseInstance.location.address.addressLocality": text,
            **OFFER,
        },
    },
}
REMOTE_NEEDS = "applicantLocationRequirements.name"
"""What stands for a job's place when nobody has to be there: Google's exception."""


def values_at(node: Any, path: str) -> list[Any]:
    """Every value at a dotted path, through lists; nothing where a step leads to a plain value."""
    nodes = node if isinstance(node, list) else [node]
    if not path:
        return nodes
    name, _, rest = path.partition(".")
    return [found for one in nodes if isinstance(one, dict) and name in one for found in values_at(one[name], rest)]


def missing(document: dict[str, Any]) -> list[str]:
    """Required properties that are not there."""
    is_remote = document.get("jobLocationType") == "TELECOMMUTE" and values_at(document, REMOTE_NEEDS)
    absent = [path for path in TABLES[document["@type"]]["required"] if not values_at(document, path)]
    return [path for path in absent if not (is_remote and path.startswith("jobLocation."))]


def malformed(document: dict[str, Any]) -> list[str]:
    """Properties of the table whose value has another form."""
    table = TABLES[document["@type"]]
    forms = {**table["required"], **table["recommended"]}
    return [f"{path}: {value!r}" for path, form in forms.items() for value in values_at(document, path) if not form(value)]
