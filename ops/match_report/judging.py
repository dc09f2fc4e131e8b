"""A corpus's partition against its truth, apart for what was tuned on and what was held out, and by stratum.

A pair belongs to the held-out part when one of its postings does, so that nothing seen while tuning flatters it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ops.match_report.listed import Corpus, Listed
from ops.match_report.metrics import Counts, Pair, b_cubed, count, exact_share, pairs_of
from ops.match_report.strata import STRATA, strata_of

TUNED, HELD_OUT = "tuning", "held out"
NONE = Counts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of one part; parts of several worlds add up."""

    postings: int = 0
    openings: int = 0
    counts: Counts = NONE
    b_cubed: tuple[float, float] = (0.0, 0.0)
    """Sums over postings, not means: divide by `postings`."""
    exact: tuple[int, int] = (0, 0)
    strata: Mapping[str, Counts] = field(default_factory=dict)
    false: tuple[Pair, ...] = ()
    missed: tuple[Pair, ...] = ()

    def __add__(self, other: Part) -> Part:
        names = [name for name in STRATA if name in self.strata or name in other.strata]
        return Part(
            self.postings + other.postings,
            self.openings + other.openings,
            self.counts + other.counts,
            (self.b_cubed[0] + other.b_cubed[0], self.b_cubed[1] + other.b_cubed[1]),
            (self.exact[0] + other.exact[0], self.exact[1] + other.exact[1]),
            {name: self.strata.get(name, NONE) + other.strata.get(name, NONE) for name in names},
            self.false + other.false,
            self.missed + other.missed,
        )

    @property
    def b_precision(self) -> float | None:
        return self.b_cubed[0] / self.postings if self.postings else None

    @property
    def b_recall(self) -> float | None:
        return self.b_cubed[1] / self.postings if self.postings else None

    @property
    def exact_share(self) -> float | None:
        return self.exact[0] / self.exact[1] if self.exact[1] else None


def judge(corpus: Corpus, labels: Mapping[str, str]) -> dict[str, Part]:
    """`labels`: posting key → name of its cluster. Parts without postings are left out."""
    listed = {one.key: one for one in corpus.listed}
    truth = {one.key: one.opening for one in corpus.listed}
    said, true = pairs_of(labels), pairs_of(truth)
    parts = {}
    for name, keys in ((TUNED, listed.keys() - corpus.held_out), (HELD_OUT, corpus.held_out)):
        if not keys:
            continue
        here = _pairs_in(said, corpus, name), _pairs_in(true, corpus, name)
        precision, recall = b_cubed(labels, truth, keys)
        parts[name] = Part(
            postings=len(keys),
            openings=len({truth[key] for key in keys}),
            counts=count(*here),
            b_cubed=(precision * len(keys), recall * len(keys)),
            exact=exact_share(labels, truth, keys),
            strata=_by_stratum(*here, listed),
            false=tuple(sorted(here[0] - here[1])),
            missed=tuple(sorted(here[1] - here[0])),
        )
    return parts


def _pairs_in(pairs: Iterable[Pair], corpus: Corpus, part: str) -> set[Pair]:
    return {pair for pair in pairs if (not corpus.held_out.isdisjoint(pair)) == (part == HELD_OUT)}


def _by_stratum(said: set[Pair], true: set[Pair], listed: Mapping[str, Listed]) -> dict[str, Counts]:
    sets: defaultdict[str, tuple[set[Pair], set[Pair]]] = defaultdict(lambda: (set(), set()))
    for side, pairs in enumerate((said, true)):
        for pair in pairs:
            for stratum in strata_of(listed[pair[0]], listed[pair[1]]):
                sets[stratum][side].add(pair)
    return {stratum: count(*sets[stratum]) for stratum in STRATA if stratum in sets}
