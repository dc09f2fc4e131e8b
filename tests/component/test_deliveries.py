"""Webhooks over real HTTP, with a clock that the test moves: nothing is missed, nobody waits for somebody else's receiver."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest
from aiohttp import web
from fakes.delivery_world import DAY_SECONDS, DeliveryWorld, ids
from fakes.feed_records import id_of, opportunity
from fakes.parked import load_parked
from standardwebhooks import Webhook

from hub.delivery.courier import AT_ONCE
from hub.domain.opportunity import Facets
from hub.store import subscriptions
from hub.store.subscription_changes import RESUMED, alter_subscription


@pytest.fixture
async def world(tmp_path):
    async with DeliveryWorld(tmp_path) as world:
        yield world


@pytest.fixture
async def patient_world(tmp_path):
    async with DeliveryWorld(tmp_path, timeout_seconds=120) as world:
        yield world


def in_sector(number, sector, version="1", state="live"):
    return opportunity(number, version, state=state).model_copy(update={"facets": Facets(sectors=[sector])})


async def feed(world):
    """id → version of what is live, by the pages of the read model."""
    _, changes = await world.read_model.load_after(0, 10_000)
    trees = [orjson.loads(change.record) for change in changes if change.record]
    return {tree["id"]: tree["version"] for tree in trees if tree["state"] == "live"}


async def test_what_is_there_and_what_comes_is_delivered(world):
    receiver = await world.receiver()
    await world.write(*(opportunity(n) for n in range(1, 4)))
    world.start(await world.subscribe(receiver.url))
    await world.until(lambda: len(receiver.taken) == 3)
    await world.write(opportunity(2, "2"), opportunity(3, state="closed"))
    await world.until(lambda: len(receiver.taken) == 5)
    assert receiver.held() == await feed(world) == {id_of(1): "v1", id_of(2): "v2"}


async def test_a_signature_is_right_for_the_standards_own_library(world):
    receiver = await world.receiver()
    await world.write(opportunity(1))
    world.start(await world.subscribe(receiver.url))
    await world.until(lambda: len(receiver.taken) == 1)
    delivery = receiver.taken[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("standardwebhooks.webhooks.datetime", _at(world.clock.now_ms()))
        assert Webhook(world.secret).verify(delivery.body, delivery.headers)["type"] == "opportunity.updated"


def _at(now_ms):
    import datetime as module

    class Stopped(module.datetime):
        @classmethod
        def now(cls, tz=None):
            return module.datetime.fromtimestamp(now_ms / 1000, tz)

    return Stopped


async def test_a_receiver_is_told_to_close_only_what_it_was_told_of(world):
    receiver = await world.receiver()
    await world.write(in_sector(1, "energy"), in_sector(2, "other"))
    world.start(await world.subscribe(receiver.url, asked={"sector": "energy"}))
    await world.until(lambda: len(receiver.taken) == 1)
    await world.write(in_sector(1, "other", "2"), in_sector(2, "other", "2"), in_sector(2, "other", "3", state="closed"))
    await world.until(lambda: len(receiver.taken) == 2)
    await world.until_idle()
    assert ids(receiver.taken) == [id_of(1), id_of(1)]
    assert receiver.held() == {}


async def test_one_item_that_is_refused_holds_up_nobody_and_is_tried_for_three_days(world):
    bad = id_of(2)
    receiver = await world.receiver(answer=lambda delivery: 422 if delivery.item["id"] == bad else 200)
    await world.write(*(opportunity(n) for n in range(1, 5)))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.pass_time(4 * DAY_SECONDS)
    tries = [delivery for delivery in receiver.got if delivery.item["id"] == bad]
    assert set(receiver.held()) == {id_of(1), id_of(3), id_of(4)}
    assert len(tries) == 10
    assert len({delivery.webhook_id for delivery in tries}) == 1
    (parked,) = (await load_parked(world.hub_db, id_)).values()
    assert parked.next_at == 0


async def test_later_changes_of_a_refused_item_fold_into_its_schedule(world):
    receiver = await world.receiver(answer=lambda delivery: 400)
    await world.write(opportunity(1))
    world.start(await world.subscribe(receiver.url))
    await world.until_idle()
    await world.write(opportunity(1, "2"))
    await world.write(opportunity(1, "3"))
    await world.until_idle()
    assert len(receiver.got) == 1
    receiver.answer = lambda delivery: 200
    await world.pass_time(10)
    assert receiver.held() == {id_of(1): "v3"}
    assert len(receiver.got) == 2


async def test_a_refused_item_that_closed_meanwhile_is_not_sent_at_all(world):
    receiver = await world.receiver(answer=lambda delivery: 400)
    await world.write(opportunity(1))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    await world.write(opportunity(1, state="closed"))
    await world.pass_time(10)
    assert len(receiver.got) == 1
    assert await load_parked(world.hub_db, id_) == {}


async def test_after_three_days_of_absence_everything_arrives_in_order(world):
    receiver = await world.receiver(answer=lambda delivery: (429, 502, 503, 504)[len(receiver.got) % 4])
    await world.write(*(opportunity(n) for n in range(1, 11)))
    world.start(await world.subscribe(receiver.url))
    for day in range(1, 4):
        await world.pass_time(DAY_SECONDS)
        await world.write(opportunity(3 + day, f"{day + 1}"), opportunity(10 + day))
    receiver.answer = lambda delivery: 200
    await world.pass_time(DAY_SECONDS)
    assert receiver.held() == await feed(world)
    by_id = {}
    for delivery in receiver.taken:
        by_id.setdefault(delivery.item["id"], []).append(delivery.item["cursor"])
    assert all(cursors == sorted(cursors) for cursors in by_id.values())


async def test_an_absent_receiver_is_asked_less_and_less(world):
    receiver = await world.receiver(answer=lambda delivery: 503)
    await world.write(opportunity(1))
    world.start(await world.subscribe(receiver.url))
    await world.pass_time(3 * DAY_SECONDS)
    assert 100 < len(receiver.got) < 200


async def test_retry_after_is_obeyed(world):
    receiver = await world.receiver(answer=lambda delivery: web.Response(status=429, headers={"Retry-After": "600"}))
    await world.write(opportunity(1))
    world.start(await world.subscribe(receiver.url))
    await world.pass_time(590)
    assert len(receiver.got) == 1
    await world.pass_time(100)
    assert len(receiver.got) == 2


async def test_who_hangs_or_fails_or_is_not_there_delays_nobody(patient_world):
    """The one that hangs does so longer than this test may take."""
    world = patient_world
    healthy = await world.receiver()
    hanging = await world.receiver(hangs=True)
    failing = await world.receiver(answer=lambda delivery: 500)
    ids_ = [await world.subscribe(one.url) for one in (hanging, failing, healthy)]
    ids_.append(await world.subscribe("http://127.0.0.1:9/hook"))
    world.start(*ids_)
    for n in range(1, 6):
        await world.write(opportunity(n))
        await world.until(lambda n=n: len(healthy.taken) == n)
    await world.until(lambda: bool(hanging.got))  # as many at once as there were when its turn came


async def refusing_in_a_row(world):
    """A receiver that has refused until nothing was sent any more, and its subscription."""
    receiver = await world.receiver(answer=lambda delivery: 500)
    await world.write(*(opportunity(n) for n in range(1, 40)))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    return receiver, id_


async def test_twenty_different_refusals_in_a_row_pause_the_subscription(world):
    receiver, id_ = await refusing_in_a_row(world)
    state = await world.state(id_)
    assert (state.state, "different opportunities were refused" in state.reason) == ("paused", True)
    assert 20 <= len(receiver.got) < 20 + AT_ONCE


async def test_what_was_left_when_it_was_paused_is_sent_when_it_goes_on(world):
    receiver, id_ = await refusing_in_a_row(world)
    receiver.answer = lambda delivery: 204
    await alter_subscription(world.hub_db, id_, world.clock.now_ms(), retry_parked=True, **RESUMED)
    world.start(id_)
    await world.pass_time(60)
    assert receiver.held() == await feed(world)


async def test_refusals_with_successes_between_them_pause_nothing(world):
    receiver = await world.receiver(answer=lambda delivery: 500 if delivery.item["cursor"] % 2 else 200)
    await world.write(*(opportunity(n) for n in range(1, 80)))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    assert (await world.state(id_)).state == "active"


async def test_410_disables_the_subscription(world):
    receiver = await world.receiver(answer=lambda delivery: 410)
    await world.write(opportunity(1))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    assert (await world.state(id_)).state == "disabled"


async def test_redirects_are_not_followed(world):
    elsewhere = await world.receiver()
    receiver = await world.receiver(answer=lambda _: web.Response(status=302, headers={"Location": elsewhere.url}))
    await world.write(opportunity(1))
    world.start(await world.subscribe(receiver.url))
    await world.until_idle()
    assert (len(receiver.got), elsewhere.got) == (1, [])


async def test_killed_at_any_point_nothing_is_missing_and_repeats_carry_the_same_id(world):
    receiver = await world.receiver()
    await world.write(*(opportunity(n) for n in range(1, 120)))
    id_ = await world.subscribe(receiver.url)
    for killed_after in range(1, 200, 23):
        world.start(id_)
        await world.until(lambda count=killed_after: len(receiver.got) >= count or len(receiver.held()) == 119)
        await world.stop()
    world.start(id_)
    await world.until_idle()
    assert receiver.held() == await feed(world)
    by_change = Counter((delivery.item["id"], delivery.item["cursor"], delivery.webhook_id) for delivery in receiver.got)
    assert len(by_change) == len({(id_, cursor) for id_, cursor, _ in by_change})


async def test_a_large_item_is_sent_as_a_reference(world):
    receiver = await world.receiver()
    await world.write(opportunity(1, title="x" * 30_000))
    world.start(await world.subscribe(receiver.url))
    await world.until(lambda: len(receiver.taken) == 1)
    item = receiver.taken[0].item
    assert len(receiver.taken[0].body) < 20_480
    assert (item["ref"], item["version"]) == (f"http://hub.example/v1/opportunities/{id_of(1)}", "v1")


async def test_both_secrets_sign_while_they_are_changed_over(world):
    receiver = await world.receiver()
    id_ = await world.subscribe(receiver.url)
    current = await world.state(id_)
    secret = world.vault.encrypt("whsec_bmV3", id_)
    until = world.clock.now_ms() + 1_000
    await alter_subscription(
        world.hub_db, id_, world.clock.now_ms() + 1, secret=secret, former_secret=current.secret, former_until=until
    )
    await world.write(opportunity(1))
    world.start(id_)
    await world.until(lambda: len(receiver.taken) == 1)
    assert len(receiver.taken[0].headers["webhook-signature"].split()) == 2
    world.clock.move_to(until)
    await world.write(opportunity(2))
    await world.until(lambda: len(receiver.taken) == 2)
    assert len(receiver.taken[1].headers["webhook-signature"].split()) == 1


async def test_another_feed_is_told_from_its_start_and_what_it_does_not_know_is_closed(world):
    receiver = await world.receiver()
    await world.write(opportunity(1), opportunity(2))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until(lambda: len(receiver.taken) == 2)
    await world.stop()
    world._position = 0
    await world.projection.reset("topic", "topic-e2", 2)
    await world.write(opportunity(2, "2"), opportunity(3))
    await world.projection.complete()
    world.start(id_)
    await world.until(lambda: receiver.held() == {id_of(2): "v2", id_of(3): "v1"})


async def test_a_change_by_a_person_meanwhile_is_not_overwritten(world):
    receiver = await world.receiver()
    await world.write(opportunity(1))
    id_ = await world.subscribe(receiver.url)

    def pause(delivery):
        return 200

    receiver.answer = pause
    await alter_subscription(world.hub_db, id_, world.clock.now_ms() + 5, state="paused")
    current = await world.state(id_)
    progress = subscriptions.Progress(values={"cursor": 99})
    assert not await subscriptions.advance(world.hub_db, id_, progress, current.changed_at - 1)
    assert (await world.state(id_)).cursor == 0
