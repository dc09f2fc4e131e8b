"""A job listing as `wp/v2/job-listings` shows it, and the terms that it hangs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub.sandbox.platforms.miitn.texture import content, local, plain, texturize, utc
from hub.sandbox.world import Listing

CATEGORIES: dict[str, tuple[int, str, str]] = {
    "health": (21, "Life Sciences &amp; Health", "life-sciences-health"),
    "it": (22, "IT &amp; Digital", "it-digital"),
    "energy": (23, "Energy", "energy"),
    "public": (24, "Public Sector", "public-sector"),
    "engineering": (25, "Engineering", "engineering"),
    "agri": (26, "Agri-food &amp; Water", "agri-food-water"),
    "water": (26, "Agri-food &amp; Water", "agri-food-water"),
    "finance": (27, "Finance &amp; Business", "finance-business"),
    "education": (28, "Education &amp; Research", "education-research"),
    "logistics": (29, "Logistics", "logistics"),
}
TYPES: dict[str, tuple[int, str, str, str]] = {
    "full_time": (11, "Full Time", "full-time", "FULL_TIME"),
    "part_time": (12, "Part Time", "part-time", "PART_TIME"),
    "internship": (13, "Internship", "internship", "INTERN"),
    "graduation_internship": (14, "Graduation Internship", "graduation-internship", "INTERN"),
    "traineeship": (15, "Traineeship", "traineeship", ""),
    "side_job": (16, "Student Job", "student-job", "PART_TIME"),
    "freelance": (17, "Freelance", "freelance", "CONTRACTOR"),
}


def type_of(listing: Listing) -> tuple[int, str, str, str]:
    if listing.kind in TYPES:
        return TYPES[listing.kind]
    return TYPES["part_time" if listing.facts and listing.facts.hours[1] < 32 else "full_time"]


def terms_of(listing: Listing, taxonomy: str) -> list[int]:
    return [type_of(listing)[0]] if taxonomy == "job-types" else [CATEGORIES[listing.employer.sector][0]]


def place_text(listing: Listing) -> str:
    place = listing.place.name if listing.place else ""
    if listing.workplace == "remote":
        return f"{place} / remote" if place else ""
    if place and listing.number % 11 == 0:
        return f"City centre, {place}"
    return f"{place}, Netherlands" if place and listing.number % 5 == 0 else place


def salary_text(listing: Listing) -> str:
    pay = listing.facts.pay if listing.facts else None
    if pay is None:
        return ""
    low, high = pay
    forms = (
        f"{low} - {high}",
        f"€{low:,}–€{high:,}".replace(",", "."),
        f"€ {low:,} - € {high:,}",
        f"{low} to {high}",
        f"{low / 156:.2f}".replace(".", ","),
        f"{low / 156:.2f}",
        str(low * 12 // 500 * 500),
    )
    return forms[listing.number % 7]


def salary_unit(listing: Listing) -> str:
    if not listing.facts or listing.facts.pay is None:
        return ""
    unit = ("MONTH", "MONTH", "MONTH", "MONTH", "HOUR", "HOUR", "YEAR")[listing.number % 7]
    return unit if listing.number % 3 or unit != "MONTH" else ""


def meta_of(listing: Listing, resolve: Callable[[str | None], str | None]) -> dict[str, Any]:
    domain = listing.employer.domain
    meta: dict[str, Any] = {
        "_promoted": "",
        "_job_location": place_text(listing),
        "_application": resolve(listing.apply_url) or listing.apply_email or "",
        "_company_name": listing.employer_name,
        "_company_website": ("", domain, f"https://www.{domain}", f"https://www.{domain}")[listing.number % 4],
        "_company_tagline": "",
        "_company_twitter": "",
        "_company_video": "",
        "_filled": 1 if listing.state == "filled" else 0,
        "_featured": 1 if listing.number % 29 == 0 else 0,
        "_remote_position": 1 if listing.workplace == "remote" else 0,
        "_job_salary": salary_text(listing),
        "_job_salary_currency": "EUR" if listing.number % 2 else "",
        "_job_salary_unit": salary_unit(listing),
    }
    if listing.number % 13 == 0:
        for name in ("_job_salary", "_job_salary_currency", "_job_salary_unit"):
            del meta[name]
    return meta


def post_of(listing: Listing, home: str, resolve: Callable[[str | None], str | None]) -> dict[str, Any]:
    """The item without `_links`; its dates are site-local and UTC, both without offset."""
    hidden = listing.state == "password"
    return {
        "id": listing.number,
        "date": local(listing.posted),
        "date_gmt": utc(listing.posted),
        "guid": {"rendered": f"{home}/job/{(listing.previous_slugs or (listing.slug,))[0]}/"},
        "modified": local(listing.modified),
        "modified_gmt": utc(listing.modified),
        "slug": listing.slug,
        "status": "expired" if listing.state == "expired" else "publish",
        "type": "job_listing",
        "link": f"{home}/job/{listing.slug}/",
        "title": {"rendered": ("Protected: " if hidden else "") + texturize(listing.title)},
        "content": {"rendered": "" if hidden else content(listing.html), "protected": hidden},
        "author": 1,
        "featured_media": 0,
        "template": "",
        "meta": meta_of(listing, resolve),
        "job-categories": terms_of(listing, "job-categories"),
        "job-types": terms_of(listing, "job-types"),
        "_links": {
            "self": [{"href": f"{home}/wp-json/wp/v2/job-listings/{listing.number}"}],
            "collection": [{"href": f"{home}/wp-json/wp/v2/job-listings"}],
            "about": [{"href": f"{home}/wp-json/wp/v2/types/job_listing"}],
            "curies": [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}],
        },
    }


def event_post_of(listing: Listing, home: str) -> dict[str, Any]:
    """`wp/v2/tribe_events`: status in meta, but no start, end, venue or organiser."""
    status = listing.event.status if listing.event else "scheduled"
    return {
        "id": listing.number,
        "date": local(listing.posted),
        "date_gmt": utc(listing.posted),
        "guid": {"rendered": f"{home}/?post_type=tribe_events&#038;p={listing.number}"},
        "modified": local(listing.modified),
        "modified_gmt": utc(listing.modified),
        "slug": listing.slug,
        "status": "publish",
        "type": "tribe_events",
        "link": f"{home}/event/{listing.slug}/",
        "title": {"rendered": texturize(listing.title)},
        "content": {"rendered": content(listing.html), "protected": False},
        "excerpt": {"rendered": f"<p>{plain(listing.html)[:120]} [&hellip;]</p>\n", "protected": False},
        "author": 1,
        "featured_media": 0,
        "template": "",
        "meta": {
            "_tribe_events_status": {"cancelled": "canceled", "postponed": "postponed"}.get(status, ""),
            "_tribe_events_status_reason": listing.event.status_reason if listing.event and status == "cancelled" else "",
            "_tribe_events_is_hybrid": "",
        },
        "tags": [],
        "tribe_events_cat": [],
        "_links": {"self": [{"href": f"{home}/wp-json/wp/v2/tribe_events/{listing.number}"}]},
    }


def term_list(taxonomy: str, home: str) -> list[dict[str, Any]]:
    if taxonomy == "job-types":
        rows = [(number, name, slug, {"employment_type": code}) for number, name, slug, code in TYPES.values()]
    else:
        rows = [(number, name, slug, {}) for number, name, slug in dict.fromkeys(CATEGORIES.values())]
    singular = taxonomy.removesuffix("s").replace("categorie", "category")
    return [
        {
            "id": number,
            "count": 1,
            "description": "",
            "link": f"{home}/{singular}/{slug}/",
            "name": name,
            "slug": slug,
            "taxonomy": "job_listing_type" if taxonomy == "job-types" else "job_listing_category",
            "parent": 0,
            "meta": meta or [],
            "_links": {"self": [{"href": f"{home}/wp-json/wp/v2/{taxonomy}/{number}"}]},
        }
        for number, name, slug, meta in sorted(rows)
    ]
