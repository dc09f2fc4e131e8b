"""VEVENT → Posting. Pure; a recurring event is one posting with its series, a cancelled one an update."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Literal
from urllib.parse import unquote

from hub.domain.posting import Contact, Event, Kind, Lang, Location, Organisation, Posting, Series, Venue
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.formats.addresses import host_of, to_email, to_web_address
from hub.sdk.formats.icalendar.payload import ALL_DAY, CalendarPart, VEvent
from hub.sdk.formats.icalendar.times import to_duration, to_moment, utc_basic
from hub.sdk.formats.places import place_text
from hub.sdk.formats.words import description_in, is_online_place, title_in, told_by_title
from hub.sdk.html import looks_like_html, paragraphs
from hub.sdk.language import declared_language, language_of

LINE = 2_000
_ESCAPED = re.compile(r"\\([\\;,nN])")
_LINK = re.compile(r"https?://\S+")
_STATUS: dict[str, Literal["scheduled", "cancelled", "postponed"]] = {"CANCELLED": "cancelled", "TENTATIVE": "postponed"}
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_MOST_DAYS = 36_600
_MOST_DATES = 1_000
_FREE_MAIL = frozenset(("gmail.com", "outlook.com", "hotmail.com", "live.nl", "icloud.com", "group.calendar.google.com"))


def vevent_to_posting(
    vevent: VEvent, calendar: CalendarPart, context: MappingContext, *, default_language: Lang = "nl"
) -> Posting:
    """Raises RecordRejectedError. `TENTATIVE` is what publishers use for a postponed event."""
    title = _line(vevent, "SUMMARY")
    if not title:
        raise RecordRejectedError("missing_field", "an event without SUMMARY", field="SUMMARY")
    html = _description(vevent)
    declared = declared_language(_param(vevent, "SUMMARY", "LANGUAGE"))
    judged = language_of(f"{title} {html}", default=default_language)
    lang: Lang = "en" if declared == "en" else "nl" if declared == "nl" else judged
    facts = calendar.model_dump()
    event, origins = told_by_title(_event(vevent, facts), title)
    locations = [event.venue.location] if event.venue and event.venue.location else []
    return Posting(
        kind=Kind.EVENT,
        title=title_in(lang, title),
        description=description_in(lang, html),
        ad_language=declared or judged,
        organisation=_organisation(vevent),
        locations=locations,
        functions=[name for line in vevent.get("CATEGORIES", ()) for name in _split_list(line.value)],
        event=event,
        contact=_contact(vevent),
        date_posted=_moment(vevent, "CREATED", facts),
        date_modified=_moment(vevent, "LAST-MODIFIED", facts),
        valid_through=_series_end(vevent, event, facts),
        canonical_url=to_web_address(_value(vevent, "URL")) or context.url,
        image_url=_image(vevent),
        field_origins=origins,
    )


def _event(vevent: VEvent, facts: Mapping[str, Any]) -> Event:
    start_line, end_line = vevent.get("DTSTART"), vevent.get("DTEND")
    if not start_line:
        raise RecordRejectedError("missing_field", "an event without DTSTART", field="DTSTART")
    start, zone, all_day = to_moment(start_line[0].model_dump(), "DTSTART", facts)
    all_day = all_day or _value(vevent, ALL_DAY).upper() == "TRUE"
    end = None
    if end_line:
        end, _, is_date = to_moment(end_line[0].model_dump(), "DTEND", facts)
        if all_day and (is_date or end.time() == time()):
            # the end of a VALUE=DATE event is exclusive; who writes the same day twice means that day
            end = max(end, start + timedelta(days=1)) - timedelta(seconds=1)
    elif duration := _value(vevent, "DURATION"):
        end = start + to_duration(duration, "DURATION")
        end = end - timedelta(seconds=1) if all_day and end > start else end
    elif all_day:
        end = start + timedelta(days=1, seconds=-1)
    if end is not None and end < start:
        raise RecordRejectedError("impossible_date", "the event ends before it starts", field="DTEND")
    status = _STATUS.get(_value(vevent, "STATUS").upper(), "scheduled")
    online, venue = _online(vevent), _venue(vevent)
    is_online = online is not None or is_online_place(_line(vevent, "LOCATION"))
    return Event(
        start=start,
        end=end,
        timezone=zone,
        all_day=all_day,
        status=status,
        status_reason=_line(vevent, "COMMENT") or None if status != "scheduled" else None,
        attendance_mode=("mixed" if venue else "online") if is_online else "onsite" if venue else None,
        venue=venue,
        online_url=online,
        series=_series(vevent, facts),
    )


def _series(vevent: VEvent, facts: Mapping[str, Any]) -> Series | None:
    """A recurring event, and each override of one of its occurrences, share the UID."""
    recurrence = vevent.get("RECURRENCE-ID")
    if recurrence:
        return Series(uid=_value(vevent, "UID"), recurrence_id=utc_basic(recurrence[0].model_dump(), "RECURRENCE-ID", facts))
    if not vevent.get("RRULE") and not vevent.get("RDATE"):
        return None
    is_ended = not vevent.get("RRULE") or {"UNTIL", "COUNT"}.intersection(_rule(vevent))
    return Series(uid=_value(vevent, "UID"), ends=None if is_ended else "never")


def _rule(vevent: VEvent) -> dict[str, str]:
    """The rule's parts; an UNTIL in the last year that there is means never."""
    parts = (part.split("=", 1) for part in _value(vevent, "RRULE").upper().split(";") if "=" in part)
    return {name: value for name, value in parts if not (name == "UNTIL" and value.startswith("9999"))}


