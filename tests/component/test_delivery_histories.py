"""Random histories of one subscription, by real couriers: whatever receivers, people, kills and feeds do, all arrives.

The receiver is a script here, not HTTP: it takes, refuses, is away, or takes and does not say so. Its states are compared with
what the subscription believes: it holds no more than that, at any moment, and exactly that at the end.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import orjson
import pytest
from fakes.delivery_world import DAY_SECONDS, DeliveryWorld
from fakes.feed_records import opportunity
from fakes.parked import load_parked

from hub.delivery.outcome import Outcome
from hub.domain.opportunity import Facets
from hub.store import subscriptions
from hub.store.subscription_changes import alter_subscription

ITEMS, STEPS = 12, 25
MOODS = ["takes"] * 6 + ["refuses", "is away", "takes in silence"]


class Receiver:
    """In the place of the sender: every subscription's messages come here."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.is_tame = False
        self.held: dict[str, str] = {}
        self.bodies: dict[str, set[bytes]] = {}
        self.names: dict[tuple[str, str, int], set[str]] = {}

    async def send(self, url, message, secrets):
        mood = "takes" if self.is_tame else self._chance.choice(MOODS)
        for _ in range(self._chance.randrange(4)):
            await asyncio.sleep(0)
        if mood == "refuses":
            return Outcome("refused", 422, "the receiver answers 422")
        if mood == "is away":
            return Outcome("away", 503, "the receiver answers 503")
        self._take(message)
        await asyncio.sleep(0)
        return Outcome("away", None, "no answer") if mood == "takes in silence" else Outcome("delivered", 204)

    def _take(self, message):
        tree = orjson.loads(message.body)
        item = tree["data"]
        self.bodies.setdefault(message.webhook_id, set()).add(message.body)
        self.names.setdefault((tree["feed_id"], item["id"], item["cursor"]), set()).add(message.webhook_id)
        if item["state"] == "live":
            self.held[item["id"]] = item["version"]
        else:
            self.held.pop(item["id"], None)


class History:
    """One subscription's life, a step at a time."""

    def __init__(self, world, seed):
        self.world, self.chance = world, random.Random(seed)
        self.receiver = Receiver(self.chance)
        world.parts = replace(world.parts, sender=self.receiver)
        self._versions, self._feeds = 0, 1

    async def begin(self):
        self.id = await self.world.subscribe("https://campaign.example/hook", asked={"sector": "energy"})
        await self.write()
        self.world.start(self.id)

    async def step(self):
        rare = [self.wait, self.kill, self.go_on, self.replay, self.note, self.replace_feed]
        await self.chance.choice([self.write] * 5 + rare)()

    async def write(self):
        await self.world.write(*(self._item() for _ in range(self.chance.randrange(1, 7))))
        if self.chance.randrange(2):
            await self.world.until_idle()

    def _item(self):
        self._versions += 1
        sector, state = self.chance.choice(["energy", "energy", "other"]), self.chance.choice(["live", "live", "closed"])
        number = self.chance.randrange(ITEMS)
        return opportunity(number, str(self._versions), state=state).model_copy(update={"facets": Facets(sectors=[sector])})

    async def wait(self):
        await self.world.pass_time(self.chance.choice([3, 600, DAY_SECONDS]))

    async def kill(self):
        for _ in range(self.chance.randrange(40)):
            await asyncio.sleep(0)
        await self.world.stop()
        await self.require_no_more_than_noted()
        self.world.start(self.id)

    async def require_no_more_than_noted(self):
        noted = await subscriptions.load_held(self.world.hub_db, self.id, sorted(self.receiver.held))
        assert noted == self.receiver.held.keys()

    async def go_on(self):
        """A person sets it going again, whatever it was."""
        await self._say(state="active", next_at=0, failures=0)
        await self.world.stop()
        self.world.start(self.id)

    async def replay(self):
        cursor = (await self.world.state(self.id)).cursor
        await self._say(cursor=self.chance.randrange(cursor + 1), next_at=0)

    async def note(self):
        await self._say(note=f"note {self._versions}")

    async def _say(self, **values):
        await alter_subscription(self.world.hub_db, self.id, self.world.clock.now_ms(), **values)
        self.world.wake()

    async def replace_feed(self):
        """The hub was restored: another feed, which knows some of the opportunities."""
        await self.world.stop()
        self._feeds += 1
        self.world._position = 0
        await self.world.projection.reset("topic", f"topic-e{self._feeds}", self._feeds)
        await self.world.write(*(self._item() for _ in range(self.chance.randrange(1, 9))))
        await self.world.projection.complete()
        self.world.start(self.id)

    async def end(self):
        """The receiver is well again, and a person sets all going: what was refused too."""
        self.receiver.is_tame = True
        await self.world.stop()
        now_ms = self.world.clock.now_ms()
        await alter_subscription(self.world.hub_db, self.id, now_ms, retry_parked=True, state="active", next_at=0, failures=0)
        self.world.start(self.id)
        await self.world.pass_time(DAY_SECONDS)
        await self.world.stop()

    async def live(self):
        _, changes = await self.world.read_model.load_after(0, 1_000)
        trees = [orjson.loads(change.record) for change in changes]
        live = [tree for tree in trees if tree["state"] == "live" and tree["facets"]["sectors"] == ["energy"]]
        return {tree["id"]: tree["version"] for tree in live}


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_all_arrives_and_nothing_else_is_held(seed, tmp_path):
    async with DeliveryWorld(tmp_path) as world:
        history = History(world, seed)
        await history.begin()
        for _ in range(STEPS):
            await history.step()
        await history.end()
        assert history.receiver.held == await history.live()
        assert set(await subscriptions.load_held_after(world.hub_db, history.id, "", 1_000)) == history.receiver.held.keys()
        assert await load_parked(world.hub_db, history.id) == {}
        assert {len(bodies) for bodies in history.receiver.bodies.values()} == {1}
        assert {len(names) for names in history.receiver.names.values()} == {1}
