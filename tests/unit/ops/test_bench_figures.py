"""The bench's arithmetic and its table."""

from __future__ import annotations

import pytest

from ops.bench.figures import at_least, at_most, figure, quantile, ratios, table


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_quantile_is_the_nearest_rank_of_unsorted_values(share: float, value: int) -> None:
    assert quantile(range(100, 0, -1), share) == value


def test_ratios_compare_neighbours() -> None:
    assert ratios([8, 9], [10, 12]) == [0.8, 0.75]


def test_the_median_is_judged_not_the_best_run() -> None:
    assert figure("a", "rate", "records/s", [1, 2, 9], at_least(3)).verdict == "missed"
    assert figure("a", "rate", "records/s", [1, 3, 9], at_least(3)).verdict == "met"
    assert figure("c", "p99", "ms", [100, 251, 300], at_most(250)).verdict == "missed"
    assert figure("d", "start", "s", [9]).verdict == ""


def test_the_report_holds_every_run() -> None:
    report = figure("c", "p99", "ms", [3.0, 1.0, 2.0], at_most(2), "idle").to_json()
    assert (report["median"], report["least"], report["most"], report["values"]) == (2.0, 1.0, 3.0, [3.0, 1.0, 2.0])
    assert (report["aim"], report["met"], report["note"]) == ("≤ 2", True, "idle")


def test_the_table_shows_figures_in_columns() -> None:
    rows = table([figure("a1", "one stage", "records/s", [28_000.4, 30_000, 31_000], at_least(0.8))]).splitlines()
    assert rows[0].split() == ["figure", "median", "least", "most", "runs", "unit", "aim"]
    assert rows[1].split() == ["a1", "one", "stage", "30,000", "28,000", "31,000", "3", "records/s", "≥", "0.8", "met"]
