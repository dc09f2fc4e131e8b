"""Runs every corpus through the engine and the simple matchers, and gathers what the report shows.

Worlds of one size and several seeds are summed; errors keep the engine's own explanation, calibration its own bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.domain.posting import EnrichedPosting
from hub.matching import Engine, PostingChange, default_model
from ops.match_report.calibration import Bins, no_bins, with_pairs
from ops.match_report.corpus import load_pairs
from ops.match_report.judging import HELD_OUT, TUNED, Part, judge
from ops.match_report.listed import Corpus, Listed
from ops.match_report.metrics import Counts, Pair
from ops.match_report.otherworld import other_world
from ops.match_report.partitions import engine_of, exact_key, labels_of, token_set
from ops.match_report.sandboxworld import sandbox_world
from ops.match_report.simple import MATCHERS
from ops.match_report.stored import load_corpus

Make = Callable[[int, int], Corpus]
WORLDS: dict[str, Make] = {"sandbox": sandbox_world, "other world": other_world}
FULL: tuple[tuple[int, tuple[int, ...]], ...] = ((800, (1, 2, 3)), (3_000, (1, 2)), (10_000, (1,)))
"""Postings of a world, and its seeds."""
QUICK: tuple[tuple[int, tuple[int, ...]], ...] = ((800, (1,)),)
KEPT = 40
"""Errors kept with their explanation for each part of a world."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pair that the engine got wrong, with both postings and what the engine says of it."""

    first: Listed
    second: Listed
    told: dict[str, Any]


@dataclass(slots=True)
class Measured:
    """One kind of world at one size."""

    world: str
    size: int
    seeds: tuple[int, ...]
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    """Matcher (`engine`, `exact_key`, `token_set`) → part → figures."""
    false: dict[str, list[Mistake]] = field(default_factory=dict)
    missed: dict[str, list[Mistake]] = field(default_factory=dict)
    causes: dict[str, Counter[str]] = field(default_factory=dict)
    """Part → why pairs were missed."""
    bins: dict[str, Bins] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PairVerdict:
    id: str
    stratum: str
    is_held_out: bool
    same: bool
    said: bool
    why: str
    told: dict[str, Any]
    wrong_matchers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    model: str
    worlds: list[Measured]
    pairs: list[PairVerdict]


def measure(sizes: Iterable[tuple[int, tuple[int, ...]]], say: Callable[[str], None]) -> Measurement:
    worlds = []
    for world, make in WORLDS.items():
        for size, seeds in sizes:
            say(f"{world}, {size:,} postings")
            worlds.append(measure_world(world, make, size, seeds))
    say("hard pairs")
    return Measurement(default_model().hash, worlds, judge_pairs())


def measure_world(world: str, make: Make, size: int, seeds: tuple[int, ...]) -> Measured:
    found = Measured(world, size, seeds)
    for seed in seeds:
        corpus, values = load_corpus(world.replace(" ", "-"), make, size, seed)
        engine = engine_of(corpus, values)
        labels = {"engine": labels_of(engine), "exact_key": exact_key(corpus), "token_set": token_set(corpus)}
        for matcher, said in labels.items():
            for part, figures in judge(corpus, said).items():
                known = found.parts.setdefault(matcher, {})
                known[part] = known.get(part, Part()) + figures
                if matcher == "engine":
                    _keep_mistakes(found, part, figures, engine, corpus)
        for part in judge(corpus, labels["engine"]):
            found.bins[part] = with_pairs(found.bins.get(part, no_bins()), engine, corpus, part)
    for mistakes in found.false.values():
        mistakes.sort(key=lambda one: (-one.told["total"], one.first.key, one.second.key))
        del mistakes[KEPT:]
    for mistakes in found.missed.values():
        mistakes.sort(key=lambda one: (one.told["total"], one.first.key, one.second.key))
        del mistakes[KEPT:]
    return found


def _keep_mistakes(found: Measured, part: str, figures: Part, engine: Engine, corpus: Corpus) -> None:
    listed = {one.key: one for one in corpus.listed}
    explain = engine.explain

    def told(pairs: Iterable[Pair], ask: Callable[[str, str], dict[str, Any]]) -> list[Mistake]:
        return [Mistake(listed[first], listed[second], ask(first, second)) for first, second in pairs]

    found.false.setdefault(part, []).extend(told(figures.false, explain.why))
    missed = told(figures.missed, explain.why_not)
    found.missed.setdefault(part, []).extend(missed)
    found.causes.setdefault(part, Counter()).update(cause_of(one.told) for one in missed)


def cause_of(told: dict[str, Any]) -> str:
    """The kind of reason why two postings are apart, without the values of the pair."""
    if told["veto"]:
        return "vetoed"
    if not told["keys"]:
        return "never compared: no shared key"
    if told["decision"] in ("apart", "possible"):
        return "guarded" if told["guard"] else "too few bits" if told["decision"] == "apart" else "possible: for review"
    return "a better partner" if told["decision"] == "outmatched" else "a constraint of the cluster"


def judge_pairs() -> list[PairVerdict]:
    """Every hard pair alone in an engine of its own."""
    verdicts = []
    for pair, first, second in load_pairs():
        engine = _engine_of_two(first, second)
        told = engine.explain.why(first.source_key, second.source_key)
        verdicts.append(
            PairVerdict(
                pair.id,
                pair.stratum,
                pair.is_held_out,
                pair.same,
                told["same"],
                pair.why,
                told,
                tuple(name for name in MATCHERS if name in pair.wrong_by),
            )
        )
    return verdicts


def _engine_of_two(first: EnrichedPosting, second: EnrichedPosting) -> Engine:
    engine = Engine()
    engine.load([PostingChange(one.source_key, one.to_bytes()) for one in (first, second)])
    return engine


def counts_of(verdicts: Iterable[PairVerdict], matcher: str = "engine") -> Counts:
    said = true = both = 0
    for one in verdicts:
        says = one.said if matcher == "engine" else one.same is not (matcher in one.wrong_matchers)
        said, true, both = said + says, true + one.same, both + (says and one.same)
    return Counts(said, true, both)


def verdicts_of(verdicts: Iterable[PairVerdict], part: str) -> list[PairVerdict]:
    return [one for one in verdicts if one.is_held_out == (part == HELD_OUT)]


__all__ = ["FULL", "HELD_OUT", "QUICK", "TUNED", "Measured", "Measurement", "Mistake", "PairVerdict", "measure"]
