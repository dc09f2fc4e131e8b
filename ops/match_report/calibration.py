"""Whether the engine's posterior means what it says: candidate pairs by posterior, against the share that is one opening.

A candidate is a pair that a blocking key nominated and that reached the review list at least; of less likely ones the
engine keeps no total. Pairs of one platform are left out: whether those may join is a constraint's word, not a
probability's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hub.matching import Engine
from ops.match_report.judging import HELD_OUT
from ops.match_report.listed import Corpus

EDGES = (0.0, 0.3, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    pairs: int = 0
    same: int = 0


Bins = tuple[Bin, ...]


def no_bins() -> Bins:
    return (Bin(),) * (len(EDGES) - 1)


def posterior_of(total: int) -> float:
    """Probability of `total` milli-bits of log2 odds."""
    return float(1 / (1 + 2 ** (-total / 1000)))


def bin_of(posterior: float) -> int:
    """Index of the bin: lower edge in, upper edge out; 1 falls in the last."""
    return next(index for index in range(len(EDGES) - 2, -1, -1) if posterior >= EDGES[index])


def with_pairs(bins: Bins, engine: Engine, corpus: Corpus, part: str) -> Bins:
    """`bins` and the candidate pairs of one part of a corpus."""
    truth = {one.key: one.opening for one in corpus.listed}
    grown = list(bins)
    for first, second, total in scored_pairs(engine):
        if first.partition(":")[0] == second.partition(":")[0]:
            continue
        if (first in corpus.held_out or second in corpus.held_out) != (part == HELD_OUT):
            continue
        at = bin_of(posterior_of(total))
        grown[at] = Bin(grown[at].pairs + 1, grown[at].same + (truth[first] == truth[second]))
    return tuple(grown)


def scored_pairs(engine: Engine) -> Iterator[tuple[str, str, int]]:
    """Every pair whose total the engine keeps, the smaller key first."""
    for key, entry in engine.matcher.entries.items():
        for kept in (entry.pairs, entry.possible):
            yield from ((key, other, total) for other, total in (kept or {}).items() if key < other)
