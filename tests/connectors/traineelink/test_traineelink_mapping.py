"""Traineelink → Posting: a page's traineeship, an event, and a calendar entry, field by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.domain.posting import Kind, Posting
from hub.errors import RecordRejectedError
from hub.sdk import RawRecord
from hub.sdk.connector import load_connector
from hub.sdk.formats.schema_org.values import place_text
from hub.sdk.testing import map_record, posting_as_json

CONNECTOR = load_connector("hub.connectors.traineelink")
PARTS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "parts.json").read_text())
GOLDEN: dict[str, Any] = json.loads((Path(__file__).parent / "golden.json").read_text())


def mapped(name: str, **changes: Any) -> Posting:
    parts = PARTS[name]
    if "jsonld" in parts:
        parts = {**parts, "jsonld": {**parts["jsonld"], **changes}}
    return map_record(CONNECTOR, RawRecord(name, parts, url=parts.get("page", {}).get("url")))


@pytest.mark.parametrize("name", ["traineeship", "programme", "event", "entry", "override"])
def test_record_maps_to_the_golden_posting(name: str) -> None:
    assert posting_as_json(mapped(name)) == GOLDEN[name]


def test_job_whose_title_says_nothing_is_a_traineeship_here() -> None:
    assert mapped("traineeship", title="Adviseur water").kind is Kind.TRAINEESHIP


def test_title_may_say_otherwise() -> None:
    assert mapped("traineeship", title="Afstudeerstage waterkwaliteit").kind is Kind.GRADUATION_INTERNSHIP


def test_stamp_of_a_save_is_no_change() -> None:
    first, second = (
        CONNECTOR.parse({"jsonld": {"@type": "JobPosting", "title": "x", "dateModified": day}})
        for day in ("2026-11-01", "2026-11-02")
    )
    assert CONNECTOR.fingerprint(first) == CONNECTOR.fingerprint(second)


def test_property_that_nobody_maps_is_no_change() -> None:
    first, second = (
        CONNECTOR.parse({"jsonld": {"@type": "JobPosting", "title": "x", "interactionStatistic": count}}) for count in (1, 2)
    )
    assert CONNECTOR.fingerprint(first) == CONNECTOR.fingerprint(second)


@pytest.mark.parametrize("parts", [{}, {"jsonld": {"@type": "Event"}, "vevent": {"UID": [{"value": "x"}]}}, {"jsonld": "text"}])
def test_record_of_neither_kind_is_rejected(parts: dict[str, Any]) -> None:
    with pytest.raises(RecordRejectedError):
        CONNECTOR.parse(parts)


def test_skills_are_the_pages_terms() -> None:
    assert mapped("traineeship", skills=["Projectmatig werken", "GIS"]).skills_asked == ["Projectmatig werken", "GIS"]


def test_event_on_listed_dates_is_over_after_the_last_that_is_held() -> None:
    vevent = {
        "UID": [{"value": "e"}],
        "SUMMARY": [{"value": "Losse data"}],
        "DTSTART": [{"value": "20261212T100000Z"}],
        "DTEND": [{"value": "20261212T110000Z"}],
        "RDATE": [{"value": "20261219T100000Z,20270109T100000Z/PT1H"}, {"value": "20270116T100000Z"}],
        "EXDATE": [{"value": "20270116T110000", "params": {"TZID": "Europe/Amsterdam"}}],
        "LOCATION": [{"value": "Forum\\, Nieuwe Markt 1\\, Groningen"}],
    }
    found = map_record(CONNECTOR, RawRecord("e", {"vevent": vevent, "calendar": {}}))
    assert (found.valid_through, found.event and found.event.series and found.event.series.ends) == (
        datetime(2027, 1, 9, 11, tzinfo=UTC),
        None,
    )


@pytest.mark.parametrize(
    ("stated", "street", "place"),
    [
        ("Nieuwe Markt 1, Groningen", "Nieuwe Markt 1", "Groningen"),
        ("Forum, Nieuwe Markt 1b, Groningen", "Forum, Nieuwe Markt 1b", "Groningen"),
        ("Kade 12-14, Delfzijl, Nederland", "Kade 12-14", "Delfzijl"),
        ("Groningen", None, "Groningen"),
        ("zaal 2, eerste verdieping 3", None, "zaal 2, eerste verdieping 3"),
    ],
)
def test_what_ends_in_a_house_number_is_the_street(stated: str, street: str | None, place: str) -> None:
    found = place_text(stated)
    assert (found.street, found.place) == (street, place)
