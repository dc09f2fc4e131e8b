"""The Events Calendar's REST: date windows, 50 a page, and a status that only the single event tells."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from dateutil import parser as dateparser

from hub.sandbox.faults import shape, window
from hub.sandbox.platforms.miitn.parameters import numbers, whole
from hub.sandbox.platforms.miitn.texture import ZONE, RestError, content, invalid, local, number_blocks, plain, texturize, utc
from hub.sandbox.world import Listing

PUBLISHED = frozenset(("live", "expired"))
"""An event that is over stays published; “expired” is the world's word for it."""
STATUS = {"cancelled": "EventCancelled", "postponed": "EventPostponed"}
"""What the plugin can say; a moved event simply has another start."""


def list_events(request: web.Request, listings: list[Listing], today: date, home: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The body and headers of the list. `modified_after`, `order` and `status` are ignored; the time of day too."""
    given = request.query
    per_page = min(50, whole(given, "per_page", 10, low=1))
    page = whole(given, "page", 1, low=1)
    start = _day(given.get("start_date"), "start_date") or today
    end = _day(given.get("end_date"), "end_date") or today + timedelta(days=730)
    include = numbers(given, "include")
    if given.get("categories"):
        raise invalid("categories", "The category does not exist.")
    search = given.get("search", "").casefold()
    rows = [
        item
        for item in listings
        if item.state in PUBLISHED
        and item.event is not None
        and start <= item.event.start.astimezone(ZONE).date() <= end
        and (not include or item.number in include)
        and search in item.title.casefold()
    ]
    rows.sort(key=lambda item: (item.event.start if item.event else item.posted, item.number))
    rows, total = shape(request, rows)
    pages = -(-total // per_page)
    if page > max(pages, 1):
        raise RestError(404, "event-archive-page-not-found", "The requested event archive page does not exist")
    body: dict[str, Any] = {
        "events": number_blocks([event_of(item, home) for item in window(request, rows, page, per_page)]),
        "rest_url": _address(home, request, page, per_page, start, end),
    }
    if page < pages:
        body["next_rest_url"] = _address(home, request, page + 1, per_page, start, end)
    if page > 1:
        body["previous_rest_url"] = _address(home, request, page - 1, per_page, start, end)
    body.update(total=total, total_pages=pages)
    return body, {"X-TEC-Total": str(total), "X-TEC-TotalPages": str(pages)}


def single_event(listing: Listing | None, home: str) -> dict[str, Any]:
    if listing is None or listing.event is None or listing.state == "gone":
        raise invalid("id", "The event with the given ID does not exist")
    if listing.state not in PUBLISHED:
        raise RestError(403, "event-not-accessible", "The requested event is not accessible")
    return {**number_blocks([event_of(listing, home)])[0], "json_ld": json_ld(listing, home)}


def event_of(listing: Listing, home: str) -> dict[str, Any]:
    event = listing.event
    if event is None:
        return {}
    start, end = event.start, event.end
    values = [part.strip() for part in event.cost.split("–")] if event.cost not in ("", "0") else []
    return {
        "id": listing.number,
        "global_id": f"{home.partition('://')[2]}?id={listing.number}",
        "global_id_lineage": [f"{home.partition('://')[2]}?id={listing.number}"],
        "author": "1",
        "status": "publish",
        "date": local(listing.posted, " "),
        "date_utc": utc(listing.posted, " "),
        "modified": local(listing.modified, " "),
        "modified_utc": utc(listing.modified, " "),
        "url": f"{home}/event/{listing.slug}/",
        "rest_url": f"{home}/wp-json/tribe/events/v1/events/{listing.number}",
        "title": texturize(listing.title),
        "description": content(listing.html),
        "excerpt": f"<p>{plain(listing.html)[:120]} [&hellip;]</p>\n",
        "slug": listing.slug,
        "image": False,
        "all_day": event.all_day,
        "start_date": local(start, " "),
        "start_date_details": _details(start.astimezone(ZONE)),
        "end_date": local(end, " "),
        "end_date_details": _details(end.astimezone(ZONE)),
        "utc_start_date": utc(start, " "),
        "utc_start_date_details": _details(start),
        "utc_end_date": utc(end, " "),
        "utc_end_date_details": _details(end),
        "timezone": "Europe/Amsterdam",
        "timezone_abbr": start.astimezone(ZONE).tzname(),
        "cost": " – ".join(f"${value}" for value in values),
        "cost_details": {"currency_symbol": "$", "currency_code": "USD", "currency_position": "prefix", "values": values},
        "website": event.online_url or (f"https://www.{listing.employer.domain}/events" if listing.number % 2 else ""),
        "show_map": True,
        "show_map_link": True,
        "hide_from_listings": False,
        "sticky": False,
        "featured": False,
        "categories": [],
        "tags": [],
        "venue": _venue(listing, home),
        "organizer": [_organizer(listing, home)],
    }


def json_ld(listing: Listing, home: str) -> dict[str, Any]:
    """Escaped description with a literal backslash-n, a person for an organisation, dollars for euros: as observed."""
    event = listing.event
    if event is None:
        return {}
    escaped = content(listing.html).strip().replace("<", "&lt;").replace(">", "&gt;")
    value: dict[str, Any] = {
        "@context": "http://schema.org",
        "@type": "Event",
        "name": texturize(listing.title),
        "description": f"{escaped}\\n",
        "url": f"{home}/event/{listing.slug}/",
        "eventAttendanceMode": "https://schema.org/" + _attendance(event.status, event.online_url),
        "startDate": event.start.astimezone(ZONE).isoformat(),
        "endDate": event.end.astimezone(ZONE).isoformat(),
        "organizer": {
            "@type": "Person",
            "name": listing.employer_name,
            "url": "",
            "sameAs": f"https://www.{listing.employer.domain}",
        },
        "performer": "Organization",
    }
    if event.status in STATUS:
        value["eventStatus"] = f"https://schema.org/{STATUS[event.status]}"
    if listing.place is not None:
        address = {"@type": "PostalAddress", "addressLocality": listing.place.name, "addressCountry": "Netherlands"}
        value["location"] = {
            "@type": "Place",
            "name": event.venue,
            "address": address,
            "url": f"{home}/venue/{_venue_number(listing)}/",
        }
    if event.cost not in ("", "0"):
        value["offers"] = {"@type": "Offer", "price": event.cost.split(" ")[0], "priceCurrency": "USD", "url": value["url"]}
    return value


def _attendance(status: str, online_url: str | None) -> str:
    if status == "moved_online":
        return "OnlineEventAttendanceMode"
    return "MixedEventAttendanceMode" if online_url else "OfflineEventAttendanceMode"


def _day(raw: str | None, name: str) -> date | None:
    if raw is None:
        return None
    try:
        return dateparser.parse(raw).date()
    except (ValueError, OverflowError) as error:
        raise invalid(name, "Invalid date.") from error


def _details(moment: datetime) -> dict[str, str]:
    names = {"year": "%Y", "month": "%m", "day": "%d", "hour": "%H", "minutes": "%M", "seconds": "%S"}
    return {name: moment.strftime(form) for name, form in names.items()}


def _venue_number(listing: Listing) -> int:
    return 500 + sum(listing.event.venue.encode()) % 97 if listing.event else 500


def _venue(listing: Listing, home: str) -> dict[str, Any] | list[Any]:
    if listing.event is None or listing.number % 9 == 0:
        return []
    number = _venue_number(listing)
    place = listing.place
    return {
        "id": number,
        "author": "1",
        "status": "publish",
        "modified": "2026-01-05 10:00:00",
        "modified_utc": "2026-01-05 09:00:00",
        "url": f"{home}/venue/{number}/",
        "venue": texturize(listing.event.venue),
        "slug": str(number),
        "address": "Hereplein 1" if listing.number % 2 else "",
        "city": place.name if place else "",
        "country": "Netherlands",
        "province": place.province if place else "",
        "zip": f"{place.district} AB" if place else "",
    }


def _organizer(listing: Listing, home: str) -> dict[str, Any]:
    number = 700 + listing.employer.number
    return {
        "id": number,
        "author": "1",
        "status": "publish",
        "url": f"{home}/organizer/{listing.employer.key}/",
        "organizer": texturize(listing.employer_name),
        "slug": listing.employer.key,
        "website": f"https://www.{listing.employer.domain}",
        "email": f"events@{listing.employer.domain}",
    }


def _address(home: str, request: web.Request, page: int, per_page: int, start: date, end: date) -> str:
    kept = {name: value for name, value in request.query.items() if name in ("search", "include")}
    query = {
        "page": page,
        "per_page": per_page,
        "start_date": f"{start} 00:00:00",
        "end_date": f"{end} 23:59:59",
        "status": "publish",
        **kept,
    }
    return f"{home}/wp-json/tribe/events/v1/events/?{urlencode(query)}"
