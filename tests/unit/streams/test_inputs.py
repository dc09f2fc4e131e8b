"""The inputs of unify as changes of the engine: all of them arrive, and a bad one alone is parked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from fakes.postings import BASE, posting

from hub import topics
from hub.broker.outbox import OutRecord
from hub.domain.keys import pair_key
from hub.domain.records import Rejection
from hub.errors import RecordRejectedError
from hub.matching import ClockChange, Engine, MatchChange, OverrideChange, PostingChange
from hub.streams.inputs import AT_ONCE, apply_records, to_change


def record(offset: int, key: str, value: bytes | None, topic: str = topics.ENRICHED) -> Any:
    return SimpleNamespace(
        topic=topic, partition=0, offset=offset, timestamp=BASE, key=key.encode(), value=value, headers=[("correlation_id", b"c")]
    )


def enriched(count: int) -> list[Any]:
    return [record(n, f"a:{n}", posting(f"a:{n}", title=f"Kok {n}").to_bytes()) for n in range(count)]


def offset_of(letter: OutRecord) -> int:
    origin = Rejection.model_validate_json(letter.value or b"").origin
    assert origin is not None
    return origin.offset


async def test_all_of_more_records_than_go_at_once_are_applied_and_told() -> None:
    engine, count = Engine(), 2 * AT_ONCE + 1
    changed, parked = await apply_records(engine, enriched(count))
    assert {one.id for one in changed} == {engine.id_of(f"a:{n}") for n in range(count)}
    assert parked == []


async def test_a_bad_record_is_parked_with_its_origin_and_its_neighbours_are_applied() -> None:
    engine, records = Engine(), enriched(5)
    records[3] = record(3, "a:3", b"{")
    changed, parked = await apply_records(engine, records)
    (letter,) = parked
    told = Rejection.model_validate_json(letter.value)
    assert (letter.topic, told.stage, told.source_key, offset_of(letter)) == (topics.REJECTED, "unify", "a:3", 3)
    assert {one.id for one in changed} == {engine.id_of(f"a:{n}") for n in (0, 1, 2, 4)}


async def test_bad_records_of_several_batches_are_all_parked() -> None:
    records = enriched(2 * AT_ONCE)
    for n in (0, AT_ONCE, 2 * AT_ONCE - 1):
        records[n] = record(n, f"a:{n}", b"{")
    _, parked = await apply_records(Engine(), records)
    assert [offset_of(one) for one in parked] == [0, AT_ONCE, 2 * AT_ONCE - 1]


@pytest.mark.parametrize(
    ("topic", "key", "value", "change"),
    [
        (topics.ENRICHED, "a:1", b"{}", PostingChange("a:1", b"{}")),
        (topics.CLOCK, "clock", b'{"at":1800000000000}', ClockChange(1_800_000_000_000)),
        (topics.POSTING_OVERRIDE, "a:1", None, OverrideChange("a:1", None)),
        (topics.MATCH_OVERRIDE, pair_key("a:1", "b:2"), None, MatchChange("a:1", "b:2", None)),
    ],
)
def test_a_record_of_each_topic_is_a_change(topic: str, key: str, value: bytes | None, change: object) -> None:
    assert to_change(record(0, key, value, topic)) == change


@pytest.mark.parametrize("value", [None, b""])
@pytest.mark.parametrize("topic", [topics.ENRICHED, topics.CLOCK])
def test_what_has_to_have_a_value_is_refused_without_one(topic: str, value: bytes | None) -> None:
    with pytest.raises(RecordRejectedError):
        to_change(record(0, "a:1", value, topic))
