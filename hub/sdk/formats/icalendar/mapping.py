"""VEVENT → Posting. Pure; a recurring event is one posting with its dates, a cancelled one an update."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Literal
from urllib.parse import unquote

from hub.domain.posting import Contact, Event, Kind, Lang, Location, Organisation, Posting, Venue
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.formats.addresses import host_of, to_email, to_web_address
from hub.sdk.formats.icalendar.payload import ALL_DAY, CalendarPart, VEvent
from hub.sdk.formats.icalendar.recurrence import recur
from hub.sdk.formats.icalendar.times import to_duration, to_moment
from hub.sdk.formats.places import place_text
from hub.sdk.formats.words import description_in, is_online_place, title_in, told_by_title
from hub.sdk.html import looks_like_html, paragraphs
from hub.sdk.language import declared_language, language_of

LINE = 2_000
_ESCAPED = re.compile(r"\\([\\;,nN])")
_LINK = re.compile(r"https?://\S+")
_STATUS: dict[str, Literal["scheduled", "cancelled", "postponed"]] = {"CANCELLED": "cancelled", "TENTATIVE": "postponed"}
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
    event, over = recur(vevent, _event(vevent, facts), facts, context.fetched_at)
    event, origins = told_by_title(event, title)
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
        valid_through=over,
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
    )


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
