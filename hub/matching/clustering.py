"""Greedy clustering under constraints: edges are taken in one fixed order, and none may break a constraint.

Not connected components: a chain of links must not join two openings of one platform. Pure in (entries, edges).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hub.matching.entry import Entry
from hub.matching.guards import is_repost

LINK, ECHO, MATCH = 0, 1, 2
"""Ranks of edges: the operator's word comes first, then echoes, then what matching found."""


class Edge(NamedTuple):
    """Sorted as clustering takes them: by rank, the heavier first, then by keys."""

    rank: int
    negative: int
    first: str
    second: str


class Refusal(NamedTuple):
    edge: Edge
    reason: str


def cluster(
    entries: Mapping[str, Entry],
    edges: Sequence[Edge],
    *,
    is_counted: Callable[[Entry], bool],
    is_separated: Callable[[str, str], bool],
    is_opposed: Callable[[Entry, Entry], bool],
) -> tuple[list[tuple[str, ...]], list[Refusal]]:
    """Partition `entries`: `(clusters, refused edges)`; every cluster is sorted, and so is the list.

    `is_counted`: live and no echo — two such postings of one source never share a cluster unless one is the other's repost
    or the operator links them. `is_separated` wins over every edge, the operator's own links included. `is_opposed`: the
    evidence is against this pair; what matching found never brings such two together by way of a third, unless the operator
    linked one of them: evidence was not enough to know, and whoever links a posting means its partners too. A withdrawn
    posting beside a live one of its source is not asked.
    """
    linked = {key for edge in edges if edge.rank == LINK for key in (edge.first, edge.second)}
    members: dict[str, list[str]] = {key: [key] for key in entries}
    root = {key: key for key in entries}
    refused: list[Refusal] = []
    for edge in edges:
        left, right = root[edge.first], root[edge.second]
        if left == right:
            continue
        reason = _refusal(members[left], members[right], entries, edge.rank, is_counted, is_separated)
        if reason is None and edge.rank == MATCH:
            sides = (_speakers(members[side], entries, is_counted) for side in (left, right))
            first, second = ([key for key in side if key not in linked] for side in sides)
            reason = _opposition(first, second, entries, edge, is_opposed)
        if reason is not None:
            refused.append(Refusal(edge, reason))
            continue
        keep, gone = sorted((left, right))
        for key in members[gone]:
            root[key] = keep
        members[keep] += members.pop(gone)
    return sorted(tuple(sorted(keys)) for keys in members.values()), refused


def _speakers(members: list[str], entries: Mapping[str, Entry], is_counted: Callable[[Entry], bool]) -> list[str]:
    """Without former rounds of an opening that its platform shows anew: their days are against everything of this round."""
    shown = {entries[key].source for key in members if is_counted(entries[key])}
    return [key for key in members if is_counted(entries[key]) or entries[key].source not in shown]


def _opposition(
    left: list[str], right: list[str], entries: Mapping[str, Entry], edge: Edge, is_opposed: Callable[[Entry, Entry], bool]
) -> str | None:
    for first, second in sorted((min(a, b), max(a, b)) for a in left for b in right):
        if (first, second) != (edge.first, edge.second) and is_opposed(entries[first], entries[second]):
            return f"the evidence is against {first} and {second}"
    return None


def _refusal(
    left: list[str],
    right: list[str],
    entries: Mapping[str, Entry],
    rank: int,
    is_counted: Callable[[Entry], bool],
    is_separated: Callable[[str, str], bool],
) -> str | None:
    for a in left:
        for b in right:
            if is_separated(a, b):
                return f"the operator separated {min(a, b)} and {max(a, b)}"
    if rank == LINK:
        return None
    counted = [entries[key] for key in left if is_counted(entries[key])]
    for other in (entries[key] for key in right if is_counted(entries[key])):
        for one in counted:
            if one.source == other.source and not is_repost(one, other):
                first, second = sorted((one.key, other.key))
                return f"{first} and {second} are two live postings of one platform"
    return None
