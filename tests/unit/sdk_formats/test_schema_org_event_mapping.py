"""schema.org's events and courses → Posting: status, times, places, offers and series."""

from __future__ import annotations

from typing import Any

import pytest

from hub.domain.posting import Event, Kind, Posting
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.formats.schema_org.node import node_to_posting

PAGE = "https://x.nl/vacature/1"
CONTEXT = MappingContext("x", "1", PAGE, 0)


def meeting(**properties: Any) -> Event:
    return mapped_event(**properties)[1]


def mapped_event(**properties: Any) -> tuple[Posting, Event]:
    node = {"@type": "Event", "name": "Open dag", "startDate": "2026-12-05T10:00:00+01:00", **properties}
    posting = node_to_posting(node, CONTEXT)
    assert posting.event is not None
    return posting, posting.event


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        ("https://schema.org/EventScheduled", "scheduled"),
        ("http://schema.org/EventCancelled", "cancelled"),
        ("EventPostponed", "postponed"),
        ({"@id": "https://schema.org/EventRescheduled"}, "rescheduled"),
        (["https://schema.org/EventMovedOnline"], "moved_online"),
        ("Canceled", "cancelled"),
        ("postponed", "postponed"),
        (None, "scheduled"),
    ],
)
def test_the_status_of_an_event_is_read_in_every_spelling(stated: Any, status: str) -> None:
    assert meeting(eventStatus=stated).status == status


def test_previous_starts_of_a_moved_event() -> None:
    event = meeting(eventStatus="EventRescheduled", previousStartDate=["2026-11-01T10:00:00+01:00", "2026-11-15"])
    assert [start.isoformat() for start in event.previous_starts] == ["2026-11-01T10:00:00+01:00", "2026-11-15T00:00:00+01:00"]


HALL = {"@type": "Place", "name": "Forum", "address": {"addressLocality": "Groningen"}}
STREAM = {"@type": "VirtualLocation", "url": "https://meet.example/1"}


@pytest.mark.parametrize(
    ("properties", "mode", "venue", "online"),
    [
        ({"location": HALL}, "onsite", "Forum", None),
        ({"location": STREAM}, "online", None, "https://meet.example/1"),
        ({"location": [HALL, STREAM]}, "mixed", "Forum", "https://meet.example/1"),
        ({"location": "Forum"}, "onsite", "Forum", None),
        ({"location": "Online"}, "online", None, None),
        ({"location": "https://meet.example/2"}, "online", None, "https://meet.example/2"),
        ({"location": {"@type": "Place", "name": "Webinar"}}, "online", None, None),
        ({"location": HALL, "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode"}, "mixed", "Forum", None),
        ({"eventStatus": "EventMovedOnline"}, "online", None, None),
        ({}, None, None, None),
    ],
)
def test_where_an_event_is(properties: dict[str, Any], mode: str | None, venue: str | None, online: str | None) -> None:
    event = meeting(**properties)
    assert (event.attendance_mode, event.venue and event.venue.name, event.online_url) == (mode, venue, online)


def test_offers_give_prices_registration_and_deadline() -> None:
    offers = [
        {"name": "Student", "price": "0", "priceCurrency": "EUR", "url": "/aanmelden", "validThrough": "2026-12-01"},
        {"name": "Overig", "price": 12.5, "priceCurrency": "€"},
    ]
    posting, event = mapped_event(offers=offers)
    assert [(price.audience, price.amount, price.currency) for price in event.prices] == [
        ("Student", 0, "EUR"),
        ("Overig", 12.5, "EUR"),
    ]
    assert event.registration_url == "https://x.nl/aanmelden"
    assert str(event.registration_deadline) == "2026-12-01 23:59:59+01:00"
    assert posting.valid_through is None


def test_free_event_costs_nothing() -> None:
    assert [price.amount for price in meeting(isAccessibleForFree=True).prices] == [0]


def test_event_of_bare_days_is_all_day_to_the_end_of_the_last() -> None:
    event = meeting(startDate="2026-12-05", endDate="2026-12-06")
    assert (event.all_day, str(event.start), str(event.end)) == (True, "2026-12-05 00:00:00+01:00", "2026-12-06 23:59:59+01:00")


def test_organiser_capacity_and_series() -> None:
    posting, event = mapped_event(
        organizer={"@type": "Person", "name": "Noorderlink", "url": "https://www.noorderlink.nl"},
        maximumAttendeeCapacity="250",
        superEvent={"@type": "EventSeries", "@id": "https://x.nl/reeks"},
        performer="Organization",
    )
    assert posting.organisation is not None
    assert (posting.organisation.name, posting.organisation.domain, event.capacity) == ("Noorderlink", "noorderlink.nl", 250)
    assert event.series is not None
    assert event.series.uid == "https://x.nl/reeks"


def test_event_that_ends_before_it_starts_is_rejected() -> None:
    with pytest.raises(RecordRejectedError) as raised:
        meeting(endDate="2026-12-04T10:00:00+01:00")
    assert (raised.value.reason, raised.value.field) == ("impossible_date", "endDate")


def test_course_takes_time_and_place_from_its_instance() -> None:
    node = {
        "@type": "Course",
        "name": "Python voor onderzoekers",
        "provider": {"@type": "Organization", "name": "LIFE Academy"},
        "educationalCredentialAwarded": "hbo",
        "hasCourseInstance": [{"@type": "CourseInstance", "startDate": "2027-01-10", "endDate": "2027-02-10", "location": HALL}],
    }
    posting = node_to_posting(node, CONTEXT)
    assert (posting.kind, posting.education_levels) == (Kind.COURSE, ["hbo"])
    assert posting.organisation is not None
    assert posting.organisation.name == "LIFE Academy"
    assert posting.event is not None
    assert str(posting.event.start) == "2027-01-10 00:00:00+01:00"
