"""Faults of the kinds that webhooks really get, each with a short history that shows it to a receiver or to who leaves it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import pytest
from fakes.feed_histories import WHO, Histories
from fakes.planted_in_the_edge import ENERGY_QUERY, OTHER, Step, reads
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hub.api.subscriptions import managing
from hub.delivery import courier
from hub.delivery import round as rounds
from hub.delivery.message import Message
from hub.delivery.outcome import Outcome
from hub.store import subscriptions
from hub.store.subscription_changes import Tally


def _leave_what_left(patch: pytest.MonkeyPatch) -> None:
    plan = courier.plan

    def plan_without_leavers(*arguments: Any) -> list[Message]:
        gone = {change.id for change in arguments[2] if change.record is None}
        return [message for message in plan(*arguments) if message.opportunity not in gone]

    patch.setattr(courier, "plan", plan_without_leavers)


def _begin_one_later(patch: pytest.MonkeyPatch) -> None:
    make = managing.make_holding

    async def make_holding(engine: Any, made: Any, held: Any) -> None:
        await make(engine, replace(made, cursor=made.cursor + 1), held)

    patch.setattr(managing, "make_holding", make_holding)


def _take_nothing_over(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any) -> AsyncIterator[Sequence[str]]:
        for ids in ():
            yield ids

    patch.setattr(managing, "held_at", nothing)


def _settle_with_what_came_later(patch: pytest.MonkeyPatch) -> None:
    settle = courier.settle

    def settle_and_forget(progress: Any, sent: Any, waiting: Any, folded: Any) -> None:
        settle(progress, sent, waiting, {})
        progress.unparked |= folded.keys()

    patch.setattr(courier, "settle", settle_and_forget)


async def _note_nothing(engine: Any, id_: str, opened: Collection[str], changed_at: int) -> bool:
    return True


def _delivers(moods: Sequence[str] = (), *, edited: Collection[int] = (), killed_at: int | None = None) -> Step:
    return lambda histories: histories.deliver(0, [set(edited)], list(moods), killed_at, 1, OTHER)


def _closes(number: int) -> Step:
    return lambda histories: histories.close(number, "withdrawn")


THRICE = 3
PLANTED_IN_DELIVERY: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], dict[str, str], list[Step]]] = {
    "what leaves the filter is not closed": (_leave_what_left, ENERGY_QUERY, [_delivers(), _delivers(edited=[0])]),
    "who takes over begins one too late": (_begin_one_later, {}, [reads("pages", 3), _delivers(edited=[0])]),
    "what was held before is not known": (_take_nothing_over, {}, [reads("pages", 3), _delivers(), _closes(0), _delivers()]),
    "a later change of what is parked is lost": (
        _settle_with_what_came_later,
        {},
        [_delivers(["refuses"] * THRICE), _delivers(edited=[0])],
    ),
    "what was refused is behind who leaves": (
        lambda patch: patch.setattr(Tally, "complete_cursor", lambda _, cursor: cursor),
        {},
        [_delivers(["refuses"] * THRICE), reads("kafka"), reads("pages")],
    ),
    "who fails is taken for one who has nothing": (
        lambda patch: patch.setattr(Outcome, "says_not_taken", True),
        {},
        [_delivers(["takes and fails"] * THRICE), _closes(0), _delivers()],
    ),
    "what was under way at a kill is not known": (
        lambda patch: patch.setattr(subscriptions, "note_held", _note_nothing),
        {},
        [_delivers(["takes"] * THRICE, killed_at=1), _closes(0), _closes(1), _closes(2), _delivers()],
    ),
    "the cursor passes who found nobody": (
        lambda patch: patch.setattr(rounds._Told, "_leave", lambda *_: None),
        {},
        [_delivers(["is away"] * THRICE)],
    ),
}
"""As `PLANTED`; each history is proved on webhooks."""


class PushedHistories(Histories):
    """Those in which nothing but webhooks is looked at, and who leaves them; the hub itself is left in peace."""

    operate = begin_anew = download_on = all_read = merge = None  # type: ignore[assignment]

    @rule(who=WHO, surfaces=st.lists(st.sampled_from(["webhooks", "pages", "kafka"]), min_size=1, max_size=2))
    def read(self, who: int, surfaces: list[str], limit: int = 3) -> None:
        super().read(who, surfaces, limit)

    @precondition(lambda self: self.readers)
    @rule(who=WHO)
    def catch_up(self, who: int, surface: str = "webhooks", limit: int = 2) -> None:
        super().catch_up(who, surface, limit)


AT_RANDOM: dict[str, type[Histories]] = {
    "what leaves the filter is not closed": PushedHistories,
    "who takes over begins one too late": Histories,
    "what was held before is not known": PushedHistories,
}
"""Some that random histories find as well, with where they are found soonest."""
SLOW_AT_RANDOM: dict[str, type[Histories]] = {"a later change of what is parked is lost": PushedHistories}
"""Found after many histories only."""
