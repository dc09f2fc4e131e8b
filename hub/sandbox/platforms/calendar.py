"""RFC 5545 by hand: folded lines, a VTIMEZONE, overrides of single occurrences, cancelled entries that stay listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hub.sandbox.world import Listing

ZONE = ZoneInfo("Europe/Amsterdam")
STATUS = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}
TIMEZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE""".splitlines()


def calendar(listings: Iterable[Listing]) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Traineelink//Agenda 1.0//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *TIMEZONE,
    ]
    for listing in listings:
        lines += entry(listing)
    return "\r\n".join(fold(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"


def entry(listing: Listing) -> list[str]:
    event = listing.event
    if event is None:
        return []
    text = re.sub(r"<[^>]+>", " ", listing.html.replace("</p>", "\n"))
    lines = ["BEGIN:VEVENT"]
    if "UID" not in listing.drop:
        lines.append(f"UID:{event.uid}")
    if event.recurrence_id:
        lines.append(f"RECURRENCE-ID:{event.recurrence_id}")
    lines += [f"DTSTAMP:{_utc(listing.modified)}", f"LAST-MODIFIED:{_utc(listing.modified)}", f"SEQUENCE:{event.sequence}"]
    if "DTSTART" in listing.drop:
        lines.append("DTSTART;TZID=Europe/Amsterdam:20261345T990000")
    elif event.all_day:
        last = event.end.astimezone(ZONE).date() + timedelta(days=1)
        lines += [f"DTSTART;VALUE=DATE:{event.start.astimezone(ZONE):%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
    else:
        lines += [f"DTSTART;TZID=Europe/Amsterdam:{_local(event.start)}", f"DTEND;TZID=Europe/Amsterdam:{_local(event.end)}"]
    if event.rrule:
        lines.append(f"RRULE:{event.rrule}")
    lines += [f"SUMMARY:{escape(listing.title)}", f"DESCRIPTION:{escape(text.strip())}"]
    place = listing.place.name if listing.place else ""
    lines.append(f"LOCATION:{escape(event.online_url or f'{event.venue}, {place}')}")
    if event.status in STATUS:
        lines.append(f"STATUS:{STATUS[event.status]}")
    elif event.sequence == 0:
        lines.append("STATUS:CONFIRMED")
    if event.status_reason:
        lines.append(f"COMMENT:{escape(event.status_reason)}")
    lines += [
        f"ORGANIZER;CN={escape(listing.employer_name)}:mailto:events@{listing.employer.domain}",
        "CATEGORIES:Trainees",
        "END:VEVENT",
    ]
    return lines


def escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """At most 75 octets a line, never inside a character."""
    parts, current, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 74:
            parts.append(current)
            current, size = "", 0
        current += character
        size += width
    return "\r\n ".join([*parts, current])


def _utc(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y%m%dT%H%M%S}"
