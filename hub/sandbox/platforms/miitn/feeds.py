"""WordPress' other outlets: the job feed (RSS), the sitemaps and a calendar file with ids that move with the event."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from email.utils import format_datetime

from aiohttp import web

from hub.sandbox.platforms.miitn import posts
from hub.sandbox.platforms.miitn.blog import Blog
from hub.sandbox.platforms.miitn.collection import PUBLISHED
from hub.sandbox.platforms.miitn.texture import ZONE, content, plain, texturize
from hub.sandbox.platforms.platform import number_of, own_address, page
from hub.sandbox.world import Listing

SITEMAP_SIZE = 2_000
COMING = 30
WRONG_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Amsterdam",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:20260329T010000",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:20261025T010000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""As the plugin writes it: the hours of the transitions are in UTC and so an hour or two early."""


def job_feed(site: Blog, request: web.Request) -> web.Response:
    """Newest first, ten unless asked; its ETag follows the last `modified` of the site, not what the feed shows."""
    home = own_address(request)
    size = max(1, number_of(request, "posts_per_page", 10))
    start = (max(1, number_of(request, "paged", 1)) - 1) * size
    words = request.query.get("search_keywords", "").casefold()
    shown = [item for item in site.jobs() if item.state in PUBLISHED and words in item.title.casefold()]
    shown.sort(key=lambda item: item.posted, reverse=True)
    newest = max((item.modified for item in site.shown()), default=site.world.now)
    headers = {"ETag": f'"{int(newest.timestamp()):x}"', "Last-Modified": format_datetime(newest, usegmt=True)}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    items = "\n".join(_item(item, home) for item in shown[start : start + size])
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:job_listing="{home}"><channel><title>Make it in the North</title><link>{home}</link>{items}</channel></rss>'
    )
    return web.Response(body=text.encode(), content_type="application/rss+xml", charset="UTF-8", headers=headers)


def _item(listing: Listing, home: str) -> str:
    link = f"{home}/job/{listing.slug}/"
    kind = posts.type_of(listing)[1]
    hidden = listing.state == "password"
    return (
        f"<item><title>{html.escape(plain(listing.title))}</title><link>{link}</link>"
        f'<pubDate>{format_datetime(listing.posted)}</pubDate><guid isPermaLink="false">{link}</guid>'
        f"<content:encoded><![CDATA[{'' if hidden else content(listing.html)}]]></content:encoded>"
        f"<job_listing:location><![CDATA[{html.escape(posts.place_text(listing))}]]></job_listing:location>"
        f"<job_listing:job_type><![CDATA[{kind}]]></job_listing:job_type>"
        f"<job_listing:salary><![CDATA[{html.escape(posts.salary_text(listing))}]]></job_listing:salary>"
        f"<job_listing:company><![CDATA[{html.escape(listing.employer_name)}]]></job_listing:company></item>"
    )


def sitemap_index(request: web.Request) -> web.Response:
    home = own_address(request)
    rows = "".join(
        f"<sitemap><loc>{home}/wp-sitemap-posts-{kind}-1.xml</loc></sitemap>" for kind in ("job_listing", "tribe_events")
    )
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>')


def sitemap(site: Blog, request: web.Request, kind: str, number: int) -> web.Response:
    """Without `lastmod`; filled and overdue listings included."""
    home = own_address(request)
    if kind == "job_listing":
        paths = [f"job/{item.slug}" for item in site.jobs() if item.state in PUBLISHED]
    else:
        paths = [f"event/{item.slug}" for item in site.published_events()] if kind == "tribe_events" else []
    rows = paths[(number - 1) * SITEMAP_SIZE : number * SITEMAP_SIZE] if number else []
    if not rows:
        return page("<!DOCTYPE html><html><title>Page not found</title></html>", status=404)
    urls = "".join(f"<url><loc>{home}/{path}/</loc></url>" for path in rows)
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')


def _xml(text: str) -> web.Response:
    return web.Response(
        body=f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), content_type="application/xml", charset="UTF-8"
    )


def calendar(site: Blog, request: web.Request, slug: str | None) -> web.Response:
    """The next thirty events, or one; past ones and single months on request. Lines stay long, as observed."""
    shown = [item for item in site.published_events() if item.event is not None]
    shown.sort(key=lambda item: item.event.start if item.event else item.posted)
    month = request.match_info.get("month")
    if slug is not None:
        shown = [item for item in shown if item.slug == slug]
    elif month is not None:
        shown = [item for item in shown if item.event and f"{item.event.start.astimezone(ZONE):%Y-%m}" == month]
    elif request.query.get("eventDisplay") == "past":
        shown = [item for item in shown if item.event and item.event.end < site.world.now][-COMING:]
    else:
        shown = [item for item in shown if item.event and item.event.end >= site.world.now][:COMING]
    home = own_address(request)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Make it in the North - ECPv5.16.4.1//NONSGML v1.0//EN",
        "CALSCALE:GREGORIAN",
    ]
    lines += [
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Make it in the North",
        f"X-ORIGINAL-URL:{home}",
        "X-Robots-Tag:noindex",
        *WRONG_ZONE,
    ]
    for item in shown:
        lines += _entry(item, home)
    body = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
    headers = {"Content-Disposition": 'attachment; filename="make-it-in-the-north.ics"'}
    return web.Response(body=body, content_type="text/calendar", charset="UTF-8", headers=headers)


def _entry(listing: Listing, home: str) -> list[str]:
    event = listing.event
    if event is None:
        return []
    uid = f"{listing.number}-{int(event.start.timestamp())}-{int(event.end.timestamp())}@{home.partition('://')[2].partition(':')[0]}"
    start, end = event.start.astimezone(ZONE), event.end.astimezone(ZONE)
    when = [f"DTSTART;TZID=Europe/Amsterdam:{start:%Y%m%dT%H%M%S}", f"DTEND;TZID=Europe/Amsterdam:{end:%Y%m%dT%H%M%S}"]
    if event.all_day:
        when = [f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{end + timedelta(seconds=1):%Y%m%d}"]
    text = re.sub(r"\s+", " ", plain(listing.html)).replace(",", "\\,")
    return [
        "BEGIN:VEVENT",
        *when,
        f"DTSTAMP:{listing.modified.astimezone(ZONE):%Y%m%dT%H%M%S}",
        f"CREATED:{listing.posted:%Y%m%dT%H%M%SZ}",
        f"LAST-MODIFIED:{listing.modified:%Y%m%dT%H%M%SZ}",
        f"UID:{uid}",
        f"SUMMARY:{plain(texturize(listing.title))}",
        f"DESCRIPTION:{text}",
        f"URL:{home}/event/{listing.slug}/",
        f'ORGANIZER;CN="{listing.employer_name.replace(" ", "%20")}":MAILTO:events@{listing.employer.domain}',
        "END:VEVENT",
    ]


__all__ = ["calendar", "job_feed", "sitemap", "sitemap_index"]
