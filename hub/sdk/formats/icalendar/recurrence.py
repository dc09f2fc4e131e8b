"""Recurring events (RFC 5545 §3.8.5): which dates are still to come when the file is fetched, and when the last one is over.

dateutil follows the rules, within bounds: three years ahead, a few hundred dates, nothing that repeats within a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

from hub.domain.posting import Event, Series
from hub.domain.series import at_date, over_at
from hub.sdk.formats.icalendar.payload import VEvent
from hub.sdk.formats.icalendar.times import to_moment, utc_basic

AHEAD = timedelta(days=3 * 366)
MOST_DATES = 400
_MOST_LISTED = 1_000
_MOST_STEPS = 40_000
"""A daily event of a hundred years."""
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_MOST_DAYS = 36_600
_PARTS = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"))
_PARTS_OF_LONG = _PARTS | {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}
"""Of rules by the month and the year. One of days with these may fit no day at all, which takes seconds to find out."""


def recur(vevent: VEvent, event: Event, facts: Mapping[str, Any], now: int) -> tuple[Event, datetime | None]:
    """`event` at the first of its dates that is not over at `now` (unix ms), with those after it; and when the series is over.

    Raises RecordRejectedError(`impossible_date`). None: that cannot be told, or the event does not recur.
    """
    uid = _text(vevent, "UID")
    if stated := vevent.get("RECURRENCE-ID"):  # of one date, which differs from the rest
        moment = utc_basic(stated[0].model_dump(), "RECURRENCE-ID", facts)
        return event.model_copy(update={"series": Series(uid=uid, recurrence_id=moment)}), None
    if not vevent.get("RRULE") and not vevent.get("RDATE"):
        return event, None
    starts, is_whole = _starts(vevent, event, facts, now)
    over = _stated_end(vevent, event, facts)
    if is_whole and starts:
        over = at_date(event, starts[-1]).end or starts[-1]
    dates: list[datetime] = []
    if starts:
        earliest = datetime.fromtimestamp(now / 1000, UTC) - ((event.end or event.start) - event.start) - timedelta(days=2)
        near = (at_date(event, start) for start in starts if start >= earliest)
        coming = [one.start for one in near if over_at(one) > now] or starts[-1:]
        event, dates = at_date(event, coming[0]), coming[1 : MOST_DATES + 1]
    series = Series(uid=uid, ends=None if over else "never", dates=dates)
    return event.model_copy(update={"series": series}), over


def _starts(vevent: VEvent, event: Event, facts: Mapping[str, Any], now: int) -> tuple[list[datetime], bool]:
    """All starts from the first on, and whether there are no more than these.

    The event's own is the first (§3.8.2.4). Dates of which the file has an override are that one's.
    """
    horizon = max(datetime.fromtimestamp(now / 1000, UTC), event.start) + AHEAD
    ruled, is_whole = _by_rule(vevent, event, facts, horizon)
    found = {event.start, *ruled}
    found.update(moment for moment, _ in _listed(vevent, "RDATE", facts))
    left_out = _listed(vevent, "EXDATE", facts)
    moments, days = {moment for moment, _ in left_out}, {moment.date() for moment, is_date in left_out if is_date}
    overridden = set(facts.get("overridden") or ())
    kept = (
        start for start in found if start not in moments and start.date() not in days and overridden.isdisjoint(_names_of(start))
    )
    return sorted(kept), is_whole


def _by_rule(vevent: VEvent, event: Event, facts: Mapping[str, Any], horizon: datetime) -> tuple[list[datetime], bool]:
    """The starts that the rule makes until `horizon`, by the clock on the wall; and whether there are no more than these.

    None of a rule that is not followed.
    """
    if not vevent.get("RRULE"):
        return [], True
    rule = _rule(vevent)
    is_long = rule.get("FREQ") in ("MONTHLY", "YEARLY")
    interval = rule.get("INTERVAL", "1")
    if rule.get("FREQ") not in _DAYS or not set(rule) <= (_PARTS_OF_LONG if is_long else _PARTS):
        return [], False
    if not interval.isdecimal() or int(interval) == 0:  # with none of it dateutil turns on the spot for ever
        return [], False
    zone: tzinfo = event.start.tzinfo or UTC
    if "UNTIL" in rule:
        rule["UNTIL"] = f"{_until(vevent, rule, event, facts).astimezone(zone):%Y%m%dT%H%M%S}"
    text = ";".join(f"{name}={value}" for name, value in rule.items())
    found: list[datetime] = []
    try:
        for start in islice(rrulestr(text, dtstart=event.start.replace(tzinfo=None)), _MOST_STEPS):
            if (there := start.replace(tzinfo=zone)) > horizon:
                return found, False
            found.append(there)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):  # dateutil's answers to a rule that is none
        return [], False
    return found, len(found) < _MOST_STEPS


def _names_of(start: datetime) -> tuple[str, str]:
    """As what an override may call it: a moment in UTC or a day."""
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"{start:%Y%m%d}"


def _rule(vevent: VEvent) -> dict[str, str]:
    """The rule's parts; an UNTIL in the last year that there is means never."""
    parts = (part.split("=", 1) for part in _text(vevent, "RRULE").upper().split(";") if "=" in part)
    return {name: value for name, value in parts if not (name == "UNTIL" and value.startswith("9999"))}


def _until(vevent: VEvent, rule: Mapping[str, str], event: Event, facts: Mapping[str, Any]) -> datetime:
    """The latest start of an occurrence, not its end; a bare date has that whole day (§3.3.10)."""
    params = vevent["DTSTART"][0].params  # an UNTIL without a zone is in that of the start
    until, _, is_date = to_moment({"value": rule["UNTIL"], "params": params}, "RRULE", facts)
    return until.combine(until.date(), event.start.timetz()) if is_date else until


def _stated_end(vevent: VEvent, event: Event, facts: Mapping[str, Any]) -> datetime | None:
    """Of a rule that is not followed to its end: by UNTIL, or by the steps that COUNT leaves after the first."""
    rule, end = _rule(vevent), event.end or event.start
    if "UNTIL" in rule:
        return _until(vevent, rule, event, facts) + (end - event.start)
    days, count, interval = _DAYS.get(rule.get("FREQ", "")), rule.get("COUNT", ""), rule.get("INTERVAL", "1")
    if days is None or not (count.isdigit() and interval.isdigit()) or len(count) > 4 or len(interval) > 3:
        return None
    steps = days * max(int(count) - 1, 0) * int(interval)
    return end + timedelta(days=steps) if steps < _MOST_DAYS else None


def _listed(vevent: VEvent, name: str, facts: Mapping[str, Any]) -> list[tuple[datetime, bool]]:
    """Of every line of the property, the starts where it lists periods (§3.8.5.2), and whether they are bare dates."""
    found = []
    for line in vevent.get(name, ()):
        for value in line.value.split(",")[:_MOST_LISTED]:
            moment, _, is_date = to_moment({"value": value.partition("/")[0], "params": line.params}, name, facts)
            found.append((moment, is_date))
    return found


def _text(vevent: VEvent, name: str) -> str:
    lines = vevent.get(name)
    return lines[0].value.strip() if lines else ""
