"""A gap in a partition is a loss unless compaction may have made it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from prometheus_client import REGISTRY

from hub.errors import FatalError
from hub.streams.batch import Batch
from hub.streams.continuity import Continuity

NOW = 1_790_000_000_000
LAG = 3_600_000


def batch(*offsets: int, age_ms: int = 0) -> Batch:
    records = [SimpleNamespace(offset=offset, timestamp=NOW - age_ms) for offset in offsets]
    return Batch("t", 0, records, 0.0)  # type: ignore[arg-type]


def gaps() -> float:
    return REGISTRY.get_sample_value("hub_stage_gaps_total", {"topic": "t"}) or 0


def test_batches_that_meet_pass() -> None:
    before = gaps()
    guard = Continuity({"t": LAG})
    guard.check(batch(0, 1), NOW)
    guard.check(batch(2, 3), NOW)
    assert gaps() == before


def test_a_young_gap_between_batches_is_a_loss() -> None:
    guard = Continuity({"t": LAG})
    guard.check(batch(0, 1), NOW)
    with pytest.raises(FatalError, match="between the offsets 1 and 3"):
        guard.check(batch(3), NOW)


def test_a_young_gap_inside_a_batch_is_a_loss() -> None:
    with pytest.raises(FatalError):
        Continuity({"t": LAG}).check(batch(0, 2), NOW)


def test_an_old_gap_is_compaction_and_counted() -> None:
    before = gaps()
    Continuity({"t": LAG}).check(batch(0, 5, age_ms=LAG + 1), NOW)
    assert gaps() == before + 1


def test_going_back_is_a_loss_of_order() -> None:
    guard = Continuity({"t": LAG})
    guard.check(batch(4, 5), NOW)
    with pytest.raises(FatalError, match="went back"):
        guard.check(batch(5), NOW)


def test_after_an_assignment_positions_start_anew() -> None:
    guard = Continuity({"t": LAG})
    guard.check(batch(4, 5), NOW)
    guard.forget()
    guard.check(batch(0), NOW)


def test_a_topic_that_may_be_compacted_at_once_is_not_judged() -> None:
    before = gaps()
    Continuity({}).check(batch(0, 9), NOW)
    assert gaps() == before + 1
