"""Explanations are true: the named bits sum to the total, the decision is the engine's, and joins are those that stand."""

from __future__ import annotations

from itertools import combinations

from fakes.histories import History, histories
from fakes.proofs import new_engine
from hypothesis import given, settings

from hub.matching import Engine, PostingChange

JOINING = {"operator", "echo", "match"}


def loaded(history: History) -> tuple[Engine, list[str]]:
    engine = new_engine()
    engine.load(history.log)
    known = {one.key for one in history.log if isinstance(one, PostingChange)}
    return engine, sorted(key for key in known if engine.id_of(key) is not None)


@settings(max_examples=40)
@given(histories())
def test_of_every_pair_the_named_bits_sum_to_the_total_and_the_decision_is_the_engines(history: History) -> None:
    engine, keys = loaded(history)
    for first, second in combinations(keys, 2):
        told = engine.explain.why(first, second)
        weighed = sum(row["bits"] for row in told["evidence"]) + sum(told["caps"].values())
        assert told["prior"] - told["template"] + weighed == told["total"]
        assert told["same"] == (engine.id_of(first) == engine.id_of(second))
        entry = engine.matcher.entries[first]
        linking, possible = entry.pairs or {}, entry.possible or {}
        assert {**linking, **possible}.get(second, told["total"]) == told["total"]
        assert told["veto"] is None or second not in {**linking, **possible}
        assert told["guard"] is None or second not in linking
        edges = {key for key, _ in engine.matcher.edges().strong(first)}
        assert told["decision"] != "match" or second in edges


@settings(max_examples=40)
@given(histories())
def test_every_two_of_one_opportunity_hang_together_by_its_joins_and_two_apart_are_told_why(history: History) -> None:
    engine, keys = loaded(history)
    for key in keys:
        how = engine.explain.how(key)
        members = {one["source_key"] for one in how["members"]}
        assert members == set(engine.members_of(how["id"]))
        assert reached(key, how["joins"]) >= members
        for join in how["joins"]:
            assert engine.explain.why(join["first"], join["second"])["decision"] in JOINING
    for first, second in combinations(keys, 2):
        told = engine.explain.why_not(first, second)
        assert bool(told["because"]) != told["same"]
        if "where another is likely" in (told["because"] or ""):
            assert len(likely(engine, first)) > 1 or len(likely(engine, second)) > 1


def likely(engine: Engine, key: str) -> set[str]:
    """Whom `key` may be one with, as far as the engine remembers it."""
    entry = engine.matcher.entries[key]
    return {*(entry.pairs or ()), *(entry.possible or ())}


def reached(key: str, joins: list[dict[str, str]]) -> set[str]:
    """Whom the joins lead to from `key`."""
    found = {key}
    for _ in joins:
        found |= {end for join in joins if found & {join["first"], join["second"]} for end in (join["first"], join["second"])}
    return found
