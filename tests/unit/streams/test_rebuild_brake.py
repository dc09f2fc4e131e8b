"""What a rebuild may close without a person: what has a cause, what is little, and what a person let go."""

from __future__ import annotations

import pytest

from hub.streams.rebuild import Plan

LOST = [f"opp-{number}" for number in range(60)]


@pytest.mark.parametrize(
    ("lost", "live", "released", "is_held"),
    [
        (60, 500, [], True),
        (50, 100, [], False),
        (60, 600, [], False),
        (60, 500, LOST, False),
        (55, 500, LOST, False),
        (60, 500, LOST[1:], True),
    ],
    ids=["much", "few", "a small share", "released", "less than was released", "one more than was released"],
)
def test_what_is_held(lost: int, live: int, released: list[str], is_held: bool) -> None:
    plan = Plan([], LOST[:lost], live)
    assert plan.is_braked(percent=10, min_items=50, released=set(released)) is is_held
