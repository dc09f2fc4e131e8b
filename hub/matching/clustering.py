"""Greedy clustering under constraints: edges are taken in one fixed order, and none may break a constraint.

Not connected components: a chain of links must not join two openings of one platform. Pure in (entries, edges).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hub.matching.entry import Entry
from hub.matching.links import LINK, Edge


def cluster(
    entries: Mapping[str, Entry],
    edges: list[Edge],
    *,
    is_counted: Callable[[Entry], bool],
    is_separated: Callable[[str, str], bool],
) -> list[tuple[str, ...]]:
    """Partition `entries`; every cluster is sorted, and so is the list.

    `is_counted`: live and no echo — two such postings of one source never share a cluster unless the operator links
    them. `is_separated` wins over every edge, the operator's own links included.
    """
    members: dict[str, list[str]] = {key: [key] for key in entries}
    root = {key: key for key in entries}
    for rank, first, second in edges:
        left, right = root[first], root[second]
        if left == right or _is_refused(members[left], members[right], entries, rank, is_counted, is_separated):
            continue
        keep, gone = sorted((left, right))
        for key in members[gone]:
            root[key] = keep
        members[keep] += members.pop(gone)
    return sorted(tuple(sorted(keys)) for keys in members.values())


def _is_refused(
    left: list[str],
    right: list[str],
    entries: Mapping[str, Entry],
    rank: int,
    is_counted: Callable[[Entry], bool],
    is_separated: Callable[[str, str], bool],
) -> bool:
    if any(is_separated(a, b) for a in left for b in right):
        return True
    if rank == LINK:
        return False
    sources = {entries[key].source for key in left if is_counted(entries[key])}
    return any(entries[key].source in sources for key in right if is_counted(entries[key]))
