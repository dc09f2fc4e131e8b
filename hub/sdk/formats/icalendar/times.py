"""Dates of iCalendar → aware datetimes: UTC, floating, or in a named zone, whose name may be anybody's invention.

A zone is taken by its name (IANA, with or without a vendor's prefix; Windows names), never by the VTIMEZONE's own
rules: files in the wild have wrong ones, and rules can be bombs. A name that nobody knows is judged by its two offsets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from hub.errors import RecordRejectedError
from hub.sdk.dates import AMSTERDAM, EARLIEST_YEAR, LATEST_YEAR

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z?))?\Z", re.I)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})(?::?\d{2})?\Z")
_DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z", re.I)
_BY_OFFSETS = {("+0100", "+0200"): AMSTERDAM, ("+0000", "+0100"): "Europe/London", ("+0200", "+0300"): "Europe/Helsinki"}
_WINDOWS = {**WINDOWS_TO_OLSON, "W. Europe Standard Time": AMSTERDAM}
"""Windows has one zone for Amsterdam, Berlin and Rome; on calendars of this region it is the first."""
_MOST_DAYS = 3_660


@lru_cache(maxsize=512)
def known_zone(name: str) -> str | None:
    """The IANA name that a TZID means, or None."""
    name = name.strip().strip("/")
    candidates = [name, _WINDOWS.get(name, "")] + ["/".join(name.split("/")[-length:]) for length in (3, 2)]
    for candidate in candidates:
        if candidate and re.fullmatch(r"[A-Za-z0-9_+/-]+", candidate) and not candidate.startswith(("/", ".")):
            try:
                ZoneInfo(candidate)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
            return candidate
    return None


def to_moment(stated: Mapping[str, Any], field: str, calendar: Mapping[str, Any]) -> tuple[datetime, str | None, bool]:
    """(aware datetime, IANA zone if there is one, whether it is a bare date). Raises RecordRejectedError(`impossible_date`).

    A time in UTC says when and not where: its zone is the calendar's, if that names one (Google writes all times so). What
    stands before a colon is the end of a TZID that should have been quoted.
    """
    text = str(stated.get("value", "")).rpartition(":")[2].strip()
    match = _DATE.match(text)
    if match is None:
        raise RecordRejectedError("impossible_date", f"not a date: {text[:60]!r}", field=field)
    params = stated.get("params") or {}
    name, zone = (_calendar_zone(calendar), UTC) if match[7] else _zone(str(params.get("TZID", "")), calendar)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        clock = time() if match[4] is None else time(int(match[4]), int(match[5]), min(int(match[6] or 0), 59))
    except ValueError as error:
        raise RecordRejectedError("impossible_date", f"{text}: {error}", field=field) from error
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise RecordRejectedError("impossible_date", f"{text}: the year is out of range", field=field)
    return datetime.combine(day, clock, zone), name, match[4] is None


def utc_basic(stated: Mapping[str, Any], field: str, calendar: Mapping[str, Any]) -> str:
    """`20261201T180000Z`; a bare date stays a date."""
    moment, _, is_date = to_moment(stated, field, calendar)
    return f"{moment:%Y%m%d}" if is_date else f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def to_duration(text: str, field: str) -> timedelta:
    """RFC 5545 §3.3.6. Raises RecordRejectedError(`impossible_date`)."""
    match = _DURATION.match(text.strip())
    if match is None or match[1] == "-":
        raise RecordRejectedError("impossible_date", f"not a duration: {text[:60]!r}", field=field)
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
    if weeks * 7 + days > _MOST_DAYS or max(hours, minutes, seconds) > _MOST_DAYS * 86_400:
        raise RecordRejectedError("impossible_date", f"too long: {text[:60]!r}", field=field)
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _calendar_zone(calendar: Mapping[str, Any]) -> str | None:
    return known_zone(str(calendar.get("timezone") or ""))


def _zone(tzid: str, calendar: Mapping[str, Any]) -> tuple[str | None, tzinfo]:
    """A floating time is the calendar's, else the region's."""
    if not tzid:
        name = _calendar_zone(calendar) or AMSTERDAM
        return name, ZoneInfo(name)
    known = known_zone(tzid)
    if known:
        return known, ZoneInfo(known)
    described: Mapping[str, str] = (calendar.get("zones") or {}).get(tzid) or {}
    located = known_zone(described.get("location", ""))
    standard, daylight = described.get("standard", ""), described.get("daylight", "")
    judged = located or _BY_OFFSETS.get((standard[:5], daylight[:5]))
    if judged:
        return judged, ZoneInfo(judged)
    offset = _OFFSET.match(standard)
    if offset is None:
        return AMSTERDAM, ZoneInfo(AMSTERDAM)
    minutes = int(offset[2]) * 60 + int(offset[3])
    return None, timezone(timedelta(minutes=min(minutes, 14 * 60) * (-1 if offset[1] == "-" else 1)))