def _series_end(vevent: VEvent, event: Event, facts: Mapping[str, Any]) -> datetime | None:
    """When a recurring event is over, by its rule or by the last of the dates that it lists."""
    by_rule = _rule_end(vevent, event, facts)
    if not vevent.get("RDATE") or (vevent.get("RRULE") and by_rule is None):
        return by_rule
    end = event.end or event.start
    left_out = set(_dates(vevent, "EXDATE", facts))
    listed = [moment + (end - event.start) for moment in _dates(vevent, "RDATE", facts) if moment not in left_out]
    return max([by_rule or end, *listed])


def _dates(vevent: VEvent, name: str, facts: Mapping[str, Any]) -> list[datetime]:
    """Of every line of the property, the starts where it lists periods (RFC 5545 §3.8.5.2)."""
    found = []
    for line in vevent.get(name, ()):
        for value in line.value.split(",")[:_MOST_DATES]:
            found.append(to_moment({"value": value.partition("/")[0], "params": line.params}, name, facts)[0])
    return found


def _rule_end(vevent: VEvent, event: Event, facts: Mapping[str, Any]) -> datetime | None:
    """By UNTIL, or by the steps that COUNT leaves after the first; no rule is expanded.

    UNTIL is the latest start of an occurrence, not its end, and a bare date has that whole day (RFC 5545 §3.3.10).
    """
    rule = _rule(vevent)
    if "UNTIL" in rule:
        start_params = vevent["DTSTART"][0].params  # an UNTIL without a zone is in that of the start
        until, _, is_date = to_moment({"value": rule["UNTIL"], "params": start_params}, "RRULE", facts)
        last_start = datetime.combine(until.date(), event.start.timetz()) if is_date else until
        return last_start + ((event.end or event.start) - event.start)
    days, count, interval = _DAYS.get(rule.get("FREQ", "")), rule.get("COUNT", ""), rule.get("INTERVAL", "1")
    if days is None or not (count.isdigit() and interval.isdigit()) or len(count) > 4 or len(interval) > 3:
        return None
    steps = days * max(int(count) - 1, 0) * int(interval)
    return (event.end or event.start) + timedelta(days=steps) if steps < _MOST_DAYS else None


