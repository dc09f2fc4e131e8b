"""`hub deliver` as a process of its own, killed at random points while it delivers: nothing missing, repeats say that they are.

The feed is written and the receivers stand in the test's process; all that the two share is the state directory and HTTP.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import defaultdict

import orjson
import pytest
from fakes.delivery_world import DeliveryWorld
from fakes.feed_records import id_of, opportunity
from fakes.readiness import is_ready

from hub.domain.opportunity import Facets
from hub.store import subscriptions

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

ITEMS, ROUNDS = 150, 6
SECONDS = 150


class Deliver:
    """`hub deliver` on a state directory."""

    def __init__(self, state_dir, ops_port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        own = {"HUB_STATE_DIR": str(state_dir), "HUB_OPS__PORT": str(ops_port)}
        self._ready = f"http://127.0.0.1:{ops_port + 4}/readyz"
        self.metrics = f"http://127.0.0.1:{ops_port + 4}/metrics"
        with (state_dir / f"deliver.{ops_port}.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "deliver"],
                env={**kept, **own, "HUB_DELIVERY__ALLOWED_NETWORKS": "127.0.0.0/8"},
                stdout=output,
                stderr=output,
                cwd=state_dir,
            )

    def is_ready(self) -> bool:
        return is_ready(self._ready)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=SECONDS)

    def stop(self) -> int:
        """The exit code. It must be ready: before that a signal may meet an interpreter that still imports and knows none."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=SECONDS)


@pytest.fixture
async def world(tmp_path):
    async with DeliveryWorld(tmp_path) as world:
        yield world


@pytest.fixture
def start(tmp_path, free_ports):
    """`start()`: another process, which ends with the test."""
    running = []

    def start() -> Deliver:
        running.append(Deliver(tmp_path, free_ports(8)))
        return running[-1]

    yield start
    for one in running:
        one.kill()


def item(number, version, sector="energy", state="live"):
    return opportunity(number, version, state=state).model_copy(update={"facets": Facets(sectors=[sector])})


async def live(world, sector=None):
    """id → version of what is live, and in that sector."""
    _, changes = await world.read_model.load_after(0, 10_000)
    trees = [orjson.loads(change.record) for change in changes if change.record]
    shown = [tree for tree in trees if tree["state"] == "live" and sector in (None, *tree["facets"]["sectors"])]
    return {tree["id"]: tree["version"] for tree in shown}


async def test_killed_at_random_points_nothing_is_missing_and_repeats_carry_the_same_id(world, start):
    chance = random.Random(11)
    wide, narrow = await world.receiver(), await world.receiver()
    await world.write(*(item(n, "0", chance.choice(["energy", "other"])) for n in range(ITEMS)))
    await world.subscribe(wide.url)
    filtered = await world.subscribe(narrow.url, asked={"sector": "energy"})
    for life in range(1, ROUNDS + 1):
        await world.write(*(_changed(chance, life) for _ in range(20)))  # something always waits for the one that begins
        process = start()
        goal, all_told = len(wide.got) + chance.randrange(1, 60), await live(world)
        await world.until(lambda goal=goal, told=all_told: len(wide.got) >= goal or wide.held() == told, SECONDS)
        await world.write(*(_changed(chance, life) for _ in range(60)))
        await asyncio.sleep(chance.uniform(0, 0.05))
        process.kill()
    process = start()
    everything, energy = await live(world), await live(world, "energy")
    await world.until(lambda: wide.held() == everything and narrow.held() == energy, SECONDS)
    await _until_ready(process)  # perhaps the one before had delivered everything
    assert process.stop() == 0
    for receiver in (wide, narrow):
        _require_repeats_alike(receiver.got)
        _require_order(receiver.taken)
    held = {id_ for id_ in await live(world) if id_ in await subscriptions.load_held(world.hub_db, filtered, [id_])}
    assert held == energy.keys()


def _changed(chance, life):
    number = chance.randrange(ITEMS + 40)
    return item(number, str(life), chance.choice(["energy", "other"]), chance.choice(["live", "live", "closed"]))


def _require_repeats_alike(deliveries):
    """One id for each change, and the same bytes under it."""
    ids, bodies = defaultdict(set), defaultdict(set)
    for delivery in deliveries:
        ids[delivery.item["id"], delivery.item["cursor"]].add(delivery.webhook_id)
        bodies[delivery.webhook_id].add(delivery.body)
    assert {len(names) for names in ids.values()} == {1}
    assert {len(texts) for texts in bodies.values()} == {1}


def _require_order(deliveries):
    by_id = defaultdict(list)
    for delivery in deliveries:
        by_id[delivery.item["id"]].append(delivery.item["cursor"])
    assert all(cursors == sorted(cursors) for cursors in by_id.values())


async def test_of_two_on_one_state_directory_one_waits_and_takes_over(world, start):
    receiver = await world.receiver()
    await world.write(*(item(n, "0") for n in range(30)))
    await world.subscribe(receiver.url)
    first = start()
    await world.until(lambda: len(receiver.got) == 30, SECONDS)
    second = start()
    await _until_ready(second)
    await world.write(item(1, "1"))
    await world.until(lambda: receiver.held().get(id_of(1)) == "v1", SECONDS)
    assert [delivery.item["id"] for delivery in receiver.got[30:]] == [id_of(1)]
    first.kill()
    await world.write(item(2, "1"))
    await world.until(lambda: receiver.held().get(id_of(2)) == "v1", SECONDS)
    assert second.stop() == 0
    _require_repeats_alike(receiver.got)
    assert len({delivery.webhook_id for delivery in receiver.got}) == 32


async def test_a_lost_key_stops_the_role_with_what_to_do(world, start, tmp_path):
    await world.subscribe("https://campaign.example/hook")
    (tmp_path / "delivery.key").unlink()
    process = start()
    code = await asyncio.to_thread(process.process.wait, SECONDS)
    said = "".join(path.read_text() for path in tmp_path.glob("deliver.*.txt"))
    assert code == 2
    assert "restore it from a backup" in said


async def _until_ready(process):
    async with asyncio.timeout(SECONDS):
        while not await asyncio.to_thread(process.is_ready):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
