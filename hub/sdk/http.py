"""HTTP as a source sees it: one method, every limit and courtesy inside.

The runtime's client keeps the rate budget, `Retry-After`, robots.txt, conditional requests, size and time limits while
streaming and the identifying User-Agent; tests use `hub.sdk.testing.FakeHttp`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from yarl import URL


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
