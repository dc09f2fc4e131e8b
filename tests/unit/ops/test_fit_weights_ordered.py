"""Weights of one scale keep to its order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.matching import default_model
from ops.fit_weights.ordered import SCALES, falling, put_in_order

VALUES = st.lists(st.tuples(st.floats(-9, 9), st.floats(0.1, 9)), min_size=1, max_size=7)


def test_two_neighbours_the_wrong_way_round_get_their_weighted_mean() -> None:
    assert falling([1.0, 4.0, 0.0], [1.0, 2.0, 1.0]) == [3.0, 3.0, 0.0]


def test_values_in_order_stay_as_they_are() -> None:
    assert falling([3.0, 1.0, -2.0], [1.0, 5.0, 1.0]) == [3.0, 1.0, -2.0]


@given(VALUES)
def test_values_never_rise_afterwards(rows: list[tuple[float, float]]) -> None:
    found = falling([value for value, _ in rows], [weight for _, weight in rows])
    assert all(former >= later - 1e-9 for former, later in pairwise(found))


def test_what_is_not_fitted_draws_the_others_to_it() -> None:
    start = {(field, level): 0.0 for field, scales in SCALES.items() for scale in scales for level in scale}
    start |= {("hours", "equal"): -1.0, ("hours", "overlap"): 0.0, ("hours", "different"): -6.0}
    moved = put_in_order([0.0], [1.0], start, {("hours", "equal"): 0})
    assert abs(moved[0] - 1.0) < 1e-3


def test_the_shipped_weights_say_more_for_more_agreement() -> None:
    levels = default_model().weights.levels
    for field, scales in SCALES.items():
        for scale in scales:
            bits = [levels[field][level] for level in scale]
            assert bits == sorted(bits, reverse=True), field
