"""The engine is a pure function of the current set: random histories in any order, with repeats, end in one state."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import orjson
from fakes.postings import BASE, change
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.keys import opportunity_id
from hub.domain.posting import EchoHints, Status
from hub.domain.records import MatchOverride, PostingOverride
from hub.matching import Change, ClockChange, Engine, MatchChange, OverrideChange, PostingChange

KEYS = [f"{source}:{number}" for source in "abc" for number in (1, 2)]
JOBS = [None, *(f"https://jobs.example/vacature/functie-{n}00{n}" for n in range(1, 4))]
STATUSES = [Status.ACTIVE, Status.ACTIVE, Status.ACTIVE, Status.WITHDRAWN, Status.FILLED, Status.ERASED]


@st.composite
def versions(draw: st.DrawFn) -> Change:
    key = draw(st.sampled_from(KEYS))
    fields: dict[str, Any] = {
        "seq": BASE + draw(st.integers(0, 12)),
        "first_seen": BASE + KEYS.index(key) % 3,
        "status": draw(st.sampled_from(STATUSES)),
        "apply_url": draw(st.sampled_from(JOBS)),
        "reference_number": draw(st.sampled_from([None, "REF-1001", "REF-2002"])),
        "title": draw(st.sampled_from(["Arts", "Nurse"])),
        "expires_at": draw(st.sampled_from([None, BASE + 50, BASE + 60])),
        "echo": draw(st.sampled_from([None, None, None, EchoHints(opportunity_ids=[opportunity_id("a:1")])])),
    }
    return change(key, **fields)


words = st.builds(
    lambda pair, op: MatchChange(pair[0], pair[1], MatchOverride(op=op, who="o", when=BASE)),
    st.sampled_from([("a:1", "b:1"), ("a:2", "c:1"), ("b:2", "c:2")]),
    st.sampled_from(["link", "separate"]),
)
hides = st.builds(
    lambda key, hidden: OverrideChange(key, PostingOverride(who="o", when=BASE, hidden=hidden)),
    st.sampled_from(KEYS),
    st.booleans(),
)
clocks = st.builds(lambda at: ClockChange(BASE + at), st.sampled_from([40, 55, 65]))


def said(engine: Engine) -> list[bytes]:
    return [opportunity.to_bytes() for opportunity in engine.opportunities()]


def orderless(history: list[Change]) -> list[Change]:
    """What a shuffle may reorder: of operators' words, and of versions with one seq, the log's last counts; keep only that."""
    kept: dict[object, Change] = {}
    for number, one in enumerate(history):
        if isinstance(one, OverrideChange):
            kept["o", one.key] = one
        elif isinstance(one, MatchChange):
            kept["m", one.first, one.second] = one
        elif isinstance(one, PostingChange):
            kept["p", one.key, orjson.loads(one.value)["seq"]] = one
        else:
            kept[number] = one
    return list(kept.values())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(versions(), versions(), versions(), words, hides, clocks), max_size=25), st.randoms(use_true_random=False)
)
def test_any_order_and_any_batches_end_in_the_same_state(history: list[Change], shuffler: random.Random) -> None:
    history = orderless(history)
    batch = Engine()
    batch.apply(history)
    shuffled = [*history, *(one for one in history if not isinstance(one, (OverrideChange, MatchChange)))]
    shuffler.shuffle(shuffled)
    single = Engine()
    for one in shuffled:
        single.apply([one])
    assert said(single) == said(batch)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(versions(), words, hides, clocks), max_size=25))
def test_what_apply_returns_is_all_that_changed(history: list[Change]) -> None:
    engine = Engine()
    mirror: dict[str, bytes] = {}
    for one in history:
        for opportunity in engine.apply([one]):
            mirror[opportunity.id] = opportunity.to_bytes()
        now = {opportunity.id: opportunity.to_bytes() for opportunity in engine.opportunities()}
        assert {id_: value for id_, value in mirror.items() if id_ in now} == now


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(versions(), words, hides, clocks), max_size=25))
def test_no_posting_is_in_two_clusters_and_none_is_lost(history: list[Change]) -> None:
    engine = Engine()
    engine.apply(history)
    known = {one.key for one in history if isinstance(one, PostingChange)}
    placed = Counter(key for opportunity in engine.opportunities() for key in engine.members_of(opportunity.id))
    assert placed == Counter(known)
