"""The body of a request, read no further than it may be large and no longer than it may take."""

from __future__ import annotations

import asyncio

from aiohttp import web

from hub.api.problems import ProblemError

CHUNK_BYTES = 2**16


async def read_bounded(request: web.Request, *, most_bytes: int, seconds: float) -> bytes:
    """Raises a ProblemError: 408 or 413."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_chunked(CHUNK_BYTES):
                body += chunk
                if len(body) > most_bytes:
                    raise too_large(most_bytes)
    except TimeoutError as error:
        raise ProblemError(408, f"the body did not arrive within {seconds:g} s", code="too-slow") from error
    return bytes(body)


def too_large(most_bytes: int) -> ProblemError:
    return ProblemError(413, f"the body is larger than {most_bytes} bytes", code="too-large")
