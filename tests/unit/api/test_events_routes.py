"""The calendar over HTTP: live events of a selection and nothing else."""

from __future__ import annotations

from fakes.told import at, closed, event, record
from icalendar import Calendar

from hub.feed.entry import LogRecord
from hub.feed.filters import Filter
from hub.feed.segments import Segment, Segments

EVENTS = "/v1/feed/events.ics"


async def take(hub, *records: LogRecord, start=0):
    await hub.projection.apply(list(records), start, start + len(records))


async def fetch(hub, path=EVENTS):
    response = await hub.client.get(path)
    calendar = Calendar.from_ical(await response.read())
    assert calendar.errors == []
    return response, calendar


def titles(calendar):
    return {str(one["SUMMARY"]) for one in calendar.walk("VEVENT")}


async def test_it_is_a_calendar_and_says_so(hub):
    await take(hub, at(0, event(1)))
    response, calendar = await fetch(hub)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (response.headers["Cache-Control"], calendar["X-WR-CALNAME"]) == (
        "public, max-age=300",
        "Regionale talenthub: bijeenkomsten",
    )


async def test_live_events_are_in_it_and_nothing_else(hub):
    await take(hub, at(0, event(1)), at(1, record(2)), at(2, event(3)), at(3, {**closed(3), "kind": "event"}))
    _, calendar = await fetch(hub)
    assert titles(calendar) == {"Vacature 1"}


async def test_a_cancelled_event_stays_and_says_so(hub):
    await take(hub, at(0, event(1)))
    _, before = await fetch(hub)
    await take(hub, at(1, event(1, {"status": "cancelled"}, version="v2")), start=1)
    _, after = await fetch(hub)
    (was,), (now,) = before.walk("VEVENT"), after.walk("VEVENT")
    assert (was["UID"], now["STATUS"], now["SEQUENCE"] > was["SEQUENCE"]) == (now["UID"], "CANCELLED", True)


async def test_a_sequence_goes_on_above_after_the_feed_was_begun_anew(hub):
    """What a restore does: the same event at a smaller place in the log, under a later base."""
    await hub.projection.reset("topic", "topic-e1", 1_790_000_000_000)
    await take(hub, at(0, event(2)), at(1, event(1)))
    _, before = await fetch(hub)
    await hub.projection.reset("topic", "topic-e2", 1_790_000_100_000)
    await take(hub, at(0, event(1)))
    _, after = await fetch(hub)
    found = {str(one["UID"]): one["SEQUENCE"] for one in before.walk("VEVENT")}
    (now,) = after.walk("VEVENT")
    assert now["SEQUENCE"] > found[str(now["UID"])]


async def test_filter_and_language_hold(hub):
    energy = {"sectors": ["energy"]}
    await take(hub, at(0, event(1, facets=energy)), at(1, event(2)))
    _, calendar = await fetch(hub, f"{EVENTS}?sector=energy&lang=en")
    assert titles(calendar) == {"Vacancy 1"}
    assert calendar["X-WR-CALDESC"] == "Filter: Energy."
    assert [str(name) for one in calendar.walk("VEVENT") for name in one["CATEGORIES"].cats] == ["Event", "Energy", "Starters"]


async def test_another_kind_asked_for_leaves_an_empty_calendar(hub):
    await take(hub, at(0, event(1)))
    _, calendar = await fetch(hub, f"{EVENTS}?kind=vacancy")
    assert titles(calendar) == set()


async def test_a_segment_has_its_own_calendar(hub):
    titled = {"nl": "Starters", "en": "Starters"}
    segment = Segment("starters", titled, {"nl": "", "en": ""}, Filter.of({"audience": ["graduate"]}))
    object.__setattr__(hub.edge, "segments", Segments({"starters": segment}))
    await take(hub, at(0, event(1, facets={"audiences": ["graduate"]})), at(1, event(2)))
    _, calendar = await fetch(hub, f"{EVENTS}?segment=starters")
    assert (titles(calendar), calendar["X-WR-CALNAME"]) == ({"Vacature 1"}, "Starters – bijeenkomsten")


async def test_what_the_reader_has_is_answered_304(hub):
    await take(hub, at(0, event(1)))
    first = await hub.client.get(EVENTS)
    again = await hub.client.get(EVENTS, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
