"""The report's figures, against examples worked by hand."""

from __future__ import annotations

import pytest

from ops.match_report.metrics import Counts, b_cubed, count, exact_share, pairs_of, wilson_lower

TRUE = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2", "f": "3"}
SAID = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "y", "f": "z"}
"""One of three is put with the wrong two."""


def test_pairs_are_those_within_a_cluster() -> None:
    assert pairs_of(TRUE) == {("a", "b"), ("a", "c"), ("b", "c"), ("d", "e")}
    assert pairs_of(SAID) == {("a", "b"), ("c", "d"), ("c", "e"), ("d", "e")}


def test_two_of_four_said_pairs_are_true_and_two_of_four_true_ones_found() -> None:
    counts = count(pairs_of(SAID), pairs_of(TRUE))
    assert counts == Counts(said=4, true=4, both=2)
    assert (counts.precision, counts.recall, counts.f(1)) == (0.5, 0.5, 0.5)


def test_f_half_weighs_precision_more() -> None:
    counts = Counts(said=10, true=20, both=9)
    assert counts.f(1) == pytest.approx(2 * 0.9 * 0.45 / (0.9 + 0.45))
    assert counts.f(0.5) == pytest.approx(1.25 * 0.9 * 0.45 / (0.25 * 0.9 + 0.45))


def test_nothing_said_has_no_precision_and_nothing_true_no_recall() -> None:
    assert (Counts(0, 3, 0).precision, Counts(0, 3, 0).recall) == (None, 0.0)
    assert (Counts(3, 0, 0).precision, Counts(3, 0, 0).recall) == (0.0, None)
    assert Counts(0, 0, 0).f(1) is None


def test_b_cubed_by_hand() -> None:
    # precision: a 2/2, b 2/2, c 1/3, d 2/3, e 2/3, f 1/1; recall: a 2/3, b 2/3, c 1/3, d 2/2, e 2/2, f 1/1
    precision, recall = b_cubed(SAID, TRUE, TRUE)
    assert precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)


def test_b_cubed_of_a_part_takes_clusters_whole() -> None:
    assert b_cubed(SAID, TRUE, ["c"]) == pytest.approx((1 / 3, 1 / 3))


def test_exact_clusters_are_counted_among_those_of_two_or_more() -> None:
    assert exact_share(SAID, TRUE, TRUE) == (0, 2)
    assert exact_share(TRUE, TRUE, TRUE) == (2, 2)
    assert exact_share(TRUE, TRUE, ["d", "f"]) == (1, 1)


@pytest.mark.parametrize(
    ("hits", "trials", "bound"),
    [(0, 10, 0.0), (10, 10, 0.7225), (99, 100, 0.9455), (50, 100, 0.4038), (9_900, 10_000, 0.98786)],
)
def test_wilsons_bound_as_tabulated(hits: int, trials: int, bound: float) -> None:
    assert wilson_lower(hits, trials) == pytest.approx(bound, abs=5e-5)


def test_no_trials_have_no_bound() -> None:
    assert wilson_lower(0, 0) is None
