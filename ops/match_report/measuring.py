"""Runs every corpus through the engine and the simple matchers, and gathers what the report shows.

Worlds of one size and several seeds are summed; errors keep the engine's own explanation, calibration its own bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.matching import Engine, MatchModel
from ops.match_report.calibration import Bins, no_bins, with_pairs
from ops.match_report.density import EMPTY, Density, density_of
from ops.match_report.fixedworld import SIZES, fixed_world
from ops.match_report.judging import HELD_OUT, NONE, Part, judge
from ops.match_report.listed import Corpus, Listed
from ops.match_report.metrics import Pair
from ops.match_report.otherworld import other_world
from ops.match_report.partitions import engine_of, exact_key, labels_of, token_set
from ops.match_report.sandboxworld import sandbox_world
from ops.match_report.stored import load_corpus
from ops.match_report.strata import strata_of
from ops.match_report.thirdworld import third_world
from ops.match_report.verdicts import PairVerdict, judge_pairs

Make = Callable[[int, int], Corpus]
Sizes = Sequence[tuple[int, tuple[int, ...]]]
"""Postings of a world, and its seeds."""
WORLDS: dict[str, Make] = {
    "sandbox": sandbox_world,
    "other world": other_world,
    "third world": third_world,
    **{name: fixed_world(name.removesuffix(" world")) for name in SIZES},
}
FULL: Sizes = ((800, (1, 2, 3)), (3_000, (1, 2)), (10_000, (1,)))
QUICK: Sizes = ((800, (1,)),)
KEPT = 40
"""Errors kept with their explanation for each part of a world."""
PATTERN = ("employer", "municipality", "title", "level", "department", "start")
SMALL = 50
"""A stratum with fewer predicted pairs is too small for an aim: every error in it is listed."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pair that the engine got wrong, with both postings and what the engine says of it."""

    first: Listed
    second: Listed
    told: dict[str, Any]

    @property
    def strata(self) -> list[str]:
        return strata_of(self.first, self.second)

    @property
    def is_false(self) -> bool:
        return self.first.opening != self.second.opening


@dataclass(slots=True)
class Measured:
    """One kind of world at one size."""

    world: str
    size: int
    seeds: tuple[int, ...]
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    """Matcher (`engine`, `exact_key`, `token_set`) → part → figures."""
    false: dict[str, list[Mistake]] = field(default_factory=dict)
    """Part → the worst: most bits first."""
    missed: dict[str, list[Mistake]] = field(default_factory=dict)
    """Part → the worst: fewest bits first."""
    small: dict[str, list[Mistake]] = field(default_factory=dict)
    """Part → every error in a stratum too small for an aim."""
    causes: dict[str, Counter[str]] = field(default_factory=dict)
    """Part → why pairs were missed."""
    patterns: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    """Part → how often an error (`joined`, `missed`) had which levels: what is hard, without naming a posting."""
    bins: dict[str, Bins] = field(default_factory=dict)
    density: Density = EMPTY


@dataclass(frozen=True, slots=True)
class Measurement:
    model: str
    worlds: list[Measured]
    pairs: list[PairVerdict]


def measure(
    sizes: Sizes, model: MatchModel, say: Callable[[str], None], *, names: Iterable[str] = WORLDS, is_reading_pairs: bool = True
) -> Measurement:
    """`say` hears what comes next."""
    worlds = []
    for world in names:
        for size, seeds in ((SIZES[world], (1,)),) if world in SIZES else sizes:
            say(f"{world}, {size:,} postings")
            worlds.append(measure_world(world, size, seeds, model))
    if is_reading_pairs:
        say("hard pairs")
    return Measurement(model.hash, worlds, judge_pairs(model) if is_reading_pairs else [])


def measure_world(world: str, size: int, seeds: tuple[int, ...], model: MatchModel) -> Measured:
    found = Measured(world, size, seeds)
    errors: dict[str, list[Mistake]] = {}
    for seed in seeds:
        corpus, values = load_corpus(world.replace(" ", "-"), WORLDS[world], size, seed)
        found.density += density_of(corpus)
        engine = engine_of(corpus, values, model)
        labels = {"engine": labels_of(engine), "exact_key": exact_key(corpus), "token_set": token_set(corpus)}
        for matcher, said in labels.items():
            figures = judge(corpus, said)
            known = found.parts.setdefault(matcher, {})
            known.update({part: known.get(part, Part()) + one for part, one in figures.items()})
            if matcher == "engine":
                for part, one in figures.items():
                    errors.setdefault(part, []).extend(_told((*one.false, *one.missed), engine, corpus))
                    found.bins[part] = with_pairs(found.bins.get(part, no_bins()), engine, corpus, part)
    for part, mistakes in errors.items():
        _keep(found, part, mistakes)
    return found


def _told(pairs: Iterable[Pair], engine: Engine, corpus: Corpus) -> list[Mistake]:
    listed = {one.key: one for one in corpus.listed}
    explain = engine.explain
    return [Mistake(listed[first], listed[second], explain.why_not(first, second)) for first, second in pairs]


def _keep(found: Measured, part: str, mistakes: list[Mistake]) -> None:
    by_bits = sorted(mistakes, key=lambda one: (-one.told["total"], one.first.key, one.second.key))
    missed = [one for one in reversed(by_bits) if not one.is_false]
    found.false[part] = [one for one in by_bits if one.is_false][:KEPT]
    found.missed[part] = missed[:KEPT]
    found.causes[part] = Counter(cause_of(one.told) for one in missed)
    found.patterns[part] = Counter(("joined" if one.is_false else "missed", pattern_of(one.told)) for one in mistakes)
    strata = found.parts["engine"][part].strata
    found.small[part] = [one for one in by_bits if any(strata.get(name, NONE).said < SMALL for name in one.strata)]


def cause_of(told: dict[str, Any]) -> str:
    """The kind of reason why two postings are apart, without the values of the pair."""
    if told["veto"]:
        return "vetoed"
    if not told["keys"]:
        return "never compared: no shared key"
    if told["decision"] in ("apart", "possible"):
        return "guarded" if told["guard"] else "too few bits" if told["decision"] == "apart" else "possible: for review"
    return "a better partner" if told["decision"] == "outmatched" else "a constraint of the cluster"


def pattern_of(told: dict[str, Any]) -> str:
    """The levels of what matters most: employer, place, title, and what a look-alike differs in."""
    levels = {row["field"]: row["level"] for row in told["evidence"]}
    return " · ".join(f"{name} {levels[name]}" for name in PATTERN if levels.get(name, "none") != "none")


__all__ = ["FULL", "HELD_OUT", "QUICK", "SMALL", "WORLDS", "Measured", "Measurement", "Mistake", "cause_of", "measure"]
