"""How good a partition is against the truth: pairwise, B³, exact clusters, and Wilson's lower bound. Pure.

Pairs are what readers suffer from: a false one hides an opening, a missed one shows it twice. Pairwise figures weigh a
cluster by the square of its size, B³ (Bagga and Baldwin, 1998) by its size; both are given because each alone flatters.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

Pair = tuple[str, str]
"""Two posting keys, the smaller first."""


@dataclass(frozen=True, slots=True)
class Counts:
    """`both`: pairs that are said and true."""

    said: int
    true: int
    both: int

    @property
    def precision(self) -> float | None:
        return self.both / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        return self.both / self.true if self.true else None

    def f(self, beta: float) -> float | None:
        """F-beta; below 1 precision weighs more. None when there is neither a pair said nor a true one."""
        if not self.said and not self.true:
            return None
        weight = beta * beta
        return (1 + weight) * self.both / (self.said + weight * self.true)

    @property
    def precision_bound(self) -> float | None:
        return wilson_lower(self.both, self.said)

    @property
    def recall_bound(self) -> float | None:
        return wilson_lower(self.both, self.true)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.said + other.said, self.true + other.true, self.both + other.both)


def wilson_lower(hits: int, trials: int, z: float = 1.959964) -> float | None:
    """Lower end of the 95 % interval of a share (Wilson, 1927); None without trials."""
    if trials == 0:
        return None
    share = hits / trials
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (share + z * z / (2 * trials) - spread) / (1 + z * z / trials)


def clusters_of(labels: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Label → its keys, sorted."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(labels):
        found[labels[key]].append(key)
    return {label: tuple(keys) for label, keys in found.items()}


def pairs_of(labels: Mapping[str, str]) -> set[Pair]:
    return {pair for keys in clusters_of(labels).values() for pair in combinations(keys, 2)}


def count(said: Collection[Pair], true: Collection[Pair]) -> Counts:
    return Counts(len(said), len(true), len(set(said) & set(true)))


def b_cubed(said: Mapping[str, str], true: Mapping[str, str], of: Iterable[str]) -> tuple[float, float]:
    """Precision and recall, averaged over the postings `of`; clusters are taken whole. (1, 1) for none."""
    said_clusters = {label: frozenset(keys) for label, keys in clusters_of(said).items()}
    true_clusters = {label: frozenset(keys) for label, keys in clusters_of(true).items()}
    precision = recall = 0.0
    number = 0
    for key in sorted(of):
        mine, right = said_clusters[said[key]], true_clusters[true[key]]
        shared = len(mine & right)
        precision += shared / len(mine)
        recall += shared / len(right)
        number += 1
    return (precision / number, recall / number) if number else (1.0, 1.0)


def exact_share(said: Mapping[str, str], true: Mapping[str, str], of: Collection[str]) -> tuple[int, int]:
    """(true clusters of two or more that came out exactly, all such), of those with a posting in `of`."""
    found = {frozenset(keys) for keys in clusters_of(said).values()}
    wanted = [frozenset(keys) for keys in clusters_of(true).values() if len(keys) > 1 and not set(of).isdisjoint(keys)]
    return sum(cluster in found for cluster in wanted), len(wanted)
