"""A calendar entry's parts: its properties as fetched, and what it needs of its file.

`DTSTAMP` is when the file was made, so connectors name `vevent.DTSTAMP` volatile, with `LAST-MODIFIED` and `SEQUENCE`.
"""

from __future__ import annotations

from typing import Any

from hub.sdk.fields import Part

ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT"
"""Outlook's word for an all-day event, which it writes from midnight to midnight."""
# fmt: off
KEPT = frozenset({
    "UID", "RECURRENCE-ID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "DTSTART",
    "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "SUMMARY", "DESCRIPTION", "X-ALT-DESC", "LOCATION",
    "GEO", "STATUS", "COMMENT", "ORGANIZER", "CATEGORIES", "URL", "ATTACH",
    "CONFERENCE", ALL_DAY,
})
# fmt: on


class CalendarProperty(Part):
    value: str = ""
    params: dict[str, str] = {}


VEvent = dict[str, list[CalendarProperty]]
"""Property name → its lines."""


class CalendarPart(Part):
    """Facts of the file that the entry depends on."""

    timezone: str = ""
    zones: dict[str, dict[str, str]] = {}
    overridden: list[str] = []
    """Of a recurring event, the dates that have an entry of their own, by its `RECURRENCE-ID` in UTC."""


def known_properties(value: Any) -> Any:
    """Only the properties that a mapping reads, so that vendors' counters are no change."""
    return {name: lines for name, lines in value.items() if name in KEPT} if isinstance(value, dict) else value
