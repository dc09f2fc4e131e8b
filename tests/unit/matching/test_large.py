"""What grows beyond its bound is told with its key and postings from all over it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from fakes.postings import BASE, change

from hub.domain.records import MatchOverride
from hub.matching import Engine, MatchChange

COOKS = [change(f"a:{number}", title="Kok") for number in range(7)]
NURSES = [change(f"b:{number}", title="Verpleegkundige", employer=f"Huis {number}") for number in range(7)]
CHAIN = [MatchChange(f"b:{one}", f"b:{one + 1}", MatchOverride(who="test", when=BASE, op="link")) for one in range(6)]


def test_a_block_beyond_its_bound_names_its_key_and_is_alarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.matching.blocking.OVERSIZED", 6)
    engine = Engine()
    engine.load(COOKS)
    told = engine.explain.large()
    assert {f"block:{row['hash']}": row["size"] for row in told} == engine.alarms()
    assert {(row["what"], row["size"]) for row in told} == {("block", 7)}
    assert {tuple(row["examples"]) for row in told} == {("a:0", "a:1", "a:3", "a:4", "a:6")}


def test_a_component_beyond_its_bound_names_its_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.matching.engine.LARGEST_COMPONENT", 6)
    monkeypatch.setattr("hub.matching.explain.LARGEST_COMPONENT", 6)
    engine = Engine()
    engine.load([*NURSES, *CHAIN])
    (row,) = engine.explain.large()
    assert engine.alarms() == {f"component:{row['hash']}": 7}
    assert (row["what"], row["key"], row["size"], row["examples"][-1]) == ("component", "b:0", 7, "b:6")


def test_nothing_is_told_while_all_is_within_bounds() -> None:
    engine = Engine()
    engine.load(COOKS)
    assert (engine.explain.large(), engine.alarms()) == ([], {})


def test_a_dry_run_is_not_counted() -> None:
    engine = Engine()
    engine.load(NURSES)
    before = dict(engine.tally)
    for first, second in pairwise(one.key for one in NURSES):
        assert engine.what_if(first, second, "link")
    assert engine.tally == before
