"""Reading from another site's scripts: everything here is public and read without cookies, so any site may.

Credentials are never allowed along, and webhooks are not for browsers. A preflight has no route of its own: what may be
asked for is known by what the router refuses (RFC 9110 §9.3.7, Fetch §3.2).
"""

from __future__ import annotations

from aiohttp import hdrs, web

PREFLIGHT_SECONDS = 86_400
READS = ("GET", "HEAD")
ASKED = "Authorization, If-Match, If-Modified-Since, If-None-Match, If-Range, Last-Event-ID, Range"
EXPOSED = "Accept-Ranges, Content-Range, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"


def preflight(request: web.Request) -> web.Response | None:
    """The answer to OPTIONS where there is something to read; None: this is no such request."""
    refused = request.match_info.http_exception
    if request.method != "OPTIONS" or not isinstance(refused, web.HTTPMethodNotAllowed):
        return None
    if "GET" not in refused.allowed_methods:
        return None
    headers = {
        hdrs.ALLOW: ", ".join(sorted({*refused.allowed_methods, "OPTIONS"})),
        hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*",
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: ", ".join(READS),
        hdrs.ACCESS_CONTROL_ALLOW_HEADERS: ASKED,
        hdrs.ACCESS_CONTROL_MAX_AGE: str(PREFLIGHT_SECONDS),
        hdrs.CACHE_CONTROL: f"public, max-age={PREFLIGHT_SECONDS}",
    }
    return web.Response(status=204, headers=headers)
