"""What a person changes while webhooks are delivered reaches the receiver, also one that takes each webhook id once."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from fakes.delivery_world import DeliveryWorld
from fakes.feed_records import id_of, opportunity

from hub.domain.opportunity import Facets
from hub.feed.filters import EVERYTHING, Filter
from hub.feed.holding import departed_since, held_at
from hub.sdk.webhook import new_secret
from hub.store import subscriptions
from hub.store.subscription_changes import RESUMED, alter_subscription, make_holding
from hub.store.subscriptions import Subscription, hold_again


@pytest.fixture
async def world(tmp_path):
    async with DeliveryWorld(tmp_path) as world:
        yield world


def in_sector(number, sector, version="1", state="live"):
    return opportunity(number, version, state=state).model_copy(update={"facets": Facets(sectors=[sector])})


class Once:
    """A receiver that takes each webhook id once, as Standard Webhooks advises."""

    def __init__(self, receiver):
        self._receiver = receiver

    def held(self):
        held, seen = {}, set()
        for delivery in self._receiver.taken:
            if delivery.webhook_id in seen:
                continue
            seen.add(delivery.webhook_id)
            item = delivery.item
            if item["state"] == "live":
                held[item["id"]] = item["version"]
            else:
                held.pop(item["id"], None)
        return held


async def change(world, id_, **values):
    await alter_subscription(world.hub_db, id_, world.clock.now_ms(), **values)
    world.wake()


async def filter_by(world, id_, sector):
    """As `PATCH /v1/subscriptions/{id}` does."""
    current = await world.state(id_)
    asked = orjson.dumps({"sector": sector}).decode()
    await change(world, id_, asked=asked, cursor=0, revision=current.revision + 1)


async def test_another_filter_closes_what_does_not_match_and_back_again_opens_it(world):
    receiver = await world.receiver()
    once = Once(receiver)
    await world.write(in_sector(1, "energy"), in_sector(2, "other"))
    id_ = await world.subscribe(receiver.url, asked={"sector": "energy"})
    world.start(id_)
    await world.until(lambda: once.held() == {id_of(1): "v1"})
    await filter_by(world, id_, "other")
    await world.until(lambda: once.held() == {id_of(2): "v1"})
    await filter_by(world, id_, "energy")
    await world.until(lambda: once.held() == {id_of(1): "v1"})


async def test_a_replay_sends_again_under_the_same_webhook_ids(world):
    receiver = await world.receiver()
    await world.write(*(opportunity(n) for n in range(1, 5)))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until(lambda: len(receiver.taken) == 4)
    await world.until_idle()
    await change(world, id_, cursor=2)
    await world.until(lambda: len(receiver.taken) == 6)
    first, again = receiver.taken[:4], receiver.taken[4:]
    assert {one.webhook_id for one in again} == {one.webhook_id for one in first if one.item["cursor"] > 2}


async def test_a_replay_closes_again_what_a_receiver_that_went_back_has_again(world):
    receiver = await world.receiver()
    await world.write(*(in_sector(n, "energy") for n in range(1, 5)), in_sector(5, "other"))
    id_ = await world.subscribe(receiver.url, asked={"sector": "energy"})
    world.start(id_)
    await world.until(lambda: len(receiver.taken) == 4)
    backup, at = receiver.held(), 5
    await world.write(in_sector(2, "energy", state="closed"), in_sector(3, "other", "2"), in_sector(5, "other", state="closed"))
    await world.until(lambda: len(receiver.taken) == 6)
    await world.until_idle()
    receiver.taken.clear()
    await hold_again(world.hub_db, id_, await departed_since(world.read_model, Filter.of({"sector": ["energy"]}), at))
    await change(world, id_, cursor=at)
    await world.until(lambda: len(receiver.taken) == 2)
    await world.until_idle()
    told = [delivery.item["id"] for delivery in receiver.taken]
    assert sorted(set(backup) - set(told)) == sorted([id_of(1), id_of(4)])
    assert sorted(told) == sorted([id_of(2), id_of(3)])


async def test_resumed_what_was_refused_is_tried_at_once(world):
    receiver = await world.receiver(answer=lambda delivery: 400)
    await world.write(opportunity(1))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until(lambda: len(receiver.got) == 1)
    await world.until_idle()
    receiver.answer = lambda delivery: 204
    await change(world, id_, retry_parked=True, **RESUMED)
    await world.until(lambda: receiver.held() == {id_of(1): "v1"})


async def test_who_takes_over_from_a_snapshot_is_told_what_changed_since_and_what_closed(world):
    receiver = await world.receiver()
    await world.write(*(opportunity(n) for n in range(1, 5)))
    taken = {id_of(n): "v1" for n in range(1, 5)}
    await world.write(opportunity(2, "2"), opportunity(3, state="closed"))
    id_ = subscriptions.new_id()
    made = Subscription(
        id=id_,
        subscriber="campaign",
        url=receiver.url,
        asked={},
        note="",
        state="active",
        reason="",
        secret=world.vault.encrypt(new_secret(), id_),
        former_secret=None,
        former_until=None,
        feed_id="topic-e1",
        cursor=4,
        failures=0,
        refused_in_row=0,
        next_at=0,
        created_at=1,
        changed_at=1,
    )
    await make_holding(world.hub_db, made, held_at(world.read_model, EVERYTHING, 4, page=2))
    world.start(id_)
    await world.until(lambda: len(receiver.taken) == 2)
    await world.write(opportunity(4, state="closed"))
    await world.until(lambda: len(receiver.taken) == 3)
    for delivery in receiver.taken:
        if delivery.item["state"] == "live":
            taken[delivery.item["id"]] = delivery.item["version"]
        else:
            del taken[delivery.item["id"]]
    assert taken == {id_of(1): "v1", id_of(2): "v2"}


async def test_a_start_that_fails_midway_leaves_nothing_behind(world):
    await world.write(opportunity(1))
    one = await world.state(await world.subscribe("http://127.0.0.1:9/"))

    async def broken():
        yield [id_of(1)]
        raise OSError("the disk is full")

    made = Subscription(**{**{name: getattr(one, name) for name in Subscription.__slots__}, "id": "sub_new"})
    with pytest.raises(OSError, match="full"):
        await make_holding(world.hub_db, made, broken())
    assert await subscriptions.find_subscription(world.hub_db, "sub_new") is None
    assert await subscriptions.load_held_after(world.hub_db, "sub_new", "", 9) == []


async def test_a_start_that_is_killed_midway_is_listed_with_what_to_do_and_sends_nothing(world):
    await world.write(opportunity(1))
    one = await world.state(await world.subscribe("http://127.0.0.1:9/"))
    is_midway, goes_on = asyncio.Event(), asyncio.Event()

    async def slowly():
        yield [id_of(1)]
        is_midway.set()
        await goes_on.wait()

    made = Subscription(**{**{name: getattr(one, name) for name in Subscription.__slots__}, "id": "sub_new"})
    task = asyncio.create_task(make_holding(world.hub_db, made, slowly()))
    await is_midway.wait()
    found = {one.id: one for one in await subscriptions.load_subscriptions(world.hub_db)}["sub_new"]
    goes_on.set()
    await task
    assert (found.state, found.reason) == ("paused", "it was not made to its end: delete it and make it anew")
    assert (await world.state("sub_new")).state == "active"
