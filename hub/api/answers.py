"""Answers that caches can keep: a validator for every body, 304 when the reader has it already, packed once.

An answer is prepared apart from the response that carries it, so that the same answer can be given again: to another
reader, packed or not, or as a 304. `hub/api/kept.py` holds prepared answers while they are still true.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest
from multidict import CIMultiDict

ENTITY_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
"""The opaque tag of RFC 9110 §8.8.3, without its mark of weakness."""
COMPRESS_FROM_BYTES = 1_024
COMPRESS_LEVEL = 4
THREAD_FROM_BYTES = 32_768


class Prepared:
    """One body with its headers. `max_age`: seconds for which a reader may keep it without asking."""

    __slots__ = ("_packed", "_packing", "body", "headers", "max_age", "tag")

    def __init__(self, body: bytes, tag: str, max_age: int, headers: Mapping[str, str]) -> None:
        self.body = body
        self.tag = tag
        self.max_age = max_age
        # The tag is weak, since the same answer may go out packed or not.
        self.headers = CIMultiDict({hdrs.CACHE_CONTROL: f"public, max-age={max_age}", hdrs.ETAG: f'W/"{tag}"', **headers})
        self._packing: asyncio.Future[bytes] | None = None
        self._packed: bytes | None = None

    @property
    def size(self) -> int:
        return len(self.body) + len(self._packed or b"")

    def to_response(self, request: web.Request) -> web.Response:
        if has(request, self.tag):
            response = web.Response(status=304, headers=self.headers)
            response.headers.popall(hdrs.CONTENT_TYPE, None)
        elif len(self.body) >= COMPRESS_FROM_BYTES and accepts_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, "")):
            response = _PackedResponse(self)
        else:
            response = web.Response(body=self.body, headers=self.headers)
        response[PREPARED] = self
        return response

    async def pack(self) -> bytes:
        """A large body is packed in a thread, which lets other requests go on; once, however many wait for it."""
        if self._packed is None:
            if len(self.body) < THREAD_FROM_BYTES:
                self._packed = _pack(self.body)
            else:
                if self._packing is None:
                    self._packing = asyncio.ensure_future(asyncio.to_thread(_pack, self.body))
                self._packed = await asyncio.shield(self._packing)
        return self._packed


class _PackedResponse(web.Response):
    def __init__(self, prepared: Prepared) -> None:
        super().__init__(headers=prepared.headers)
        self.headers[hdrs.CONTENT_ENCODING] = "gzip"
        self._prepared = prepared

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        self.body = await self._prepared.pack()
        return await super().prepare(request)


def _pack(body: bytes) -> bytes:
    return gzip.compress(body, COMPRESS_LEVEL, mtime=0)


PREPARED = web.ResponseKey("prepared", Prepared)
"""Where a response names the answer that it was made of."""


def answer(
    request: web.Request,
    body: bytes,
    *,
    max_age: int,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Its entity tag is a hash of the body. `headers`: further ones, such as `Vary` beside the encoding, or `Link`."""
    given = dict(headers or {})
    vary = ", ".join(["Accept-Encoding", *filter(None, [given.pop(hdrs.VARY, "")])])
    is_text = content_type.startswith("text/") and "charset" not in content_type
    kind = f"{content_type}; charset=utf-8" if is_text else content_type
    return Prepared(body, entity_tag(body), max_age, {hdrs.VARY: vary, hdrs.CONTENT_TYPE: kind, **given}).to_response(request)


def entity_tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:24]


def has(request: web.Request, tag: str) -> bool:
    """Does If-None-Match name this tag? By weak comparison (RFC 9110 §13.1.2)."""
    asked = request.headers.getall(hdrs.IF_NONE_MATCH, None)
    if asked is None:
        return False
    if asked == [f'W/"{tag}"']:  # as it was given out: most readers have one tag
        return True
    # Fields that come several times are one list (§5.3).
    listed = ", ".join(asked)
    return listed.strip() == "*" or tag in ENTITY_TAG.findall(listed)


@lru_cache(maxsize=256)
def accepts_gzip(header: str) -> bool:
    """Accept-Encoding by RFC 9110 §12.5.3, as far as gzip goes."""
    offered: dict[str, str] = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        offered[name.strip()] = parameter.strip().removeprefix("q=")
    weight = offered.get("gzip", offered.get("*"))
    return weight is not None and (weight == "" or weight.strip("0.") != "")
