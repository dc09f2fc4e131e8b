"""Answers that caches can keep: a validator for every body, 304 when the reader has it already."""

from __future__ import annotations

import hashlib

from aiohttp import ETag, web

COMPRESS_FROM_BYTES = 1_024


def answer(
    request: web.Request, body: bytes, *, max_age: int, content_type: str = "application/json", etag: str | None = None
) -> web.Response:
    """`etag` is weak, since the same answer may go out compressed or not; unset: a hash of the body."""
    tag = ETag(is_weak=True, value=etag or hashlib.sha256(body).hexdigest()[:24])
    headers = {"Cache-Control": f"public, max-age={max_age}", "Vary": "Accept-Encoding"}
    if has(request, tag.value):
        response = web.Response(status=304, headers=headers)
    else:
        response = web.Response(body=body, headers=headers, content_type=content_type)
        if content_type.startswith("text/"):
            response.charset = "utf-8"
        if len(body) >= COMPRESS_FROM_BYTES:
            response.enable_compression()
    response.etag = tag
    return response


def has(request: web.Request, tag: str) -> bool:
    """Does If-None-Match name this tag? By weak comparison (RFC 9110 §13.1.2)."""
    return any(known.value in (tag, "*") for known in request.if_none_match or ())
