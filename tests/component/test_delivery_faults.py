"""What would be easy to get wrong when a delivery goes wrong: each fact by itself, over real HTTP and with a stopped clock."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest
from fakes.delivery_world import DAY_SECONDS, DeliveryWorld, ids
from fakes.feed_records import id_of, opportunity
from fakes.parked import load_parked

from hub.delivery.dispatcher import Dispatcher
from hub.delivery.notice import Notices
from hub.sdk.webhook import verify
from hub.settings import DeliverySettings
from hub.store import subscriptions
from hub.store.subscription_changes import alter_subscription, count_of
from hub.telemetry import metrics


@pytest.fixture
async def world(tmp_path):
    async with DeliveryWorld(tmp_path) as world:
        yield world


async def another_feed(world, *items):
    await world.stop()
    world._position = 0
    await world.projection.reset("topic", "topic-e2", 2)
    await world.write(*items)
    await world.projection.complete()


async def test_who_replays_gets_again_what_was_delivered_last(world):
    receiver = await world.receiver()
    await world.write(opportunity(1), opportunity(2))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    await alter_subscription(world.hub_db, id_, world.clock.now_ms(), cursor=0)
    world.wake()
    await world.until(lambda: len(receiver.got) == 4)
    assert len({delivery.webhook_id for delivery in receiver.got}) == 2


async def test_what_was_taken_behind_one_that_found_nobody_is_not_sent_again(world):
    away = True
    receiver = await world.receiver(answer=lambda delivery: 503 if away and delivery.item["id"] == id_of(1) else 204)
    await world.write(*(opportunity(n) for n in range(1, 6)))
    world.start(await world.subscribe(receiver.url))
    await world.until_idle()
    taken, away = ids(receiver.taken), False
    await world.pass_time(10)
    assert len(taken) == len(set(taken))
    assert sorted(ids(receiver.taken)) == sorted(map(id_of, range(1, 6)))


async def test_a_closing_that_was_refused_when_the_feed_began_anew_is_told_on_its_schedule(world):
    refuses = True
    receiver = await world.receiver(
        answer=lambda delivery: 422 if refuses and delivery.item["state"] == "closed" else 204,
    )
    await world.write(opportunity(1), opportunity(2))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    await another_feed(world, opportunity(2))
    world.start(id_)
    await world.until_idle()
    assert set(receiver.held()) == {id_of(1), id_of(2)}
    refuses = False
    await world.pass_time(10)
    assert set(receiver.held()) == {id_of(2)}
    assert await load_parked(world.hub_db, id_) == {}


async def test_a_receiver_that_takes_a_few_at_a_time_is_told_of_another_feed_to_the_end(world):
    """It takes 30, then asks for a minute's rest: pages that were told are not told again."""
    room = 1_000
    count = 0

    def answer(delivery):
        nonlocal count
        count += 1
        return 204 if count % 30 else 429

    receiver = await world.receiver(answer=lambda _: 204)
    await world.write(*(opportunity(n) for n in range(250)))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until(lambda: len(receiver.taken) == 250)
    await another_feed(world, opportunity(room))
    receiver.answer = answer
    world.start(id_)
    await world.pass_time(DAY_SECONDS)
    assert receiver.held() == {id_of(room): "v1"}
    assert len(receiver.got) < 250 + 251 + 100


async def test_while_the_feed_is_being_read_nothing_that_waits_is_taken_for_settled(world):
    refuses = True
    receiver = await world.receiver(answer=lambda _: 422 if refuses else 204)
    await world.write(opportunity(1))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    await world.stop()
    world._position = 0
    await world.projection.reset("topic", "topic-e1", 2)  # the read model was lost; the feed is the same
    world.start(id_)
    await world.pass_time(60)
    refuses = False
    await world.write(opportunity(1))
    await world.projection.complete()
    await world.pass_time(60)
    assert receiver.held() == {id_of(1): "v1"}