def _moment(vevent: VEvent, name: str, facts: Mapping[str, Any]) -> datetime | None:
    """When the entry was written. Google has `CREATED:19000101T120000Z` for what it does not know: that costs no event."""
    lines = vevent.get(name)
    try:
        return to_moment(lines[0].model_dump(), name, facts)[0] if lines else None
    except RecordRejectedError:
        return None


def _description(vevent: VEvent) -> str:
    rich = _text(vevent, "X-ALT-DESC")
    plain = _text(vevent, "DESCRIPTION")
    if looks_like_html(rich):
        return rich
    return plain if looks_like_html(plain) else paragraphs(plain.replace("\n", "\n\n"))


def _online(vevent: VEvent) -> str | None:
    """An address in LOCATION, or a CONFERENCE (RFC 7986)."""
    match = _LINK.search(_text(vevent, "LOCATION"))
    return to_web_address(match[0].rstrip(".,;)")) if match else to_web_address(_value(vevent, "CONFERENCE"))


def _venue(vevent: VEvent) -> Venue | None:
    """ "Hall, street, 9712 KN Groningen": the first part names the hall; the rest, or all of one part, is the place."""
    lines = re.sub(r",?\s*\n", ", ", _LINK.sub("", _text(vevent, "LOCATION")))  # Apple writes an address in lines
    stated = " ".join(lines.split()).strip(" ,;-")[:LINE]
    stated, point = "" if is_online_place(stated) else stated, _point(vevent)
    if not stated:
        return Venue(location=Location(lat=point[0], lng=point[1], precision="unknown")) if point else None
    name, _, rest = stated.partition(",")
    location = place_text(rest.strip() or stated)
    if point:
        location = location.model_copy(update={"lat": point[0], "lng": point[1]})
    return Venue(name=name.strip() or None, location=location)


def _point(vevent: VEvent) -> tuple[float, float] | None:
    latitude, _, longitude = _value(vevent, "GEO").partition(";")
    try:
        lat, lng = float(latitude), float(longitude)
    except ValueError:
        return None
    return (lat, lng) if -90 <= lat <= 90 and -180 <= lng <= 180 and (lat or lng) else None


def _organisation(vevent: VEvent) -> Organisation | None:
    """`ORGANIZER;CN=…:mailto:…`; some sites percent-encode the name. The mail host is the domain unless anybody's."""
    name = " ".join(unquote(_param(vevent, "ORGANIZER", "CN")).replace("\\,", ",").split())[:LINE]
    if not name or to_email(name):
        return None
    email, url = to_email(_value(vevent, "ORGANIZER")), to_web_address(_value(vevent, "ORGANIZER"))
    host = email.rpartition("@")[2].lower() if email else None
    return Organisation(name=name, url=url, domain=host_of(url) or (host if host not in _FREE_MAIL else None))


def _contact(vevent: VEvent) -> Contact | None:
    email = to_email(_value(vevent, "ORGANIZER"))
    return Contact(email=email) if email else None


def _image(vevent: VEvent) -> str | None:
    for line in vevent.get("ATTACH", ()):
        if line.params.get("FMTTYPE", "").startswith("image/"):
            return to_web_address(line.value)
    return None


def _split_list(value: str) -> list[str]:
    return [text for part in re.split(r"(?<!\\),", value) if (text := " ".join(_unescape(part).split())[:LINE])]


def _value(vevent: VEvent, name: str) -> str:
    lines = vevent.get(name)
    return lines[0].value.strip() if lines else ""


def _text(vevent: VEvent, name: str) -> str:
    return _unescape(_value(vevent, name))


def _line(vevent: VEvent, name: str) -> str:
    return " ".join(_text(vevent, name).split())[:LINE]


def _param(vevent: VEvent, name: str, param: str) -> str:
    lines = vevent.get(name)
    return lines[0].params.get(param, "") if lines else ""


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text) if "\\" in text else text
