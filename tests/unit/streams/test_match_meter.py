"""The metrics of matching: events since the rebuild, sizes as they are, the review list's when the clock ticked."""

from __future__ import annotations

import pytest
from fakes.postings import BASE, change
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from hub.domain.records import MatchOverride
from hub.matching import ClockChange, Engine, MatchChange
from hub.streams.match_meter import MatchMeter

WITHIN = [change("a:1"), change("a:2", title="Kok", employer="Hotel"), change("b:3", title="Lasser", employer="Werf")]


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"hub_match_{name}", labels) or 0.0


def word(first: str, second: str, op: str) -> MatchChange:
    return MatchChange(first, second, MatchOverride.model_validate({"who": "test", "when": BASE, "op": op}))


def loaded() -> Engine:
    engine = Engine()
    engine.load(WITHIN)
    return engine


def test_what_the_rebuild_joined_is_not_counted_and_what_comes_after_is() -> None:
    engine = loaded()
    engine.apply([word("a:1", "b:3", "link")])
    before = value("merges_total"), value("splits_total")
    meter = MatchMeter(engine)
    meter.count()
    assert (value("merges_total"), value("splits_total")) == before
    engine.apply([word("a:1", "b:3", "none")])
    engine.apply([word("a:1", "b:3", "link")])
    meter.count()
    meter.count()
    assert (value("merges_total"), value("splits_total")) == (before[0] + 1, before[1] + 1)


def test_the_review_list_is_counted_when_the_clock_ticked(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = loaded()
    asked: list[int] = []
    monkeypatch.setattr("hub.matching.explain.Explainer.review_size", lambda _: asked.append(1) or 7)
    meter = MatchMeter(engine)
    meter.count()
    meter.count()
    assert (len(asked), value("review_pairs")) == (1, 7)
    engine.apply([ClockChange(BASE + 60_000)])
    meter.count()
    assert len(asked) == 2


def test_what_is_beyond_its_bound_is_logged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.matching.blocking.OVERSIZED", 1)
    engine = loaded()
    engine.apply([change("a:4")])
    meter = MatchMeter(engine)
    with capture_logs() as logs:
        meter.count()
        meter.count()
    blocks = len(engine.alarms())
    assert blocks > 0
    assert [row["kind"] for row in logs] == ["block"] * blocks
    assert (value("oversized", what="block"), value("largest_postings", what="block")) == (blocks, 2)


def test_the_models_hash_is_a_label() -> None:
    engine = loaded()
    MatchMeter(engine)
    assert value("model_info", hash=engine.model.hash) == 1
