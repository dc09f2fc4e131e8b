"""Traineelink: a sitemap, pages with schema.org JSON-LD of all sorts of care, and one iCalendar file.

A page's native id is its `identifier.value` (the employer's reference number, or Traineelink's own), else its path. Blocks come plain, in an `@graph`, in a list, with a
trailing comma, in an HTML comment; closed pages answer 404 or 410, carry noindex, or are merely past `validThrough`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from hub.sandbox.faults import doubled, shape
from hub.sandbox.platforms.calendar import calendar
from hub.sandbox.platforms.platform import Platform, own_address, page, with_etag
from hub.sandbox.world import Listing
from hub.sandbox.world.employers import Employer

ZONE = ZoneInfo("Europe/Amsterdam")
SCHEMA = "https://schema.org"
EMPLOYMENT = {"internship": "INTERN", "graduation_internship": "INTERN", "side_job": "PART_TIME"}
STATUS = {
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
    "rescheduled": "EventRescheduled",
    "moved_online": "EventMovedOnline",
}
CREDENTIAL = {"hbo": "bachelor degree", "wo": "postgraduate degree"}


class Traineelink(Platform):
    source = "traineelink"
    main = ("/sitemap.xml", "/agenda.ics")

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/sitemap.xml", self._sitemap),
            web.get("/agenda.ics", self._agenda),
            web.get("/traineeships/{slug}", self._page),
            web.get("/events/{slug}", self._page),
            web.get("/robots.txt", self._robots),
            web.get("/over-ons", self._about),
            web.get("/", self._about),
        ]

    def pages(self) -> list[Listing]:
        return [item for item in self.shown() if not (item.event and item.event.uid)]

    async def _robots(self, request: web.Request) -> web.Response:
        return web.Response(text=f"User-agent: *\nDisallow: /mijn/\nSitemap: {own_address(request)}/sitemap.xml\n")

    async def _about(self, _: web.Request) -> web.Response:
        return page("<!DOCTYPE html><html lang=nl><title>Traineelink</title><h1>Alle traineeships van het Noorden</h1></html>")

    async def _sitemap(self, request: web.Request) -> web.Response:
        address = own_address(request)
        listed, _ = shape(
            request, [item for item in self.pages() if item.state != "gone" or item.number % 6 == 0], has_total=False
        )
        rows = [f"<url><loc>{address}/over-ons</loc></url>"]
        for item in doubled(request, listed):
            stamp = item.modified.isoformat(timespec="seconds")
            rows.append(f"<url><loc>{address}{html.escape(item.path)}</loc><lastmod>{stamp}</lastmod></url>")
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            + "\n".join(rows)
            + "\n</urlset>\n"
        )
        return with_etag(request, web.Response(body=text.encode(), content_type="application/xml", charset="utf-8"))

    async def _agenda(self, request: web.Request) -> web.Response:
        listed, _ = shape(
            request, [item for item in self.shown() if item.event and item.event.uid and item.state != "gone"], has_total=False
        )
        body = calendar(doubled(request, listed)).encode()
        return with_etag(request, web.Response(body=body, content_type="text/calendar", charset="utf-8"))

    async def _page(self, request: web.Request) -> web.Response:
        listing = next((item for item in self.pages() if item.path == request.path), None)
        if listing is None or listing.state == "gone":
            status = 404 if listing is None or listing.number % 2 else 410
            return page(
                "<!DOCTYPE html><html lang=nl><title>Niet gevonden</title><h1>Niet meer beschikbaar</h1></html>", status=status
            )
        address = own_address(request)
        canonical = self.resolve(listing.canonical) or f"{address}{listing.path}"
        noindex = '<meta name="robots" content="noindex, follow">' if listing.state == "noindex" else ""
        title = html.escape(listing.title)
        text = (
            f'<!DOCTYPE html><html lang="{listing.lang}"><head><meta charset="utf-8"><title>{title} – Traineelink</title>{noindex}'
            f'<link rel="canonical" href="{html.escape(canonical)}">{self._block(listing, canonical, address)}</head>'
            f"<body><h1>{title}</h1><main>{listing.html}</main></body></html>"
        )
        return with_etag(request, web.Response(body=text.encode(), content_type="text/html", charset="utf-8"))

    def _block(self, listing: Listing, canonical: str, address: str) -> str:
        """The JSON-LD script element, as carefully written as the page's author was that day."""
        item = event_of(listing, canonical) if listing.event else self.posting_of(listing, canonical)
        item.update(listing.patch)
        for name in listing.drop:
            item.pop(name, None)
        site = {"@type": "WebSite", "name": "Traineelink", "url": address}
        style = listing.number % 6
        value: Any = {"@context": SCHEMA, **item}
        if style == 1:
            value = {"@context": SCHEMA, "@graph": [site, {"@type": "BreadcrumbList", "itemListElement": []}, item]}
        elif style == 2:
            value = [{"@context": SCHEMA, **site}, {"@context": SCHEMA, **item}]
        block = orjson.dumps(value).decode().replace("</", "<\\/")
        if style == 3:
            block = block[:-1] + ",}"
        elif style == 4:
            block = f"<!--\n{block}\n-->"
        elif style == 5:
            block = f"//<![CDATA[\n{block}\n//]]>"
        if listing.invalid == "syntax":
            block = block.replace('\\"', '"').removesuffix("}")
        return f'<script type="application/ld+json">{block}</script>'

    def posting_of(self, listing: Listing, canonical: str) -> dict[str, Any]:
        value: dict[str, Any] = {"@type": "JobPosting", "title": listing.title, "description": listing.html, "url": canonical}
        if listing.native_id != listing.path:
            name = listing.employer_name if listing.reference else "Traineelink"
            value["identifier"] = {"@type": "PropertyValue", "name": name, "value": listing.native_id}
        value["datePosted"] = listing.posted.astimezone(ZONE).date().isoformat()
        value["inLanguage"] = listing.lang
        if listing.expires is not None:
            end = datetime(listing.expires.year, listing.expires.month, listing.expires.day, 23, 59, tzinfo=ZONE)
            value["validThrough"] = end.isoformat()
        hosts = [
            _organisation(listing.employer_name, listing.employer),
            *(_organisation(other.nl, other) for other in listing.consortium),
        ]
        value["hiringOrganization"] = hosts if listing.consortium else hosts[0]
        value["employmentType"] = EMPLOYMENT.get(listing.kind, "FULL_TIME")
        value.update(_where(listing))
        value.update(_terms(listing))
        if listing.apply_url:
            value["directApply"] = False
            value["applicationContact"] = {"@type": "ContactPoint", "url": self.resolve(listing.apply_url)}
        return value


