"""Knowledge is the fold of raw's headers, ghosts grow old, and the audit compares two folds."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.broker.headers import Stamp
from hub.ingest.audit import Current, differences
from hub.ingest.diff import erasure, withdrawal
from hub.ingest.known import Item, KnownItems, headers_of, next_seq
from hub.ingest.parking import letter_of
from hub.ingest.reading import Parked
from tests.fakes.ingest_world import World

DAY_MS = 86_400_000


def item(seq: int, op: str = "upsert", native_id: str = "1") -> Item:
    return Item(native_id, op, seq, 1, f"f{seq}", "items", "https://partner.example/1", 1, -1)  # type: ignore[arg-type]


def folded(*items: Item) -> KnownItems:
    known = KnownItems("fake")
    for offset, one in enumerate(items):
        known.fold(f"fake:{one.native_id}", headers_of(one), offset)
    return known


def test_headers_bring_an_item_back_as_it_was() -> None:
    before = withdrawal(item(5), 9, "delete", changed_at=7)
    after = folded(before).get("1")
    assert after is not None
    assert (after.op, after.seq, after.closed_by, after.changed_at, after.url, after.fingerprint) == (
        "withdrawn",
        9,
        "delete",
        7,
        before.url,
        "f5",
    )


def test_greatest_seq_is_current_whatever_the_order() -> None:
    assert folded(item(2), item(1)).get("1").seq == 2  # type: ignore[union-attr]


def test_of_equal_seq_the_later_counts() -> None:
    assert folded(item(2), item(2, "withdrawn")).get("1").op == "withdrawn"  # type: ignore[union-attr]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.sampled_from(["upsert", "withdrawn", "erased"]))))
def test_live_count_is_that_of_the_items(records: list[tuple[str, int, str]]) -> None:
    known = folded(*(item(seq, op, native_id) for native_id, seq, op in records))
    assert known.live_count == len(list(known.live())) == sum(known.live_by_collection().values())


@pytest.mark.parametrize("headers", [[], [("hub-op", b"new")], [("hub-op", b"upsert"), ("seq", b"x"), ("first_seen", b"1")]])
def test_malformed_record_of_raw_is_passed_over(headers: list[tuple[str, bytes]]) -> None:
    known = KnownItems("fake")
    known.fold("fake:1", headers, 0)
    assert (len(known), known.position) == (0, 1)


def test_record_of_another_source_is_passed_over() -> None:
    known = KnownItems("fake")
    known.fold("other:1", headers_of(item(1)), 0)
    assert (len(known), known.position) == (0, 1)


@pytest.mark.parametrize(("previous", "now", "expected"), [(None, 50, 50), (10, 50, 50), (50, 50, 51), (70, 50, 71)])
def test_seq_is_the_clock_unless_that_goes_back(previous: int | None, now: int, expected: int) -> None:
    assert next_seq(item(previous) if previous is not None else None, now) == expected


def test_erasure_keeps_nothing_but_key_and_dates() -> None:
    erased = erasure(item(5), 9)
    assert (erased.op, erased.seq, erased.first_seen, erased.url, erased.fingerprint) == ("erased", 9, 1, None, "")


async def test_old_ghost_is_erased_once_with_an_empty_payload() -> None:
    world = World()
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("2")
    await world.run()
    assert await world.runner.writer.erase(world.time, "erase") == 0
    world.time += 181 * DAY_MS
    assert await world.runner.writer.erase(world.time - 180 * DAY_MS, "erase") == 1
    assert await world.runner.writer.erase(world.time, "erase") == 0
    record = world.raw[-1]
    assert (record.key, record.value, Stamp.from_headers(record.headers).op) == (b"fake:2", b"{}", "erased")


async def test_erased_item_that_is_listed_again_keeps_its_first_seen() -> None:
    world = World()
    world.partner.lists("1", "2")
    await world.run()
    first_seen = Stamp.from_headers(world.raw[1].headers).first_seen
    world.partner.drops("2")
    await world.run()
    await world.runner.writer.erase(world.time + 1, "erase")
    world.partner.lists("2")
    await world.run()
    assert world.live == {"1", "2"}
    assert Stamp.from_headers(world.raw[-1].headers).first_seen == first_seen


async def test_payload_that_raw_has_lost_closes_bare() -> None:
    world = World()
    world.partner.lists("1", "2")
    await world.run()
    lost = world.log.topics["hub.raw.fake.v1"][1]
    world.log.topics["hub.raw.fake.v1"][1] = type(lost)(lost.topic, 0, 1, 0, b"fake:other", b"{}", lost.headers)
    world.partner.drops("2")
    await world.run()
    assert (world.raw[-1].key, world.raw[-1].value) == (b"fake:2", b"{}")


async def test_run_and_push_at_once_keep_the_order_of_seq_in_the_log() -> None:
    from hub.ingest.diff import Seen, judge_push

    world = World()
    writer = world.runner.writer
    await asyncio.gather(*(writer.write([Seen("1", "items", f"f{n}", b"{}")], judge_push, "c") for n in range(50)))
    seqs = [Stamp.from_headers(one.headers).seq for one in world.raw]
    assert seqs == sorted(set(seqs))


@pytest.mark.parametrize(
    ("raw", "enriched", "parked", "differs"),
    [
        (Current(5, True), Current(5, True), set(), False),
        (Current(5, True), None, set(), True),
        (Current(5, True), Current(4, True), set(), True),
        (Current(5, True), Current(5, False), set(), True),
        (Current(5, True), Current(4, True), {5}, False),
        (Current(5, True), None, {4}, True),
        (Current(5, False), Current(5, False), set(), False),
        (Current(5, False), Current(4, True), set(), True),
        (Current(5, False), None, set(), False),
        (Current(5, True), Current(6, False), set(), False),
    ],
)
def test_audit_tells_what_differs(raw: Current, enriched: Current | None, parked: set[int], differs: bool) -> None:
    found = differences({"k": raw}, {"k": enriched} if enriched else {}, {"k": parked})
    assert found == (["k"] if differs else [])


def test_dead_letter_keeps_undecodable_bytes_as_text() -> None:
    _, value = letter_of(Parked("syntax", b"\xff{"), source="fake", at=1)
    assert b'"raw":"\\\\xff{"' in value
