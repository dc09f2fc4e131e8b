"""Event → Posting, and Course or programme → Posting: every property of them that the canonical model knows. Pure.

A cancelled event is an update. `performer` is left out: the plugins that fill it write nonsense.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from hub.domain.posting import (
    Apply,
    Contact,
    Event,
    Internship,
    Kind,
    Lang,
    Location,
    Organisation,
    Posting,
    Price,
    Series,
    Venue,
)
from hub.enrich.persons import is_person
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.dates import AMSTERDAM, is_bare_date, to_datetime
from hub.sdk.formats.schema_org.job_posting import contact_of, education_of, traineeship_of
from hub.sdk.formats.schema_org.jsonld import types_of
from hub.sdk.formats.schema_org.text import ad_language_of, markup_of
from hub.sdk.formats.schema_org.values import (
    as_address,
    as_list,
    as_moment,
    as_number,
    as_terms,
    as_text,
    as_texts,
    locations_of,
    organisation_of,
)
from hub.sdk.formats.words import description_in, is_online_place, title_in, told_by_title
from hub.sdk.money import parse_amount, to_currency
from hub.sdk.vocabulary import eqf_of, kind_of_words

Status = Literal["scheduled", "cancelled", "postponed", "rescheduled", "moved_online"]
STATUSES: dict[str, Status] = {
    "EventScheduled": "scheduled",
    "EventCancelled": "cancelled",
    "EventPostponed": "postponed",
    "EventRescheduled": "rescheduled",
    "EventMovedOnline": "moved_online",
}
_STATUS_WORD = re.compile(r"(?:event)?(cancel|postpon)l?ed\Z", re.I)
_MODES: dict[str, Literal["onsite", "online", "mixed"]] = {
    "OfflineEventAttendanceMode": "onsite",
    "OnlineEventAttendanceMode": "online",
    "MixedEventAttendanceMode": "mixed",
}


def event_to_posting(
    node: Mapping[str, Any],
    context: MappingContext,
    *,
    page_language: str | None = None,
    default_language: Lang = "nl",
    zone: str = AMSTERDAM,
) -> Posting:
    """Raises RecordRejectedError."""
    posting = _frame(node, context, Kind.EVENT, page_language, default_language)
    event = event_of(node, context.url, zone)
    if event is None:
        raise RecordRejectedError("missing_field", "an Event without a start", field="startDate")
    titles = (posting.title.nl, posting.title.en)
    event, origins = told_by_title(event, next((title.text for title in titles if title is not None), ""))
    stated = [(entry, found) for entry in as_list(node.get("organizer")) if (found := organisation_of(entry, context.url))]
    persons = [entry for entry, found in stated if _is_person(entry, found)]
    organisers = [found for entry, found in stated if entry not in persons]
    return posting.model_copy(
        update={
            "organisation": organisers[0] if organisers else None,
            "consortium": organisers[1:],
            "locations": [place for place in places_of(node) if place != Location()],
            "event": event,
            "field_origins": {**posting.field_origins, **origins},
            "functions": as_texts(node.get("keywords")) + as_texts(node.get("about")),
            "contact": contact_of(node.get("contactPoint")) or contact_of(persons),
        }
    )


def course_to_posting(
    node: Mapping[str, Any],
    context: MappingContext,
    *,
    page_language: str | None = None,
    default_language: Lang = "nl",
    zone: str = AMSTERDAM,
) -> Posting:
    """Course or EducationalOccupationalProgram; one that calls itself a traineeship is one. Raises RecordRejectedError."""
    posting = _frame(node, context, Kind.COURSE, page_language, default_language)
    title = as_text(node.get("name")) or as_text(node.get("title"))
    kind = kind_of_words(title) or Kind.COURSE
    providers = [found for entry in as_list(node.get("provider")) if (found := organisation_of(entry, context.url))]
    instance: Mapping[str, Any] = next((one for one in as_list(node.get("hasCourseInstance")) if isinstance(one, dict)), {})
    awarded = [node.get("educationalCredentialAwarded"), node.get("occupationalCredentialAwarded"), node.get("educationalLevel")]
    levels = education_of([entry for value in awarded for entry in as_list(value)])
    merged = {**node, **instance} if instance else dict(node)
    points = as_number(node.get("numberOfCredits"))
    return posting.model_copy(
        update={
            "kind": kind,
            "organisation": providers[0] if providers else None,
            "consortium": providers[1:],
            "locations": places_of(merged),
            "event": event_of(merged, context.url, zone),
            "education_levels": levels,
            "eqf_min": eqf_of(levels),
            "traineeship": traineeship_of(node, zone) if kind is Kind.TRAINEESHIP else None,
            "internship": Internship(ects=points) if points is not None and kind is not Kind.TRAINEESHIP else None,
            "functions": as_texts(node.get("about")) + as_texts(node.get("occupationalCategory")),
            "apply": _apply(node, context.url),
        }
    )


def _is_person(entry: Any, organisation: Organisation) -> bool:
    """By its own mailbox, and not by `@type`: plugins write every organiser as a Person."""
    return is_person(organisation, Contact(email=(contact_of(entry) or Contact()).email))


def event_of(node: Mapping[str, Any], base: str | None, zone: str) -> Event | None:
    """The times, place and terms of an event; none without a start. Raises RecordRejectedError(`impossible_date`)."""
    stated_start, stated_end = as_text(node.get("startDate")), as_text(node.get("endDate"))
    start = to_datetime(stated_start, field="startDate", zone=zone)
    if start is None:
        return None
    all_day = is_bare_date(stated_start)
    end = to_datetime(stated_end, field="endDate", zone=zone, end_of_day=True)
    if all_day and end is None:
        end = to_datetime(stated_start, field="startDate", zone=zone, end_of_day=True)
    if end is not None and end < start:
        raise RecordRejectedError("impossible_date", "the event ends before it starts", field="endDate")
    status = _status(node)
    online = next((place for place in as_list(node.get("location")) if _is_virtual(place)), None)
    online_url = as_address(online, base) if online is not None else None
    offers = [offer for offer in as_list(node.get("offers")) if isinstance(offer, dict)]
    capacity = as_number(node.get("maximumAttendeeCapacity"))
    return Event(
        start=start,
        end=end,
        timezone=_zone_of(start),
        all_day=all_day,
        status=status,
        previous_starts=_previous_starts(node, zone),
        attendance_mode=_mode(node, status, online is not None),
        venue=_venue(node, base),
        online_url=online_url,
        capacity=round(capacity) if capacity is not None and capacity >= 0 else None,
        registration_url=as_address(_first(offers, "url"), base),
        registration_deadline=as_moment(
            _first(offers, "availabilityEnds", "validThrough"), field="offers.validThrough", zone=zone, end_of_day=True
        ),
        prices=[price for offer in offers if (price := _price(offer))] or _free(node),
        series=_series(node),
    )


def places_of(node: Mapping[str, Any]) -> list[Location]:
    """The physical places of an event."""
    return locations_of([place for place in as_list(node.get("location")) if not _is_virtual(place)])


def _frame(
    node: Mapping[str, Any], context: MappingContext, kind: Kind, page_language: str | None, default_language: Lang
) -> Posting:
    """What events and courses share."""
    title = as_text(node.get("name")) or as_text(node.get("title"))
    if not title:
        raise RecordRejectedError("missing_field", "a node without a name", field="name")
    html = markup_of(node, ("description",)) or markup_of(node, ("disambiguatingDescription", "abstract"))
    declared, lang = ad_language_of(node, page_language, f"{title} {html}", default_language)
    return Posting(
        kind=kind,
        title=title_in(lang, title),
        description=description_in(lang, html),
        ad_language=declared,
        date_posted=as_moment(node.get("datePublished") or node.get("datePosted"), field="datePublished"),
        date_modified=as_moment(node.get("dateModified"), field="dateModified"),
        canonical_url=as_address(node.get("url"), context.url) or context.url,
        image_url=as_address(node.get("image"), context.url),
    )


def _apply(node: Mapping[str, Any], base: str | None) -> Apply | None:
    offers = [offer for offer in as_list(node.get("offers")) if isinstance(offer, dict)]
    url = as_address(_first(offers, "url"), base) or as_address(node.get("url"), base) or base
    return Apply(method="url", url=url) if url else None


def _previous_starts(node: Mapping[str, Any], zone: str) -> list[datetime]:
    stated = [as_moment(value, field="previousStartDate", zone=zone) for value in as_list(node.get("previousStartDate"))]
    return [moment for moment in stated if moment is not None]


def _is_virtual(place: Any) -> bool:
    """By its type, as an address of the web, or by a name that is no place's."""
    if isinstance(place, str):
        return place.startswith("http") or is_online_place(place)
    if not isinstance(place, dict):
        return False
    return "VirtualLocation" in types_of(place) or (not place.get("address") and is_online_place(as_text(place.get("name"))))


