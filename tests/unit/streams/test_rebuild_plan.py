"""What a rebuild writes, what of it nobody asked for, and that it lets others have their turn meanwhile."""

from __future__ import annotations

import asyncio

import pytest
from fakes.postings import change

from hub.domain.opportunity import Opportunity
from hub.domain.posting import Status
from hub.matching import Engine, PostingChange
from hub.streams import breath
from hub.streams.ledger import Ledger
from hub.streams.rebuild import Plan, plan

COOK = change("a:1", title="Kok")
NURSE = change("a:2", title="Verpleegkundige")
APPLY = "https://ziekenhuis-noord.recruitee.com/o/kok-in-assen"
ALIKE = [change("a:1", title="Kok", apply_url=APPLY), change("b:1", title="Kok", apply_url=APPLY)]


def engine_of(*changes: PostingChange) -> Engine:
    engine = Engine()
    engine.load(changes)
    return engine


async def planned(engine: Engine, before: list[Opportunity]) -> Plan:
    """Against a feed that holds `before`."""
    ledger = Ledger()
    for one in before:
        ledger.read(one)
    return await plan(engine, {one.id: one.model_copy(update={"content": None}) for one in before}, ledger)


def told(found: Plan) -> list[tuple[str, str, str | None]]:
    return [(one.id, one.state, one.closed_reason) for one in found.records]


async def test_a_feed_that_says_the_same_gets_nothing() -> None:
    engine = engine_of(COOK, NURSE)
    found = await planned(engine, list(engine.opportunities()))
    assert (found.records, found.unexplained, found.live_before) == ([], [], 2)


async def test_what_no_input_knows_is_closed_and_nobody_asked_for_it() -> None:
    before = list(engine_of(COOK, NURSE).opportunities())
    engine = engine_of(COOK)
    (lost,) = (one.id for one in before if one.id != engine.id_of("a:1"))
    found = await planned(engine, before)
    assert told(found) == [(lost, "closed", "erased")]
    assert (found.unexplained, found.live_before) == ([lost], 2)


async def test_what_was_closed_before_and_no_input_knows_needs_no_word() -> None:
    closed = [
        one.model_copy(update={"state": "closed", "closed_reason": "withdrawn", "content": None})
        for one in engine_of(NURSE).opportunities()
    ]
    found = await planned(engine_of(), closed)
    assert (found.records, found.unexplained, found.live_before) == ([], [], 0)


async def test_a_withdrawal_explains_itself() -> None:
    before = list(engine_of(NURSE).opportunities())
    found = await planned(engine_of(change("a:2", title="Verpleegkundige", status=Status.WITHDRAWN)), before)
    assert told(found) == [(before[0].id, "closed", "withdrawn")]
    assert found.unexplained == []


@pytest.mark.parametrize(
    ("model", "state", "is_asked_for"),
    [("other", "live", False), (None, "live", True), ("other", "closed", True)],
    ids=["by another model", "by this model", "closed before"],
)
async def test_what_another_model_merges_away_nobody_asked_for(model: str | None, state: str, is_asked_for: bool) -> None:
    engine = engine_of(*ALIKE)
    (kept,) = (one.id for one in engine.opportunities() if one.state == "live")
    before = [next(one for one in engine_of(alone).opportunities()) for alone in ALIKE]
    if model is not None:
        before = [one.model_copy(update={"model": model}) for one in before]
    (merged,) = (one for one in before if one.id != kept)
    former = merged.model_copy(update={"state": state, "closed_reason": None if state == "live" else "expired"})
    found = await planned(engine, [former if one.id == merged.id else one for one in before])
    assert (merged.id, "closed", "merged") in told(found)
    assert found.unexplained == ([] if is_asked_for else [merged.id])


async def test_heartbeats_have_their_turns_while_every_opportunity_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breath, "WORK_SECONDS", 0)  # a breath is due after every one
    engine, beats = Engine(), 0
    engine.load([change(f"a:{number}", title=f"Kok {number}") for number in range(50)])

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0)
            beats += 1

    heart = asyncio.create_task(beat())
    planned = await plan(engine, {}, Ledger())
    heart.cancel()
    assert len(planned.records) == 50
    assert beats > 50