async def test_what_was_never_sent_is_not_taken_for_held(world):
    receiver = await world.receiver(answer=lambda _: 503)
    await world.write(*(opportunity(n) for n in range(50)))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until_idle()
    assert (await count_of(world.hub_db, id_)).held == len(receiver.got) <= 8


async def test_who_fails_behind_the_taking_is_told_when_that_item_closes(world):
    """A receiver's own fault says nothing of what it holds: here it wrote the item down and fell over after that."""
    receiver = await world.receiver(answer=lambda delivery: 500 if delivery.item["state"] == "live" else 204)
    await world.write(opportunity(1))
    world.start(await world.subscribe(receiver.url))
    await world.until_idle()
    await world.write(opportunity(1, state="closed"))
    await world.pass_time(DAY_SECONDS)
    assert [delivery.item["state"] for delivery in receiver.got] == ["live", "closed"]


async def test_a_thousand_that_are_due_at_once_are_sent_in_portions(world):
    receiver = await world.receiver()
    id_ = await world.subscribe(receiver.url)
    await world.write(*(opportunity(n) for n in range(1_000)))
    position = (await world.read_model.load_standing()).position
    due = [subscriptions.Parked(id_of(n), n + 1, 1, 1, 1, "refused") for n in range(1_000)]
    progress = subscriptions.Progress(values={"cursor": position}, parked=due)
    await subscriptions.advance(world.hub_db, id_, progress, (await world.state(id_)).changed_at)
    world.start(id_)
    await world.until(lambda: len(receiver.taken) == 1_000)
    await world.until_idle()
    assert await load_parked(world.hub_db, id_) == {}


async def test_what_a_person_did_while_it_was_sent_stays(world):
    """The round is not written down: it begins again from what the person said."""
    receiver = await world.receiver()
    await world.write(opportunity(1))
    id_ = await world.subscribe(receiver.url)

    async def pause(delivery):
        await alter_subscription(world.hub_db, id_, world.clock.now_ms(), state="paused", reason="by hand")

    loop = asyncio.get_running_loop()
    paused = []
    receiver.answer = lambda delivery: paused.append(loop.create_task(pause(delivery))) or 204
    original = world.parts.sender.send

    async def send(*arguments):
        outcome = await original(*arguments)
        await asyncio.gather(*paused)
        return outcome

    world.parts.sender.send = send
    world.start(id_)
    await world.until(lambda: all(task.done() for task in world._tasks))
    state = await world.state(id_)
    assert (state.state, state.reason, state.cursor) == ("paused", "by hand", 0)


async def test_a_name_that_cannot_be_looked_up_at_all_is_no_fault(world):
    await world.write(opportunity(1))
    id_ = await world.subscribe(f"https://{'a' * 64}.example/hook")
    world.start(id_)
    await world.until_idle()
    assert (await world.state(id_)).state == "paused"


@pytest.fixture
async def notified(world):
    """A world whose operator has an address; what it was told is in `operator.got`."""
    operator = await world.receiver()
    settings = DeliverySettings(notify_url=operator.url, notify_secret="whsec_b3BlcmF0b3I=")
    async with Notices(settings, world.clock) as notices:
        world.parts = replace(world.parts, notices=notices)
        yield world, operator
        await world.stop()


async def test_the_operator_is_told_that_a_subscription_was_stopped_and_why(notified):
    world, operator = notified
    receiver = await world.receiver(answer=lambda _: 410)
    await world.write(opportunity(1))
    id_ = await world.subscribe(receiver.url)
    world.start(id_)
    await world.until(lambda: len(operator.taken) == 1)
    tree = operator.taken[0].tree
    assert tree["type"] == "subscription.paused"
    assert tree["data"] == {
        "subscription": id_,
        "subscriber": "campaign",
        "state": "disabled",
        "reason": "the receiver answers 410: nobody is there any more",
        "cursor": 0,
    }
    headers, now_ms = operator.taken[0].headers, world.clock.now_ms()
    assert verify(["whsec_b3BlcmF0b3I="], headers, operator.taken[0].body, now_ms=now_ms, tolerance_seconds=1)