def _status(node: Mapping[str, Any]) -> Status:
    """Some sites write the bare word, `cancelled` or `Canceled`."""
    for term in as_terms(node.get("eventStatus")):
        if term in STATUSES:
            return STATUSES[term]
        if match := _STATUS_WORD.match(term):
            return "cancelled" if match[1].lower() == "cancel" else "postponed"
    return "scheduled"


def _mode(node: Mapping[str, Any], status: Status, has_virtual: bool) -> Literal["onsite", "online", "mixed"] | None:
    stated = next((_MODES[term] for term in as_terms(node.get("eventAttendanceMode")) if term in _MODES), None)
    if stated is not None:
        return stated
    if has_virtual:
        return "mixed" if places_of(node) else "online"
    return "online" if status == "moved_online" else "onsite" if places_of(node) else None


def _venue(node: Mapping[str, Any], base: str | None) -> Venue | None:
    for place in as_list(node.get("location")):
        if isinstance(place, dict) and not _is_virtual(place):
            located = locations_of(place)
            name = as_text(place.get("name"))
            if name or located:
                return Venue(name=name or None, location=located[0] if located else None, url=as_address(place.get("url"), base))
        elif isinstance(place, str) and place.strip() and not _is_virtual(place):
            return Venue(name=as_text(place), location=locations_of(place)[0])
    return None


