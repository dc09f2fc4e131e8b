"""Pushes: ordered by the source's own date, through the same diff and brake as a poll."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
import pytest

from hub.broker.headers import Stamp, decode
from hub.ingest.inbound import Pusher
from hub.ingest.log import LogRecord
from hub.sdk.record import RawRecord
from tests.fakes.ingest_world import START, FakePartner, World, source_error

TOPIC = "hub.inbound.fake.v1"


class PushWorld(World):
    """A world with a pusher; `push` writes one inbound record."""

    def __post_init__(self) -> None:
        self.offset = 0
        super().__post_init__()

    def restart(self) -> None:
        super().restart()
        self.pusher = Pusher(self.runner)

    async def push(self, native_id: str, title: str = "Pushed", **more: Any) -> Counter[str]:
        op = more.pop("op", "upsert")
        webhook_id = more.pop("webhook_id", None)
        return await self.push_raw(orjson.dumps({"id": native_id, "title": title, **more}), op, webhook_id)

    async def push_raw(self, body: bytes, op: str = "upsert", webhook_id: str | None = None) -> Counter[str]:
        headers = [("hub-op", op.encode())] + ([("webhook-id", webhook_id.encode())] if webhook_id else [])
        record = LogRecord(TOPIC, 0, self.offset, START, None, body, headers)
        self.offset += 1
        return await self.pusher.take(record)


@pytest.fixture
def world() -> PushWorld:
    return PushWorld()


async def test_push_is_written_with_the_stamp_of_ingest(world: PushWorld) -> None:
    await world.push("1", changed_at=1000)
    headers = decode(world.raw[0].headers)
    assert (world.raw[0].key, headers["correlation_id"], headers["changed_at"]) == (b"fake:1", "fake-inbound-0", "1000")


async def test_same_push_again_writes_nothing(world: PushWorld) -> None:
    await world.push("1")
    world.restart()
    await world.runner.load()
    assert await world.push("1") == Counter(unchanged=1)
    assert len(world.raw) == 1


async def test_older_push_is_stale_also_after_a_restart(world: PushWorld) -> None:
    await world.push("1", "newer", changed_at=2000)
    world.restart()
    await world.runner.load()
    assert await world.push("1", "older", changed_at=1000) == Counter(stale=1)
    assert len(world.raw) == 1


async def test_repeated_webhook_id_has_no_effect(world: PushWorld) -> None:
    await world.push("1", "first", webhook_id="w1")
    await world.push("1", "second", webhook_id="w2")
    assert await world.push("1", "first", webhook_id="w1") == Counter(repeated=1)


async def test_poll_never_waits_for_a_newer_date(world: PushWorld) -> None:
    await world.push("1", "pushed", changed_at=9_999_999_999_999)
    world.partner.lists("1", title="polled")
    report = await world.run()
    assert report.changed == 1


async def test_push_that_overtakes_a_poll_stands(world: PushWorld) -> None:
    world.partner.lists("1", title="old")
    await world.run()

    async def during() -> None:
        await world.push("1", "new")

    world.partner.during = during
    report = await world.run()
    assert report.overtaken == 1
    assert orjson.loads(world.raw[-1].value)["title"] == "new"
    assert world.runner.state.validators == {}


async def test_item_pushed_during_a_run_is_not_missed_by_it(world: PushWorld) -> None:
    world.partner.lists("1")
    await world.run()

    async def during() -> None:
        await world.push("2")

    world.partner.during = during
    report = await world.run()
    assert (report.withdrawn, world.live) == (0, {"1", "2"})


async def test_a_deletion_in_a_list_does_not_close_what_was_pushed_since_it_began() -> None:
    world = PushWorld(FakePartner(states_total=False), manifest={"deletion": "explicit"})
    world.partner.lists("1", "2", "3")
    await world.run()

    async def during() -> None:
        await world.push("3", "Anew")

    world.partner.during = during
    world.partner.hidden, world.partner.extra = {"3"}, [RawRecord("3", {}, op="delete")]
    await world.run()
    assert world.live == {"1", "2", "3"}
    world.partner.during = None
    await world.run()
    assert world.live == {"1", "2"}


async def test_delete_withdraws_at_once(world: PushWorld) -> None:
    world.partner.lists("1", "2")
    await world.run()
    assert await world.push("2", op="delete") == Counter(withdrawn=1)
    assert Stamp.from_headers(world.raw[-1].headers).op == "withdrawn"
    assert orjson.loads(world.raw[-1].value)["title"] == "A job"


async def test_older_delete_is_stale(world: PushWorld) -> None:
    await world.push("1", changed_at=2000)
    assert await world.push("1", op="delete", changed_at=1000) == Counter(stale=1)


async def test_delete_of_an_unknown_item_writes_nothing(world: PushWorld) -> None:
    assert await world.push("1", op="delete") == Counter(unknown=1)
    assert world.raw == []


async def test_deleted_item_that_is_still_listed_returns_in_the_second_healthy_run(world: PushWorld) -> None:
    world.partner.lists("1", "2")
    await world.run()
    await world.push("2", op="delete")
    await world.run()
    assert world.live == {"1"}
    report = await world.run()
    assert (report.returned, world.live) == (1, {"1", "2"})


async def test_failed_run_does_not_count_towards_a_return(world: PushWorld) -> None:
    world.partner.lists("1", "2")
    await world.run()
    await world.push("2", op="delete")
    await world.run()
    world.partner.fault, world.partner.fault_after = source_error(), 2
    world.partner.lists("3")
    await world.run()
    assert world.live == {"1"}
    world.partner.fault = None
    await world.run()
    assert world.live == {"1", "2", "3"}


async def test_deleted_item_that_leaves_the_list_stays_withdrawn(world: PushWorld) -> None:
    world.partner.lists("1", "2")
    await world.run()
    await world.push("2", op="delete")
    await world.run()
    world.partner.drops("2")
    await world.run()
    await world.run()
    assert world.live == {"1"}


async def test_newer_push_brings_a_deleted_item_back_at_once(world: PushWorld) -> None:
    await world.push("1", changed_at=1000)
    await world.push("1", op="delete", changed_at=2000)
    assert await world.push("1", changed_at=1500) == Counter(stale=1)
    assert await world.push("1", changed_at=3000) == Counter(returned=1)


async def test_deletes_above_the_brake_are_held(world: PushWorld) -> None:
    ids = [str(n) for n in range(10)]
    world.partner.lists(*ids)
    await world.run()
    outcomes = [await world.push(one, op="delete") for one in ids[:8]]
    assert [next(iter(one)) for one in outcomes] == ["withdrawn"] * 5 + ["held"] * 3
    assert world.live == set(ids[5:])
    assert await world.runner.release() == 3
    assert world.live == set(ids[8:])


async def test_held_delete_is_forgotten_when_two_runs_list_the_item(world: PushWorld) -> None:
    ids = [str(n) for n in range(10)]
    world.partner.lists(*ids)
    await world.run()
    for one in ids[:6]:
        await world.push(one, op="delete")
    world.partner.drops(*ids[:5])
    assert list((await world.run(minutes=1), world.runner.state.held.items)[1]) == ["5"]
    await world.run(minutes=1)
    assert world.runner.state.held is None


async def test_push_of_a_held_item_takes_it_out(world: PushWorld) -> None:
    ids = [str(n) for n in range(10)]
    world.partner.lists(*ids)
    await world.run()
    for one in ids[:6]:
        await world.push(one, op="delete")
    await world.push("5", "still here")
    assert world.runner.state.held is None


async def test_delete_inside_a_poll_goes_below_the_same_brake(world: PushWorld) -> None:
    ids = [str(n) for n in range(10)]
    world.partner.lists(*ids)
    await world.run()
    world.partner.drops(*ids[:6])
    world.partner.incomplete = True
    world.partner.extra = [RawRecord(one, {}, op="delete") for one in ids[:6]]
    report = await world.run()
    assert (report.held, report.withdrawn) == (6, 0)


@pytest.mark.parametrize(
    ("body", "op", "reason"),
    [
        (b"{", "upsert", "syntax"),
        (b"{}", "upsert", "bug"),
        (b'{"id": ""}', "upsert", "missing_id"),
        (b"{}", "gone", "wrong_value"),
    ],
)
async def test_malformed_push_is_parked_with_its_origin(world: PushWorld, body: bytes, op: str, reason: str) -> None:
    assert await world.push_raw(body, op) == Counter(rejected=1)
    letter = orjson.loads(world.log.topics["hub.posting.rejected.v1"][0].value)
    assert (letter["stage"], letter["reason"], letter["raw"]) == (
        "ingest",
        reason,
        body.decode() if reason != "missing_id" else '{"title":""}',
    )
    assert letter["origin"] == {"topic": TOPIC, "partition": 0, "offset": 0}


async def test_push_disowns_the_validators_of_the_list(world: PushWorld) -> None:
    world.partner.lists("1")
    await world.run()
    await world.push("1", "changed")
    assert world.runner.state.validators == {}


async def test_push_without_an_address_keeps_the_one_that_the_list_gave(world: PushWorld) -> None:
    world.partner.lists("1", title="old")
    await world.run()
    await world.push("1", "new")
    world.partner.listed["1"].title = "new"
    report = await world.run()
    assert (report.unchanged, len(world.raw)) == (1, 2)
