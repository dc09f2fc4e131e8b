"""Candidate pairs of the tuning parts with their levels and their truth: what weights are fitted to.

Levels come from the engine's own comparison, pairs from its own blocks, so that the weights are fitted to what they will
judge. Held-out postings and pairs never get here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from hub.domain.posting import EnrichedPosting
from hub.matching import Engine, MatchModel, PostingChange, features_of
from hub.matching.comparing import compare, template_penalty
from hub.matching.guards import veto
from ops.match_report.corpus import load_pairs
from ops.match_report.listed import Corpus, held_out_keys

Pattern = tuple[tuple[str, str], ...]
Labelled = Counter[tuple[Pattern, int, bool]]
"""(levels by field, template penalty in milli-bits, is it the same) → how often."""


def of_corpus(corpus: Corpus, model: MatchModel) -> Labelled:
    """All candidate pairs of two postings that are not held out: a third of employers, of titles and of templates."""
    truth = {one.key: one.opening for one in corpus.listed}
    engine = Engine(corpus.platform_hosts, model)
    engine.load(_changes((one.key, EnrichedPosting.model_validate_json(one.value)) for one in corpus.listed))
    return _labelled(engine, truth, held_out_keys(corpus.listed))


def of_hard_pairs(model: MatchModel) -> Labelled:
    """The hard pairs that are not held out; each in an engine of its own, as they are judged."""
    labelled: Labelled = Counter()
    for pair, a, b in load_pairs():
        if not pair.is_held_out:
            engine = Engine(model=model)
            engine.load(_changes([(a.source_key, a), (b.source_key, b)]))
            truth = {a.source_key: "a", b.source_key: "a" if pair.same else "b"}
            labelled += _labelled(engine, truth, frozenset())
    return labelled


def _changes(postings: Iterable[tuple[str, EnrichedPosting]]) -> Iterator[PostingChange]:
    for key, posting in postings:
        features = posting.features or features_of(posting)
        yield PostingChange(key, posting.model_copy(update={"features": features}).to_bytes())


def _labelled(engine: Engine, truth: dict[str, str], held_out: frozenset[str]) -> Labelled:
    matcher, labelled = engine.matcher, Labelled()
    for key, entry in sorted(matcher.entries.items()):
        for other in matcher.partners(entry):
            if key < other.key and key not in held_out and other.key not in held_out and veto(entry, other) is None:
                pattern = tuple(sorted(compare(entry, other, matcher, matcher.model.weights).levels.items()))
                penalty = template_penalty(entry, other, matcher)
                labelled[pattern, penalty, truth[key] == truth[other.key]] += 1
    return labelled
