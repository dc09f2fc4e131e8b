"""An explanation tells what decided: the same levels, bits and words, of random small sets of postings."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from itertools import combinations
from typing import Any

import orjson
import pytest
from fakes.openings import PLATFORM_HOSTS, Shape, told
from fakes.postings import BASE

from hub.domain.posting import Status
from hub.domain.records import MatchOverride, PostingOverride
from hub.errors import HubError
from hub.matching import ClockChange, Engine, MatchChange, OverrideChange, PostingChange

DAY = 86_400_000
KEYS = [f"{source}:{number}" for number in range(1, 6) for source in "abcd"]
SEEDS = range(8)
JOINING = ("match", "echo", "operator")
STATUSES = [Status.ACTIVE] * 8 + [Status.WITHDRAWN, Status.ERASED]
ALL = 1_000_000


@cache
def world(seed: int) -> Engine:
    """Twenty tellings of few openings on four platforms, echoes, words on some pairs, a hidden posting, a month gone by."""
    chance = random.Random(seed)
    engine = Engine(PLATFORM_HOSTS)
    engine.apply([_posting(key, chance) for key in KEYS])
    pairs = chance.sample(list(combinations(KEYS, 2)), 8)
    words = [MatchOverride(op=op, who="o", when=BASE) for op in ("link", "link", "link", "separate")]
    engine.apply([MatchChange(first, second, words[number % 4]) for number, (first, second) in enumerate(pairs)])
    engine.apply(
        [OverrideChange(chance.choice(KEYS), PostingOverride(who="o", when=BASE, hidden=True)), ClockChange(BASE + 31 * DAY)]
    )
    return engine


def _posting(key: str, chance: random.Random) -> PostingChange:
    shape = Shape(
        opening=chance.choice([0, 0, 1, 2, 3, 4, 5, 6, 7]),
        wording=chance.randrange(3),
        alias=chance.randrange(3),
        shown=chance.randrange(9),
        body=chance.randrange(3),
        drift=chance.choice([0, 0, 0, 1, 2, 3, 4, 5, 6, 7]),
        echo=chance.choice([""] * 6 + ["id:a:1", "page:b:1"]) if key[0] in "cd" else "",
    )
    return PostingChange(key, told(key, shape, chance.choice(STATUSES), BASE + chance.randrange(9), BASE + chance.randrange(3)))


def pairs(engine: Engine) -> list[dict[str, Any]]:
    return [engine.explain.why(first, second) for first, second in combinations(KEYS, 2)]


def edges(engine: Engine, what: str) -> dict[tuple[str, str], str]:
    """Pair → by what, of the `joins` or `refused` of every opportunity; of several for one pair what counts first."""
    rows = [row for key in KEYS for row in reversed(engine.explain.how(key)[what])]
    return {(row["first"], row["second"]): row["by"] for row in rows}


def test_the_random_sets_bring_about_every_decision() -> None:
    seen = Counter(row["decision"] for seed in SEEDS for row in pairs(world(seed)))
    assert set(seen) >= {*JOINING, "separated", "vetoed", "unmet", "apart", "possible"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_named_bits_of_a_pair_add_up_to_its_total(seed: int) -> None:
    for row in pairs(world(seed)):
        said = sum(one["bits"] for one in row["evidence"]) + sum(row["caps"].values())
        assert row["prior"] - row["template"] + said == row["total"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pair_is_said_to_be_joined_just_when_the_engine_has_an_edge_for_it(seed: int) -> None:
    engine = world(seed)
    known = {**edges(engine, "refused"), **edges(engine, "joins")}
    parted = {(row["first"], row["second"]) for row in pairs(engine) if row["override"] == "separate"}
    expected = {pair: by for pair, by in known.items() if pair not in parted}
    assert {(row["first"], row["second"]): row["decision"] for row in pairs(engine) if row["decision"] in JOINING} == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_that_an_edge_joins_are_one_and_pairs_whose_edge_was_refused_are_not(seed: int) -> None:
    engine = world(seed)
    one = {(row["first"], row["second"]) for row in pairs(engine) if row["same"]}
    assert edges(engine, "joins").keys() <= one
    assert not edges(engine, "refused").keys() & one


@pytest.mark.parametrize("seed", SEEDS)
def test_the_joins_of_an_opportunity_connect_all_its_postings(seed: int) -> None:
    engine = world(seed)
    for members in engine.clusters():
        rows = engine.explain.how(members[0])["joins"]
        reached = {members[0]}
        for _ in members:
            reached |= {key for row in rows if reached & {row["first"], row["second"]} for key in (row["first"], row["second"])}
        assert reached == set(members)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pair_is_explained_alike_from_both_sides(seed: int) -> None:
    explain = world(seed).explain
    for first, second in combinations(KEYS, 2):
        assert orjson.dumps(explain.why(first, second)) == orjson.dumps(explain.why(second, first))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reason_is_given_just_when_two_postings_are_apart(seed: int) -> None:
    explain = world(seed).explain
    told_of = [explain.why_not(first, second) for first, second in combinations(KEYS, 2)]
    assert [bool(row["because"]) for row in told_of] == [not row["same"] for row in told_of]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_review_list_has_every_live_pair_that_may_be_one_and_has_no_word(seed: int) -> None:
    engine = world(seed)
    live = {key for key in KEYS if engine.is_live(engine.matcher.entries[key])}
    sole = engine.model.weights.sole  # below it a pair links by a third one's word alone, which a constraint may overrule
    expected = {
        (row["first"], row["second"])
        for row in pairs(engine)
        if (row["decision"] == "possible" or (row["decision"] == "match" and row["total"] < sole))
        and {row["first"], row["second"]} <= live
        and not row["same"]
    }
    assert {(row["first"], row["second"]) for row in engine.explain.review(ALL)} == expected
    assert engine.explain.review_size() == len(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_review_list_begins_with_the_most_likely(seed: int) -> None:
    rows = world(seed).explain.review(ALL)
    assert [row["total"] for row in rows] == sorted((row["total"] for row in rows), reverse=True)
    assert world(seed).explain.review(2) == rows[:2]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_members_told_are_those_of_the_opportunity(seed: int) -> None:
    engine = world(seed)
    for members in engine.clusters():
        for key in members:
            how = engine.explain.how(key)
            assert [one["source_key"] for one in how["members"]] == list(members)
            assert how["id"] == engine.id_of(key)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_item_says_of_its_joins_what_the_explanation_says(seed: int) -> None:
    engine = world(seed)
    for one in engine.opportunities():
        rows = [
            (row["by"], row["first"], row["second"], row["total"]) for row in engine.explain.how(_first(engine, one.id))["joins"]
        ]
        said = [(join.by, join.first, join.second, round(1000 * (join.bits or 0))) for join in one.joins or []]
        assert said == [
            row for row in rows if one.state == "live" and _may_be_named(engine, row[1]) and _may_be_named(engine, row[2])
        ]


def test_some_items_say_why_their_postings_are_one() -> None:
    assert {join.by for seed in SEEDS for one in world(seed).opportunities() for join in one.joins or []} == set(JOINING)


def test_what_no_posting_is_called_cannot_be_explained() -> None:
    with pytest.raises(HubError):
        world(0).explain.why("a:1", "z:9")
    with pytest.raises(HubError):
        world(0).explain.how("z:9")


def test_one_posting_is_no_pair() -> None:
    with pytest.raises(HubError):
        world(0).explain.why("a:1", "a:1")


def _first(engine: Engine, opportunity_id: str) -> str:
    return engine.members_of(opportunity_id)[0]


def _may_be_named(engine: Engine, key: str) -> bool:
    stated, word = engine.stated(key) or {}, engine.override_of(key)
    return stated["republish"] != "no" and stated["status"] != "erased" and not (word is not None and word.hidden)
