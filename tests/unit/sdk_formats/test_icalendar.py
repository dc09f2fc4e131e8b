"""iCalendar files: cut into events, identified, mapped; bombs do nothing and truncation fails."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from hub.domain.posting import Event, Posting
from hub.enrich.expiry import expires_at
from hub.errors import RecordRejectedError, SourceError
from hub.sdk.connector import MappingContext, load_connector
from hub.sdk.formats.icalendar import CalendarFile
from hub.sdk.formats.icalendar.parsing import parse_calendar
from hub.sdk.formats.icalendar.times import known_zone
from hub.sdk.http import Response
from hub.sdk.record import Complete, Invalid, RawRecord, SourceEvent
from hub.sdk.testing import Canned, FakeHttp, map_record
from tests.fakes.schema_site import calendar, entry

URL_OF = URL("https://x.nl/agenda.ics")
CONTEXT = MappingContext("traineelink", "ical-1", None, 0)
CONNECTOR = load_connector("hub.connectors.traineelink")


def events(answer: Canned) -> list[SourceEvent]:
    response = Response(200, URL_OF, {"content-type": answer.content_type}, answer.body)
    return CalendarFile(FakeHttp(), URL_OF).events_of(response)


def records(answer: Canned) -> list[RawRecord]:
    return [one for one in events(answer) if isinstance(one, RawRecord)]


def posting(head: str = "", **properties: str) -> Posting:
    return map_record(CONNECTOR, records(calendar(entry(**properties), head=head))[0])


def meeting(head: str = "", **properties: str) -> Event:
    found = posting(head, **properties).event
    assert found is not None
    return found


def test_identity_is_uid_and_recurrence_in_utc() -> None:
    answer = calendar(
        entry("a@x", RRULE=":FREQ=WEEKLY"),
        entry("a@x", RECURRENCE_ID=";TZID=Europe/Amsterdam:20261217T190000"),
        entry("a@x", RECURRENCE_ID=";VALUE=DATE:20261224"),
        entry("b@x"),
    )
    assert [one.native_id for one in records(answer)] == [
        "ical-a@x",
        "ical-a@x/20261217T180000Z",
        "ical-a@x/20261224",
        "ical-b@x",
    ]


def test_file_ends_the_collection_without_a_total() -> None:
    assert events(calendar(entry()))[-1] == Complete("calendar", None, 1)


def test_entry_has_no_address() -> None:
    assert records(calendar(entry()))[0].url is None


def test_folded_lines_are_joined_even_inside_a_character() -> None:
    body = calendar(entry(SUMMARY=":Café in het Noorden")).body
    place = body.index("é".encode()) + 1
    folded = Canned(body[:place] + b"\r\n " + body[place:], content_type="text/calendar")
    assert map_record(CONNECTOR, records(folded)[0]).title.nl is not None
    assert "Café in het Noorden" in str(records(folded)[0].parts)


def test_texts_are_unescaped_and_paragraphed() -> None:
    found = posting(DESCRIPTION=r":Wij praten\, en jij\nook met ons\; kom").description.nl
    assert found is not None
    assert found.html == "<p>Wij praten, en jij</p><p>ook met ons; kom</p>"


def test_cancelled_entry_is_an_update_with_its_reason() -> None:
    event = meeting(STATUS=":CANCELLED", COMMENT=":Storm")
    assert (event.status, event.status_reason) == ("cancelled", "Storm")


@pytest.mark.parametrize(("stated", "status"), [(":CONFIRMED", "scheduled"), (":TENTATIVE", "postponed"), ("", "scheduled")])
def test_a_tentative_entry_is_postponed_any_other_scheduled(stated: str, status: str) -> None:
    assert meeting(STATUS=stated).status == status


@pytest.mark.parametrize(
    ("start", "moment", "zone"),
    [
        (";TZID=Europe/Amsterdam:20260701T100000", "2026-07-01T10:00:00+02:00", "Europe/Amsterdam"),
        (":20260701T100000Z", "2026-07-01T10:00:00+00:00", None),
        (":20260701T100000", "2026-07-01T10:00:00+02:00", "Europe/Amsterdam"),
        (";TZID=W. Europe Standard Time:20260701T100000", "2026-07-01T10:00:00+02:00", "Europe/Amsterdam"),
        (';TZID="/freeassociation.sourceforge.net/Europe/London":20260701T100000', "2026-07-01T10:00:00+01:00", "Europe/London"),
        (";TZID=Nowhere/City:20260701T100000", "2026-07-01T10:00:00+02:00", "Europe/Amsterdam"),
        (";TZID=tzone://Microsoft/Custom:20260701T100000", "2026-07-01T10:00:00+02:00", "Europe/Amsterdam"),
    ],
)
def test_start_in_any_zone(start: str, moment: str, zone: str | None) -> None:
    event = meeting(DTSTART=start, DTEND="")
    assert (event.start.isoformat(), event.timezone) == (moment, zone)


def zone_block(name: str, standard: str, daylight: str = "", location: str = "") -> str:
    rule = "RRULE:FREQ=SECONDLY"
    block = ["BEGIN:VTIMEZONE", f"TZID:{name}", *([f"X-LIC-LOCATION:{location}"] if location else [])]
    block += ["BEGIN:STANDARD", "DTSTART:19701025T030000", rule, f"TZOFFSETTO:{standard}", "END:STANDARD"]
    block += ["BEGIN:DAYLIGHT", "DTSTART:19700329T020000", rule, f"TZOFFSETTO:{daylight}", "END:DAYLIGHT"] if daylight else []
    return "\n".join([*block, "END:VTIMEZONE"])


@pytest.mark.parametrize(
    ("block", "moment"),
    [
        (zone_block("Kantoor", "+0100", "+0200"), "2026-07-01T10:00:00+02:00"),
        (zone_block("Kantoor", "+0000", "+0100"), "2026-07-01T10:00:00+01:00"),
        (zone_block("Kantoor", "+0530"), "2026-07-01T10:00:00+05:30"),
        (zone_block("Kantoor", "-0500", "-0400", "America/New_York"), "2026-07-01T10:00:00-04:00"),
    ],
)
def test_zone_that_nobody_knows_is_judged_by_its_offsets(block: str, moment: str) -> None:
    assert meeting(block, DTSTART=";TZID=Kantoor:20260701T100000", DTEND="").start.isoformat() == moment


def test_wrong_rules_of_a_known_zone_are_not_believed() -> None:
    block = zone_block("Europe/Amsterdam", "+0900", "+0900")
    assert meeting(block).start.isoformat() == "2026-12-10T19:00:00+01:00"


def test_floating_time_is_the_calendars() -> None:
    assert (
        meeting("X-WR-TIMEZONE:Europe/London", DTSTART=":20260701T100000", DTEND="").start.isoformat()
        == "2026-07-01T10:00:00+01:00"
    )


def test_time_in_utc_takes_place_in_the_calendars_zone() -> None:
    event = meeting("X-WR-TIMEZONE:Europe/Amsterdam", DTSTART=":20260701T100000Z", DTEND=":20260701T110000Z")
    assert (event.start.isoformat(), event.timezone) == ("2026-07-01T10:00:00+00:00", "Europe/Amsterdam")


def test_day_that_ends_on_itself_is_that_day() -> None:
    event = meeting(DTSTART=";VALUE=DATE:20261205", DTEND=";VALUE=DATE:20261205")
    assert str(event.end) == "2026-12-05 23:59:59+01:00"


def test_title_that_calls_off_an_entry_is_believed_and_named_as_the_rule() -> None:
    found = posting(SUMMARY=":Geannuleerd: Borrel")
    assert found.event is not None
    assert (found.event.status, found.field_origins) == ("cancelled", {"event.status": "title"})


@pytest.mark.parametrize("stated", [":19000101T120000Z", ":00001231T000000Z", ":kapot", ":"])
def test_entry_whose_own_date_is_none_is_read_without_it(stated: str) -> None:
    found = posting(CREATED=stated, LAST_MODIFIED=stated)
    assert (found.date_posted, found.date_modified) == (None, None)


def test_series_until_the_last_year_never_ends() -> None:
    event = meeting(RRULE=":FREQ=WEEKLY;UNTIL=99991231T235959Z")
    assert event.series is not None
    assert event.series.ends == "never"


def test_address_in_lines_is_parted_as_one_with_commas() -> None:
    event = meeting(LOCATION=":Forum Groningen\\nNieuwe Markt 1\\n9712 KN Groningen")
    assert event.venue is not None
    assert event.venue.location is not None
    assert (event.venue.name, event.venue.location.street, event.venue.location.place) == (
        "Forum Groningen",
        "Nieuwe Markt 1",
        "Groningen",
    )


def test_all_day_end_is_exclusive() -> None:
    event = meeting(DTSTART=";VALUE=DATE:20261205", DTEND=";VALUE=DATE:20261207")
    assert (event.all_day, str(event.start), str(event.end)) == (True, "2026-12-05 00:00:00+01:00", "2026-12-06 23:59:59+01:00")


def test_outlook_writes_a_whole_day_from_midnight_to_midnight() -> None:
    day = {"DTSTART": ":20261205T000000", "DTEND": ":20261206T000000"}
    event = meeting(**day, X_MICROSOFT_CDO_ALLDAYEVENT=":TRUE")
    assert (event.all_day, str(event.end)) == (True, "2026-12-05 23:59:59+01:00")
    assert not meeting(**day).all_day


@pytest.mark.parametrize(("stated", "end"), [(":PT1H30M", "2026-12-10T20:30:00+01:00"), (":P1D", "2026-12-11T19:00:00+01:00")])
def test_duration_stands_for_an_end(stated: str, end: str) -> None:
    found = meeting(DTEND="", DURATION=stated).end
    assert found is not None
    assert found.isoformat() == end


def test_series_is_one_posting_under_its_uid() -> None:
    series = meeting(RRULE=":FREQ=WEEKLY;UNTIL=20270301T180000Z").series
    assert series is not None
    assert series.uid == "evt-1@traineelink.example"


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("20270304T180000Z", "2027-03-04T21:30:00+01:00"),
        ("20270304", "2027-03-04T21:30:00+01:00"),
        ("20270304T190000", "2027-03-04T21:30:00+01:00"),
        ("20280229", "2028-02-24T21:30:00+01:00"),
        ("20270401", "2027-04-01T21:30:00+02:00"),
    ],
)
def test_series_lasts_to_the_end_of_the_occurrence_that_starts_at_until(until: str, end: str) -> None:
    found = posting(RRULE=f":FREQ=WEEKLY;UNTIL={until}").valid_through
    assert found is not None
    assert found.isoformat() == end


def test_series_of_a_counted_rule_lasts_so_many_steps() -> None:
    assert str(posting(RRULE=":FREQ=WEEKLY;COUNT=4").valid_through) == "2026-12-31 21:30:00+01:00"


def test_series_without_an_end_never_closes_by_itself() -> None:
    endless, counted = posting(RRULE=":FREQ=WEEKLY;BYDAY=TH"), posting(RRULE=":FREQ=WEEKLY;COUNT=9")
    assert expires_at(endless) == (None, None)
    assert expires_at(counted)[1] == "valid_through"


@pytest.mark.timeout(20)  # an expansion would take for ever
@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=SECONDLY;COUNT=999999999", "FREQ=YEARLY;COUNT=9999;INTERVAL=999", "nonsense"]
)
def test_recurrence_bomb_is_harmless(rule: str) -> None:
    assert posting(RRULE=f":{rule}").valid_through is None


@pytest.mark.parametrize(
    ("stated", "name", "place", "online", "mode"),
    [
        (r":Forum\, Groningen", "Forum", "Groningen", None, "onsite"),
        (":Groningen", "Groningen", "Groningen", None, "onsite"),
        (r":Forum\, Nieuwe Markt 1\, 9712 KN Groningen", "Forum", "Groningen", None, "onsite"),
        (r":Forum\, Nieuwe Markt 1\, Groningen\, 9712 KN\, Nederland", "Forum", "Groningen", None, "onsite"),
        (":Microsoft Teams-vergadering", None, None, None, "online"),
        (":Online", None, None, None, "online"),
        (":Online via MS Teams", None, None, None, "online"),
        (r":Digitaal (Zoom\, link volgt)", None, None, None, "online"),
        (r":Teams\, Groningen", "Teams", "Groningen", None, "onsite"),
        (":Online Lyceum", "Online Lyceum", "Online Lyceum", None, "onsite"),
        (":https://meet.example/1", None, None, "https://meet.example/1", "online"),
        (r":Forum\, Groningen https://meet.example/1", "Forum", "Groningen", "https://meet.example/1", "mixed"),
        ("", None, None, None, None),
    ],
)
def test_a_location_is_parted_into_venue_place_and_link(
    stated: str, name: str | None, place: str | None, online: str | None, mode: str | None
) -> None:
    event = meeting(LOCATION=stated)
    venue = event.venue
    found = (venue and venue.name, venue and venue.location and venue.location.place)
    assert (*found, event.online_url, event.attendance_mode) == (name, place, online, mode)


def test_position_is_taken_from_geo() -> None:
    venue = meeting(GEO=":53.2194;6.5665").venue
    assert venue is not None
    assert venue.location is not None
    assert (venue.location.lat, venue.location.lng) == (53.2194, 6.5665)


def test_organiser_name_may_be_percent_encoded_and_quoted() -> None:
    found = posting(ORGANIZER=';CN="Make%20it; in the North":mailto:hello@miitn.example')
    assert found.organisation is not None
    assert (found.organisation.name, found.organisation.domain) == ("Make it; in the North", "miitn.example")
    assert found.contact is not None
    assert found.contact.email == "hello@miitn.example"


def test_mail_host_of_anybody_is_no_domain() -> None:
    organisation = posting(ORGANIZER=";CN=Jansen:mailto:x@gmail.com").organisation
    assert organisation is not None
    assert organisation.domain is None


def test_address_image_categories_and_dates() -> None:
    found = posting(
        URL=":https://x.nl/agenda/1",
        ATTACH=";FMTTYPE=image/jpeg:https://x.nl/foto.jpg",
        CATEGORIES=r":Trainees,Borrel\, praat",
        CREATED=":20261001T080000Z",
        LAST_MODIFIED=":20261102T080000Z",
    )
    assert (found.canonical_url, found.image_url) == ("https://x.nl/agenda/1", "https://x.nl/foto.jpg")
    assert found.functions == ["Trainees", "Borrel, praat"]
    assert (str(found.date_posted), str(found.date_modified)) == ("2026-10-01 08:00:00+00:00", "2026-11-02 08:00:00+00:00")


def test_stamp_of_the_file_is_no_change() -> None:
    first, second = (records(calendar(entry(DTSTAMP=f":2026110{day}T090000Z")))[0] for day in (1, 2))
    prints = {CONNECTOR.fingerprint(CONNECTOR.parse(dict(one.parts))) for one in (first, second)}
    assert len(prints) == 1


def test_later_version_of_an_entry_wins() -> None:
    answer = calendar(
        entry(SEQUENCE=":2", SUMMARY=":Nieuw"), *(entry(f"{n}@x") for n in range(20)), entry(SEQUENCE=":1", SUMMARY=":Oud")
    )
    titles = [map_record(CONNECTOR, one).title.nl for one in records(answer)]
    assert titles[0] is not None
    assert titles[0].text == "Nieuw"


def test_file_whose_entries_come_twice_fails() -> None:
    with pytest.raises(SourceError) as raised:
        events(calendar(entry(), entry("b@x"), entry(), entry("b@x")))
    assert raised.value.cause == "duplicate"


@pytest.mark.parametrize(
    ("broken", "reason", "native_id"),
    [
        (entry().replace("UID:", "X-UID:"), "missing_id", None),
        (entry().replace("SUMMARY:", "this is no property "), "syntax", "ical-evt-1@traineelink.example"),
        (entry(RECURRENCE_ID=":20261345T990000"), "impossible_date", None),
    ],
)
def test_broken_entry_is_invalid_and_its_neighbours_go_on(broken: str, reason: str, native_id: str | None) -> None:
    found = events(calendar(broken, entry("b@x")))
    assert [(one.reason, one.native_id) for one in found if isinstance(one, Invalid)] == [(reason, native_id)]
    assert [one.native_id for one in found if isinstance(one, RawRecord)] == ["ical-b@x"]


@pytest.mark.parametrize(
    ("properties", "reason", "field"),
    [
        ({"DTSTART": ":20261345T990000"}, "impossible_date", "DTSTART"),
        ({"DTSTART": ""}, "missing_field", "DTSTART"),
        ({"SUMMARY": ""}, "missing_field", "SUMMARY"),
        ({"DTEND": ":20261209T190000Z"}, "impossible_date", "DTEND"),
        ({"DTEND": "", "DURATION": ":P99999999D"}, "impossible_date", "DURATION"),
    ],
)
def test_unusable_entry_is_rejected_with_its_field(properties: dict[str, Any], reason: str, field: str) -> None:
    with pytest.raises(RecordRejectedError) as raised:
        posting(**properties)
    assert (raised.value.reason, raised.value.field) == (reason, field)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (calendar(entry()).body[:-18], "syntax"),
        (calendar(entry()).body[:120], "syntax"),
        (calendar(entry()).body.replace(b"END:VEVENT\r\n", b""), "syntax"),
        (b"<!doctype html><title>Onderhoud</title>", "content_type"),
        (b"", "content_type"),
        (calendar(entry(SUMMARY=":Café")).body.decode().encode("latin-1"), "charset"),
    ],
)
def test_file_that_is_not_whole_fails(body: bytes, cause: str) -> None:
    with pytest.raises(SourceError) as raised:
        events(Canned(body, content_type="text/calendar"))
    assert raised.value.cause == cause


def test_declared_charset_is_obeyed() -> None:
    body = calendar(entry(SUMMARY=":Café")).body.decode().encode("latin-1")
    assert "Café" in str(records(Canned(body, content_type="text/calendar; charset=iso-8859-1"))[0].parts)


def test_alarms_and_todos_are_passed_over() -> None:
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nSUMMARY:Wek mij\nEND:VALARM"
    with_alarm = entry().replace("END:VEVENT", f"{alarm}\nEND:VEVENT")
    found = records(calendar(with_alarm, "BEGIN:VTODO\nUID:todo\nEND:VTODO"))
    assert [one.native_id for one in found] == ["ical-evt-1@traineelink.example"]
    assert found[0].parts["vevent"]["SUMMARY"] == [{"value": "Trainee-avond"}]


@given(st.text(alphabet=st.sampled_from('ABEGINDVCLR:;="\\\r\n \t0Z,é')))
def test_no_text_makes_the_parser_fail_otherwise(text: str) -> None:
    with suppress(SourceError):  # a text may happen to end the calendar well
        parse_calendar(f"BEGIN:VCALENDAR\n{text}".encode(), "x")


@pytest.mark.parametrize(
    ("name", "zone"), [("Europe/Amsterdam", "Europe/Amsterdam"), ("../../etc/passwd", None), ("", None), ("X" * 5000, None)]
)
def test_only_names_of_known_zones_are_zones(name: str, zone: str | None) -> None:
    assert known_zone(name) == zone