def _price(offer: Mapping[str, Any]) -> Price | None:
    specification = next((entry for entry in as_list(offer.get("priceSpecification")) if isinstance(entry, dict)), {})
    stated = as_text(_present(offer, "price", "lowPrice")) or as_text(_present(specification, "price", "minPrice"))
    amount = parse_amount(stated) if stated else None
    if not stated:
        return None
    return Price(
        audience=as_text(offer.get("name"))
        or as_text(offer.get("eligibleCustomerType"))
        or as_text(offer.get("category"))
        or None,
        amount=amount,
        currency=to_currency(as_text(offer.get("priceCurrency")) or as_text(specification.get("priceCurrency"))),
        as_stated=None if amount is not None else stated,
    )


def _free(node: Mapping[str, Any]) -> list[Price]:
    return [Price(amount=0)] if node.get("isAccessibleForFree") is True else []


def _series(node: Mapping[str, Any]) -> Series | None:
    parent = next((entry for entry in as_list(node.get("superEvent")) if isinstance(entry, dict)), {})
    uid = as_text(parent.get("@id") or parent.get("url") or parent.get("identifier") or parent.get("name"))
    return Series(uid=uid) if uid else None


def _present(node: Mapping[str, Any], *keys: str) -> Any:
    return next((node[key] for key in keys if node.get(key) not in (None, "")), None)


def _first(nodes: Sequence[Mapping[str, Any]], *keys: str) -> Any:
    return next((node[key] for key in keys for node in nodes if node.get(key) not in (None, "")), None)


def _zone_of(start: datetime) -> str | None:
    """Only a zone that was assumed has a name; an offset in the source names none."""
    return start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) else None
