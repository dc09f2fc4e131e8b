"""How crowded a world is, by its truth alone: what makes matching hard before any matcher has said a word."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from ops.match_report.listed import Corpus, Listed


@dataclass(frozen=True, slots=True)
class Density:
    postings: int = 0
    openings: int = 0
    crowded: int = 0
    """Postings of an opening that has a look-alike."""
    near: int = 0
    """Pairs of two platforms with one employer and one occupation."""
    same: int = 0
    """Of those, pairs that are one opening."""

    def __add__(self, other: Density) -> Density:
        return Density(
            self.postings + other.postings,
            self.openings + other.openings,
            self.crowded + other.crowded,
            self.near + other.near,
            self.same + other.same,
        )


EMPTY = Density()


def density_of(corpus: Corpus) -> Density:
    families: defaultdict[tuple[str, str], list[Listed]] = defaultdict(list)
    for one in corpus.listed:
        families[one.employer, one.occupation].append(one)
    near = [(a, b) for family in families.values() for a, b in combinations(family, 2) if a.source != b.source]
    return Density(
        len(corpus.listed),
        len({one.opening for one in corpus.listed}),
        sum("look_alike" in one.traits for one in corpus.listed),
        len(near),
        sum(a.opening == b.opening for a, b in near),
    )
