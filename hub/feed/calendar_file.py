"""iCalendar (RFC 5545, RFC 7986): live events as one file that calendar programs subscribe to.

A subscriber takes the file as a whole: an event that is no longer in it is gone. One that is cancelled stays until it is
over, and says so. Of one that recurs the next date is its start and those that follow are listed; no rule is written. There
is no METHOD: nobody is invited to anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson

from hub.domain.posting import Lang
from hub.domain.zone import REGION_ZONE
from hub.feed import reading
from hub.feed.calendar_lines import Line, hours, quoted, text, time_line, to_lines, uri, utc
from hub.feed.naming import Label, code_itself
from hub.feed.read_model import Row
from hub.feed.reading import Part

CONTENT_TYPE = "text/calendar"
MOST_EVENTS = 2_000
"""Calendar programs hold a file in memory and show it as one list: more is for the other surfaces."""
REFRESH_HOURS = 1
DOMAIN = "regional-talent-hub"
"""Behind the @ of a UID: the same on every host, so that a moved hub does not double anybody's events."""
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""From when SEQUENCE counts, so that it fits into 32 bits; also the time of a record that states none."""

_STATUS = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}
_SAID = {
    "nl": {
        "cancelled": "Geannuleerd",
        "postponed": "Uitgesteld",
        "register": "Aanmelden",
        "by": "Georganiseerd door",
        "source": "Bron",
    },
    "en": {"cancelled": "Cancelled", "postponed": "Postponed", "register": "Register", "by": "Organised by", "source": "Source"},
}
_YEARS = range(1970, 2101)
_ZONE = re.compile(r"[A-Z][A-Za-z_]+(/[A-Za-z0-9_+\-]+)+")


@dataclass(frozen=True, slots=True)
class Calendar:
    """`uid`: stable for what was asked; `base`: unix ms, as `Standing.base`; `address`: where the file itself is."""

    uid: str
    title: str
    description: str
    lang: Lang
    address: str
    base: int = 0
    label: Label = code_itself


def render_calendar(calendar: Calendar, rows: Sequence[Row], item_address: Callable[[str], str]) -> bytes:
    """`rows`: live events. One whose start cannot be read is left out, since a calendar has no place for it."""
    read = [_Event.read(orjson.loads(row.record), row.cursor) for row in rows]
    events = [event for event in read if event is not None]
    lines = [line for event in events for line in _event_lines(event, calendar, item_address(event.id))]
    return b"".join([to_lines(_calendar_lines(calendar)), *_zones(events), to_lines([*lines, ("END", "VCALENDAR")])])


def uid_of(id_: str) -> str:
    return f"{id_}@{DOMAIN}"


def sequence_of(cursor: int, base: int) -> int:
    """Greater with every change of an event: the place of its record in the log, and seconds at which that log began (`base`,
    unix ms), so that a log which was restored goes on above what the former one gave out. `last_changed` would not do: it
    steps back when a posting leaves an opportunity.
    """
    return max(0, base // 1000 - int(EPOCH.timestamp())) + cursor


@dataclass(frozen=True, slots=True)
class _Event:
    """`start`, `end`: as a calendar writes them, `end` behind the last moment or day; `zone`: None for UTC and for days."""

    id: str
    cursor: int
    record: Part
    content: Part
    event: Part
    start: date
    end: date | None
    zone: str | None
    dates: list[date]
    """When it begins again."""

    @classmethod
    def read(cls, record: Part, cursor: int) -> _Event | None:
        content = reading.content_of(record)
        event = reading.event_of(content)
        start, end = reading.moment_of(event.get("start")), reading.moment_of(event.get("end"))
        if start is None or start.year not in _YEARS or (end is not None and end.year not in _YEARS):
            return None
        zone = _zone(reading.word_of(event, "timezone"))
        place = ZoneInfo(zone) if zone is not None else None
        if event.get("all_day") is True:
            # A day is the day where the event is; its stated end lies within the last one, a calendar's behind it.
            first, last = reading.days_of(start, end, place)
            days = [moment.astimezone(place or REGION_ZONE).date() for moment in _dates_of(event)]
            return cls(reading.word_of(record, "id"), cursor, record, content, event, first, last + timedelta(days=1), None, days)
        begins = start.astimezone(place or UTC)
        ends = end.astimezone(begins.tzinfo) if end is not None and end > start else None
        dates: list[date] = [moment.astimezone(place or UTC) for moment in _dates_of(event)]
        return cls(reading.word_of(record, "id"), cursor, record, content, event, begins, ends, zone, dates)


def _dates_of(event: Part) -> list[datetime]:
    dates = reading.part_of(event, "series").get("dates")
    found = [reading.moment_of(stated) for stated in dates] if isinstance(dates, list) else []
    return [moment for moment in found if moment is not None and moment.year in _YEARS]


def _calendar_lines(calendar: Calendar) -> list[Line]:
    return [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Regional talent hub//Feed//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("UID", text(calendar.uid)),
        ("NAME", text(calendar.title)),
        ("X-WR-CALNAME", text(calendar.title)),
        *(
            [("DESCRIPTION", text(calendar.description)), ("X-WR-CALDESC", text(calendar.description))]
            if calendar.description
            else []
        ),
        ("X-WR-TIMEZONE", REGION_ZONE.key),
        ("SOURCE;VALUE=URI", uri(calendar.address)),
        ("REFRESH-INTERVAL;VALUE=DURATION", hours(REFRESH_HOURS)),
        ("X-PUBLISHED-TTL", hours(REFRESH_HOURS)),
    ]


def _event_lines(event: _Event, calendar: Calendar, item_address: str) -> list[Line]:
    record, content, lang = event.record, event.content, calendar.lang
    changed = reading.moment_of(record.get("last_changed")) or EPOCH
    created = reading.moment_of(record.get("first_published"))
    title, spoken = reading.title_of(content, lang) or event.id, reading.title_language(content, lang)
    categories = [calendar.label(field, code) for field, code in reading.categories_of(record)]
    return [
        ("BEGIN", "VEVENT"),
        ("UID", text(uid_of(event.id))),
        ("DTSTAMP", utc(changed)),
        ("LAST-MODIFIED", utc(changed)),
        *([("CREATED", utc(created))] if created is not None else []),
        ("SEQUENCE", str(sequence_of(event.cursor, calendar.base))),
        time_line("DTSTART", event.start, event.zone),
        *([time_line("DTEND", event.end, event.zone)] if event.end is not None else []),
        *(time_line("RDATE", moment, event.zone) for moment in event.dates),
        ("STATUS", _STATUS.get(reading.word_of(event.event, "status"), "CONFIRMED")),
        ("TRANSP", "TRANSPARENT"),
        (f"SUMMARY;LANGUAGE={spoken or lang}", text(title)),
        ("DESCRIPTION", text(_description(event, lang))),
        *_place_lines(event),
        ("URL", uri(reading.link_of(record) or item_address)),
        ("CATEGORIES", ",".join(map(text, categories))),
        *_organiser_lines(content),
        ("END", "VEVENT"),
    ]


def _description(event: _Event, lang: Lang) -> str:
    """What is different, the text, and who is to be credited with the page that readers are sent to."""
    said, record, content = _SAID[lang], event.record, event.content
    status, reason = reading.word_of(event.event, "status"), reading.word_of(event.event, "status_reason")
    notice = ": ".join(filter(None, (said[status], reason))) if status in _STATUS else ""
    facts = []
    if organiser := reading.organisation_of(content):
        facts.append(f"{said['by']}: {organiser}")
    if reading.is_web(register := event.event.get("registration_url")):
        facts.append(f"{said['register']}: {register}")
    facts.append(f"{said['source']}: {'; '.join(reading.attributions_of(record))}")
    if owner := reading.link_of(record):
        facts.append(owner)
    return "\n\n".join(filter(None, (notice, reading.text_of(content, lang), "\n".join(facts))))


def _place_lines(event: _Event) -> list[Line]:
    """Hall, street and place; where it is; and where it is followed from afar, which is the place of what has no other."""
    venue = reading.part_of(event.event, "venue")
    found = [reading.part_of(venue, "location"), *reading.parts_of(event.content, "locations")]
    location = next(filter(None, found), {})
    postcode, place = reading.word_of(location, "postcode"), reading.place_of(location)
    parts = [reading.name_of(venue), reading.word_of(location, "street"), f"{postcode} {place}".strip()]
    online = event.event.get("online_url")
    lines: list[Line] = []
    if stated := ", ".join(dict.fromkeys(filter(None, parts))) or (str(online) if reading.is_web(online) else ""):
        lines.append(("LOCATION", text(stated)))
    lat, lng = location.get("lat"), location.get("lng")
    if isinstance(lat, int | float) and isinstance(lng, int | float):
        lines.append(("GEO", f"{lat:.6f};{lng:.6f}"))
    if reading.is_web(online):
        lines.append(("CONFERENCE;VALUE=URI", uri(str(online))))
    return lines


def _organiser_lines(content: Part) -> list[Line]:
    """The organisation by its site: a person's address is never written, and without one there is no organiser."""
    organisation = reading.part_of(content, "organisation")
    name, site = reading.name_of(organisation), reading.word_of(organisation, "url")
    return [(f"ORGANIZER;CN={quoted(name)}", uri(site))] if name and reading.is_web(site) else []


def _zones(events: Sequence[_Event]) -> list[bytes]:
    """A VTIMEZONE for each zone that is used, and the region's in any case: a calendar must have a component (§3.6)."""
    years = [moment.year for event in events for moment in (event.start, *event.dates)] or [EPOCH.year]
    names = {event.zone for event in events if event.zone is not None} | {REGION_ZONE.key}
    return [_zone_text(name, min(years), max(years) + 1) for name in sorted(names)]


@lru_cache(maxsize=64)
def _zone_text(name: str, first: int, last: int) -> bytes:
    from icalendar import Timezone  # here: it is six megabytes, and most readers take no calendar

    zone = Timezone.from_tzinfo(ZoneInfo(name), name, date(first, 1, 1), date(last + 1, 1, 1))
    zone.pop("COMMENT", None)  # it may not stand here (§3.8.1.4)
    made: bytes = zone.to_ical()
    return made


@lru_cache(maxsize=256)
def _zone(name: str) -> str | None:
    """A named zone that there is; None: its times are written in UTC."""
    if _ZONE.fullmatch(name) is None or name in ("Etc/UTC", "Etc/GMT"):
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
