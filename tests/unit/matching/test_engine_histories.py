"""What the engine says is a pure function of what stands: random histories, played in several ways, end in one state."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import combinations, permutations

import pytest
from fakes.histories import History, histories
from fakes.planted_bugs import PLANTED, PLANTED_ACROSS_PROCESSES
from fakes.proofs import new_engine, prove
from fakes.second_process import digests_of_two
from hypothesis import HealthCheck, Phase, given, settings

from hub.matching import Engine
from hub.matching.comparing import compare, is_bare
from hub.matching.guards import veto
from hub.matching.matcher import Matcher
from hub.matching.ruling_out import Doorkeeper

SOAK = bool(os.environ.get("SOAK"))
EXAMPLES = 20_000 if SOAK else 1_000
PROOF = settings(
    max_examples=EXAMPLES,
    derandomize=not SOAK,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
PROCESS_EXAMPLES = 16
SEARCH = settings(PROOF, max_examples=400, derandomize=True, phases=[Phase.generate])


@pytest.mark.timeout(14_400 if SOAK else 1_800)
def test_clusters_ids_and_content_are_a_function_of_what_stands() -> None:
    counts: Counter[str] = Counter()

    @PROOF
    @given(histories())
    def proof(history: History) -> None:
        seen = prove(history)
        counts.update(seen.marks)
        counts.update({"histories": 1, "merge": seen.merges > 0, "split": seen.splits > 0, "three in one": seen.largest > 2})

    proof()
    shares = {name: counts[name] / counts["histories"] for name in counts}
    assert counts["histories"] >= EXAMPLES
    assert shares["merge"] >= 0.30
    assert shares["split"] >= 0.20
    assert shares["return"] >= 0.20
    assert shares["override"] >= 0.10
    assert shares["three in one"] >= 0.20
    assert shares["supported"] >= 0.02, "pairs that link by a third posting's word"
    assert shares["wide"] >= 0.20, "windows push pairs out in blocks of more than twice their width only"
    assert shares["unnamed"] >= 0.20, "matches by what is told, without an address or a number of the job"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str) -> None:
    with pytest.raises(AssertionError):
        _search(PLANTED[bug])


@pytest.mark.timeout(300)
def test_two_processes_with_other_hash_seeds_say_and_explain_the_same() -> None:
    first, second = _two_processes()[""]
    assert len(first) == PROCESS_EXAMPLES
    assert first == second


@pytest.mark.timeout(300)
@pytest.mark.parametrize("bug", PLANTED_ACROSS_PROCESSES)
def test_a_bug_that_only_two_processes_show_is_found(bug: str) -> None:
    first, second = _two_processes()[bug]
    assert first != second


def test_a_comparison_is_the_same_from_both_sides() -> None:
    for matcher in map(_matcher, _some_histories(30)):
        pairs = [pair for pair in combinations(matcher.entries.values(), 2) if pair[0].family == pair[1].family]
        there = [(veto(a, b), compare(a, b, matcher, matcher.model.weights)) for a, b in pairs]
        back = [(veto(b, a), compare(b, a, matcher, matcher.model.weights)) for a, b in pairs]
        assert there == back


def test_nothing_worth_keeping_is_ruled_out() -> None:
    """What is let go before a comparison is what the comparison would let go, seen from both sides; and it is most."""
    seen: Counter[str] = Counter()
    for matcher in map(_matcher, _some_histories(60)):
        doorkeeper = Doorkeeper(matcher.model.weights, matcher)
        for first, second in permutations(matcher.entries.values(), 2):
            evidence = compare(first, second, matcher, matcher.model.weights)
            is_worth_it = evidence.total >= matcher.model.weights.possible and not is_bare(first, second, evidence.levels)
            is_kept = is_worth_it and veto(first, second) is None
            is_let_in = bool(doorkeeper.sift(first, [second]))
            assert is_let_in or not is_kept
            seen.update({"kept": is_kept, "let in": is_let_in, "pairs": 1})
    assert 0 < seen["kept"] <= seen["let in"] < seen["pairs"] / 2


@cache
def _two_processes() -> dict[str, tuple[list[str], list[str]]]:
    return digests_of_two(_some_histories(PROCESS_EXAMPLES))


def _matcher(history: History) -> Matcher:
    engine = new_engine()
    engine.load(history.log)
    return engine.matcher


def _search(new: Callable[[], Engine]) -> None:
    @SEARCH
    @given(histories())
    def proof(history: History) -> None:
        prove(history, new)

    proof()


def _some_histories(count: int) -> list[History]:
    made: list[History] = []

    @settings(SEARCH, max_examples=count)
    @given(histories())
    def make(history: History) -> None:
        made.append(history)

    make()
    return made[:count]
