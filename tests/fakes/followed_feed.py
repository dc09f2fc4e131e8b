"""The feed served over HTTP from a log that the test keeps, with everything that may happen to it: projecting that lags, a
compacted log, a rebuild beside what is served, restarts, another definition of a segment. Webhooks are delivered from it as
far as the test lets them be.
"""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from fakes.partner_words import manifest
from fakes.pushing import LOOPBACK, Pushing
from fakes.receivers import Receivers
from fakes.served_hub import SOURCES
from yarl import URL

from hub.api.access.token_book import TokenBook
from hub.api.edge import Edge
from hub.api.inbound import Inbound
from hub.api.roles import RoleStates
from hub.api.routes import build_app
from hub.api.sources import SourceStates
from hub.api.subscriptions.desk import Desk
from hub.delivery.sender import Sender
from hub.delivery.vault import FILE, Vault
from hub.domain.opportunity import Opportunity
from hub.feed.entry import LogRecord
from hub.feed.filters import Filter
from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.feed.segments import Segment, Segments
from hub.feed.snapshot import SnapshotFiles
from hub.settings import HttpSettings, Settings
from hub.store.feed_files import FeedFile, FeedFiles
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import open_hub_db
from hub.store.inbound_ids import InboundIds
from hub.store.tokens import add_subscriber, find_token, note_use

PUBLIC = "http://hub.example"
"""Links name this host, so that they outlive a restart on another port."""
FEED_ID, BASE = "topic-e1", 1_790_000_000_000
SEGMENT = "campaign"
SUBSCRIBER = "portal"


@dataclass
class Clock:
    """The one clock of server, caches and readers."""

    ms: int = BASE + 1_000_000_000

    @property
    def seconds(self) -> float:
        return self.ms / 1000

    def wait(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)


