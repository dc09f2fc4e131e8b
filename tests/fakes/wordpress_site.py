"""A WordPress site in invented content, answering as wordpress.md observed a real one."""

from __future__ import annotations

import copy
from typing import Any

import orjson
from yarl import URL

from hub.sdk.testing import Canned, FakeHttp

BASE = "https://makeitinthenorth.test"
TEXT = "<p>You will work with the team on our data. Dutch isn&#8217;t required.</p>"
TERMS = {
    "job-types": [
        {"id": 5, "name": "Full Time", "slug": "full-time", "count": 3, "meta": {"employment_type": "FULL_TIME"}},
        {"id": 6, "name": "Traineeship", "slug": "traineeship", "count": 1, "meta": {"employment_type": ""}},
    ],
    "job-categories": [{"id": 9, "name": "Agri-food &amp; Water", "slug": "agri-food-water", "count": 2, "meta": []}],
}


def listing(number: int, title: str = "Data Engineer", slug: str | None = None, **meta: Any) -> dict[str, Any]:
    slug = slug or f"job-{number}"
    return {
        "id": number,
        "date": "2026-11-01T10:00:00",
        "date_gmt": "2026-11-01T09:00:00",
        "guid": {"rendered": f"{BASE}/job/{slug}/"},
        "modified": "2026-11-02T10:00:00",
        "modified_gmt": "2026-11-02T09:00:00",
        "slug": slug,
        "status": "publish",
        "type": "job_listing",
        "link": f"{BASE}/job/{slug}/",
        "title": {"rendered": title},
        "content": {
            "rendered": "<p>You will work with the team on our data. Dutch isn&#8217;t required.</p>",
            "protected": False,
        },
        "author": 1,
        "featured_media": 0,
        "template": "",
        "meta": {
            "_promoted": "",
            "_job_location": "Groningen",
            "_application": "https://apply.example/m001",
            "_company_name": "Noorderzon Data & Materials B.V.",
            "_company_website": "noorderzon.example",
            "_company_tagline": "Measuring the sea",
            "_company_twitter": "",
            "_company_video": "",
            "_filled": 0,
            "_featured": 0,
            "_remote_position": 0,
            "_job_salary": "4200 - 5600",
            "_job_salary_currency": "",
            "_job_salary_unit": "",
            **meta,
        },
        "job-types": [5],
        "job-categories": [9],
        "_links": {"self": [{"href": f"{BASE}/wp-json/wp/v2/job-listings/{number}"}]},
    }


def job_posting(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "@context": "http://schema.org/",
        "@type": "JobPosting",
        "datePosted": "2026-11-01T10:00:00+01:00",
        "validThrough": "2026-12-19T23:59:59+01:00",
        "title": "Data Engineer",
        "description": "&lt;p&gt;You will work with the team on our data.&lt;/p&gt;",
        "employmentType": ["FULL_TIME"],
        "hiringOrganization": {
            "@type": "Organization",
            "name": "Noorderzon Data &amp; Materials B.V.",
            "sameAs": "https://noorderzon.example",
            "logo": f"{BASE}/wp-content/uploads/logo.png",
        },
        "identifier": {"@type": "PropertyValue", "name": "Noorderzon", "value": item["guid"]["rendered"]},
        "jobLocation": {"@type": "Place", "address": "Groningen"},
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "EUR",
            "value": {"@type": "QuantitativeValue", "value": "4200 - 5600", "unitText": "MONTH"},
        },
        "directApply": True,
        **more,
    }


def page(item: dict[str, Any], node: dict[str, Any] | None) -> Canned:
    number = item["id"]
    block = f'<script type="application/ld+json">{orjson.dumps(node).decode()}</script>' if node is not None else ""
    return Canned.html(
        f"""<!doctype html><html lang="en-US"><head><link rel="https://api.w.org/" href="{BASE}/wp-json/" />
<link rel="alternate" title="JSON" type="application/json" href="{BASE}/wp-json/wp/v2/job-listings/{number}" />
<link rel='shortlink' href='{BASE}/?p={number}' /></head><body><h1>Listing</h1>
<!-- WP Job Manager Structured Data -->{block}</body></html>"""
    )


def event(number: int, title: str = "Meet &#8217;n Greet", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "global_id": f"makeitinthenorth.test?id={number}",
        "status": "publish",
        "date": "2026-11-01 10:00:00",
        "date_utc": "2026-11-01 09:00:00",
        "modified": "2026-11-02 10:00:00",
        "modified_utc": "2026-11-02 09:00:00",
        "url": f"{BASE}/event/event-{number}/",
        "title": title,
        "description": "<p>Come and meet the employers of the North.</p>",
        "excerpt": "",
        "slug": f"event-{number}",
        "image": False,
        "all_day": False,
        "start_date": "2026-12-10 19:00:00",
        "end_date": "2026-12-10 21:30:00",
        "utc_start_date": "2026-12-10 18:00:00",
        "utc_end_date": "2026-12-10 20:30:00",
        "timezone": "Europe/Amsterdam",
        "timezone_abbr": "CET",
        "cost": "$5 – $10",
        "cost_details": {"currency_symbol": "$", "currency_position": "prefix", "values": ["5", "10"]},
        "website": "https://tickets.example/meet",
        "featured": False,
        "categories": [{"id": 3, "name": "Networking &amp; Careers", "slug": "networking"}],
        "tags": [],
        "venue": {
            "id": 77,
            "venue": "Forum Groningen",
            "address": "Nieuwe Markt 1",
            "city": "Groningen",
            "zip": "9712 KN",
            "country": "Netherlands",
            "url": f"{BASE}/venue/forum/",
            "geo_lat": 53.218,
            "geo_lng": 6.57,
        },
        "organizer": [
            {"id": 78, "organizer": "Make it in the North", "website": "makeitinthenorth.test", "email": "hello@miitn.test"}
        ],
        **more,
    }


