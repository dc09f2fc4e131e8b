"""Noorderlink: a paged JSON list that must count right, a page per vacancy, and a robots.txt that closes the API.

Its traps are real: pay without period or currency, expired items still listed, places that fall back to the
organisation's, remote work only in the text, `apply` a URL only when `apply_method` says so.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from hub.sandbox.faults import shape, window
from hub.sandbox.platforms.platform import Platform, json, number_of, own_address, page
from hub.sandbox.world import Listing
from hub.sandbox.world.places import PLACES

ZONE = ZoneInfo("Europe/Amsterdam")
LIST = "/api/backend/vacancies/1.2/vacancies/filter"
EMPLOYMENT = {
    "vacancy": "Vast dienstverband",
    "traineeship": "Traineeship",
    "internship": "Stage",
    "graduation_internship": "Afstudeerstage",
    "side_job": "Bijbaan",
}
FUNCTION = {
    "care": "Zorg en welzijn",
    "lab": "Laboratorium",
    "research": "Onderzoek",
    "teach": "Onderwijs",
    "policy": "Beleid en bestuur",
    "desk": "Administratie en secretarieel",
    "finance": "Financieel",
    "it": "ICT",
    "tech": "Techniek",
    "logistics": "Logistiek",
    "agri": "Agrarisch",
}
FIELD = {
    "health": "Gezondheidszorg",
    "public": "Overheid",
    "water": "Waterbeheer",
    "education": "Onderwijs en onderzoek",
    "energy": "Energie",
    "logistics": "Transport en logistiek",
    "it": "Informatietechnologie",
    "agri": "Agri en food",
    "engineering": "Industrie en bouw",
    "finance": "Financiële dienstverlening",
}
LEVEL = {"mbo2": "MBO 2", "mbo3": "MBO 3", "mbo4": "MBO 4", "hbo": "HBO", "wo": "WO", "phd": "Gepromoveerd"}
REMOTE = {
    "hybrid": "<p>Je werkt hybride: een deel van de week thuis.</p>",
    "remote": "<p>Deze functie kan volledig op afstand worden uitgevoerd.</p>",
}


class Noorderlink(Platform):
    source = "noorderlink"
    main = (LIST,)

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get(LIST, self._list),
            web.get("/vacature/{slug}", self._page),
            web.get("/robots.txt", self._robots),
            web.get("/", self._home),
        ]

    async def _robots(self, _: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow: /api/*\nAllow: /\n")

    async def _home(self, _: web.Request) -> web.Response:
        return page("<!DOCTYPE html><html lang=nl><title>Noorderlink</title><h1>Werken in het Noorden</h1></html>")

    async def _list(self, request: web.Request) -> web.Response:
        limit = max(1, min(100, number_of(request, "limit", 20)))
        number = max(1, number_of(request, "page", 1))
        query = request.query.get("query", "").casefold()
        rows = [item for item in self.shown() if item.state != "gone" and (not query or query in item.title.casefold())]
        rows, total = shape(request, rows)
        items = [self.item(listing) for listing in window(request, rows, number, limit)]
        return json({"total_items": total, "items": items})

    def item(self, listing: Listing) -> dict[str, Any]:
        facts, place = listing.facts, listing.place
        seat = PLACES[listing.employer.place]
        pay = facts.pay if facts else None
        hourly = pay is not None and listing.number % 17 == 0
        value: dict[str, Any] = {
            "id": listing.number,
            "slug": listing.slug,
            "title": listing.title,
            "text": listing.html + REMOTE.get(listing.workplace, ""),
            "text_blocks": [
                {"title": "Samenvatting", "text": f"<p>{html.escape(listing.employer_name)} – {html.escape(listing.title)}</p>"}
            ],
            "organisation": {
                "title": listing.employer_name,
                "city": seat.name,
                "province": seat.province,
                "lat": seat.lat,
                "lng": seat.lng,
            },
            "locality": place.name if place else None,
            "province": place.province if place else None,
            "zipcode": f"{place.district} AB" if place and listing.number % 3 else None,
            "lat": place.lat if place else None,
            "lng": place.lng if place else None,
            "salary": {"base_salary": _money(pay, 0, hourly), "max_salary": _money(pay, 1, hourly)},
            "employments": [{"name": EMPLOYMENT[listing.kind]}],
            "functions": [{"name": FUNCTION[facts.family]}] if facts else [],
            "workfields": [{"name": FIELD[listing.employer.sector]}],
            "educations": [{"name": LEVEL[code]} for code in facts.education] if facts else [],
            "min_hours": facts.hours[0] if facts else None,
            "max_hours": facts.hours[1] if facts else None,
            "apply_method": "url" if listing.apply_url else "email" if listing.apply_email else "form",
            "apply": self.resolve(listing.apply_url) or listing.apply_email or "",
            "go_live_at": _stamp(listing.posted),
            "first_published_at": _stamp(listing.posted),
            "expire_at": _stamp(_closing(listing)),
            "is_expired": listing.state == "expired",
        }
        value.update(listing.patch)
        for name in listing.drop:
            value.pop(name, None)
        return value

    async def _page(self, request: web.Request) -> web.Response:
        slug = request.match_info["slug"]
        listing = next((item for item in self.shown() if item.slug == slug and item.state != "gone"), None)
        if listing is None:
            return page(
                "<!DOCTYPE html><html lang=nl><title>Niet gevonden</title><h1>Deze vacature bestaat niet meer</h1></html>",
                status=404,
            )
        address = f"{own_address(request)}/vacature/{slug}"
        data = {
            "@context": "https://schema.org",
            "@type": "JobPosting",
            "identifier": {"@type": "PropertyValue", "name": "Noorderlink", "value": str(listing.number)},
            "title": listing.title,
            "description": listing.html,
            "datePosted": _stamp(listing.posted),
            "validThrough": _stamp(_closing(listing)),
            "hiringOrganization": {"@type": "Organization", "name": listing.employer_name},
            "url": address,
        }
        block = orjson.dumps(data).decode().replace("</", "<\\/")
        title = html.escape(listing.title)
        note = "<p>Deze vacature is verlopen.</p>" if listing.state == "expired" else ""
        return page(
            f'<!DOCTYPE html><html lang="{listing.lang}"><head><title>{title}</title><link rel="canonical" href="{address}">'
            f'<script type="application/ld+json">{block}</script></head><body><h1>{title}</h1>{note}{listing.html}</body></html>'
        )


def _money(pay: tuple[int, int] | None, index: int, hourly: bool) -> float | int | None:
    if pay is None:
        return None
    return round(pay[index] / 156, 2) if hourly else pay[index]


def _closing(listing: Listing) -> datetime | None:
    if listing.expires is None:
        return None
    return datetime(listing.expires.year, listing.expires.month, listing.expires.day, tzinfo=ZONE) + timedelta(
        hours=23, minutes=59
    )


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(ZONE).isoformat(timespec="seconds")
