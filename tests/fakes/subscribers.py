"""Subscribers as strangers write them: HTTP, a cache that obeys what answers say, and what they hold. Nothing of the hub.

Each reads on one surface and may go over to another. Whenever an answer that comes from the hub now tells a digest, what
is held must have it; an answer out of the cache may speak of a moment that the reader has left behind.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from fakes.followed_feed import PUBLIC, Clock
from fakes.plain_readers import Item, digest, take_pages, take_rpde
from yarl import URL

SNAPSHOT_SECONDS = 60


class Served(Protocol):
    """A hub that names itself `PUBLIC` in its links, and listens elsewhere."""

    clock: Clock
    session: aiohttp.ClientSession

    def to_request(self, address: str) -> URL: ...


@dataclass
class Kept:
    status: int
    body: bytes
    etag: str | None
    until: float
    is_new: bool = True
    """The hub has just said so."""


class Client:
    """One HTTP client. With `is_caching` it keeps answers for as long as they allow, and asks again with their validator.

    `marks`: counts what it met.
    """

    def __init__(self, feed: Served, *, is_caching: bool, marks: Counter[str] | None = None) -> None:
        self._marks = Counter[str]() if marks is None else marks
        self._feed = feed
        self._is_caching = is_caching
        self._kept: dict[str, Kept] = {}

    async def get(self, address: str) -> Kept:
        known, now = self._kept.get(address), self._feed.clock.seconds
        if known is not None and now < known.until:
            self._marks["kept"] += 1
            return replace(known, is_new=False)
        headers = {"If-None-Match": known.etag} if known is not None and known.etag else {}
        async with self._feed.session.get(self._feed.to_request(address), headers=headers) as response:
            body = await response.read()
            self._marks[str(response.status)] += 1
            control = response.headers["Cache-Control"]
            max_age = int(control.partition("max-age=")[2] or 0)
            if response.status == 304:
                assert known is not None
                found = Kept(known.status, known.body, known.etag, now + max_age)
            else:
                found = Kept(response.status, body, response.headers.get("ETag"), now + max_age)
        if self._is_caching and "no-store" not in control:
            self._kept[address] = found
        return found

    async def listen(self, address: str, headers: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]] | None:
        """Name and data of the stream's events up to the first heartbeat; None for a place that means nothing there."""
        events, name = [], ""
        async with self._feed.session.get(self._feed.to_request(address), headers=headers) as response:
            self._marks[f"stream {response.status}"] += 1
            if response.status == 410:
                return None
            assert response.status == 200, await response.read()
            async for line in response.content:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                name = value if field == "event" else name
                if field == "data":
                    events.append((name, json.loads(value)))
                    if name == "heartbeat":
                        break
            response.close()
        return events

    async def get_part(self, address: str, start: int, tag: str | None) -> tuple[int, bytes, str]:
        """Some bytes of a file from the beginning, or the rest of that one. Past every cache."""
        wanted = {"Range": f"bytes={start}-", "If-Range": tag} if tag else {"Range": "bytes=0-39"}
        async with self._feed.session.get(self._feed.to_request(address), headers=wanted) as response:
            return response.status, await response.read(), response.headers["ETag"]


