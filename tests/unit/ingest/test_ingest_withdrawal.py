"""When an item that left the list is withdrawn, asked after, waited for or held (R1)."""

from __future__ import annotations

import pytest

from hub.broker.headers import decode
from hub.errors import HubError
from hub.ingest.brake import Brake
from tests.fakes.ingest_world import FakePartner, World, paged, source_error

TEN = [str(n) for n in range(10)]
TWENTY = [str(n) for n in range(20)]


async def test_absent_from_a_paged_walk_is_withdrawn_when_asking_proves_it_gone() -> None:
    world = paged(*TEN)
    await world.run()
    world.partner.drops("3")
    report = await world.run()
    assert report.withdrawn == 1
    assert decode(world.raw[-1].headers)["closed_by"] == "proof"


async def test_absent_where_no_total_is_stated_is_asked_after() -> None:
    world = World(FakePartner(states_total=False))
    world.partner.lists(*TEN)
    await world.run()
    world.partner.drops("3")
    await world.run()
    assert len(world.partner.asked) == 1
    assert "3" not in world.live


async def test_three_still_listed_items_are_asked_along() -> None:
    world = paged(*TEN)
    await world.run()
    world.partner.drops("3")
    await world.run()
    (asked,) = world.partner.asked
    assert "3" in asked
    assert len(set(asked)) == 4


async def test_item_that_answers_alive_stays() -> None:
    world = paged(*TEN)
    await world.run()
    world.partner.hidden = {"3"}
    await world.run()
    await world.run()
    assert world.live == set(TEN)


async def test_nothing_is_proven_when_everything_answers_gone() -> None:
    world = paged(*TEN)
    await world.run()
    world.partner.drops("3")
    world.partner.answers_gone_to_all = True
    await world.run()
    assert world.live == set(TEN)
    world.partner.answers_gone_to_all = False
    await world.run()
    assert world.live == set(TEN) - {"3"}


async def test_fault_while_asking_fails_the_run_and_withdraws_nothing() -> None:
    world = paged(*TEN)
    await world.run()
    world.partner.drops("3")
    world.partner.ask_fault = source_error("throttled", retry_after=1)
    report = await world.run()
    assert (report.outcome, world.live) == ("throttled", set(TEN))


async def test_record_without_id_makes_absence_no_proof() -> None:
    from hub.sdk.record import Invalid

    world = World()
    world.partner.lists(*TEN)
    await world.run()
    world.partner.hidden = {"3"}
    world.partner.extra = [Invalid("missing_id", b"{}")]
    await world.run()
    assert world.live == set(TEN)
    assert len(world.partner.asked) == 1


async def test_calendar_entry_is_withdrawn_in_the_second_run_without_it() -> None:
    world = World(FakePartner(states_total=False, collections=["calendar"]))
    world.partner.lists(*TEN, collection="calendar", url=False)
    await world.run()
    world.partner.drops("3")
    first = await world.run()
    assert (first.waiting, world.live) == (1, set(TEN))
    await world.run()
    assert world.live == set(TEN) - {"3"}


async def test_calendar_entry_that_comes_back_between_starts_anew() -> None:
    world = World(FakePartner(states_total=False, collections=["calendar"]))
    world.partner.lists(*TEN, collection="calendar", url=False)
    await world.run()
    world.partner.hidden = {"3"}
    await world.run()
    world.partner.hidden = set()
    await world.run()
    world.partner.hidden = {"3"}
    await world.run()
    assert world.live == set(TEN)


async def test_failed_run_between_does_not_count_for_a_calendar_entry() -> None:
    world = World(FakePartner(states_total=False, collections=["calendar"]))
    world.partner.lists(*TEN, collection="calendar", url=False)
    await world.run()
    world.partner.drops("3")
    await world.run()
    world.partner.fault = source_error()
    await world.run()
    assert world.live == set(TEN)
    world.partner.fault = None
    await world.run()
    assert world.live == set(TEN) - {"3"}


async def test_waiting_run_does_not_save_validators_so_that_the_next_one_is_full() -> None:
    world = World(FakePartner(states_total=False, collections=["calendar"]))
    world.partner.lists(*TEN, collection="calendar", url=False)
    await world.run()
    world.partner.drops("3")
    await world.run()
    assert world.runner.state.validators == {}


async def test_empty_list_after_a_non_empty_one_is_held() -> None:
    world = World()
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("1", "2")
    report = await world.run()
    assert (report.outcome, report.held, world.live) == ("held", 2, {"1", "2"})
    assert "empty" in world.runner.state.held.reason


async def test_half_list_is_held_without_asking_for_each() -> None:
    world = paged(*TWENTY)
    await world.run()
    world.partner.hidden = set(TWENTY[:10])
    report = await world.run()
    assert (report.held, world.partner.asked, world.live) == (10, [], set(TWENTY))
    assert world.runner.state.sentence(world.time) == "held: 10 withdrawals"


