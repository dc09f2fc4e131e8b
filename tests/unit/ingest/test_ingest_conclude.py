"""What a run leaves behind: what waits, what is held and what the next run has to look at again (R1)."""

from __future__ import annotations

from hub.broker.headers import Stamp
from hub.sdk.record import RawRecord
from tests.fakes.ingest_world import FakePartner, World, paged

TEN = [str(n) for n in range(10)]
TWENTY = [str(n) for n in range(20)]
OF_SOURCE_ALONE = {"deletion": "explicit"}
"""Items go when the source says so, never by absence."""


def deletes(*ids: str) -> list[RawRecord]:
    return [RawRecord(native_id, {}, op="delete") for native_id in ids]


def silent(*ids: str, **more: object) -> World:
    """A partner that states no total, so that deletions in its list are no items too many."""
    world = World(FakePartner(states_total=False), **more)
    world.partner.lists(*ids)
    return world


async def listed_again_once() -> World:
    """One run has listed `3` again, which its source had deleted."""
    world = silent(*TEN, manifest=OF_SOURCE_ALONE)
    await world.run()
    world.partner.extra = deletes("3")
    world.partner.hidden = {"3"}
    await world.run()
    world.partner.extra, world.partner.hidden = [], set()
    await world.run()
    return world


async def test_an_answer_that_proves_nothing_makes_the_next_run_full() -> None:
    world = paged(*TEN)
    await world.run()
    assert world.runner.state.validators
    world.partner.drops("3")
    world.partner.answers_gone_to_all = True
    await world.run()
    assert world.runner.state.validators == {}


async def test_what_answered_alive_is_no_news_to_the_brake() -> None:
    world = paged(*TWENTY)
    await world.run()
    world.partner.hidden = set(TWENTY[:5])
    await world.run()
    world.partner.hidden = set(TWENTY[:10])
    report = await world.run()
    assert (report.outcome, report.held, world.live) == ("ok", 0, set(TWENTY))
    assert world.partner.asked[-1] != []


async def test_a_list_of_two_pages_proves_no_absence_by_itself() -> None:
    world = World(FakePartner(requests=2))
    world.partner.lists(*TEN)
    await world.run()
    world.partner.hidden = {"3"}
    await world.run()
    assert world.partner.asked
    assert world.live == set(TEN)


async def test_what_answered_alive_is_asked_again_while_the_rest_of_its_list_is_held() -> None:
    world = World(FakePartner(requests=3, collections=["items", "calendar"]))
    world.partner.lists(*[f"j{n}" for n in range(80)]).lists(*TWENTY, collection="calendar")
    await world.run()
    world.partner.hidden = {"3"}
    await world.run()
    world.partner.hidden = set(TWENTY[5:15])
    world.partner.drops("3")
    report = await world.run()
    assert (report.withdrawn, report.held) == (1, 10)


async def test_what_is_proven_gone_and_deleted_too_closes_once() -> None:
    world = silent(*TEN)
    await world.run()
    world.partner.drops("3")
    world.partner.extra = deletes("3")
    report = await world.run()
    closings = [one for one in world.raw if one.key == b"fake:3" and Stamp.from_headers(one.headers).op == "withdrawn"]
    assert (report.withdrawn, len(closings)) == (1, 1)


async def test_a_hold_of_deletions_says_how_many() -> None:
    world = silent(*TWENTY, manifest=OF_SOURCE_ALONE)
    await world.run()
    world.partner.extra = deletes(*TWENTY[:10])
    await world.run()
    assert world.runner.state.held.reason == "10 of 20 live items would close at once"


async def test_a_deletion_that_still_waits_makes_the_next_run_full() -> None:
    world = silent(*TWENTY, manifest=OF_SOURCE_ALONE)
    await world.run()
    world.partner.drops(*TWENTY[:10])
    world.partner.extra = deletes(*TWENTY[:10])
    await world.run()
    world.partner.extra = []
    report = await world.run()
    assert (report.held, world.runner.state.validators) == (10, {})


async def test_an_item_that_was_listed_again_once_makes_the_next_run_full() -> None:
    world = await listed_again_once()
    assert (world.runner.state.returning, world.runner.state.validators, world.live) == (["3"], {}, set(TEN) - {"3"})
    await world.run()
    assert (world.runner.state.returning, world.live) == ([], set(TEN))
    assert world.runner.state.validators


async def test_a_run_that_was_not_finished_is_no_reason_to_forget_a_return() -> None:
    world = await listed_again_once()
    world.partner.incomplete, world.partner.hidden = True, {"3"}
    await world.run()
    world.partner.incomplete, world.partner.hidden = False, set()
    await world.run()
    assert world.live == set(TEN)


async def test_a_run_that_was_not_finished_holds_what_was_held_and_why() -> None:
    world = paged(*TWENTY)
    await world.run()
    world.partner.hidden = set(TWENTY[:10])
    await world.run()
    before = world.runner.state.held
    world.partner.incomplete = True
    await world.run()
    assert (world.runner.state.held.items, world.runner.state.held.reason) == (before.items, before.reason)
    assert world.runner.state.held.since == before.since


async def test_a_run_without_the_calendar_neither_counts_nor_forgets_what_the_calendar_lacked() -> None:
    world = World(FakePartner(states_total=False, collections=["items", "calendar"]))
    world.partner.lists(*TEN).lists(*[f"c{n}" for n in range(10)], collection="calendar", url=False)
    await world.run()
    world.partner.drops("c3")
    await world.run()
    world.partner.collections = ["items"]
    await world.run()
    assert "c3" in world.live
    world.partner.collections = ["items", "calendar"]
    await world.run()
    assert "c3" not in world.live
    assert world.runner.state.missing == {}


async def test_an_unchanged_list_keeps_its_count() -> None:
    world = World()
    world.partner.lists(*TEN)
    await world.run()
    world.partner.not_modified = True
    await world.run()
    assert world.runner.state.collections["items"].items == 10


async def test_a_deletion_of_what_is_gone_or_was_never_there_writes_nothing() -> None:
    world = silent(*TEN, manifest=OF_SOURCE_ALONE)
    await world.run()
    world.partner.hidden, world.partner.extra = {"3"}, deletes("3")
    await world.run()
    written = len(world.raw)
    world.partner.extra = deletes("3", "unknown")
    report = await world.run()
    assert (report.withdrawn, report.held, len(world.raw)) == (0, 0, written)
