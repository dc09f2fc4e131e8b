"""Everything that a hub answers to GET, from outside: every operation, in every form, and whatever its answers lead to.

It begins with the list of operations, so a surface that is added is walked without a word here. From then on it follows
what any reader would follow: addresses of the hub's own that stand in bodies and headers. Of filters it takes none but
those that it is given: their answers are parts of the same rendering.
"""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from itertools import product
from urllib.parse import parse_qsl, urlsplit

from hub.api.operations import OPERATIONS

WALKING = {"after", "afterChangeNumber", "limit", "feed", "before", "behind", "page", "cursor", "lang", "segment", "format"}
"""Query parameters that lead through one list, or to another form of it."""
STREAM = "text/event-stream"
QUIET_SECONDS = 2.0
MOST_OF_A_STREAM = 32 * 2**20
_LINK = re.compile(r"""(?:href|src|action)=["']([^"']+)["']|"(https?://[^"\s]+|/[^"\s]*)"|<(https?://[^>\s]+|/[^>\s]*)>""")


@dataclass(frozen=True, slots=True)
class Exchange:
    """`body`: unpacked; `head`: status line and headers as text."""

    path: str
    accept: str
    status: int
    content_type: str
    head: str
    body: bytes

    @property
    def everything(self) -> bytes:
        return self.head.encode() + b"\n\n" + self.body

    @property
    def headers_link(self) -> str:
        found = re.search(r"^Link: (.*)$", self.head, re.MULTILINE)
        return found[1] if found else ""


class Crawl:
    """`parameters`: name of a path parameter → what it may be; an operation with another one is not passed over: it fails.
    `token`: shown where one is needed.
    """

    def __init__(self, url: str, parameters: Mapping[str, Collection[str]], most: int = 4_000, token: str = "") -> None:
        self.url = url
        self._authorization = {"Authorization": f"Bearer {token}"} if token else {}
        self._guarded = [re.sub(r"\{\w+\}", "[^/]+", one.path) for one in OPERATIONS if one.scope is not None]
        self._parameters = parameters
        self._most = most
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._asked: set[tuple[str, str]] = set()
        self._waiting: list[tuple[str, str]] = []
        self.exchanges: list[Exchange] = []

    def run(self) -> list[Exchange]:
        for path, accepts in self._starts():
            for accept in accepts:
                self._add(path, accept)
        try:
            while self._waiting:
                assert len(self._asked) < self._most, f"the walk does not end; lately {self._waiting[-5:]}"
                self._ask(*self._waiting.pop(0))
        finally:
            self._connection.close()
        return self.exchanges

    def _starts(self) -> list[tuple[str, list[str]]]:
        found = []
        for operation in OPERATIONS:
            if operation.method != "GET" or operation.path.startswith("/static/"):  # those are found where they are used
                continue
            names = re.findall(r"\{(\w+)\}", operation.path)
            unknown = set(names) - set(self._parameters)
            assert not unknown, f"{operation.path}: say what {unknown} may be where this crawl is made"
            forms = {answer.content_type for answer in operation.answers.get(200, ()) if answer.content_type}
            from_the_start = "?after=0" if STREAM in forms else ""
            for values in product(*(self._parameters[name] for name in names)):
                path = operation.path.format(**dict(zip(names, values, strict=True)))
                found.append((path + from_the_start, ["*/*", *sorted(forms)] if len(forms) > 1 else ["*/*"]))
        return found

    def _add(self, path: str, accept: str) -> None:
        if (path, accept) not in self._asked:
            self._asked.add((path, accept))
            self._waiting.append((path, accept))

    def _ask(self, path: str, accept: str) -> None:
        is_guarded = any(re.fullmatch(pattern, path.partition("?")[0]) for pattern in self._guarded)
        headers = {"Accept": accept, "Accept-Encoding": "identity", **(self._authorization if is_guarded else {})}
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        body = self._read(response)
        if body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        head = f"{response.status} {response.reason}\n{response.headers}"
        content_type = (response.headers.get("Content-Type") or "").partition(";")[0]
        self.exchanges.append(Exchange(path, accept, response.status, content_type, head, body))
        for link in _LINK.finditer(f'{response.headers.get("Link", "")} "{response.headers.get("Location", "")}" {_text(body)}'):
            self._follow(html.unescape(next(filter(None, link.groups()))), accept)

    def _read(self, response: HTTPResponse) -> bytes:
        """Of a stream what comes until it falls silent; it goes on for ever, so its connection is given up."""
        if response.headers.get_content_type() != STREAM:
            return response.read()
        parts: list[bytes] = []
        assert self._connection.sock is not None
        self._connection.sock.settimeout(QUIET_SECONDS)
        with suppress(TimeoutError):
            while part := response.read1(65_536):
                parts.append(part)
                if sum(map(len, parts)) > MOST_OF_A_STREAM:
                    break
        response.close()
        self._connection.close()
        return b"".join(parts)

    def _follow(self, link: str, accept: str) -> None:
        parts = urlsplit(link.removeprefix(self.url))
        if parts.scheme or parts.netloc or not parts.path.startswith("/") or "{" in parts.path:
            return
        if any(name not in WALKING for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
            return
        self._add(f"{parts.path}?{parts.query}" if parts.query else parts.path, accept)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
