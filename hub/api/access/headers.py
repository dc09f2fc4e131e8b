"""Headers of every answer: what browsers may do with it, who may read it from another site, what is left to the caller.

What a page for people needs (its own styles, frames) it says itself, and is not overwritten.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web
from multidict import CIMultiDict, istr

from hub.api.access.buckets import WINDOW_SECONDS
from hub.api.access.cors import EXPOSED, READS
from hub.api.access.gate import CALLER, STANDING
from hub.settings import HttpSettings

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
YEAR_SECONDS = 31_536_000


def fixed_headers(settings: HttpSettings) -> dict[str, str]:
    """What even an answer to no request carries."""
    found = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", hdrs.SERVER: "hub"}
    if (settings.public_url or "").startswith("https://"):
        found["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return found


def header_writer(settings: HttpSettings) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """For `on_response_prepare`."""
    fixed = fixed_headers(settings)
    # CIMultiDict: to take over its names takes a third of the time that names of a dict take.
    unless_said = ((istr("Content-Security-Policy"), POLICY), (istr("Permissions-Policy"), PERMISSIONS))
    read = CIMultiDict(
        {
            **fixed,
            hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*",
            hdrs.ACCESS_CONTROL_EXPOSE_HEADERS: EXPOSED,
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
    )
    written = CIMultiDict({**fixed, "Cross-Origin-Resource-Policy": "same-origin"})

    async def write(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        headers.update(read if request.method in READS and CALLER not in request else written)
        for name, text in unless_said:
            headers.setdefault(name, text)
        standing = request.get(STANDING)
        if standing is not None:
            headers["RateLimit-Policy"] = f'"{standing.name}";q={standing.limit};w={WINDOW_SECONDS:.0f}'
            headers["RateLimit"] = f'"{standing.name}";r={standing.remaining};t={standing.reset_seconds}'

    return write
