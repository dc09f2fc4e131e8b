"""Recurring events of a calendar: the dates that are still to come when it is read, and when the last one is over."""

from __future__ import annotations

from datetime import datetime

import pytest
from fakes.schema_site import calendar, entry
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from hub.domain.posting import Posting, Series
from hub.domain.series import over_at, turns_at
from hub.domain.zone import REGION_ZONE
from hub.enrich.expiry import expires_at
from hub.sdk.connector import MappingContext, load_connector
from hub.sdk.formats.icalendar import CalendarFile
from hub.sdk.http import Response
from hub.sdk.record import RawRecord
from hub.sdk.testing import FakeHttp

URL_OF = URL("https://x.nl/agenda.ics")
CONNECTOR = load_connector("hub.connectors.traineelink")
THURSDAY = {"DTSTART": ";TZID=Europe/Amsterdam:20261001T190000", "DTEND": ";TZID=Europe/Amsterdam:20261001T213000"}


def posting(*entries: str, now: str = "2026-10-20T12:00+02:00") -> Posting:
    """The first of the entries, as read at `now` beside the others."""
    answer = calendar(*entries)
    response = Response(200, URL_OF, {"content-type": answer.content_type}, answer.body)
    record = next(one for one in CalendarFile(FakeHttp(), URL_OF).events_of(response) if isinstance(one, RawRecord))
    read_at = int(datetime.fromisoformat(now).timestamp() * 1000)
    context = MappingContext("traineelink", record.native_id, None, read_at)
    return CONNECTOR.to_posting(CONNECTOR.parse(dict(record.parts)), context)


def series(found: Posting) -> Series:
    assert found.event is not None
    assert found.event.series is not None
    return found.event.series


def starts(found: Posting, most: int = 4) -> list[str]:
    assert found.event is not None
    return [f"{start:%d-%m %H:%M%z}" for start in [found.event.start, *series(found).dates][:most]]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY", ["22-10 19:00+0200", "29-10 19:00+0100", "05-11 19:00+0100", "12-11 19:00+0100"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", ["29-10 19:00+0100", "12-11 19:00+0100", "26-11 19:00+0100", "10-12 19:00+0100"]),
        ("FREQ=WEEKLY;COUNT=5;BYDAY=TU,TH", ["15-10 19:00+0200"]),
        ("FREQ=WEEKLY;UNTIL=20261105", ["22-10 19:00+0200", "29-10 19:00+0100", "05-11 19:00+0100"]),
        ("FREQ=WEEKLY;UNTIL=20261105T175959Z", ["22-10 19:00+0200", "29-10 19:00+0100"]),
        ("FREQ=MONTHLY;BYDAY=1TH;COUNT=3", ["05-11 19:00+0100", "03-12 19:00+0100"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", ["30-10 19:00+0100", "30-11 19:00+0100", "31-12 19:00+0100"]),
        ("FREQ=DAILY;COUNT=22", ["20-10 19:00+0200", "21-10 19:00+0200", "22-10 19:00+0200"]),
        ("FREQ=YEARLY;COUNT=2", ["01-10 19:00+0200"]),
    ],
)
def test_a_rule_is_followed_by_the_clock_on_the_wall(rule: str, expected: list[str]) -> None:
    assert starts(posting(entry(**THURSDAY, RRULE=f":{rule}"))) == expected


def test_an_event_that_is_under_way_is_the_next_one() -> None:
    weekly = entry(**THURSDAY, RRULE=":FREQ=WEEKLY")
    assert starts(posting(weekly, now="2026-10-22T21:29+02:00"), 1) == ["22-10 19:00+0200"]
    assert starts(posting(weekly, now="2026-10-22T21:30+02:00"), 1) == ["29-10 19:00+0100"]


def test_dates_that_are_left_out_added_or_told_apart_are_not_those_of_the_rule() -> None:
    weekly = entry(
        **THURSDAY,
        RRULE=":FREQ=WEEKLY",
        EXDATE=";TZID=Europe/Amsterdam:20261022T190000",
        RDATE=";TZID=Europe/Amsterdam:20261024T110000",
    )
    moved = entry(RECURRENCE_ID=":20261105T180000Z", DTSTART=":20261106T180000Z", DTEND=":20261106T200000Z")
    cancelled = entry(RECURRENCE_ID=";TZID=Europe/Amsterdam:20261119T190000", STATUS=":CANCELLED")
    found = posting(weekly, moved, cancelled)
    assert starts(found) == ["24-10 11:00+0200", "29-10 19:00+0100", "12-11 19:00+0100", "26-11 19:00+0100"]


