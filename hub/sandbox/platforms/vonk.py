"""Vonk: an ATS careers site in Recruitee's manner, `GET /api/offers/` in one answer, a page per offer, and pushes.

The hosting employer, its department and, for programmes with several employers, the placements stand in the offer.
`kind` is `job` for all of them; what an offer is says `employment_type_code` and its tags.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from aiohttp import web

from hub.sandbox.faults import doubled, shape
from hub.sandbox.platforms.platform import Platform, json, own_address, page, with_etag
from hub.sandbox.world import Listing
from hub.sandbox.world.prose import requirements

EMPLOYMENT = {"vacancy": "fulltime_permanent", "traineeship": "traineeship", "internship": "internship"}
EDUCATION = {
    "mbo2": "vocational",
    "mbo3": "vocational",
    "mbo4": "vocational",
    "hbo": "bachelor_degree",
    "wo": "master_degree",
    "phd": "doctorate",
}
EXPERIENCE = {0: "entry_level", 1: "entry_level", 2: "associate", 3: "mid_level", 5: "mid_senior_level"}


class Vonk(Platform):
    source = "vonk"
    main = ("/api/offers",)

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/api/offers/", self._offers),
            web.get("/api/offers", self._offers),
            web.get("/api/offers/{id}", self._offer),
            web.get("/o/{slug}", self._page),
            web.get("/robots.txt", self._robots),
            web.get("/", self._home),
        ]

    async def _robots(self, _: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nAllow: /\n")

    async def _home(self, _: web.Request) -> web.Response:
        return page("<!DOCTYPE html><html lang=nl><title>Vonk</title><h1>Traineeships bij Vonk</h1></html>")

    async def _offers(self, request: web.Request) -> web.Response:
        rows, _ = shape(request, [item for item in self.shown() if item.state == "live"], has_total=False)
        address = own_address(request)
        return with_etag(request, json({"offers": [self.offer(item, address) for item in doubled(request, rows)]}))

    async def _offer(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        found = next((item for item in self.shown() if wanted in (str(item.number), item.slug) and item.state == "live"), None)
        if found is None:
            return json({"error": ["Not found"]}, status=404)
        return json({"offer": self.offer(found, own_address(request))})

    def offer(self, listing: Listing, address: str) -> dict[str, Any]:
        facts, place = listing.facts, listing.place
        education = facts.education[-1] if facts else "hbo"
        value: dict[str, Any] = {
            "id": listing.number,
            "slug": listing.slug,
            "position": listing.number % 90,
            "status": "published",
            "kind": "job",
            "title": listing.title,
            "description": listing.html,
            "requirements": self._requirements(listing, listing.lang),
            "translations": self._translations(listing),
            "min_hours": facts.hours[0] if facts else None,
            "max_hours": facts.hours[1] if facts else None,
            "salary": self._salary(listing),
            "employment_type_code": EMPLOYMENT.get(listing.kind, "fulltime_permanent"),
            "education_code": EDUCATION[education],
            "experience_code": EXPERIENCE[facts.experience_years] if facts else None,
            "category_code": None,
            "city": place.name if place else None,
            "country": "Nederland",
            "country_code": "NL",
            "state_name": place.province if place else None,
            "postal_code": f"{place.district} AB" if place else None,
            "street": "Stationsplein 1" if place and listing.number % 2 else None,
            "location": f"{place.name}, {place.province}, Nederland" if place else None,
            "remote": listing.workplace == "remote",
            "hybrid": listing.workplace == "hybrid",
            "on_site": listing.workplace == "onsite",
            "careers_url": self.resolve(listing.canonical) or f"{address}/o/{listing.slug}",
            "careers_apply_url": self.resolve(listing.apply_url) or f"{address}/o/{listing.slug}/c/new",
            "company_name": listing.employer_name,
            "department": listing.department,
            "created_at": _stamp(listing.posted),
            "published_at": _stamp(listing.posted),
            "updated_at": _stamp(listing.modified),
            "close_at": f"{listing.expires.isoformat()} 21:59:59 UTC" if listing.expires else None,
            "tags": self._tags(listing),
            "max_candidates": None,
            "reference": listing.reference,
            "custom_fields": self._custom(listing),
        }
        value.update(listing.patch)
        for name in listing.drop:
            value.pop(name, None)
        return value

    def _requirements(self, listing: Listing, lang: Any) -> str:
        lines = requirements(listing.facts, lang) if listing.facts else []
        return "<ul>" + "".join(f"<li>{html.escape(line, quote=False)}</li>" for line in lines) + "</ul>"

    def _translations(self, listing: Listing) -> dict[str, Any]:
        own = {"title": listing.title, "description": listing.html, "requirements": self._requirements(listing, listing.lang)}
        if listing.translation is None:
            return {listing.lang: own}
        other = "en" if listing.lang == "nl" else "nl"
        title, text = listing.translation
        return {
            listing.lang: own,
            other: {"title": title, "description": text, "requirements": self._requirements(listing, other)},
        }

    def _salary(self, listing: Listing) -> dict[str, Any]:
        pay = listing.facts.pay if listing.facts else None
        if pay is None:
            return {"min": None, "max": None, "period": None, "currency": None}
        return {"min": pay[0], "max": pay[1], "period": "month", "currency": "EUR"}

    def _tags(self, listing: Listing) -> list[str]:
        tags = [listing.kind, listing.employer.sector]
        return [*tags, "meerdere werkgevers"] if listing.consortium else tags

    def _custom(self, listing: Listing) -> list[dict[str, Any]]:
        """A programme's fields: length, start, and each employer that takes a trainee."""
        if listing.kind != "traineeship":
            return []
        fields: list[dict[str, Any]] = [{"name": "Duur in maanden", "value": 24}, {"name": "Trainingsdag", "value": "vrijdag"}]
        everyone = [listing.employer, *listing.consortium] if listing.consortium else []
        fields += [
            {"name": f"Plaatsing {number}", "value": {"organisation": employer.nl, "months": 24 // len(everyone)}}
            for number, employer in enumerate(everyone, 1)
        ]
        return fields

    async def _page(self, request: web.Request) -> web.Response:
        slug = request.match_info["slug"]
        listing = next((item for item in self.shown() if item.slug == slug and item.state == "live"), None)
        if listing is None:
            return page("<!DOCTYPE html><html lang=nl><title>404</title><h1>Deze plek is vergeven</h1></html>", status=404)
        data = orjson.dumps(
            {"@context": "https://schema.org", "@type": "JobPosting", "title": listing.title, "description": listing.html}
        )
        block = data.decode().replace("</", "<\\/")
        title = html.escape(listing.title)
        return page(
            f'<!DOCTYPE html><html lang="{listing.lang}"><head><title>{title}</title><script type="application/ld+json">{block}</script>'
            f"</head><body><h1>{title}</h1>{listing.html}</body></html>"
        )


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