def _organisation(name: str, employer: Employer) -> dict[str, Any]:
    return {"@type": "Organization", "name": name, "sameAs": f"https://www.{employer.domain}"}


def _where(listing: Listing) -> dict[str, Any]:
    place = listing.place
    value: dict[str, Any] = {"jobLocationType": "TELECOMMUTE"} if listing.workplace == "remote" else {}
    if place is not None:
        postal = {
            "@type": "PostalAddress",
            "addressLocality": place.name,
            "addressRegion": place.province,
            "addressCountry": "NL",
        }
        if listing.number % 2:
            postal["postalCode"] = f"{place.district} AB"
        value["jobLocation"] = {"@type": "Place", "address": postal}
    return value


def _terms(listing: Listing) -> dict[str, Any]:
    """Hours, education, experience and pay."""
    facts = listing.facts
    if facts is None:
        return {}
    levels = [CREDENTIAL.get(code, code) for code in facts.education]
    value: dict[str, Any] = {
        "workHours": f"{facts.hours[0]}-{facts.hours[1]} uur per week",
        "educationRequirements": [
            {"@type": "EducationalOccupationalCredential", "credentialCategory": level} for level in levels
        ],
    }
    if facts.experience_years:
        months = 12 * facts.experience_years
        value["experienceRequirements"] = {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": months}
    if facts.pay:
        amount = {"@type": "QuantitativeValue", "minValue": facts.pay[0], "maxValue": facts.pay[1], "unitText": "MONTH"}
        value["baseSalary"] = {"@type": "MonetaryAmount", "currency": "EUR", "value": amount}
    return value


def event_of(listing: Listing, canonical: str) -> dict[str, Any]:
    event, place = listing.event, listing.place
    if event is None:
        return {}
    value: dict[str, Any] = {"@type": "Event", "name": listing.title, "description": listing.html, "url": canonical}
    if listing.native_id != listing.path:
        value["identifier"] = listing.native_id if listing.number % 2 else {"@type": "PropertyValue", "value": listing.native_id}
    start, end = event.start.astimezone(ZONE), event.end.astimezone(ZONE)
    value["startDate"] = start.date().isoformat() if event.all_day else start.isoformat()
    value["endDate"] = end.date().isoformat() if event.all_day else end.isoformat()
    value["eventStatus"] = f"{SCHEMA}/{STATUS.get(event.status, 'EventScheduled')}"
    if event.previous_start is not None:
        value["previousStartDate"] = event.previous_start.astimezone(ZONE).isoformat()
    hall = {
        "@type": "Place",
        "name": event.venue,
        "address": {"@type": "PostalAddress", "addressLocality": place.name if place else "", "addressCountry": "NL"},
    }
    online = {"@type": "VirtualLocation", "url": event.online_url}
    is_online = event.status == "moved_online"
    value["eventAttendanceMode"] = f"{SCHEMA}/" + (
        "OnlineEventAttendanceMode"
        if is_online
        else "MixedEventAttendanceMode"
        if event.online_url
        else "OfflineEventAttendanceMode"
    )
    value["location"] = online if is_online else [hall, online] if event.online_url else hall
    value["organizer"] = {"@type": "Organization", "name": listing.employer_name, "url": f"https://www.{listing.employer.domain}"}
    value["maximumAttendeeCapacity"] = event.capacity
    if event.cost:
        price = event.cost.split(" ")[0].replace(",", ".")
        value["offers"] = {"@type": "Offer", "price": price, "priceCurrency": "EUR", "url": f"{canonical}#aanmelden"}
    return value
