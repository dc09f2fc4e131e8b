"""Which pairs link: how many bits are asked for, by who else is likely and by who is live."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from hub.matching import default_model
from hub.matching.edges import Edges

WEIGHTS = default_model().weights
NOBODY = SimpleNamespace(is_separated=lambda first, second: False)
SOLE, MUTUAL, GHOST, MARGIN = WEIGHTS.sole, WEIGHTS.mutual, WEIGHTS.ghost, WEIGHTS.margin
SUPPORT = WEIGHTS.support


def edges(totals: Mapping[tuple[str, str], int], *, dead: str = "") -> Edges:
    """Postings are called by their platform's letter and a number: `a1`."""
    entries: dict[str, Any] = {key: SimpleNamespace(source=key[0], pairs={}, possible={}) for pair in totals for key in pair}
    for (first, second), total in totals.items():
        kind = "pairs" if total >= SUPPORT else "possible"
        getattr(entries[first], kind)[second] = getattr(entries[second], kind)[first] = total
    return Edges(entries, NOBODY, WEIGHTS, lambda entry: entry is not entries.get(dead))  # type: ignore[arg-type]


def are_linked(found: Edges, first: str, second: str) -> bool:
    return second in dict(found.strong(first))


def test_thresholds_lie_in_order() -> None:
    assert WEIGHTS.possible < SUPPORT <= SOLE <= MUTUAL < WEIGHTS.link


@pytest.mark.parametrize(("total", "links"), [(SOLE - 1, False), (SOLE, True)])
def test_who_has_no_other_likely_partner_needs_fewer_bits(total: int, links: bool) -> None:
    assert are_linked(edges({("a1", "b1"): total}), "a1", "b1") is links


def test_a_rival_on_another_platform_is_no_rival() -> None:
    assert are_linked(edges({("a1", "b1"): SOLE, ("a1", "c1"): SOLE}), "a1", "b1")


@pytest.mark.parametrize(("total", "links"), [(MUTUAL - 1, False), (MUTUAL, True)])
def test_beside_a_rival_more_bits_are_asked_for(total: int, links: bool) -> None:
    assert are_linked(edges({("a1", "b1"): total, ("a2", "b1"): total - MARGIN}), "a1", "b1") is links


def test_a_rival_within_the_margin_parts_all_but_certain_pairs() -> None:
    assert not are_linked(edges({("a1", "b1"): MUTUAL + MARGIN, ("a2", "b1"): MUTUAL + 1}), "a1", "b1")
    assert are_linked(edges({("a1", "b1"): WEIGHTS.link, ("a2", "b1"): WEIGHTS.link - 1}), "a1", "b1")


@pytest.mark.parametrize(("alike", "links"), [(SUPPORT, True), (SUPPORT - 1, False)])
def test_another_round_of_the_best_is_no_rival_of_it(alike: int, links: bool) -> None:
    totals = {("a1", "b1"): MUTUAL + MARGIN, ("a2", "b1"): MUTUAL + 1, ("a1", "a2"): alike}
    assert are_linked(edges(totals), "a1", "b1") is links


@pytest.mark.parametrize(("total", "links"), [(SOLE + GHOST - 1, False), (SOLE + GHOST, True)])
def test_a_ghost_must_be_surer(total: int, links: bool) -> None:
    assert are_linked(edges({("a1", "b1"): total}, dead="b1"), "a1", "b1") is links


THREE = {("a1", "b1"): SUPPORT, ("a1", "c1"): SUPPORT, ("b1", "c1"): SUPPORT}
"""Of three platforms, each the best of the other two, and each pair too weak alone."""


def test_three_that_are_the_best_of_each_other_need_fewer_bits() -> None:
    found = edges(THREE)
    assert all(are_linked(found, first, second) for first, second in THREE)
    assert found.supporter("a1", "b1") == found.supporter("b1", "a1") == "c1"


@pytest.mark.parametrize("weaker", THREE)
def test_two_whose_third_is_likely_with_one_of_them_only_are_not_linked(weaker: tuple[str, str]) -> None:
    found = edges({**THREE, weaker: SUPPORT - 1})
    assert not any(are_linked(found, first, second) for first, second in THREE)


def test_a_third_that_prefers_another_supports_nobody() -> None:
    assert not are_linked(edges({**THREE, ("a2", "c1"): SUPPORT + 1}), "a1", "b1")


def test_an_earlier_posting_of_the_same_platform_is_no_third() -> None:
    of_two_platforms = {("a1", "b1"): SUPPORT, ("a1", "b2"): SUPPORT, ("b1", "b2"): SUPPORT}
    assert not are_linked(edges(of_two_platforms, dead="b2"), "a1", "b1")


def test_beside_a_rival_a_third_does_not_make_up_for_the_margin() -> None:
    assert not are_linked(edges({**THREE, ("a2", "b1"): SUPPORT - 1}), "a1", "b1")