class Subscriber:
    def __init__(self, client: Client, clock: Clock, query: Mapping[str, str], marks: Counter[str] | None = None) -> None:
        self._marks = Counter[str]() if marks is None else marks
        self.query = dict(query)
        self.held: dict[str, Item] = {}
        self._client = client
        self._clock = clock
        self._surface = ""
        self._next: str | None = None
        self._cursor = 0
        self._feed_id: str | None = None
        self._base: int | None = None
        self._begun: tuple[bytes, str | None] = (b"", None)

    async def read_on(self, surface: str, limit: int) -> bool:
        """One page; true at the end. On another surface than before it goes on by the cursor, which all of them share."""
        if surface != self._surface:
            self._marks["other surface"] += self._surface != ""
            self._surface, self._next = surface, None
        if surface == "stream":
            return await self._listen()
        return await (self._read_page(limit) if surface == "pages" else self._read_rpde(limit))

    async def take_snapshot(self) -> None:
        self._take_snapshot((await self._client.get(self._address("snapshot.ndjson.gz"))).body)

    async def download_on(self) -> None:
        """Begin to download the snapshot, and break off; the next time bring the rest, of whatever file is there then."""
        address, (start, tag) = self._address("snapshot.ndjson.gz"), self._begun
        status, body, new_tag = await self._client.get_part(address, len(start), tag)
        assert status in (200, 206), status
        if tag is None:
            self._begun = (body, new_tag)
        else:
            self._begun = (b"", None)
            self._take_snapshot(body if status == 200 else start + body)

    async def fetch_digest(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads((await self._client.get(self._address("digest"))).body)
        return answer

    async def _read_page(self, limit: int) -> bool:
        address = self._next or self._address("pages", after=self._cursor, limit=limit, feed=self._feed_id)
        answer = await self._client.get(address)
        page = json.loads(answer.body)
        if answer.status == 410:
            assert "segment" in self.query, page
            # Whoever keeps the snapshot of before for a minute must let that minute pass.
            self._clock.wait(SNAPSHOT_SECONDS)
            self._take_snapshot((await self._client.get(page["snapshot"])).body)
            return False
        assert answer.status == 200, page
        take_pages(self.held, page["items"])
        self._cursor, self._feed_id, self._next = page["cursor"], page["feed_id"], page["next"]
        if answer.is_new and self._next is None:
            assert page["digest"] == digest(self.held)
        return self._next is None

    async def _listen(self) -> bool:
        """Until the first heartbeat: what was missed has been told by then."""
        last = {"Last-Event-ID": f"{self._feed_id}.{self._cursor}"} if self._feed_id else {}
        events = await self._client.listen(self._address("stream", after=self._cursor), last)
        if events is None:
            return await self._read_page(1)  # which says where to begin anew
        for name, data in events:
            if name == "opportunity":
                take_pages(self.held, [data])
            else:
                assert (name, data["digest"]) == ("heartbeat", digest(self.held))
            self._cursor, self._feed_id = max(self._cursor, data["cursor"]), data.get("feed_id", self._feed_id)
        return True

    async def _read_rpde(self, limit: int) -> bool:
        number = {} if self._base is None else {"afterChangeNumber": self._base + self._cursor}
        address = self._next or self._address("rpde", **number, limit=limit)
        answer = await self._client.get(address)
        page = json.loads(answer.body)
        assert answer.status == 200, page
        numbers = [item["modified"] for item in page["items"]]
        assert numbers == sorted(set(numbers))
        if numbers:
            assert int(parse_qs(urlsplit(page["next"]).query)["afterChangeNumber"][0]) == numbers[-1]
        for item in page["items"]:
            if item["state"] == "updated":
                self._base = item["modified"] - item["data"]["cursor"]
        take_rpde(self.held, page["items"])
        if numbers:
            # Without a base it is not known where that is: another surface then begins at the start.
            self._cursor = 0 if self._base is None or "segment" in self.query else numbers[-1] - self._base
            self._feed_id = None
        is_end = page["next"] == address and not numbers
        self._next = page["next"]
        return is_end

    def _take_snapshot(self, body: bytes) -> None:
        head, *items = [json.loads(line) for line in gzip.decompress(body).splitlines()]
        self.held = {item["id"]: item for item in items}
        assert head["count"] == len(items)
        assert head["digest"] == digest(self.held)
        self._next, self._cursor, self._feed_id = None, head["cursor"], head["feed_id"]

    def _address(self, surface: str, **more: object) -> str:
        query = {**self.query, **{name: value for name, value in more.items() if value is not None}}
        return f"{PUBLIC}/v1/feed/{surface}?{urlencode(query)}"
