"""HTTP as a source sees it: one method, every limit and courtesy inside.

The runtime's client keeps the rate budget, `Retry-After`, robots.txt, conditional requests, size and time limits while
streaming and the identifying User-Agent; tests use `hub.sdk.testing.FakeHttp`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from yarl import URL

from hub.errors import SourceError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF8 = ("", "utf-8", "utf8")
_LATIN = frozenset(("iso-8859-1", "iso8859-1", "iso_8859-1", "latin-1", "latin1", "l1", "windows-1252", "cp1252"))
_META = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?([a-z0-9_.:-]+)", re.I)
_META_BYTES = 1024
"""Within so many bytes a page must name its charset (HTML, section 4.2.5.4)."""

REDIRECTS = (301, 302, 303, 307, 308)
OF_ONE_PAGE = frozenset(("status", "redirect", "robots", "too_large", "content_type", "syntax"))
"""Causes that one page may have while its site is well; a time-out or a lost connection is the site's."""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer within the limits. `not_modified`: 304, or 200 with the bytes of the last complete run."""

    status: int
    url: URL
    headers: Mapping[str, str]
    body: bytes
    not_modified: bool = False

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The declared charset, lower case; empty when none is declared."""
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower()
        return ""

    def text(self) -> str:
        """The body as text: a BOM decides, else the declared charset, else UTF-8; never with replaced characters (`decode`).

        A page whose header names no charset may name it in a `meta` element, which counts where it is not UTF-8.
        Raises SourceError(`charset`).
        """
        charset = next((name for bom, name in _BOMS if self.body.startswith(bom)), self.charset or self._stated_in_page())
        try:
            return decode(self.body, charset)
        except (LookupError, UnicodeError, ValueError) as error:
            raise SourceError("charset", f"{self.url} does not decode as {charset}: {error}") from error

    def _stated_in_page(self) -> str:
        stated = _META.search(self.body[:_META_BYTES]) if "html" in self.content_type else None
        if stated is None or stated[1].lower() in (b"utf-8", b"utf8") or is_utf8(self.body):
            return "utf-8"
        return stated[1].decode("ascii").lower()

    def json(self) -> Any:
        """The body as JSON. Raises SourceError: `content_type` for a page, `charset`, or `syntax`.

        JSON is UTF-8 by its standard: bytes that are valid UTF-8 are read so, whatever single-byte charset is declared.
        """
        if "html" in self.content_type or self.content_type.endswith(("/xml", "+xml")):
            raise SourceError("content_type", f"{self.url} answered {self.content_type}, not JSON")
        if self.charset not in _UTF8:
            self.text()
        try:
            return orjson.loads(self.body.removeprefix(codecs.BOM_UTF8))
        except orjson.JSONDecodeError:
            pass
        text = self.text()
        try:
            return orjson.loads(text.removeprefix("\ufeff"))
        except orjson.JSONDecodeError as error:
            raise SourceError("syntax", f"{self.url} is not valid JSON: {error}") from error


def decode(body: bytes, charset: str) -> str:
    """Latin-1 means windows-1252, as in every browser (WHATWG Encoding, section 4.2); and servers declare it for files that
    are UTF-8, which Latin text is not by chance. Raises LookupError, UnicodeError or ValueError.
    """
    if charset not in _LATIN or is_utf8(body):
        return body.decode("utf-8" if charset in _LATIN else charset)
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return body.decode("latin-1")  # the five bytes that windows-1252 leaves out are control characters


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


class HttpClient(Protocol):
    async def get(
        self,
        url: URL | str,
        *,
        accept: str = "*/*",
        expect: tuple[int, ...] = (200,),
        conditional: bool = False,
        redirects: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """GET within limits. A status outside `expect` (304 apart when `conditional`) raises SourceError.

        `conditional` sends If-None-Match/If-Modified-Since with what the last *complete* run learned of this address,
        and compares body hashes where the partner sends no validators. With `redirects=False` a 3xx is returned when
        it is expected, else raised. Header names in the answer are lower case.
        """
        ...
