"""The calendar as RFC 5545 asks for it, read by `icalendar` and by the hub's own reader of partners' calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from fakes.told import HOSTILE, OWNER, UNSPEAKABLE, event, one_line, row
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar as Judge
from pydantic import TypeAdapter

from hub.feed.calendar_file import Calendar, render_calendar, sequence_of
from hub.feed.calendar_lines import quoted, text, to_lines
from hub.sdk.connector import MappingContext
from hub.sdk.formats.icalendar.collection import facts_of
from hub.sdk.formats.icalendar.mapping import vevent_to_posting
from hub.sdk.formats.icalendar.parsing import parse_calendar
from hub.sdk.formats.icalendar.payload import CalendarPart, VEvent

CONTEXT = MappingContext("hub", "1", None, 0)
PROPERTIES = TypeAdapter(VEvent)
CALENDAR = Calendar("events@hub", "Evenementen", "Alles; van nu", "nl", "https://hub.example/v1/feed/events.ics?lang=nl")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def render(*records, calendar=CALENDAR):
    return render_calendar(
        calendar, [row(one, n) for n, one in enumerate(records, 1)], lambda id_: f"https://hub.example/o/{id_}"
    )


def judge(body):
    """The calendar and its events, as `icalendar` has them."""
    calendar = Judge.from_ical(body)
    assert (calendar.errors, [event.errors for event in calendar.walk("VEVENT")]) == ([], [[]] * len(calendar.walk("VEVENT")))
    return calendar, calendar.walk("VEVENT")


def only(record):
    _, (found,) = judge(render(record))
    return found


def second_reader(*records):
    """Postings that another hub would take from the file."""
    calendar = parse_calendar(render(*records), "https://hub.example/events.ics")
    assert [one.error for one in calendar.events] == [None] * len(records)
    return [
        vevent_to_posting(
            PROPERTIES.validate_python(one.properties), CalendarPart.model_validate(facts_of(one, calendar)), CONTEXT
        )
        for one in calendar.events
    ]


def unfolded(body):
    return body.replace(b"\r\n ", b"").decode().split("\r\n")


def test_an_event_says_what_when_and_where():
    found = only(event(1))
    assert (found["SUMMARY"], found["DTSTART"].dt, found["DTEND"].dt) == (
        "Vacature 1",
        datetime(2026, 12, 1, 19, tzinfo=AMSTERDAM),
        datetime(2026, 12, 1, 21, tzinfo=AMSTERDAM),
    )
    assert found["LOCATION"] == "De Nieuwe Kolk, Weiersstraat 1, 9401 ET Assen"
    assert (found["URL"], found["STATUS"]) == (OWNER, "CONFIRMED")
    assert found["DTSTAMP"].dt == found["LAST-MODIFIED"].dt == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def test_a_second_reader_takes_the_same_event_from_it():
    online = {"online_url": "https://meet.example/1", "attendance_mode": "mixed"}
    (posting,) = second_reader(event(1, online))
    told = posting.event
    assert (told.start, told.end, told.timezone) == (
        datetime(2026, 12, 1, 19, tzinfo=AMSTERDAM),
        datetime(2026, 12, 1, 21, tzinfo=AMSTERDAM),
        "Europe/Amsterdam",
    )
    assert (posting.title.nl.text, posting.canonical_url, posting.organisation.name) == (
        "Vacature 1",
        OWNER,
        "Gemeente Voorbeeld",
    )
    assert (told.venue.name, told.online_url, told.attendance_mode) == ("De Nieuwe Kolk", "https://meet.example/1", "mixed")


def test_an_event_that_recurs_has_its_next_dates_and_a_second_reader_takes_them():
    dates = ["2026-12-08T18:00:00Z", "2027-03-30T17:00:00Z"]
    record = event(1, {"series": {"uid": "x", "dates": dates}})
    assert b"RDATE;TZID=Europe/Amsterdam:20270330T190000\r\n" in render(record)
    (posting,) = second_reader(record)
    assert posting.event.series.dates == [datetime.fromisoformat(stated) for stated in dates]
    days = event(1, {"all_day": True, "start": "2026-12-01T00:00:00+01:00", "end": "2026-12-01T23:59:59+01:00"})
    days["content"]["event"]["series"] = {"uid": "x", "dates": ["2026-12-08T00:00:00+01:00", "no date"]}
    assert b"DTEND;VALUE=DATE:20261202\r\nRDATE;VALUE=DATE:20261208\r\nSTATUS" in render(days)


def test_what_is_online_alone_has_its_address_as_its_place():
    happening = {"online_url": "https://meet.example/1", "venue": None}
    record = event(1, happening, {"locations": []})
    assert only(record)["LOCATION"] == "https://meet.example/1"
    (posting,) = second_reader(record)
    assert (posting.event.online_url, posting.event.attendance_mode, posting.event.venue) == (
        "https://meet.example/1",
        "online",
        None,
    )


def test_a_calendar_names_itself_and_when_to_come_again():
    calendar, _ = judge(render(event(1)))
    assert (calendar["X-WR-CALNAME"], calendar["DESCRIPTION"], calendar["VERSION"]) == ("Evenementen", "Alles; van nu", "2.0")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in render(event(1))


def test_a_calendar_without_events_is_a_calendar():
    calendar, events = judge(render())
    assert (events, [zone["TZID"] for zone in calendar.walk("VTIMEZONE")]) == ([], ["Europe/Amsterdam"])


def test_every_zone_that_is_named_is_described_with_its_offsets():
    there = {"start": "2027-07-01T09:00:00-04:00", "end": None, "timezone": "America/New_York"}
    calendar, events = judge(render(event(1), event(2, there)))
    zones = {str(zone["TZID"]): zone.to_tz() for zone in calendar.walk("VTIMEZONE")}
    assert {one["DTSTART"].params["TZID"] for one in events} == zones.keys() == {"Europe/Amsterdam", "America/New_York"}
    for name, zone in zones.items():
        for moment in (datetime(2026, 12, 1, 12), datetime(2027, 7, 1, 12), datetime(2028, 1, 1, 12)):  # noqa: DTZ001 - local
            assert moment.replace(tzinfo=zone).utcoffset() == moment.replace(tzinfo=ZoneInfo(name)).utcoffset()


@pytest.mark.parametrize(
    "zone", [None, "UTC", "Etc/UTC", "Nowhere/City", "../../etc/passwd", "Europe/Amsterdam\r\nX:1", "localtime"]
)
def test_without_a_zone_that_there_is_times_are_in_utc(zone):
    found = only(event(1, {"timezone": zone}))
    assert (found["DTSTART"].to_ical(), "TZID" in found["DTSTART"].params) == (b"20261201T180000Z", False)


def test_the_second_of_two_equal_times_when_clocks_go_back_is_in_utc():
    found = only(event(1, {"start": "2027-10-31T02:30:00+01:00", "end": None}))
    assert found["DTSTART"].dt == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_days_end_behind_the_last_one():
    days = {"start": "2026-12-01T00:00:00+01:00", "end": "2026-12-02T23:59:59+01:00", "all_day": True}
    found = only(event(1, days))
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 3))
    (posting,) = second_reader(event(1, days))
    assert (posting.event.all_day, posting.event.start.date(), posting.event.end.date()) == (
        True,
        date(2026, 12, 1),
        date(2026, 12, 2),
    )


@pytest.mark.parametrize("end", ["2027-10-31T23:59:59+01:00", "2027-11-01T00:00:00+01:00"])
def test_a_day_of_25_hours_is_a_day_and_so_is_one_that_ends_at_midnight(end):
    found = only(event(1, {"start": "2027-10-31T00:00:00+02:00", "end": end, "all_day": True}))
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2027, 10, 31), date(2027, 11, 1))


def test_a_day_is_the_day_where_the_event_is():
    found = only(event(1, {"start": "2026-11-30T23:00:00Z", "end": None, "all_day": True}))
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 2))


@pytest.mark.parametrize("end", [None, "2026-12-01T19:00:00+01:00", "2026-12-01T18:00:00+01:00"])
def test_an_end_that_is_not_behind_the_start_is_not_told(end):
    assert "DTEND" not in only(event(1, {"end": end}))


@pytest.mark.parametrize("start", [None, "soon", "0001-01-01T00:00:00Z", 7])
def test_an_event_without_a_time_is_left_out(start):
    _, events = judge(render(event(1, {"start": start}), event(2)))
    assert [str(one["SUMMARY"]) for one in events] == ["Vacature 2"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("scheduled", "CONFIRMED"),
        ("rescheduled", "CONFIRMED"),
        ("moved_online", "CONFIRMED"),
        ("postponed", "TENTATIVE"),
        ("cancelled", "CANCELLED"),
    ],
)
def test_the_status_is_told(status, told):
    assert only(event(1, {"status": status}))["STATUS"] == told


def test_a_cancelled_event_begins_its_text_with_it():
    found = only(event(1, {"status": "cancelled", "status_reason": "ziekte"}))
    assert str(found["DESCRIPTION"]).startswith("Geannuleerd: ziekte\n\nKom werken.")


def test_the_text_ends_with_credit_and_link():
    told = str(only(event(1, {"registration_url": "https://owner.example/aanmelden"}))["DESCRIPTION"])
    assert told.split("\n\n")[1].split("\n") == [
        "Georganiseerd door: Gemeente Voorbeeld",
        "Aanmelden: https://owner.example/aanmelden",
        "Bron: Noorderlink, noorderlink.nl",
        OWNER,
    ]


def test_an_organiser_is_an_organisation_with_a_site_and_never_an_address_of_mail():
    assert only(event(1))["ORGANIZER"] == "https://voorbeeld.example/"
    assert "ORGANIZER" not in only(event(1, content={"organisation": {"name": "X", "url": "mailto:jan@example.org"}}))
    assert b"mailto" not in render(event(1, content={"contact": {"name": "Jan", "email": "jan@example.org"}})).lower()


def test_the_uid_is_the_same_on_every_host_and_for_every_change():
    here, there = only(event(1)), judge(render_calendar(CALENDAR, [row(event(1, version="v2"), 9)], str))[1][0]
    assert here["UID"] == there["UID"] == f"{event(1)['id']}@regional-talent-hub"
    assert there["SEQUENCE"] > here["SEQUENCE"]


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1_767_225_600_000, 2_000_000_000_000))
@settings(max_examples=50)
def test_every_change_has_a_greater_sequence_that_fits_into_31_bits(cursor, step, base):
    assert 0 <= sequence_of(cursor, base) < sequence_of(cursor + step, base) < 2**31


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_from_hell_comes_back_as_it_went(title):
    told = {
        "title": {"nl": {"text": title}},
        "organisation": {"name": title},
        "description": {"nl": {"html": "x", "text": title}},
    }
    body = render(event(1, {"venue": {"name": title}, "status_reason": title, "status": "cancelled"}, told), event(2))
    calendar, events = judge(body)
    assert [str(one["SUMMARY"]) for one in events] == [one_line(title), "Vacature 2"]
    assert str(events[0]["LOCATION"]) == f"{one_line(title)}, Assen"
    assert len(calendar.subcomponents) == 3
    assert body.count(b"BEGIN:VEVENT\r\n") == 2


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_any_title_comes_back(title):
    _, (found,) = judge(render(event(1, content={"title": {"nl": {"text": f"a{title}b"}}})))
    controls = [chr(code) for code in (*range(0x20), 0x7F)]
    assert str(found["SUMMARY"]) == "".join(letter for letter in one_line(f"a{title}b") if letter not in controls)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_second_reader_gets_it_as_well(title):
    (posting,) = second_reader(event(1, content={"title": {"nl": {"text": title}}}))
    stated = (posting.title.nl or posting.title.en).text
    assert stated == one_line(title)


def test_what_cannot_be_said_is_dropped():
    body = render(calendar=Calendar("x", UNSPEAKABLE, "", "nl", "https://hub.example/"))
    assert judge(body)[0]["NAME"] == "nul  bell  escape  half  not-a-character \uffff end"


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_is_one_property_of_lines_of_75_octets(value):
    body = to_lines(
        [("BEGIN", "VEVENT"), ("UID", "1"), ("COMMENT", text(value)), (f"X-A;X-B={quoted(value)}", "1"), ("END", "VEVENT")]
    )
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line.partition(":")[0].partition(";")[0] for line in unfolded(body)] == ["BEGIN", "UID", "COMMENT", "X-A", "END", ""]
    assert b"\r\n".join(line.decode().encode() for line in lines) == body  # no line begins within a character
