"""What the engine and two simple matchers make of a corpus: posting key → name of its cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations_with_replacement, pairwise, product

from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.utils import default_process

from hub.domain.posting import EnrichedPosting
from hub.matching import Change, ClockChange, Engine, MatchModel, PostingChange
from ops.match_report.listed import Corpus
from ops.match_report.metrics import Pair
from ops.match_report.stored import Values

Labels = dict[str, str]
BATCH = 500
LEAST_TITLE = 90


def engine_of(corpus: Corpus, values: Values, model: MatchModel | None = None) -> Engine:
    """An engine that holds the corpus, fed in batches as the stage does."""
    engine = Engine(corpus.platform_hosts, model)
    changes: list[Change] = [ClockChange(corpus.clock)]
    changes += [PostingChange(one.key, value) for one, value in zip(corpus.listed, values, strict=True)]
    for start in range(0, len(changes), BATCH):
        engine.load(changes[start : start + BATCH])
    return engine


def labels_of(engine: Engine) -> Labels:
    return {key: members[0] for members in engine.clusters() for key in members}


def exact_key(corpus: Corpus) -> Labels:
    """One cluster for each employer, title and municipality, after lower-casing."""
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, employer, titles, municipality in _shown(corpus):
        for title in titles:
            groups[employer.lower(), title.lower(), municipality].append(key)
    return _joined(corpus, (pair for keys in groups.values() for pair in pairwise(keys)))


def token_set(corpus: Corpus) -> Labels:
    """Within an employer's name and a municipality: titles of two platforms with a token-set ratio of 90 or more."""
    blocks: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for key, employer, titles, municipality in _shown(corpus):
        blocks[default_process(employer), municipality] += [(key, default_process(title)) for title in titles]
    return _joined(corpus, (pair for block in blocks.values() for pair in _alike(block)))


def _alike(block: list[tuple[str, str]]) -> Iterator[Pair]:
    """Distinct titles are compared once, however many postings carry them."""
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for key, title in block:
        holders[title].append(key)
    for one, other in combinations_with_replacement(sorted(holders), 2):
        if token_set_ratio(one, other, score_cutoff=LEAST_TITLE):
            for first, second in product(holders[one], holders[other]):
                if first.partition(":")[0] != second.partition(":")[0]:
                    yield first, second


def _shown(corpus: Corpus) -> Iterator[tuple[str, str, list[str], str]]:
    """Key, employer's name (the intermediary's where none is named), titles, municipality."""
    for one in corpus.listed:
        posting = EnrichedPosting.model_validate_json(one.value)
        named = posting.organisation or posting.intermediary
        titles = [text.text for text in (posting.title.nl, posting.title.en) if text]
        municipality = next((place.municipality for place in posting.locations if place.municipality), None) or ""
        yield one.key, named.name if named else "", titles, municipality


def _joined(corpus: Corpus, pairs: Iterable[Pair]) -> Labels:
    """Connected components, as simple matchers have them."""
    root = {one.key: one.key for one in corpus.listed}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for first, second in pairs:
        left, right = sorted((find(first), find(second)))
        root[right] = left
    return {key: find(key) for key in root}