def post(number: int, status: str = "", reason: str = "") -> dict[str, Any]:
    return {
        "id": number,
        "status": "publish",
        "meta": {"_tribe_events_status": status, "_tribe_events_status_reason": reason},
    }


class WordPress(FakeHttp):
    """The site: change `listings`, `nodes`, `events`, `posts` between runs."""

    def __init__(self, *, base: str = BASE, is_pretty: bool = True) -> None:
        super().__init__()
        self.base = URL(base.rstrip("/") + "/")
        self.is_pretty = is_pretty
        first = listing(12)
        second = listing(14, "R&#038;D lead &#8220;Sea&#8221; <junior>")
        self.listings = {12: first, 14: second}
        self.nodes: dict[int, dict[str, Any] | None] = {12: job_posting(first), 14: job_posting(second)}
        self.events = {31: event(31)}
        self.posts = {31: post(31)}
        self.terms = copy.deepcopy(TERMS)
        self.overrides: dict[str, Canned] = {}
        self.sequences: dict[str, list[Canned]] = {}
        self.user = False

    def _find(self, url: URL) -> Canned:
        found = self.answers.get(url.path_qs) or self.answers.get(url.path)
        if isinstance(found, Canned):
            return found
        route = self._route_of(url)
        if route is not None and self.sequences.get(route):
            return self.sequences[route].pop(0)
        if route is not None:
            return self.overrides.get(route) or self._rest(route, url)
        if url.path.startswith("/job/"):
            return self._page(url.path)
        if url.path == self.base.path:
            rest = f"{self.base}wp-json/" if self.is_pretty else f"{self.base}index.php?rest_route=/"
            link = f'<{self.base}other>; rel="next", <{rest}>; rel="https://api.w.org/"'
            return Canned(b"<html></html>", content_type="text/html", headers={"link": link})
        return Canned.html("<html>not found</html>", 404)

    def _route_of(self, url: URL) -> str | None:
        if self.is_pretty:
            root = f"{self.base.path}wp-json/"
            return url.path.removeprefix(root).strip("/") if url.path.startswith(root) else None
        return url.query["rest_route"].strip("/") if "rest_route" in url.query else None

    def _page(self, path: str) -> Canned:
        for number, item in self.listings.items():
            if URL(item["link"]).path == path:
                return page(item, self.nodes.get(number))
        return Canned.html("<html>gone</html>", 404)

    def _rest(self, route: str, url: URL) -> Canned:
        query = url.query
        if route == "":
            return Canned.json({"name": "MiitN", "timezone_string": "Europe/Amsterdam", "gmt_offset": 1})
        if route == "wp/v2/users/me":
            return Canned.json({"id": 1}) if self.user else error(401, "rest_not_logged_in")
        if route.startswith("wp/v2/types/"):
            name = {"job_listing": "job-listings", "tribe_events": "tribe_events"}[route.rpartition("/")[2]]
            return Canned.json({"slug": name, "rest_base": name})
        if route == "wp/v2/job-listings":
            if "include" in query:
                asked = {int(number) for number in query["include"].split(",")}
                return paged([item for number, item in self.listings.items() if number in asked], query)
            return paged([self.listings[number] for number in sorted(self.listings)], query)
        collections = {
            **{f"wp/v2/{name}": rows for name, rows in self.terms.items()},
            "wp/v2/tribe_events": list(self.posts.values()),
        }
        if route in collections:
            return paged(collections[route], query)
        if route == "tribe/events/v1/events":
            return self._calendar(query)
        if route.startswith("wp/v2/job-listings/"):
            found = self.listings.get(int(route.rpartition("/")[2]))
            return Canned.json(found) if found else error(404, "rest_post_invalid_id")
        if route.startswith("tribe/events/v1/events/"):
            one = self.events.get(int(route.rpartition("/")[2]))
            return Canned.json(one) if one else error(400, "rest_invalid_param")
        return error(404, "rest_no_route")

    def _calendar(self, query: Any) -> Canned:
        if query["start_date"] > "2001" or query["end_date"] < "2099":
            return Canned.json({"events": [], "total": 0, "total_pages": 0})
        size, number = min(int(query["per_page"]), 50), int(query["page"])
        rows = [self.events[one] for one in sorted(self.events)]
        pages = -(-len(rows) // size)
        if number > 1 and number > pages:
            return error(404, "event-archive-page-not-found")
        found = rows[(number - 1) * size : number * size]
        more = {"next_rest_url": "https://elsewhere.test/next"} if number < pages else {}
        return Canned.json({"events": found, "rest_url": "", "total": len(rows), "total_pages": pages, **more})


def paged(rows: list[dict[str, Any]], query: Any) -> Canned:
    size, number = int(query["per_page"]), int(query.get("page", "1"))
    pages = -(-len(rows) // size)
    if not 1 <= size <= 100:
        return error(400, "rest_invalid_param")
    if number > pages and rows:
        return error(400, "rest_post_invalid_page_number")
    totals = {"x-wp-total": str(len(rows)), "x-wp-totalpages": str(pages)}
    return Canned(orjson.dumps(rows[(number - 1) * size : number * size]), headers=totals)


def error(status: int, code: str) -> Canned:
    return Canned(orjson.dumps({"code": code, "message": "", "data": {"status": status}}), status=status)
