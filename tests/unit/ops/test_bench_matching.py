"""The bench of matching: its postings are what enrich would write, its arithmetic, and what splink is given."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice
from typing import Any

import orjson
import pytest

from hub.domain.posting import EnrichedPosting
from hub.matching import Engine, PostingChange, features_of
from ops.bench import matching, splink_beside
from ops.bench.matching_postings import HOSTS, postings
from ops.bench.matching_process import changed_closing, changed_text, withdrawn
from ops.match_report.listed import Listed

MADE = list(postings(240))


def test_generated_postings_carry_the_features_that_enrich_makes_of_them() -> None:
    for made in islice(MADE, 60):
        posting = EnrichedPosting.model_validate_json(made.value)
        assert posting.source_key == made.key
        made_for_all, own = posting.features, features_of(posting)
        assert made_for_all is not None
        for language, body in own.bodies.items():
            # A body's are made once, whatever title stands above it; the words of that title fill none.
            assert set(body.slots) <= set(made_for_all.bodies[language].slots)
            made = made_for_all.bodies[language]
            own.bodies[language] = body.model_copy(update={"slots": made.slots, "vocabulary": made.vocabulary})
        assert made_for_all == own


def test_generated_postings_are_the_same_for_the_same_seed() -> None:
    assert MADE[:40] == list(islice(postings(240), 40))
    assert MADE[:40] != list(islice(postings(240, seed=2), 40))


def test_an_opening_stands_on_two_boards_in_the_mean_and_never_twice_on_one() -> None:
    boards = Counter((made.opening, made.key.partition(":")[0]) for made in MADE)
    assert max(boards.values()) == 1
    assert 1.8 < len(MADE) / len({made.opening for made in MADE}) < 2.6


def test_the_operations_do_what_their_names_say() -> None:
    engine = Engine(HOSTS)
    made = MADE[0]
    engine.apply([PostingChange(made.key, made.value)])
    entry = engine.matcher.entries[made.key]
    engine.apply([PostingChange(made.key, changed_text(made))])
    assert engine.matcher.entries[made.key] is entry, "an equal look at pairs keeps the entry"
    engine.apply([PostingChange(made.key, changed_closing(made))])
    assert engine.matcher.entries[made.key] is not entry
    (closed,) = engine.apply([PostingChange(made.key, withdrawn(made))])
    assert closed.state == "closed"


def test_growth_is_the_slope_of_the_logarithms() -> None:
    points = [(math.log(size), math.log(3 * size**0.5)) for size in (10, 100, 1_000)]
    assert matching.slope(points) == pytest.approx(0.5)


def _raw(postings: int, rate: float) -> dict[str, Any]:
    operation = {"operations": 10, "alone_rate": rate, "apply_rate": rate / 2, "p50_ms": 0.1, "p99_ms": 2.0, "longest_ms": 3.0}
    kinds = (*matching.MIXED, "exact repeat")
    sizes = {"load_seconds": postings / rate, "bytes_beyond_text": 2_000.0, "bytes_of_text": 1_000.0}
    shape = {"clusters": 1, "blocks": 2, "largest_block": 2}
    return {"postings": postings, **sizes, **shape, "operations": {kind: dict(operation) for kind in kinds}}


def test_aims_are_judged_at_a_hundred_thousand_postings_alone() -> None:
    small, judged = matching.figures_of(10_000, [_raw(10_000, 20_000)]), matching.figures_of(100_000, [_raw(100_000, 20_000)])
    assert not any(one.aim for one in small)
    verdicts = {one.name.partition(": ")[2]: one.verdict for one in judged if one.aim}
    assert verdicts == {
        "load of all": "met",
        "memory a posting beyond its text": "met",
        "operations, matching alone": "met",
        "p99 of one apply": "met",
        "exact repeat, with what it shows": "missed",
    }


def test_the_mixture_is_the_harmonic_mean_and_growth_is_of_costs() -> None:
    raw = _raw(1_000, 100.0)
    raw["operations"]["insert"]["alone_rate"] = 25.0
    assert matching.mixed(raw, "alone_rate") == pytest.approx(4 / (1 / 25 + 3 / 100))
    rows = {one.name: one.median for one in matching.growth({1_000: [_raw(1_000, 100)], 100_000: [_raw(100_000, 10)]})}
    assert rows["growth of a posting's cost: load"] == pytest.approx(0.5)
    assert rows["growth of a posting's cost: memory beyond text"] == pytest.approx(0)


def test_splink_is_given_flat_clean_records() -> None:
    trees = [orjson.loads(made.value) for made in MADE[:20]]
    rows = list(splink_beside.rows_of([made.value for made in MADE[:20]]))
    assert [row["unique_id"] for row in rows] == [tree["source_key"] for tree in trees]
    assert all(row["title"] and row["title"] == row["title"].lower() and len(row["rare_words"]) == 24 for row in rows)
    assert not any("b.v" in (row["employer"] or "") for row in rows)


def test_splinks_best_threshold_is_chosen_by_the_truth_and_said_so() -> None:
    listed = [_listed("a:1", "x"), _listed("b:1", "x"), _listed("b:2", "y")]
    right, wrong = {"a:1": "1", "b:1": "1", "b:2": "2"}, {"a:1": "1", "b:1": "2", "b:2": "1"}
    labels = {f"{kind} at {at}": found for kind in ("components", "one per board") for at, found in ((0.5, right), (0.99, wrong))}
    report = {"seconds": {"pairs": 1.0}, "processor_seconds": 1.0, "peak_mb": 10.0, "labels": labels}
    rows = {one.name: one.median for one in splink_beside.splink_figures(splink_beside.truth_of(listed), report)}
    assert rows["splink, components at 0.99: precision"] == 0
    assert rows["splink, one per board at 0.5 (best F0.5 of the truth): precision"] == 1


def _listed(key: str, opening: str) -> Listed:
    return Listed(key, opening, "", "", None, None, "", frozenset(), frozenset(), b"")
