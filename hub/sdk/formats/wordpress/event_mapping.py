"""An event of The Events Calendar, joined with its post → Posting. Pure.

Times come from the UTC fields and are shown in the event's own zone. The `$` of a cost is the plugin's default and not
the editor's word, so such amounts carry no currency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.domain.posting import Contact, Event, Kind, Lang, Location, Organisation, Posting, Price, Venue
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.dates import AMSTERDAM, to_datetime
from hub.sdk.formats.addresses import host_of, to_email, to_web_address
from hub.sdk.formats.places import place_text
from hub.sdk.formats.schema_org.values import as_number, as_terms, as_text
from hub.sdk.formats.wordpress.payload import CalendarEvent, EventOrganizer, EventVenue, WordPressPayload
from hub.sdk.formats.wordpress.text import plain, plain_title, without_shortcodes
from hub.sdk.formats.words import description_in, is_online_place, title_in, told_by_title
from hub.sdk.language import language_of
from hub.sdk.money import parse_amount

_FREE = re.compile(
    r"(?:gratis|free|kosteloos)(?:\s+(?:entry|admission|entree|toegang|toegankelijk|of charge))?\W*|vrije? (?:entree|toegang)\W*",
    re.I,
)
EventStatus = Literal["scheduled", "cancelled", "postponed", "rescheduled", "moved_online"]
_META_STATUS: dict[str, EventStatus] = {"canceled": "cancelled", "cancelled": "cancelled", "postponed": "postponed"}
_TERMS: dict[str, EventStatus] = {
    "EventCancelled": "cancelled",
    "EventPostponed": "postponed",
    "EventRescheduled": "rescheduled",
    "EventMovedOnline": "moved_online",
}


def event_to_posting(parts: WordPressPayload, context: MappingContext, *, default_language: Lang = "en") -> Posting:
    """Raises RecordRejectedError."""
    event = parts.event
    if event is None:
        raise RecordRejectedError("missing_field", "no event among the parts", field="event")
    title = plain_title(event.title)
    if not title:
        raise RecordRejectedError("missing_field", "the title is empty", field="event.title")
    html = without_shortcodes(event.description if event.description.strip() else event.excerpt)
    lang = language_of(f"{title} {html}", default=default_language)
    link = to_web_address(event.url) or context.url
    held, origins = told_by_title(_event(event, parts, link), title)
    organizer = next((entry for entry in event.organizer if entry.organizer), None)
    return Posting(
        kind=Kind.EVENT,
        title=title_in(lang, title),
        description=description_in(lang, html),
        ad_language=lang,
        organisation=_organisation(organizer),
        consortium=[found for entry in event.organizer if entry is not organizer and (found := _organisation(entry))],
        locations=[place for venue in event.venue if (place := _location(venue))],
        functions=list(dict.fromkeys(plain(term.name) for term in (*event.categories, *event.tags) if term.name)),
        event=held,
        contact=_contact(organizer),
        date_posted=to_datetime(event.date_utc, field="event.date_utc", zone="UTC"),
        date_modified=to_datetime(event.modified_utc, field="event.modified_utc", zone="UTC"),
        canonical_url=link,
        image_url=to_web_address(event.image.url),
        field_origins=origins,
    )


def _event(event: CalendarEvent, parts: WordPressPayload, link: str | None) -> Event:
    zone = _zone(event.timezone)
    start = _moment(event.utc_start_date, event.start_date, zone, "event.start_date")
    end = _moment(event.utc_end_date, event.end_date, zone, "event.end_date")
    if start is None:
        raise RecordRejectedError("missing_field", "the event has no start", field="event.start_date")
    if end is not None and end < start:
        raise RecordRejectedError("impossible_date", "the event ends before it starts", field="event.end_date")
    website = to_web_address(event.website)
    status = _status(parts)
    online = to_web_address(event.virtual_url)
    return Event(
        start=start,
        end=end,
        timezone=zone,
        all_day=event.all_day,
        status=status,
        status_reason=plain(parts.post.meta.status_reason) or None if parts.post else None,
        attendance_mode=_attendance(event, status, online),
        venue=_venue(event.venue),
        online_url=online,
        registration_url=website if website != link else None,
        prices=_prices(event),
    )


def _status(parts: WordPressPayload) -> EventStatus:
    if parts.post is not None and parts.jsonld is None:
        return _META_STATUS.get(parts.post.meta.status.strip().lower(), "scheduled")
    node: Mapping[str, Any] = parts.jsonld or {}
    return next((_TERMS[term] for term in as_terms(node.get("eventStatus")) if term in _TERMS), "scheduled")


def _zone(stated: str) -> str:
    """The event's zone; `UTC+1`, which the zone database does not know, is told by the UTC times anyway."""
    try:
        ZoneInfo(stated or AMSTERDAM)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return AMSTERDAM
    return stated or AMSTERDAM


