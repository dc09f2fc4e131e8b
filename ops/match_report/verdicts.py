"""The hard pairs, each judged alone: an engine that holds its two postings and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.domain.posting import EnrichedPosting
from hub.matching import Engine, MatchModel, PostingChange
from ops.match_report.corpus import Pair, load_pairs
from ops.match_report.judging import HELD_OUT
from ops.match_report.metrics import Counts
from ops.match_report.simple import MATCHERS


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


def judge_pairs(model: MatchModel) -> list[PairVerdict]:
    return [_verdict(pair, first, second, model) for pair, first, second in load_pairs()]


def _verdict(pair: Pair, first: EnrichedPosting, second: EnrichedPosting, model: MatchModel) -> PairVerdict:
    engine = Engine(model=model)
    engine.load([PostingChange(one.source_key, one.to_bytes()) for one in (first, second)])
    told = engine.explain.why_not(first.source_key, second.source_key)
    wrong = tuple(name for name in MATCHERS if name in pair.wrong_by)
    return PairVerdict(pair.id, pair.stratum, pair.is_held_out, pair.same, told["same"], pair.why, told, wrong)


def counts_of(verdicts: Iterable[PairVerdict], matcher: str = "engine") -> Counts:
    """What the engine, or a simple matcher, makes of pairs; the latter's word follows from where it is wrong."""
    said = true = both = 0
    for one in verdicts:
        says = one.said if matcher == "engine" else one.same is not (matcher in one.wrong_matchers)
        said, true, both = said + says, true + one.same, both + (says and one.same)
    return Counts(said, true, both)


def verdicts_of(verdicts: Iterable[PairVerdict], part: str) -> list[PairVerdict]:
    return [one for one in verdicts if one.is_held_out == (part == HELD_OUT)]
