"""Deliveries with everything real but time: a feed.db, a hub.db, HTTP receivers on loopback, and a clock that a test moves.

The clock stands still; whoever waits on it is woken when a test moves it past the end of the wait, or by its event.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import orjson
from aiohttp import web
from fakes.feed_records import at_offset
from sqlalchemy import insert

from hub.delivery.courier import Courier, Parts
from hub.delivery.guard import Guard
from hub.delivery.run import select
from hub.delivery.sender import Sender
from hub.delivery.vault import FILE, Vault
from hub.domain.opportunity import Opportunity
from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.feed.segments import load_segments
from hub.sdk.webhook import new_secret
from hub.settings import Settings
from hub.store import subscriptions
from hub.store.feed_files import open_feed_db
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import open_hub_db, subscriber
from hub.store.subscription_changes import make_subscription
from hub.store.subscriptions import Subscription

START = 1_800_000_000_000
DAY_SECONDS = 86_400


class StoppedClock:
    def __init__(self, now_ms: int = START) -> None:
        self._now = now_ms
        self._waiting: dict[asyncio.Event, int] = {}

    def now_ms(self) -> int:
        return self._now

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        self._waiting[event] = self._now + round(seconds * 1_000)
        await event.wait()
        self._waiting.pop(event, None)
        event.clear()

    def wake(self, event: asyncio.Event) -> None:
        self._waiting.pop(event, None)
        event.set()

    def next_end(self) -> int | None:
        return min(self._waiting.values(), default=None)

    def move_to(self, now_ms: int) -> None:
        self._now = now_ms
        for event, end in list(self._waiting.items()):
            if end <= now_ms:
                del self._waiting[event]  # it is awake, though it may not have run yet
                event.set()


@dataclass
class Delivery:
    """What a receiver got."""

    webhook_id: str
    headers: dict[str, str]
    body: bytes

    @property
    def tree(self) -> dict[str, object]:
        tree: dict[str, object] = orjson.loads(self.body)
        return tree

    @property
    def item(self) -> dict[str, object]:
        return self.tree["data"]  # type: ignore[return-value]


@dataclass
class Receiver:
    """`answer(delivery)`: a status, or a whole response; what was answered 2xx is in `taken`, all of it in `got`."""

    url: str = ""
    answer: Callable[[Delivery], int | web.StreamResponse] = field(default=lambda _: 204)
    got: list[Delivery] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)
    hangs: bool = False

    async def handle(self, request: web.Request) -> web.StreamResponse:
        delivery = Delivery(request.headers["webhook-id"], dict(request.headers), await request.read())
        self.got.append(delivery)
        if self.hangs:
            await asyncio.sleep(30)
        answer = self.answer(delivery)
        response = web.Response(status=answer) if isinstance(answer, int) else answer
        if 200 <= response.status < 300:
            self.taken.append(delivery)
        return response

    def held(self) -> dict[str, str]:
        """id → version, as somebody who keeps the last word of each id has it."""
        held: dict[str, str] = {}
        for delivery in self.taken:
            item = delivery.item
            if item["state"] == "live":
                held[str(item["id"])] = str(item["version"])
            else:
                held.pop(str(item["id"]), None)
        return held


class DeliveryWorld:
    """Use it as a context."""

    def __init__(self, state_dir: Path, timeout_seconds: float = 30) -> None:
        self.settings = Settings(state_dir=state_dir)
        self.clock = StoppedClock()
        self._timeout = timeout_seconds
        self._stack = AsyncExitStack()
        self._position = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> DeliveryWorld:
        feed_db = await open_feed_db(self.settings.state_dir)
        self._stack.push_async_callback(feed_db.dispose)
        self.hub_db = await open_hub_db(self.settings)
        self._stack.push_async_callback(self.hub_db.dispose)
        reader = FeedReader(self.settings.state_dir)
        self._stack.push_async_callback(reader.dispose)
        guard = Guard([ipaddress.ip_network("127.0.0.0/8")])
        sender = await self._stack.enter_async_context(Sender(guard, self.clock.now_ms, self._timeout))
        self.projection = Projection(feed_db)
        await self.projection.reset("topic", "topic-e1", 1)
        await self.projection.complete()
        self.read_model = ReadModel(reader)
        self.vault = Vault(self.settings.state_dir / FILE)
        segments = load_segments(self.settings)
        self.parts = Parts(
            hub_db=self.hub_db,
            read_model=self.read_model,
            sender=sender,
            vault=self.vault,
            clock=self.clock,
            select=lambda asked: select(asked, segments, self.clock.now_ms()),
            item_url="http://hub.example/v1/opportunities",
        )
        async with self.hub_db.begin() as connection:
            await connection.execute(insert(subscriber).values(name="campaign", note="", created_at=START))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()
        await self._stack.aclose()

    # --- the feed -------------------------------------------------------------------------------------------------

    async def write(self, *items: Opportunity) -> None:
        records = [at_offset(self._position + n, item) for n, item in enumerate(items)]
        await self.projection.apply(records, self._position, self._position + len(records))
        self._position += len(records)
        self.wake()

    # --- receivers and subscriptions --------------------------------------------------------------------------------

    async def receiver(self, **how: object) -> Receiver:
        receiver = Receiver(**how)  # type: ignore[arg-type]
        app = web.Application()
        app.router.add_post("/hook", receiver.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        return receiver

    async def subscribe(self, url: str, *, cursor: int = 0, asked: dict[str, str] | None = None, **values: object) -> str:
        id_ = subscriptions.new_id()
        self.secret = new_secret()
        made = Subscription(
            id=id_,
            subscriber="campaign",
            url=url,
            asked=asked or {},
            note="",
            state="active",
            reason="",
            secret=self.vault.encrypt(self.secret, id_),
            former_secret=None,
            former_until=None,
            feed_id="topic-e1",
            cursor=cursor,
            failures=0,
            refused_in_row=0,
            next_at=0,
            created_at=START,
            changed_at=START,
        )
        await make_subscription(self.hub_db, made)
        return id_

    async def state(self, id_: str) -> Subscription:
        found = await subscriptions.find_subscription(self.hub_db, id_)
        assert found is not None
        return found

    # --- couriers ---------------------------------------------------------------------------------------------------

    def start(self, *ids: str) -> None:
        self._couriers = [Courier(self.parts, id_) for id_ in ids]
        self._tasks = [asyncio.create_task(courier.run()) for courier in self._couriers]

    async def stop(self) -> None:
        """As a kill would: in the midst of whatever is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def wake(self) -> None:
        for courier in getattr(self, "_couriers", ()):
            self.clock.wake(courier.woken)

    async def until(self, condition: Callable[[], bool], seconds: float = 150) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                for task in self._tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(0.005)

    async def until_idle(self, seconds: float = 150) -> None:
        """Every courier waits on the clock, or has ended."""

        def is_idle() -> bool:
            waiting = len(self.clock._waiting)
            return waiting >= sum(not task.done() for task in self._tasks)

        await self.until(is_idle, seconds)

    async def pass_time(self, seconds: float) -> None:
        """Let so much time pass, stopping wherever somebody wakes up on the way."""
        end = self.clock.now_ms() + round(seconds * 1_000)
        while True:
            await self.until_idle()
            following = self.clock.next_end()
            if following is None or following > end:
                break
            self.clock.move_to(max(following, self.clock.now_ms() + 1))
            await asyncio.sleep(0)
        self.clock.move_to(end)
        await self.until_idle()


def ids(deliveries: Sequence[Delivery]) -> list[str]:
    return [str(delivery.item["id"]) for delivery in deliveries]
