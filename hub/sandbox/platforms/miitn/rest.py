"""WordPress' REST routes: one table, found by pretty permalink or `?rest_route=`, with or without a trailing slash."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from hub.sandbox.platforms.miitn import collection, events, posts
from hub.sandbox.platforms.miitn.blog import Blog
from hub.sandbox.platforms.miitn.parameters import check_context, read_query
from hub.sandbox.platforms.miitn.texture import RestError, answer, number_blocks
from hub.sandbox.platforms.platform import own_address
from hub.sandbox.world import Listing

Result = tuple[Any, dict[str, str]]
HIDDEN = frozenset(("draft", "pending", "future", "private", "trash"))


async def dispatch(site: Blog, request: web.Request, route: str) -> web.Response:
    home = own_address(request)
    if request.method not in ("GET", "HEAD"):
        body = {
            "code": "rest_cannot_create",
            "message": "Sorry, you are not allowed to create posts as this user.",
            "data": {"status": 401},
        }
        return answer(body, status=401, home=home)
    try:
        for pattern, handler in ROUTES:
            found = re.fullmatch(pattern, route.rstrip("/") or "/")
            if found:
                value, headers = handler(site, request, *found.groups())
                return _finish(request, value, headers, home)
        raise RestError(404, "rest_no_route", "No route was found matching the URL and request method.")
    except RestError as error:
        return answer(error.body, status=error.status, home=home)


def _finish(request: web.Request, value: Any, headers: dict[str, str], home: str) -> web.Response:
    fields = request.query.get("_fields")
    if fields:
        names = [name.strip() for name in fields.split(",") if name.strip()]
        value = [_only(item, names) for item in value] if isinstance(value, list) else _only(value, names)
    if "_envelope" in request.query:
        return answer({"body": value, "status": 200, "headers": headers}, home=home)
    return answer(value, headers=headers, home=home)


def _only(item: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """`_fields=id,meta._filled`: dotted names go one level deeper."""
    kept: dict[str, Any] = {}
    for name in names:
        first, _, rest = name.partition(".")
        if first in item and not rest:
            kept[first] = item[first]
        elif first in item and isinstance(item[first], dict) and rest in item[first]:
            kept.setdefault(first, {})[rest] = item[first][rest]
    return kept


def _list(request: web.Request, listings: list[Listing], show: Callable[[Listing], Any]) -> Result:
    query = read_query(request.query)
    rows, total, pages = collection.cut(request, collection.select(listings, query, posts.terms_of), query)
    home = own_address(request)
    address = f"{home}{request.path}"
    link = collection.links(address, request.query, query.page, pages, home)
    return number_blocks([show(item) for item in rows]), {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages), "Link": link}


def _single(listing: Listing | None, request: web.Request, show: Callable[[Listing], Any]) -> Result:
    if listing is None or listing.state == "gone":
        raise RestError(404, "rest_post_invalid_id", "Invalid post ID.")
    if listing.state in HIDDEN:
        raise RestError(401, "rest_forbidden", "Sorry, you are not allowed to do that.")
    check_context(request.query)
    return number_blocks([show(listing)])[0], {}


def _jobs(site: Blog, request: web.Request) -> Result:
    home = own_address(request)
    return _list(request, site.jobs(), lambda item: posts.post_of(item, home, site.resolve))


def _job(site: Blog, request: web.Request, number: str) -> Result:
    home = own_address(request)
    return _single(site.job(int(number)), request, lambda item: posts.post_of(item, home, site.resolve))


def _event_posts(site: Blog, request: web.Request) -> Result:
    home = own_address(request)
    return _list(request, site.published_events(), lambda item: posts.event_post_of(item, home))


def _event_post(site: Blog, request: web.Request, number: str) -> Result:
    home = own_address(request)
    return _single(site.event(int(number)), request, lambda item: posts.event_post_of(item, home))


def _terms(site: Blog, request: web.Request, taxonomy: str) -> Result:
    query = read_query(request.query)
    rows = posts.term_list(taxonomy, own_address(request))
    for row in rows:
        row["count"] = sum(
            row["id"] in posts.terms_of(item, taxonomy) for item in site.jobs() if item.state in collection.PUBLISHED
        )
    shown = rows[(query.page - 1) * query.per_page : query.page * query.per_page]
    return shown, {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // query.per_page))}


def _tribe_list(site: Blog, request: web.Request) -> Result:
    return events.list_events(request, site.events(), site.today, own_address(request))


def _tribe_single(site: Blog, request: web.Request, number: str) -> Result:
    return events.single_event(site.event(int(number)), own_address(request)), {}


def _tribe_slug(site: Blog, request: web.Request, slug: str) -> Result:
    listing = next((item for item in site.events() if item.slug == slug and item.state != "gone"), None)
    if listing is None:
        raise RestError(404, "event-not-found", "The requested event does not exist")
    return events.single_event(listing, own_address(request)), {}


def _tribe_parts(site: Blog, request: web.Request, name: str) -> Result:
    home, key = own_address(request), {"venues": "venue", "organizers": "organizer"}.get(name)
    found: dict[int, Any] = {}
    for item in site.published_events() if key else []:
        part = events.event_of(item, home)[str(key)]
        for value in part if isinstance(part, list) else [part]:
            found[value["id"]] = value
    rows = [found[number] for number in sorted(found)]
    return {name: rows, "rest_url": f"{home}{request.path}", "total": len(rows), "total_pages": 1 if rows else 0}, {
        "X-TEC-Total": str(len(rows)),
        "X-TEC-TotalPages": "1",
    }


def _index(_: Blog, request: web.Request) -> Result:
    home = own_address(request)
    return {
        "name": "Make it in the North",
        "description": "Your international career in the northern Netherlands",
        "url": home,
        "home": home,
        "gmt_offset": "1",
        "timezone_string": "Europe/Amsterdam",
        "namespaces": ["oembed/1.0", "tribe/event-aggregator/v1", "tribe/events/v1", "wp/v2", "wp-site-health/v1"],
        "routes": {"/wp/v2/job-listings": {"methods": ["GET", "POST"]}, "/tribe/events/v1/events": {"methods": ["GET", "POST"]}},
    }, {}


def _type(_: Blog, request: web.Request, name: str) -> Result:
    bases = {"job_listing": "job-listings", "tribe_events": "tribe_events"}
    if name not in bases:
        raise RestError(404, "rest_type_invalid", "Invalid post type.")
    items = f"{own_address(request)}/wp-json/wp/v2/{bases[name]}"
    return {
        "slug": name,
        "name": name,
        "rest_base": bases[name],
        "rest_namespace": "wp/v2",
        "_links": {"wp:items": [{"href": items}]},
    }, {}


def _media(_: Blog, __: web.Request, number: str | None = None) -> Result:
    if number is not None:
        raise RestError(404, "rest_post_invalid_id", "Invalid post ID.")
    return [], {"X-WP-Total": "0", "X-WP-TotalPages": "0"}


def _me(_: Blog, __: web.Request) -> Result:
    raise RestError(401, "rest_not_logged_in", "You are not currently logged in.")


ROUTES: tuple[tuple[str, Callable[..., Result]], ...] = (
    (r"/", _index),
    (r"/wp/v2/job-listings", _jobs),
    (r"/wp/v2/job-listings/(\d+)", _job),
    (r"/wp/v2/tribe_events", _event_posts),
    (r"/wp/v2/tribe_events/(\d+)", _event_post),
    (r"/wp/v2/(job-types|job-categories)", _terms),
    (r"/wp/v2/media", _media),
    (r"/wp/v2/media/(\d+)", _media),
    (r"/wp/v2/users/me", _me),
    (r"/wp/v2/types/([a-z_]+)", _type),
    (r"/tribe/events/v1/events", _tribe_list),
    (r"/tribe/events/v1/events/(\d+)", _tribe_single),
    (r"/tribe/events/v1/events/by-slug/([^/]+)", _tribe_slug),
    (r"/tribe/events/v1/(venues|organizers|categories|tags)", _tribe_parts),
)
