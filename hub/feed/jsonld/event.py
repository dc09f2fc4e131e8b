"""Event (Google's "Event" table, schema.org/Event). A cancelled event stays an event, and says so in `eventStatus`.

Times keep the offset of the event's place. An all-day event has dates: its end is the last day, as people say it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.domain.posting import Lang
from hub.feed.jsonld.parts import (
    address_of,
    filled,
    identifier_of,
    number_of,
    one_or_all,
    organisation_of,
    place_of,
    places_of,
    told_in,
    words_of,
)
from hub.feed.reading import Part, event_of, moment_of, name_of, part_of, parts_of, text_of, title_of, word_of

STATUSES = {
    "scheduled": "https://schema.org/EventScheduled",
    "cancelled": "https://schema.org/EventCancelled",
    "postponed": "https://schema.org/EventPostponed",
    "rescheduled": "https://schema.org/EventRescheduled",
    "moved_online": "https://schema.org/EventMovedOnline",
}
MODES = {
    "onsite": "https://schema.org/OfflineEventAttendanceMode",
    "online": "https://schema.org/OnlineEventAttendanceMode",
    "mixed": "https://schema.org/MixedEventAttendanceMode",
}


def to_event(opportunity: Part, content: Part, language: Lang) -> dict[str, Any]:
    event = event_of(content)
    previous = [said for stated in words_of(event, "previous_starts") if (said := moment(event, stated))]
    return {
        "@type": "Event",
        "name": title_of(content, language),
        "description": text_of(content, language),
        "inLanguage": told_in(content, language),
        "identifier": identifier_of(opportunity),
        **dates_of(event),
        "eventStatus": STATUSES.get(word_of(event, "status")),
        "previousStartDate": one_or_all(previous),
        "eventAttendanceMode": MODES.get(word_of(event, "attendance_mode")),
        "location": one_or_all(where(content, event)),
        "organizer": organisation_of(content),
        "offers": one_or_all(offers_of(event)),
        "maximumAttendeeCapacity": number_of(event, "capacity"),
        "image": address_of(content, "image_url"),
    }


def dates_of(event: Part) -> dict[str, Any]:
    """`startDate` and `endDate`, without those that are not known."""
    start, end = word_of(event, "start"), word_of(event, "end")
    return filled({"startDate": moment(event, start), "endDate": moment(event, end, is_end=True)})


def moment(event: Part, stated: str, *, is_end: bool = False) -> str | None:
    """A time with the offset of the event's place; a date of an all-day event. Its end at midnight closes the day before."""
    found = moment_of(stated)
    if found is None:
        return None
    zone = _zone(word_of(event, "timezone"))
    found = found.astimezone(zone) if zone is not None else found
    if not event.get("all_day"):
        return found.isoformat()
    start = moment_of(event.get("start"))
    if is_end and start is not None and found > start:
        found -= timedelta(microseconds=1)
    return found.date().isoformat()


def where(content: Part, event: Part) -> list[dict[str, Any]]:
    """The venue, else the item's first place; and where it is online. What has moved online has its venue no more."""
    venue = part_of(event, "venue")
    is_online = word_of(event, "attendance_mode") == "online" or word_of(event, "status") == "moved_online"
    found: list[dict[str, Any]] = []
    if not is_online:
        location = part_of(venue, "location") or next(parts_of(content, "locations"), {})
        place = place_of(location, name_of(venue))
        found += [place] if place else places_of(content)[:1]
    page = address_of(event, "online_url")
    if page is None and is_online:
        page = address_of(event, "registration_url") or address_of(content, "canonical_url")
    return [*found, {"@type": "VirtualLocation", "url": page}] if page else found


def offers_of(event: Part) -> list[dict[str, Any]]:
    """A price for each audience that has one; an address to register at without a price."""
    common = {"url": address_of(event, "registration_url"), "validThrough": word_of(event, "registration_deadline")}
    priced = [
        filled(
            {
                "@type": "Offer",
                "name": word_of(price, "audience"),
                "price": number_of(price, "amount"),
                "priceCurrency": word_of(price, "currency"),
                **common,
            }
        )
        for price in parts_of(event, "prices")
        if number_of(price, "amount") is not None
    ]
    return priced or ([filled({"@type": "Offer", **common})] if common["url"] else [])


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