def test_a_day_is_left_out_by_its_date() -> None:
    left_out = entry(**THURSDAY, RRULE=":FREQ=WEEKLY", EXDATE=";VALUE=DATE:20261022,20261029")
    assert starts(posting(left_out), 1) == ["05-11 19:00+0100"]


def test_whole_days_stay_whole_when_the_clocks_change() -> None:
    days = entry(DTSTART=";VALUE=DATE:20261004", DTEND=";VALUE=DATE:20261005", RRULE=":FREQ=WEEKLY;COUNT=8")
    found = posting(days)
    assert found.event is not None
    assert (str(found.event.start), str(found.event.end)) == ("2026-10-25 00:00:00+02:00", "2026-10-25 23:59:59+01:00")
    assert [f"{datetime.fromtimestamp(at / 1000, REGION_ZONE):%d-%m}" for at in turns_at(found.event)[:2]] == ["25-10", "01-11"]


def test_a_series_is_over_with_its_last_date_and_no_sooner() -> None:
    counted = posting(entry(**THURSDAY, RRULE=":FREQ=WEEKLY;COUNT=5;BYDAY=TU,TH"), now="2026-10-05T12:00+02:00")
    assert str(counted.valid_through) == "2026-10-15 21:30:00+02:00"
    assert series(counted).ends is None
    past = posting(entry(**THURSDAY, RRULE=":FREQ=WEEKLY;COUNT=2"))
    assert past.event is not None
    assert (starts(past), expires_at(past)[0]) == (["08-10 19:00+0200"], over_at(past.event))
    listed = posting(entry(**THURSDAY, RDATE=";TZID=Europe/Amsterdam:20261025T190000,20301024T190000"))
    assert str(listed.valid_through) == "2030-10-24 21:30:00+02:00"


@pytest.mark.timeout(20)  # followed to its end, a rule may take for ever
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;COUNT=9",
        "FREQ=DAILY;INTERVAL=0;BYDAY=TU",
        "FREQ=MONTHLY;INTERVAL=0",
        "FREQ=MONTHLY;BYMONTHDAY=32;BYDAY=53SU",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYSETPOS=0",
        "FREQ=WEEKLY;INTERVAL=x",
        "x",
    ],
)
def test_a_rule_that_is_not_followed_leaves_the_event_at_its_start_and_open(rule: str) -> None:
    found = posting(entry(**THURSDAY, RRULE=f":{rule}"))
    assert (starts(found), expires_at(found)) == (["01-10 19:00+0200"], (None, None))


@pytest.mark.timeout(20)
def test_an_endless_rule_is_followed_for_as_long_as_somebody_might_plan() -> None:
    daily, weekly = (series(posting(entry(**THURSDAY, RRULE=f":FREQ={often}"))) for often in ("DAILY", "WEEKLY"))
    assert (len(daily.dates), daily.ends, len(weekly.dates), weekly.ends) == (400, "never", 156, "never")
    since_long = entry(DTSTART=":19700101T180000Z", DTEND=":19700101T190000Z", RRULE=":FREQ=DAILY")
    assert starts(posting(since_long), 2) == ["20-10 18:00+0000", "21-10 18:00+0000"]


PARTS = {
    "INTERVAL": ["0", "1", "2", "7", "1000", "x", "-1"],
    "COUNT": ["0", "1", "5", "99999", "-1", "y"],
    "UNTIL": ["20270101", "20260101T000000Z", "99991231", "19800101"],
    "BYDAY": ["MO", "TU,TH", "1MO", "-1FR", "6MO", "ZZ", "53SU"],
    "BYMONTHDAY": ["1", "31", "-1", "0", "32"],
    "BYMONTH": ["2", "5", "13", "0"],
    "BYSETPOS": ["1", "-1", "6", "400", "0"],
    "BYWEEKNO": ["1", "53", "60"],
    "BYYEARDAY": ["1", "366", "-366", "400"],
}


@pytest.mark.timeout(120)  # one that fits no day takes dateutil half a second
@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "X"]),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in PARTS.items()}),
)
def test_no_rule_costs_the_event(often: str, parts: dict[str, str]) -> None:
    rule = ";".join([f"FREQ={often}", *(f"{name}={value}" for name, value in parts.items())])
    found = posting(entry(**THURSDAY, RRULE=f":{rule}"))
    assert found.event is not None
    dates = [found.event.start, *series(found).dates]
    assert dates == sorted(set(dates))