async def test_an_operator_who_is_not_there_is_told_later(notified):
    world, operator = notified
    operator.answer = lambda _: 503 if len(operator.got) < 3 else 204
    receiver = await world.receiver(answer=lambda _: 410)
    await world.write(opportunity(1))
    world.start(await world.subscribe(receiver.url))
    await world.until(lambda: len(operator.got) == 1)
    for count, seconds in ((2, 10), (3, 120)):
        await world.until(lambda: world.clock.next_end() is not None)
        world.clock.move_to(world.clock.now_ms() + seconds * 1_000)
        await world.until(lambda count=count: len(operator.got) == count)
    assert len({delivery.webhook_id for delivery in operator.got}) == 1


async def test_a_notice_without_a_secret_carries_nothing_that_could_pass_for_a_signature(world):
    operator, receiver = await world.receiver(), await world.receiver(answer=lambda _: 410)
    await world.write(opportunity(1))
    async with Notices(DeliverySettings(notify_url=operator.url), world.clock) as notices:
        world.parts = replace(world.parts, notices=notices)
        world.start(await world.subscribe(receiver.url))
        await world.until(lambda: len(operator.taken) == 1)
        await world.stop()
    assert "webhook-signature" not in {name.lower() for name in operator.taken[0].headers}


# --- the dispatcher ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def dispatched(world):
    task = asyncio.create_task(Dispatcher(world.parts, list_seconds=0.02).run())
    yield world
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_courier_that_fails_is_started_again_later_and_takes_no_other_with_it(dispatched, caplog, capsys):
    world = dispatched
    healthy = await world.receiver()
    await world.write(opportunity(1))
    broken = await world.subscribe(healthy.url)
    await alter_subscription(world.hub_db, broken, world.clock.now_ms() + 1, secret=b"of another key")
    await world.subscribe(healthy.url)
    caplog.set_level(logging.ERROR)
    await world.until(lambda: len(healthy.taken) == 1)
    await asyncio.sleep(0.3)  # fifteen looks, each of which would begin it again
    said = (caplog.text + capsys.readouterr().out).count("a courier failed")
    assert 1 <= said <= 5


async def test_a_subscription_that_is_made_while_it_runs_is_delivered(dispatched):
    world = dispatched
    receiver = await world.receiver()
    await world.write(opportunity(1))
    await world.subscribe(receiver.url)
    await world.until(lambda: len(receiver.taken) == 1)


async def test_while_the_feed_is_being_read_couriers_are_quiet_and_then_begin_at_once(dispatched, caplog, capsys):
    """The clock stands still: whoever begins was woken."""
    world = dispatched
    receiver = await world.receiver()
    await world.projection.reset("topic", "topic-e1", 2)
    await world.subscribe(receiver.url)
    caplog.set_level(logging.WARNING)
    await world.until_idle()
    for number in range(5):
        await world.write(opportunity(number))
        await asyncio.sleep(0.05)
    said = (caplog.text + capsys.readouterr().out).count("deliveries wait")
    await world.projection.complete()
    await world.until(lambda: len(receiver.taken) == 5)
    assert 1 <= said <= 2  # a word that came before its first look is heard behind it


async def test_who_is_away_is_no_delay_of_ours(dispatched):
    world = dispatched
    receiver = await world.receiver(answer=lambda _: 503)
    await world.write(*(opportunity(n) for n in range(20)))
    await world.subscribe(receiver.url)

    def shown(metric, *labels):
        return (metric.labels(*labels) if labels else metric)._value.get()

    await world.until(lambda: shown(metrics.SUBSCRIPTIONS, "away") == 1 and shown(metrics.DELIVERY_LAG) == 0)
    assert shown(metrics.SUBSCRIPTIONS, "active") == 0
