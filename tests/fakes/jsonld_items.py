"""Opportunities with what a simulated region seldom has, each made of one posting by the real cleaning, enrichers and engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from fakes.postings import BASE

from hub.domain.posting import (
    Apply,
    Contact,
    Description,
    Event,
    Experience,
    Kind,
    Location,
    Organisation,
    Posting,
    Price,
    RichText,
    Salary,
    Text,
    Title,
    Traineeship,
    Venue,
)
from hub.enrich import clean, enrich
from hub.feed.jsonld import to_document
from hub.matching import Engine, PostingChange

START = datetime(2027, 3, 4, 18, 30, tzinfo=UTC)
PLACE = Location(
    place="Assen",
    street="Brink 1",
    postcode="9401 HS",
    municipality="GM0106",
    province="Drenthe",
    country="NL",
    lat=52.99,
    lng=6.56,
    precision="address",
)
EMPLOYER = Organisation(
    name="Zorg Noord", url="https://zorgnoord.example", logo_url="https://zorgnoord.example/logo.svg", kvk="12345678"
)
WHOLE: dict[str, Any] = {
    "title": Title(nl=Text(text="Verpleegkundige"), en=Text(text="Nurse")),
    "description": Description(
        nl=RichText(html="<p>Zorg voor <strong>mensen</strong>.</p>", text="Zorg voor mensen."),
        en=RichText(html="<p>Care for people.</p>", text="Care for people."),
    ),
    "organisation": EMPLOYER,
    "locations": [PLACE],
    "date_posted": datetime(2026, 11, 1, 8, tzinfo=UTC),
    "valid_through": datetime(2027, 1, 1, tzinfo=UTC),
    "canonical_url": "https://zorgnoord.example/vacatures/1",
    "reference_number": "VAC-2026-17",
    "employment_types": ["part_time", "temporary"],
    "salary": Salary(min=2_800, max=3_600, currency="EUR", period="month"),
    "education_levels": ["mbo4", "hbo"],
    "experience": Experience(min_months=24),
    "apply": Apply(method="url", url="https://zorgnoord.example/solliciteer/1"),
    "contact": Contact(name="Jan Canarie", email="jan.canarie@zorgnoord.example", phone="06 12345678"),
    "image_url": "https://zorgnoord.example/1.jpg",
    "positions": 2,
}
EVENT = Event(
    start=START,
    end=START + timedelta(hours=2),
    timezone="Europe/Amsterdam",
    attendance_mode="mixed",
    venue=Venue(name="De Nieuwe Kolk", location=PLACE),
    online_url="https://meet.example/1",
    capacity=80,
    registration_url="https://zorgnoord.example/aanmelden",
    registration_deadline=START - timedelta(days=2),
    prices=[Price(amount=0, currency="EUR", audience="studenten"), Price(amount=12.5, currency="EUR")],
)


def item_of(kind: Kind = Kind.VACANCY, **fields: Any) -> dict[str, Any]:
    """The feed's record of an opportunity of one posting: `WHOLE` with `fields` instead, as parsed JSON."""
    stated = {"kind": kind, **WHOLE, **fields}
    posting = clean(Posting(source="vonk", source_key="vonk:1", seq=BASE, first_seen=BASE, **stated), contacts="drop")
    (found,) = Engine().apply([PostingChange("vonk:1", enrich(posting).to_bytes())])
    assert found.state == "live"
    record: dict[str, Any] = orjson.loads(found.to_bytes())
    return record


def document_of(kind: Kind = Kind.VACANCY, language: Any = "nl", **fields: Any) -> dict[str, Any]:
    return to_document(item_of(kind, **fields), language)


EXTREMES: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.VACANCY, {}),
    (Kind.VACANCY, {"workplace": "remote", "locations": []}),
    (Kind.VACANCY, {"workplace": "remote", "locations": [PLACE, Location(place="Leer", country="DE")]}),
    (Kind.VACANCY, {"description": Description(), "date_posted": None}),
    (Kind.VACANCY, {"salary": Salary(min=18, max=18, currency="EUR", period="hour")}),
    (Kind.TRAINEESHIP, {"traineeship": Traineeship(cohort_start=date(2027, 9, 1), duration_months=24)}),
    (Kind.INTERNSHIP, {"organisation": None, "intermediary": Organisation(name="Bureau Noord")}),
    (Kind.GRADUATION_INTERNSHIP, {"education_levels": ["wo"], "eqf_min": 7}),
    (Kind.SIDE_JOB, {"education_levels": ["none"], "experience": Experience(min_months=0)}),
    (Kind.COURSE, {"event": EVENT}),
    (Kind.COURSE, {"description": Description()}),
    (Kind.EVENT, {"event": EVENT}),
    (Kind.EVENT, {"event": EVENT.model_copy(update={"status": "rescheduled", "previous_starts": [START - timedelta(days=7)]})}),
    (Kind.EVENT, {"event": EVENT.model_copy(update={"all_day": True, "prices": [], "timezone": "Europe/Amsterdam"})}),
    (Kind.EVENT, {"event": Event(start=START, status="moved_online", venue=Venue(name="Forum"))}),
    (Kind.EVENT, {"event": Event(start=START), "locations": [], "organisation": None}),
]
