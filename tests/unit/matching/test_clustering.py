"""Edges are taken in one order, and what refuses one: the operator, two of one platform, evidence against a pair."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hub.matching.clustering import ECHO, LINK, MATCH, Edge, cluster

OPPOSED = {"a:former", "b:1"}


@pytest.mark.parametrize(
    ("live", "found"),
    [
        ({"a:1", "b:1"}, [("a:1", "a:former", "b:1")]),
        ({"b:1"}, [("a:1", "a:former"), ("b:1",)]),
    ],
    ids=["a former round of what is live", "nothing of its platform is live"],
)
def test_a_former_round_says_nothing_against_what_its_platform_shows_now(live: set[str], found: list[tuple[str, ...]]) -> None:
    entries: dict[str, Any] = {key: SimpleNamespace(key=key, source=key[0]) for key in ("a:1", "a:former", "b:1")}
    joined, refused = cluster(
        entries,
        [Edge(MATCH, -9, "a:1", "a:former"), Edge(MATCH, -5, "a:1", "b:1")],
        is_counted=lambda entry: entry.key in live,
        is_separated=lambda *_: False,
        is_opposed=lambda one, other: {one.key, other.key} == OPPOSED,
    )
    assert joined == found
    assert [refusal.reason for refusal in refused] == ["the evidence is against a:former and b:1"] * (len(found) - 1)


def joined(edges: list[Edge], *, opposed: str = "", separated: str = "") -> tuple[list[str], list[str]]:
    """Clusters as `a1 b1`, and why edges were refused. Keys are platform and number; all are live. Pairs are written `a1-b1`."""
    entries: dict[str, Any] = {
        key: SimpleNamespace(key=key, source=key[0], municipalities=(key,)) for edge in edges for key in (edge.first, edge.second)
    }
    found, refused = cluster(
        entries,
        sorted(edges),
        is_counted=lambda entry: True,
        is_separated=lambda one, other: "-".join(sorted((one, other))) in separated.split(),
        is_opposed=lambda one, other: "-".join(sorted((one.key, other.key))) in opposed.split(),
    )
    return [" ".join(keys) for keys in found], [refusal.reason for refusal in refused]


def test_a_third_brings_two_together_that_no_edge_joins() -> None:
    assert joined([Edge(MATCH, -5, "a1", "b1"), Edge(MATCH, -4, "b1", "c1")]) == (["a1 b1 c1"], [])


def test_the_heavier_edge_stands_where_evidence_is_against_the_pair_that_both_would_join() -> None:
    edges = [Edge(MATCH, -4, "a1", "b1"), Edge(MATCH, -5, "b1", "c1")]
    assert joined(edges, opposed="a1-c1") == (["a1", "b1 c1"], ["the evidence is against a1 and c1"])


def test_nothing_is_asked_of_the_pair_that_an_edge_is_of() -> None:
    assert joined([Edge(MATCH, -5, "a1", "b1")], opposed="a1-b1") == (["a1 b1"], [])


@pytest.mark.parametrize("rank", [ECHO, MATCH])
def test_two_live_postings_of_one_platform_are_never_one(rank: int) -> None:
    edges = [Edge(rank, -5, "a1", "b1"), Edge(rank, -4, "a2", "b1")]
    assert joined(edges) == (["a1 b1", "a2"], ["a1 and a2 are two live postings of one platform"])


def test_but_where_the_operator_links_them() -> None:
    assert joined([Edge(LINK, 0, "a1", "a2"), Edge(MATCH, -4, "a1", "b1")]) == (["a1 a2 b1"], [])


@pytest.mark.parametrize("rank", [LINK, ECHO, MATCH])
def test_what_the_operator_separated_no_edge_joins(rank: int) -> None:
    edges = [Edge(rank, -5, "a1", "b1"), Edge(rank, -4, "b1", "c1")]
    assert joined(edges, separated="a1-c1") == (["a1 b1", "c1"], ["the operator separated a1 and c1"])


def test_an_echo_is_certain_whatever_the_evidence() -> None:
    edges = [Edge(ECHO, 0, "a1", "b1"), Edge(ECHO, 0, "b1", "c1")]
    assert joined(edges, opposed="a1-c1") == (["a1 b1 c1"], [])


def test_who_links_a_posting_means_its_partners_too() -> None:
    edges = [Edge(LINK, 0, "a1", "b1"), Edge(MATCH, -5, "b1", "c1")]
    assert joined(edges, opposed="a1-c1") == (["a1 b1 c1"], [])


def test_an_edge_within_a_cluster_is_no_refusal() -> None:
    edges = [Edge(MATCH, -5, "a1", "b1"), Edge(MATCH, -4, "b1", "c1"), Edge(MATCH, -3, "a1", "c1")]
    assert joined(edges) == (["a1 b1 c1"], [])
