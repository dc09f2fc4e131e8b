"""An event that recurs: one posting, shown at the first of its dates that is not over (RFC 5545 §3.8.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.domain.posting import Event
from hub.domain.zone import REGION_ZONE

MOST_SHOWN = 12
"""Of the dates that follow, so many are told in the feed."""


def at_date(event: Event, start: datetime) -> Event:
    """`event` on another of its dates: as long as the first by the clock on the wall, whatever summer time does."""
    end = event.end and ends_at(event.start, event.end, event.timezone, start)
    return event.model_copy(update={"start": start, "end": end})


def ends_at(first: datetime, end: datetime, timezone: str | None, start: datetime) -> datetime:
    """When what lasts from `first` to `end` is over when it begins at `start`. All of them aware."""
    zone = _zone(timezone) if timezone else None
    here: tzinfo = zone or first.tzinfo or UTC
    length = end.astimezone(here).replace(tzinfo=None) - first.astimezone(here).replace(tzinfo=None)
    return start.astimezone(here) + length


def at_next_date(event: dict[str, Any], over: int) -> dict[str, Any]:
    """The JSON of an event of which so many dates are `over`, at the next one; with the first of those that follow."""
    dates: list[str] = event["series"]["dates"]
    coming = {**event, "series": {**event["series"], "dates": dates[over : over + MOST_SHOWN]}}
    if over:
        first, start = datetime.fromisoformat(event["start"]), datetime.fromisoformat(dates[over - 1])
        coming["start"] = dates[over - 1]
        if event.get("end"):
            coming["end"] = _text(ends_at(first, datetime.fromisoformat(event["end"]), event.get("timezone"), start))
    return coming


def turns_at(event: Event) -> list[int]:
    """When each of its dates but the last is over and the next one is the one to show, in unix milliseconds."""
    dates = event.series.dates if event.series else []
    return [over_at(event), *(over_at(at_date(event, start)) for start in dates[:-1])] if dates else []


def over_at(event: Event) -> int:
    """Unix milliseconds: its end; without one, or where whole days are meant, the end of the last day in Amsterdam."""
    if event.end is None:
        return end_of_day(event.start.astimezone(REGION_ZONE).date())
    if not event.all_day:
        return to_millis(event.end)
    last = event.end - timedelta(microseconds=1) if event.end > event.start else event.start
    return end_of_day(last.astimezone(REGION_ZONE).date())


@lru_cache(maxsize=4096)
def end_of_day(day: date) -> int:
    """23:59:59.999 in Amsterdam."""
    return to_millis(datetime.combine(day + timedelta(days=1), time(0), REGION_ZONE)) - 1


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def to_millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
