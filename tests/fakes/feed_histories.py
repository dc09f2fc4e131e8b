"""Random histories of the feed and of its subscribers, over HTTP: what happens to the log, the read model and the hub, and how
it is read meanwhile. At its end every reader must hold the fold of the log.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from fakes.feed_records import faceted, id_of
from fakes.followed_feed import SEGMENT, Clock, FollowedFeed
from fakes.plain_readers import digest, fold, live
from fakes.receivers import MOODS, Receivers
from fakes.subscribers import Client, Subscriber, Ways
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from hub.domain.posting import Kind

QUERIES: list[dict[str, str]] = [
    {},
    {"sector": "energy"},
    {"kind": "event"},
    {"dutch_required": "no", "sector": "energy,it_digital"},
    {"source": "vonk"},
    {"exclude_source": "vonk"},
    {"exclude_source": "vonk,miitn", "kind": "vacancy"},
    {"segment": SEGMENT},
    {"segment": SEGMENT, "exclude_source": "vonk"},
    {"segment": SEGMENT, "dutch_required": "no"},
]
SEGMENTS = [{"sector": "energy"}, {"kind": "event"}, {"dutch_required": "no"}]
WORKS = ["compact", "rebuild", "hand over", "restart"]
MOST_READERS = 5
NUMBERS, WHO, LIMITS = st.integers(0, 6), st.integers(0, MOST_READERS - 1), st.integers(1, 3)
ASKED = st.tuples(st.sampled_from(QUERIES), st.booleans())
"""A query, and whether it goes through a cache that several readers share."""
PULLED = ("pages", "rpde", "stream")
EVERY = (*PULLED, "webhooks", "kafka")
SURFACES = st.sampled_from(EVERY)
WAITS = st.sampled_from([1, 10, 400, 4_000])
SHARES = st.sampled_from([0.0, 0.5, 1.0])
KILLED = st.integers(1, 4) | st.none()
MOODS_IN_ROW = st.lists(st.sampled_from(MOODS), max_size=6)
CHANGES = st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=3)
"""Of a few items, so that those that were refused change again."""
LOOKS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([Kind.VACANCY, Kind.EVENT]),
        "sectors": st.sampled_from([[], ["energy"], ["it_digital", "energy"]]),
        "dutch_required": st.sampled_from(["yes", "no"]),
        "sources": st.sampled_from([["vonk"], ["miitn"], ["miitn", "vonk"]]),
    }
)


MARKS: Counter[str] = Counter()
OFTEN = [
    *["proved", "304", "410", "kept", "left a filter", "merged", "compacted", "rebuilt", "restarted"],
    *[f"{one} to {other}" for one in EVERY for other in EVERY if one != other],
    *[f"a receiver {mood}" for mood in MOODS],
    *["taken over with what is held", "left with something refused", "killed at a delivery", "sent again", "proved by webhooks"],
]
"""What the histories go through. `MARKS`: how often they did."""
NEVER = ["another body under the same webhook id"]


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.directory = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.feed = FollowedFeed(Path(self.directory.name), self.clock)
        self.receivers = Receivers(MARKS)
        self.cdn: Client | None = None
        self.readers: list[Subscriber] = []
        self.looks: dict[int, dict[str, Any]] = {}
        self.redirects: dict[int, tuple[str, ...]] = {}
        self.versions = 0
        self.has_failed = False

    def run(self, work: Any) -> Any:
        try:
            return self.runner.run(work)
        except BaseException:
            self.has_failed = True
            raise

    @initialize(looks=st.lists(LOOKS, min_size=3, max_size=6), queries=st.lists(ASKED, min_size=1, max_size=2))
    def start(self, looks: list[dict[str, Any]], queries: list[tuple[dict[str, str], bool]]) -> None:
        self.run(self.feed.start())
        self.run(self.receivers.start())
        self.cdn = Client(self.feed, is_caching=True, marks=MARKS)
        for number, look in enumerate(looks):
            self.publish(number, look)
        self.project(None)
        for asked in [*queries, ({"segment": SEGMENT}, True)]:
            self.subscribe(asked)

    # --- what happens to the feed ---------------------------------------------------------------------------------

    @rule(number=NUMBERS, look=LOOKS)
    def publish(self, number: int, look: dict[str, Any]) -> None:
        """A new opportunity, an edit, one that comes back, one that leaves a filter or enters it."""
        MARKS["left a filter"] += number in self.looks and look["sectors"] != self.looks[number]["sectors"]
        self.looks[number] = look
        self._write(number, redirects=self.redirects.get(number, ()))

    @rule(number=NUMBERS, reason=st.sampled_from(["withdrawn", "expired", "hidden"]))
    def close(self, number: int, reason: str) -> None:
        if number in self.looks:
            self._write(number, state="closed", reason=reason)

    @rule(gone=NUMBERS, into=NUMBERS)
    def merge(self, gone: int, into: int) -> None:
        if gone != into and {gone, into} <= self.looks.keys():
            self.redirects[into] = (*self.redirects.get(into, ()), id_of(gone))
            MARKS["merged"] += 1
            self._write(gone, state="closed", reason="merged", into=id_of(into))
            self._write(into, redirects=self.redirects[into])

    def _write(self, number: int, **more: Any) -> None:
        self.versions += 1
        self.feed.append(faceted(number, str(self.versions), **self.looks[number], **more))

    @rule(changes=st.lists(st.tuples(NUMBERS, LOOKS), min_size=1, max_size=4), most=st.integers(1, 4) | st.none())
    def go_on(self, changes: list[tuple[int, dict[str, Any]]], most: int | None) -> None:
        """Several at once, of which the read model has taken in some."""
        for number, look in changes:
            self.publish(number, look)
        self.project(most)

    def project(self, most: int | None) -> None:
        self.run(self.feed.project(most))

    @rule(works=st.lists(st.sampled_from(WORKS), min_size=1, max_size=3), share=SHARES, segment=st.sampled_from(SEGMENTS))
    def operate(self, works: list[str], share: float, segment: dict[str, str]) -> None:
        """`share`: of the log that a read model beside the served one takes in; `segment`: its definition from now on."""
        for work in works:
            if work == "compact":
                before = len(self.feed.log)
                self.feed.compact()
                MARKS["compacted"] += len(self.feed.log) < before
            elif work == "rebuild":
                self.run(self.feed.begin_rebuild(share))
            elif work == "hand over":
                self.run(self.feed.begin_rebuild(share))  # unless it has begun
                MARKS["rebuilt"] += self.run(self.feed.finish_rebuild())
            else:
                self.restart(segment)

    def restart(self, segment: dict[str, str]) -> None:
        MARKS["restarted"] += 1
        self.run(self.feed.restart(segment))

    @rule(seconds=WAITS)
    def wait(self, seconds: int) -> None:
        self.clock.wait(seconds)

    # --- how it is read -------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.readers) < MOST_READERS)
    @rule(asked=ASKED)
    def subscribe(self, asked: tuple[dict[str, str], bool]) -> None:
        assert self.cdn is not None
        query, is_behind_a_cache = asked
        client = self.cdn if is_behind_a_cache else Client(self.feed, is_caching=False, marks=MARKS)
        self.readers.append(Subscriber(client, self.clock, query, MARKS, Ways(self.feed, self.receivers)))

    @precondition(lambda self: self.readers)
    @rule(who=WHO, surfaces=st.lists(SURFACES, min_size=1, max_size=4), limit=LIMITS)
    def read(self, who: int, surfaces: list[str], limit: int) -> None:
        """A page of each of these surfaces, which may be other ones than the last time."""
        able = [reader for reader in self.readers if "segment" not in reader.query or "kafka" not in surfaces] or self.readers
        reader = able[who % len(able)]
        for surface in surfaces:
            self.run(reader.read_on(_surface_for(reader, surface), limit))

    @precondition(lambda self: self.readers)
    @rule(who=WHO, changes=CHANGES, moods=MOODS_IN_ROW, killed_at=KILLED, seconds=WAITS, look=LOOKS)
    def deliver(
        self, who: int, changes: list[set[int]], moods: list[str], killed_at: int | None, seconds: int, look: dict[str, Any]
    ) -> None:
        """Somebody has webhooks, and they are sent until there is nothing to do; `changes`: of which items, with `seconds`
        between them. `moods`: what receivers do with the next webhooks; `killed_at`: the delivery at which the role dies.
        """
        self.read(who, ["webhooks"], 1)
        self.receivers.moods.extend(moods)
        for numbers in changes:
            for number in numbers:
                self.publish(number, look)
            self.project(None)
            if self.run(self.feed.deliver(self.receivers, killed_at=killed_at)):
                MARKS["killed at a delivery"] += 1
                break
            self.clock.wait(seconds)
        self.run(self.feed.deliver_no_more())
        self.receivers.moods.clear()

    @precondition(lambda self: any(reader.hook is not None for reader in self.readers))
    @rule(who=WHO, share=SHARES, is_resumed=st.booleans())
    def ask_again(self, who: int, share: float, is_resumed: bool) -> None:
        """For what was refused, or for all from some place on."""
        hooks = [reader.hook for reader in self.readers if reader.hook is not None]
        hook = hooks[who % len(hooks)]
        MARKS["sent again"] += 1
        self.run(hook.resume() if is_resumed else hook.replay(share))

    @precondition(lambda self: self.readers)
    @rule(surface=SURFACES, limit=LIMITS, seconds=WAITS)
    def all_read(self, surface: str, limit: int, seconds: int) -> None:
        for who in range(len(self.readers)):
            self.read(who, [surface] * 2, limit)
        self.clock.wait(seconds)

    @precondition(lambda self: self.readers)
    @rule(who=WHO)
    def begin_anew(self, who: int) -> None:
        self.run(self.readers[who % len(self.readers)].take_snapshot())

    @precondition(lambda self: self.readers)
    @rule(who=WHO)
    def download_on(self, who: int) -> None:
        self.run(self.readers[who % len(self.readers)].download_on())

    @precondition(lambda self: self.readers)
    @rule(who=WHO, surface=SURFACES, limit=LIMITS)
    def catch_up(self, who: int, surface: str, limit: int) -> None:
        """Everything is projected, what is kept for seconds is old, what is kept for an hour is not: all are equal now."""
        self.run(self._catch_up(self.readers[who % len(self.readers)], surface, limit))

    async def _catch_up(self, reader: Subscriber, surface: str, limit: int) -> None:
        surface = _surface_for(reader, surface)
        await self.feed.project()
        self.clock.wait(10)
        for _ in range(200):
            if await reader.read_on(surface, limit):
                break
            if reader.hook is not None:
                await reader.hook.resume()
                await self.feed.deliver(self.receivers)
                self.clock.wait(2)
                await self.feed.deliver(self.receivers)
                await self.feed.deliver_no_more()
        else:
            raise AssertionError("it never comes to an end")
        query = {name: text for name, text in reader.query.items() if name != "segment"}
        expected = live(fold(self.feed.values()), query)
        if "segment" in reader.query:
            expected = live(expected, self.feed.segment)
        MARKS["proved"] += 1
        MARKS[f"proved by {surface}"] += 1
        assert reader.held == expected
        told = await reader.fetch_digest()
        assert (told["digest"], told["cursor"], told["counts"]["live"]) == (digest(expected), self.feed.end, len(expected))

    def teardown(self) -> None:
        try:
            if not self.has_failed:
                for number, reader in enumerate(self.readers):
                    self.run(self._catch_up(reader, ("pages", "webhooks", "rpde")[number % 3], 2))
        finally:
            try:
                if self.cdn is not None:  # else it broke off before anything was started
                    self.runner.run(self.feed.stop())
                    self.runner.run(self.receivers.stop())
            finally:
                self.runner.close()
                self.directory.cleanup()


def _surface_for(reader: Subscriber, surface: str) -> str:
    """A reader of a segment knows its name and not what it is: of the log itself it could make nothing."""
    return "pages" if surface == "kafka" and "segment" in reader.query else surface
