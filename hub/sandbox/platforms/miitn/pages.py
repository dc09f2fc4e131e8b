"""WordPress pages of listings and events: statuses that prove little, redirects by guess, JSON-LD escaped once more."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

from aiohttp import web

from hub.sandbox.platforms.miitn import events, posts
from hub.sandbox.platforms.miitn.blog import Blog
from hub.sandbox.platforms.miitn.collection import PUBLISHED
from hub.sandbox.platforms.miitn.texture import ZONE, content, dump, texturize
from hub.sandbox.platforms.platform import own_address, page
from hub.sandbox.world import Listing

NOT_FOUND = "<!DOCTYPE html><html lang='en-US'><head><title>Page not found</title></head><body><h1>Not found</h1></body></html>"


def job_page(site: Blog, request: web.Request, slug: str) -> web.Response:
    home = own_address(request)
    shown = [item for item in site.jobs() if item.state in PUBLISHED or item.state == "expired"]
    listing = next((item for item in shown if item.slug == slug), None)
    if listing is None:
        return _guess(slug, shown, "job", home)
    if not request.path.endswith("/"):
        return _moved(f"{home}/job/{slug}/")
    closed = listing.state in ("filled", "expired")
    note = {"filled": "This position has been filled.", "expired": "This listing has expired."}.get(listing.state, "")
    if listing.state == "password":
        body = "<p>This content is password protected.</p>"
    else:
        body = content(listing.html) if listing.state != "expired" else ""
    data = "" if closed else f"<!-- WP Job Manager Structured Data -->\n{_script(job_ld(listing, home))}"
    return _html(request, listing, home, "job-listings", f"<p>{note}</p>{body}", data, noindex=closed)


def event_page(site: Blog, request: web.Request, slug: str) -> web.Response:
    home = own_address(request)
    shown = [item for item in site.events() if item.state in events.PUBLISHED]
    listing = next((item for item in shown if item.slug == slug), None)
    if listing is None:
        return _guess(slug, shown, "event", home)
    if not request.path.endswith("/"):
        return _moved(f"{home}/event/{slug}/")
    data = _script([events.json_ld(listing, home)])
    return _html(request, listing, home, "tribe_events", content(listing.html), data, noindex=False)


def job_ld(listing: Listing, home: str) -> dict[str, Any]:
    """WP Job Manager's structured data: text once more escaped, pay as free text, the place as a string."""
    value: dict[str, Any] = {
        "@context": "http://schema.org/",
        "@type": "JobPosting",
        "datePosted": listing.posted.astimezone(ZONE).isoformat(timespec="seconds"),
    }
    if listing.expires is not None:
        day = listing.expires
        value["validThrough"] = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZONE).isoformat()
    title = texturize(listing.title)
    value["title"] = html.escape(_without_tags(title), quote=False)
    value["description"] = html.escape(content(listing.html), quote=False)
    code = posts.type_of(listing)[3]
    if code:
        value["employmentType"] = [code]
    value["hiringOrganization"] = _organization(listing)
    value["identifier"] = {"@type": "PropertyValue", "name": listing.employer_name, "value": f"{home}/job/{listing.slug}/"}
    place = posts.place_text(listing)
    if place:
        value["jobLocation"] = {"@type": "Place", "address": place}
        if listing.workplace == "remote":
            value["jobLocationType"] = "TELECOMMUTE"
    if listing.apply_url or listing.apply_email:
        value["directApply"] = True
    salary = posts.salary_text(listing)
    if salary and listing.number % 13:
        unit = posts.salary_unit(listing) or "MONTH"
        amount = {"@type": "QuantitativeValue", "value": salary, "unitText": unit}
        value["baseSalary"] = {"@type": "MonetaryAmount", "currency": "EUR", "value": amount}
    return value


def _organization(listing: Listing) -> dict[str, Any]:
    site = ("", listing.employer.domain, f"https://www.{listing.employer.domain}")[min(listing.number % 4, 2)]
    value: dict[str, Any] = {"@type": "Organization", "name": listing.employer_name}
    return {**value, "sameAs": site, "url": site} if site else value


def _without_tags(text: str) -> str:
    parts = text.split("<")
    return parts[0] + "".join(part.partition(">")[2] for part in parts[1:])


def _script(value: Any) -> str:
    return f'<script type="application/ld+json">{dump(value)}</script>'


def _guess(slug: str, shown: list[Listing], kind: str, home: str) -> web.Response:
    """An old slug leads to the new address; else WordPress guesses by the start of the slug, or gives up."""
    renamed = next((item for item in shown if slug in item.previous_slugs), None)
    guess = renamed or next((item for item in shown if item.slug.startswith(slug) and item.state != "expired"), None)
    if guess is None:
        return page(NOT_FOUND, status=404, headers={"Link": f'<{home}/wp-json/>; rel="https://api.w.org/"'})
    return _moved(f"{home}/{kind}/{guess.slug}/")


def _moved(address: str) -> web.Response:
    return web.Response(status=301, headers={"Location": address, "X-Redirect-By": "WordPress"})


def _html(request: web.Request, listing: Listing, home: str, base: str, body: str, data: str, *, noindex: bool) -> web.Response:
    rest = f"{home}/wp-json/wp/v2/{base}/{listing.number}"
    protected = "Protected: " if listing.state == "password" else ""
    robots = (
        "<meta name='robots' content='noindex, follow' />"
        if noindex
        else "<meta name='robots' content='max-image-preview:large' />"
    )
    text = (
        f'<!DOCTYPE html>\n<html lang="en-US">\n<head>\n<meta charset="UTF-8" />\n{robots}\n'
        f"<title>{protected}{texturize(listing.title)} &#8211; Make it in the North</title>\n"
        f'<link rel="https://api.w.org/" href="{home}/wp-json/" />'
        f'<link rel="alternate" type="application/json" href="{rest}" />\n'
        f"<link rel=\"canonical\" href=\"{home}{request.path}\" />\n<link rel='shortlink' href='{home}/?p={listing.number}' />\n"
        f'</head>\n<body>\n<h1>{protected}{texturize(listing.title)}</h1>\n<div class="entry">{body}</div>\n{data}\n</body>\n</html>'
    )
    link = f'<{home}/wp-json/>; rel="https://api.w.org/", <{rest}>; rel="alternate"; type="application/json", <{home}/?p={listing.number}>; rel=shortlink'
    return page(text, headers={"Link": link})
