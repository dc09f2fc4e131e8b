"""Subscribers as strangers write them: HTTP, a cache that obeys what answers say, a Kafka client, a receiver of webhooks, and
what they hold. Nothing of the hub.

Each reads on one surface and may go over to any other by its cursor. Whenever an answer that comes from the hub now tells a
digest, what is held must have it; an answer out of the cache may speak of a moment that the reader has left behind.
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
from fakes.hooked import Hooked
from fakes.plain_readers import Item, digest, take_log, take_pages, take_rpde
from fakes.receivers import Receivers
from yarl import URL

SNAPSHOT_SECONDS = 60


class Served(Protocol):
    """A hub that names itself `PUBLIC` in its links, and listens elsewhere. `token`: of a subscriber that may have webhooks."""

    clock: Clock
    session: aiohttp.ClientSession
    token: str

    def to_request(self, address: str) -> URL: ...


class Log(Protocol):
    """The feed's topic, through a client of Kafka."""

    async def read_log(self, start: int, most: int) -> tuple[list[tuple[int, bytes]], int]:
        """(offset, value) of records from that offset on, about so many at most, and the client's position behind them."""


@dataclass(frozen=True)
class Ways:
    """What a subscriber needs beside HTTP."""

    log: Log
    receivers: Receivers


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

    async def tell(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """As the owner of subscriptions: status and what is answered."""
        headers, address = {"Authorization": f"Bearer {self._feed.token}"}, self._feed.to_request(PUBLIC + path)
        async with self._feed.session.request(method, address, headers=headers, json=body) as response:
            self._marks[f"{method} {response.status}"] += 1
            return response.status, json.loads(await response.read() or b"null")

    async def get_part(self, address: str, start: int, tag: str | None) -> tuple[int, bytes, str]:
        """Some bytes of a file from the beginning, or the rest of that one. Past every cache."""
        wanted = {"Range": f"bytes={start}-", "If-Range": tag} if tag else {"Range": "bytes=0-39"}
        async with self._feed.session.get(self._feed.to_request(address), headers=wanted) as response:
            return response.status, await response.read(), response.headers["ETag"]


class Subscriber:
    """`ways`: without them there is neither Kafka nor a webhook."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        query: Mapping[str, str],
        marks: Counter[str] | None = None,
        ways: Ways | None = None,
    ) -> None:
        self._marks = Counter[str]() if marks is None else marks
        self.query = dict(query)
        self.held: dict[str, Item] = {}
        self.hook: Hooked | None = None
        self._client = client
        self._clock = clock
        self._ways = ways
        self._surface = ""
        self._next: str | None = None
        self._cursor = 0
        self._feed_id: str | None = None
        self._base: int | None = None
        self._begun: tuple[bytes, str | None] = (b"", None)

    async def read_on(self, surface: str, limit: int) -> bool:
        """One page; true at the end. On another surface than before it goes on by the cursor, which all of them share.

        Of webhooks it is asked whether everything has come; they come by themselves.
        """
        if surface != self._surface and not await self._go_over(surface):
            return False
        if surface == "stream":
            return await self._listen()
        if surface == "kafka":
            return await self._read_log(limit)
        if self.hook is not None:
            stands = await self.hook.look()
            return stands["state"] == "active" and stands["lag"] == stands["parked"] == stands["given_up"] == 0
        return await (self._read_page(limit) if surface == "pages" else self._read_rpde(limit))

    async def _go_over(self, surface: str) -> bool:
        """False when that cannot be done now."""
        former, self._next = self._surface, None  # an address of one surface is none of another
        await self.leave_hook()
        if surface == "webhooks" and not await self._subscribe():
            return False
        if former:
            self._marks["other surface"] += 1
            self._marks[f"{former} to {surface}"] += 1
        self._surface = surface
        return True

    async def _subscribe(self) -> bool:
        assert self._ways is not None
        # Whoever has gone back, as RPDE may lead it, lets go of what it read from behind its cursor: that is told again.
        self.held = {id_: item for id_, item in self.held.items() if item["cursor"] <= self._cursor}
        hook = Hooked(self._client, self._ways.receivers, self._take_delivery)
        status = await hook.begin(self.query, self._cursor, self._feed_id)
        if status == 410:
            await self._read_page(1)  # which says where to begin anew
        if status == 201:
            self.hook = hook
            self._marks["taken over with what is held"] += bool(self.held)
        return status == 201

    def _take_delivery(self, feed_id: str, item: Item) -> None:
        take_pages(self.held, [item])

    async def leave_hook(self) -> None:
        if self.hook is None:
            return
        stood = await self.hook.end()
        self.hook, self._surface = None, ""
        self._marks["left with something refused"] += stood["complete_cursor"] < stood["cursor"]
        self._cursor, self._feed_id, self._next = stood["complete_cursor"], stood["feed_id"], None
        if self._cursor == 0:
            self.held.clear()

    async def _read_log(self, limit: int) -> bool:
        """With a filter it lets go what does not match: Kafka has no filters."""
        assert self._ways is not None
        records, self._cursor = await self._ways.log.read_log(self._cursor, limit)
        take_log(self.held, records, self.query)
        return not records

    async def take_snapshot(self) -> None:
        await self.leave_hook()
        self._take_snapshot((await self._client.get(self._address("snapshot.ndjson.gz"))).body)

    async def download_on(self) -> None:
        """Begin to download the snapshot, and break off; the next time bring the rest, of whatever file is there then."""
        address, (start, tag) = self._address("snapshot.ndjson.gz"), self._begun
        status, body, new_tag = await self._client.get_part(address, len(start), tag)
        assert status in (200, 206), status
        await self.leave_hook()
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
        if answer.is_new and "digest" in page:  # it has none where the reader is ahead
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
            elif data["cursor"] >= self._cursor:  # the reader may be ahead
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