class FollowedFeed:
    """`log`: as Kafka has it, superseded records gone after `compact`; `end`: offset of the next record."""

    def __init__(
        self, state_dir: Path, clock: Clock, segment: Mapping[str, str] | None = None, *, public_url: str | None = PUBLIC
    ) -> None:
        self.clock = clock
        self.log: list[LogRecord] = []
        self.end = 0
        self.on_answer: Callable[[web.Request], Awaitable[None]] | None = None
        """Called when an answer is made and not yet sent."""
        self.segment = dict(segment or {"sector": "energy"})
        self._segment_base = clock.ms
        self._settings = Settings(state_dir=state_dir, http=HttpSettings(public_url=public_url))
        self._state_dir = state_dir
        self._files = FeedFiles(state_dir)
        self._served: FeedFile | None = None
        self._built: FeedFile | None = None
        self._stack = AsyncExitStack()
        self._pushing: Pushing | None = None
        self.token = ""

    # --- the server's life ----------------------------------------------------------------------------------------

    async def start(self) -> None:
        self._served = await self._files.open_current()
        if self._served is None:
            self._served = await self._files.create()
            await Projection(self._served.engine).reset("topic", FEED_ID, BASE)
            self._files.publish(self._served)
        self._reader = FeedReader(self._state_dir)
        read_model = ReadModel(self._reader)
        filter_ = Filter.of({name: text.split(",") for name, text in self.segment.items()})
        segment = Segment(SEGMENT, {"nl": "Campagne", "en": "Campaign"}, {"nl": "", "en": ""}, filter_)
        self._segments = Segments({SEGMENT: segment}, {SEGMENT: self._segment_base})
        desk = await self._open_desk()

        async def fetch_end() -> int:
            return self.end

        edge = Edge(
            settings=self._settings,
            read_model=read_model,
            snapshots=SnapshotFiles(read_model, self._state_dir / "snapshot", now=lambda: self.clock.seconds),
            fetch_end=fetch_end,
            inbound=Inbound(
                sources={},
                ids=InboundIds(self._served.engine),
                tolerance_seconds=300,
                body_limit=1,
                now_ms=lambda: self.clock.ms,
            ),
            sources=SourceStates({name: manifest(name) for name in SOURCES}),
            segments=self._segments,
            now_ms=lambda: self.clock.ms,
            tokens=TokenBook(partial(find_token, desk.hub_db), partial(note_use, desk.hub_db), lambda: self.clock.ms),
        )
        self.session = aiohttp.ClientSession()
        app = build_app(edge, RoleStates(self._settings, self.session), desk)
        app.on_response_prepare.append(self._tell)
        self.server = TestServer(app)
        await self.server.start_server()

    async def _open_desk(self) -> Desk:
        if not (self._state_dir / "hub.db").exists():
            (self._state_dir / "hub.db").write_bytes(await _migrated())
        hub_db = await open_hub_db(self._settings)
        self._stack.push_async_callback(hub_db.dispose)
        if not self.token:
            self.token = await add_subscriber(hub_db, SUBSCRIBER, "", ["push"], now_ms=self.clock.ms)

        async def resolve(host: str, port: int) -> Sequence[str]:
            return [host]

        async def find_cursor(at_ms: int) -> int:
            return next((record.offset for record in self.log if record.timestamp >= at_ms), self.end)

        sender = await self._stack.enter_async_context(Sender(LOOPBACK, lambda: self.clock.ms))
        return Desk(hub_db, Vault(self._state_dir / FILE), LOOPBACK, sender, resolve, find_cursor)

    async def _tell(self, request: web.Request, _: web.StreamResponse) -> None:
        if self.on_answer is not None:
            await self.on_answer(request)

    async def stop(self) -> None:
        if self._pushing is not None:
            await self._pushing.stop()
            self._pushing = None
        await self._stack.aclose()
        await self.session.close()
        await self.server.close()
        await self._reader.dispose()
        if self._built is not None:
            await self._files.discard(self._built)
            self._built = None
        if self._served is not None:
            await self._served.engine.dispose()

    async def deliver(self, receivers: Receivers, *, killed_at: int | None = None) -> bool:
        """As `Pushing.work`, by one process at a time."""
        if self._pushing is None:
            self._pushing = Pushing(self._settings, self.clock, self._segments, receivers)
            await self._pushing.start()
        return await self._pushing.work(killed_at=killed_at)

    async def deliver_no_more(self) -> None:
        """Whoever delivers dies."""
        if self._pushing is not None:
            await self._pushing.kill()

    async def restart(self, segment: Mapping[str, str] | None = None) -> None:
        """As after a kill: a rebuild that was under way is lost. `segment`: another definition, by the settings."""
        await self.stop()
        self.clock.wait(5)
        if segment is not None and dict(segment) != self.segment:
            self.segment, self._segment_base = dict(segment), self.clock.ms
        await self.start()

    def to_request(self, address: str) -> URL:
        """An address as it stands in an answer → where the server listens now."""
        return self.server.make_url("/").join(URL(address, encoded=True).relative())

    # --- the log and the read model -------------------------------------------------------------------------------

    def append(self, item: Opportunity) -> None:
        self.log.append(LogRecord(self.end, item.id, item.to_bytes(), self.clock.ms))
        self.end += 1

    def values(self) -> list[tuple[int, bytes | None]]:
        """For readers of the log itself."""
        return [(record.offset, record.value) for record in self.log]

    async def read_log(self, start: int, most: int) -> tuple[list[tuple[int, bytes]], int]:
        """As a consumer would that seeks there: records, and its position behind them."""
        found = [(record.offset, record.value) for record in self.log if record.offset >= start and record.value is not None]
        return found[:most], found[most - 1][0] + 1 if len(found) > most else self.end

    def compact(self) -> None:
        """Superseded records go; the others keep their offsets, and so does the end."""
        last = {record.key: record.offset for record in self.log}
        self.log = [record for record in self.log if last[record.key] == record.offset]

    async def position(self) -> int:
        standing = await self._projection().load_standing()
        assert standing is not None
        return standing.position

    async def project(self, most: int | None = None) -> None:
        """Take in at most so many positions of the log in one batch."""
        start = await self.position()
        end = self.end if most is None else min(self.end, start + most)
        if end > start:
            await self._projection().apply([one for one in self.log if start <= one.offset < end], start, end)
        if end == self.end:
            await self._projection().complete()

    async def begin_rebuild(self, share: float) -> None:
        """A read model beside the served one, read up to some place."""
        if self._built is None:
            self._built = await self._files.create()
            projection = Projection(self._built.engine)
            await projection.reset("topic", FEED_ID, BASE)
            end = round(self.end * share)
            await projection.apply([one for one in self.log if one.offset < end], 0, end)

    async def finish_rebuild(self) -> bool:
        """Read on to the log's end and take the served one's place; false when none was begun.

        Earlier it may not: what compaction has taken from behind comes back only with the records that superseded it.
        """
        if self._built is None:
            return False
        built, projection = self._built, Projection(self._built.engine)
        standing = await projection.load_standing()
        assert standing is not None
        records = [one for one in self.log if standing.position <= one.offset]
        await projection.apply(records, standing.position, self.end)
        await projection.complete()
        self._files.publish(built)
        assert self._served is not None
        await self._served.engine.dispose()
        self._served, self._built = built, None
        self._files.remove_unused()
        return True

    def _projection(self) -> Projection:
        assert self._served is not None
        return Projection(self._served.engine)


_MIGRATED: list[bytes] = []


async def _migrated() -> bytes:
    """An empty hub.db, made once: every history begins with a copy."""
    if not _MIGRATED:
        with tempfile.TemporaryDirectory() as directory:
            await (await open_hub_db(Settings(state_dir=Path(directory)))).dispose()
            _MIGRATED.append((Path(directory) / "hub.db").read_bytes())
    return _MIGRATED[0]
