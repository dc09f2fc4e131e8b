"""Over any sequence of healthy and broken runs: a listed item is never withdrawn, one that is gone soon is."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.ingest_world import FakePartner, World, source_error

IDS = [f"{n:02}" for n in range(40)]
CALENDAR = [f"c{n}" for n in range(8)]
FAULTS = st.sampled_from(
    ["none", "status", "late", "total", "duplicate", "half", "empty", "not_modified", "incomplete", "all_gone"]
)


def break_it(partner: FakePartner, fault: str) -> None:
    partner.fault = source_error() if fault in ("status", "late") else None
    partner.fault_after = 7 if fault == "late" else 0
    partner.wrong_total = 10_000 if fault == "total" else None
    partner.repeats = next((id_ for id_ in partner.listed if id_ not in partner.hidden), None) if fault == "duplicate" else None
    partner.hidden = {"half": set(list(partner.listed)[::2]), "empty": set(partner.listed)}.get(fault, set())
    partner.not_modified = fault == "not_modified"
    partner.incomplete = fault == "incomplete"
    partner.answers_gone_to_all = fault == "all_gone"


def world_of(requests: int, states_total: bool) -> World:
    world = World(FakePartner(requests=requests, states_total=states_total, collections=["items", "calendar"]))
    world.partner.lists(*IDS).lists(*CALENDAR, collection="calendar", url=False)
    return world


@settings(max_examples=60)
@given(faults=st.lists(FAULTS, max_size=8), requests=st.integers(1, 3), restarts=st.sets(st.integers(0, 7)))
def test_listed_item_is_never_withdrawn(faults: list[str], requests: int, restarts: set[int]) -> None:
    async def scenario() -> None:
        world = world_of(requests, states_total=False)
        await world.run()
        for nth, fault in enumerate(faults):
            break_it(world.partner, fault)
            await world.run()
            restart = world.restart if nth in restarts else lambda: None
            restart()
            await world.runner.load()
            assert world.live == {*IDS, *CALENDAR}

    asyncio.run(scenario())


@settings(max_examples=60)
@given(faults=st.lists(FAULTS, max_size=6), requests=st.integers(1, 3), states_total=st.booleans())
def test_gone_item_is_withdrawn_within_two_healthy_runs_and_a_calendar_entry_within_three(
    faults: list[str], requests: int, states_total: bool
) -> None:
    async def scenario() -> None:
        world = world_of(requests, states_total)
        await world.run()
        for fault in [one for one in faults if one not in ("half", "empty")]:
            break_it(world.partner, fault)
            await world.run()
        break_it(world.partner, "none")
        world.partner.drops("05", "c3")
        await world.run()
        await world.run()
        assert "05" not in world.live
        await world.run()
        assert world.live == {*IDS, *CALENDAR} - {"05", "c3"}

    asyncio.run(scenario())