async def test_a_hold_of_several_lists_says_how_many_of_all_would_close() -> None:
    world = World(FakePartner(collections=["jobs", "calendar"]))
    world.partner.lists(*TWENTY, collection="jobs")
    world.partner.lists("a", "b", "c", "d", "e", "f", "g", "h", collection="calendar")
    await world.run()
    world.partner.hidden = {*TWENTY[:10], "a", "b", "c", "d", "e", "f"}
    await world.run()
    assert world.runner.state.held.reason == "16 of 28 live items would close at once"


async def test_a_hold_of_one_list_names_it() -> None:
    world = World(FakePartner(collections=["jobs", "calendar"]))
    world.partner.lists(*TWENTY, collection="jobs")
    world.partner.lists("a", "b", "c", "d", "e", "f", "g", "h", collection="calendar")
    await world.run()
    world.partner.hidden = {"a", "b", "c", "d", "e", "f"}
    await world.run()
    assert world.runner.state.held.reason == "6 of 8 live items of the list calendar would close at once"


async def test_hold_ends_by_itself_when_the_items_are_listed_again() -> None:
    world = paged(*TWENTY)
    await world.run()
    world.partner.hidden = set(TWENTY[:10])
    await world.run()
    world.partner.hidden = set()
    report = await world.run()
    assert (report.outcome, world.runner.state.held) == ("ok", None)


async def test_few_items_pass_however_large_their_share() -> None:
    world = World()
    world.partner.lists(*TEN)
    await world.run()
    world.partner.drops(*TEN[:5])
    await world.run()
    assert world.live == set(TEN[5:])


async def test_brake_counts_an_hour_whatever_the_cause() -> None:
    world = World()
    world.partner.lists(*TWENTY)
    await world.run()
    world.partner.drops(*TWENTY[:5])
    await world.run()
    world.partner.drops(*TWENTY[5:8])
    report = await world.run()
    assert (report.withdrawn, report.held) == (0, 3)
    report = await world.run(minutes=61)
    assert (report.withdrawn, report.held) == (3, 0)


async def test_brake_counts_over_a_restart() -> None:
    world = World()
    world.partner.lists(*TWENTY)
    await world.run()
    world.partner.drops(*TWENTY[:5])
    await world.run()
    world.restart()
    await world.runner.load()
    world.partner.drops(*TWENTY[5:8])
    assert (await world.run()).held == 3


async def test_release_withdraws_what_is_held() -> None:
    world = World()
    world.partner.lists(*TWENTY)
    await world.run()
    world.partner.drops(*TWENTY[:10])
    await world.run()
    assert await world.runner.release() == 10
    assert world.live == set(TWENTY[10:])
    assert (await world.run()).outcome == "ok"


async def test_released_withdrawals_do_not_brake_the_next_genuine_one() -> None:
    world = World()
    world.partner.lists(*TWENTY)
    await world.run()
    world.partner.drops(*TWENTY[:10])
    await world.run()
    await world.runner.release()
    world.partner.drops("19")
    assert (await world.run()).withdrawn == 1


async def test_discard_lets_the_next_run_judge_anew() -> None:
    world = World()
    world.partner.lists(*TWENTY)
    await world.run()
    world.partner.hidden = set(TWENTY[:10])
    await world.run()
    assert await world.runner.discard() == 10
    assert world.runner.state.held is None
    assert (await world.run()).held == 10


async def test_release_of_nothing_is_refused() -> None:
    with pytest.raises(HubError, match="nothing of fake is held"):
        await World().runner.release()


async def test_what_is_held_survives_a_restart() -> None:
    world = World()
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("1", "2")
    await world.run()
    world.restart()
    await world.runner.load()
    assert await world.runner.release() == 2
    assert world.live == set()


async def test_source_that_never_deletes_withdraws_nothing() -> None:
    world = World(manifest={"deletion": "never"})
    world.partner.lists(*TEN)
    await world.run()
    world.partner.drops("3")
    await world.run()
    assert world.live == set(TEN)


async def test_collection_that_was_not_read_keeps_its_items() -> None:
    world = World(FakePartner(collections=["items", "events"]))
    world.partner.lists(*TEN)
    world.partner.lists("e1", collection="events")
    await world.run()
    world.partner.drops("e1", "3")
    world.partner.collections = ["items"]
    await world.run()
    assert world.live == {*TEN, "e1"} - {"3"}


async def test_not_modified_list_asks_again_after_what_it_lacked() -> None:
    world = paged(*TEN)
    await world.run()
    world.partner.hidden = {"3"}
    await world.run()
    world.partner.not_modified = True
    world.partner.drops("3")
    await world.run()
    assert world.live == set(TEN) - {"3"}


async def test_brake_of_nought_holds_every_withdrawal() -> None:
    world = World(brake=Brake(0, 0))
    world.partner.lists(*TEN)
    await world.run()
    world.partner.drops("3")
    assert (await world.run()).held == 1


async def test_half_a_small_list_of_a_large_source_is_held() -> None:
    world = World(FakePartner(states_total=False, collections=["items", "calendar"]))
    calendar = [f"c{n}" for n in range(16)]
    world.partner.lists(*[f"{n}" for n in range(100)]).lists(*calendar, collection="calendar", url=False)
    await world.run()
    world.partner.hidden = set(calendar[:8])
    assert [(await world.run()).held, (await world.run()).held, len(world.live)] == [8, 8, 116]