def _moment(utc: str, local: str, zone: str, field: str) -> datetime | None:
    moment = to_datetime(utc, field=field, zone="UTC") or to_datetime(local, field=field, zone=zone)
    return moment.astimezone(ZoneInfo(zone)) if moment else None


def _attendance(event: CalendarEvent, status: EventStatus, online: str | None) -> Literal["onsite", "online", "mixed"] | None:
    if status == "moved_online":
        return "online"
    is_online = event.is_virtual or online is not None or any(is_online_place(plain(venue.venue)) for venue in event.venue)
    has_venue = any(_location(venue) for venue in event.venue)
    if is_online:
        return "mixed" if has_venue else "online"
    return "onsite" if has_venue else None


def _venue(venues: list[EventVenue]) -> Venue | None:
    for venue in venues:
        name, location = plain(venue.venue), _location(venue)
        if location or (name and not is_online_place(name)):
            return Venue(name=name or None, location=location, url=to_web_address(venue.website) or to_web_address(venue.url))
    return None


def _location(venue: EventVenue) -> Location | None:
    lat, lng = as_number(venue.geo_lat), as_number(venue.geo_lng)
    is_point = bool(lat and lng) and -90 <= (lat or 0) <= 90 and -180 <= (lng or 0) <= 180
    street, postcode = plain(venue.address), place_text(plain(venue.zip)).postcode or plain(venue.zip)
    place = plain(venue.city)
    if not (street or place or postcode or is_point):
        return None
    return Location(
        place=place or None,
        street=street or None,
        postcode=postcode or None,
        province=plain(venue.province or venue.stateprovince) or None,
        country=plain(venue.country) or None,
        lat=lat if is_point else None,
        lng=lng if is_point else None,
        precision="address" if street else "postcode" if postcode else "place" if place else "unknown",
    )


def _organisation(organizer: EventOrganizer | None) -> Organisation | None:
    name = plain(organizer.organizer) if organizer else ""
    if organizer is None or not name:
        return None
    url = to_web_address(organizer.website)
    return Organisation(name=name, url=url, domain=host_of(url))


def _contact(organizer: EventOrganizer | None) -> Contact | None:
    email = to_email(organizer.email) if organizer else None
    phone = plain(organizer.phone) if organizer else ""
    return Contact(email=email, phone=phone or None) if email or phone else None


def _prices(event: CalendarEvent) -> list[Price]:
    """One price for each stated amount, 0 for "Gratis"; another cost that is no number stays as stated. A cost of `0` and
    none look alike here.

    `$` is what the plugin puts before every cost unless told otherwise, so it says nothing; `€` was chosen.
    """
    stated = plain(as_text(event.cost)).replace("$", "")
    currency = "EUR" if "€" in stated else None
    amounts = [amount for value in event.cost_details.values if (amount := parse_amount(value)) is not None]
    if amounts:
        return [Price(amount=amount, currency=currency, as_stated=stated or None) for amount in dict.fromkeys(amounts)]
    return [Price(amount=0 if _FREE.fullmatch(stated) else None, as_stated=stated)] if stated else []
