"""What a run writes, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import orjson
import pytest

from hub.broker.headers import Stamp, decode
from hub.broker.outbox import RECORD_BYTES
from hub.errors import FatalError
from hub.ingest.state import load_state
from hub.sdk.record import Invalid, NotModified, RawRecord, SourceEvent, Unchanged
from hub.sdk.source import Checkpoint
from tests.fakes.ingest_world import START, World, source_error


@pytest.fixture
def world() -> World:
    return World()


async def test_first_run_writes_every_item_with_its_stamp(world: World) -> None:
    world.partner.lists("1", "2")
    report = await world.run()
    record = world.raw[0]
    stamp = Stamp.from_headers(record.headers)
    assert (report.outcome, report.new) == ("ok", 2)
    assert record.key == b"fake:1"
    assert orjson.loads(record.value) == {"title": "A job", "seen": 0}
    assert stamp.seq == stamp.first_seen == stamp.fetched_at == world.time
    assert decode(record.headers)["correlation_id"] == f"fake-run-{world.time}"
    assert decode(record.headers)["ce_id"] == f"fake:1@{stamp.seq}"


async def test_unchanged_snapshot_writes_nothing(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    report = await world.run()
    assert (report.unchanged, len(world.raw)) == (2, 2)


async def test_volatile_field_is_no_change(world: World) -> None:
    world.partner.lists("1")
    await world.run()
    world.partner.listed["1"].seen = 99
    await world.run()
    assert len(world.raw) == 1


async def test_edit_keeps_first_seen_and_raises_seq(world: World) -> None:
    world.partner.lists("1")
    await world.run()
    world.partner.listed["1"].title = "A better job"
    await world.run()
    first, second = (Stamp.from_headers(one.headers) for one in world.raw)
    assert second.first_seen == first.first_seen
    assert second.seq > first.seq


async def test_seq_rises_though_the_clock_goes_back(world: World) -> None:
    world.partner.lists("1")
    await world.run()
    world.partner.listed["1"].title = "A better job"
    await world.run(minutes=-600)
    first, second = (Stamp.from_headers(one.headers).seq for one in world.raw)
    assert second == first + 1


async def test_absent_item_of_a_counted_single_page_is_withdrawn_with_its_last_payload(world: World) -> None:
    world.partner.lists("1", "2", "3")
    await world.run()
    world.partner.drops("2")
    report = await world.run()
    stamp = Stamp.from_headers(world.raw[-1].headers)
    assert report.withdrawn == 1
    assert (world.raw[-1].key, stamp.op, world.raw[-1].value) == (b"fake:2", "withdrawn", world.raw[1].value)
    assert world.live == {"1", "3"}
    assert world.partner.asked == []


async def test_withdrawn_item_returns_when_it_is_listed_again(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("2")
    await world.run()
    world.partner.lists("2")
    report = await world.run()
    assert report.returned == 1
    assert world.live == {"1", "2"}
    assert Stamp.from_headers(world.raw[-1].headers).first_seen == START + 15 * 60_000


async def test_item_said_to_be_unchanged_returns_with_its_last_payload(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("2")
    await world.run()
    world.partner.extra = [Unchanged("2")]
    await world.run()
    assert world.live == {"1", "2"}
    assert world.raw[-1].value == world.raw[1].value


async def test_restart_knows_everything_from_raw(world: World) -> None:
    world.partner.lists("1", "2", "3")
    await world.run()
    world.partner.drops("3")
    await world.run()
    world.restart()
    await world.runner.load()
    report = await world.run()
    assert (report.unchanged, report.new, len(world.raw)) == (2, 0, 4)


async def test_lost_checkpoint_makes_no_new_version(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.log.topics.pop("hub.ingest.checkpoint.v1")
    world.restart()
    await world.runner.load()
    await world.run()
    assert len(world.raw) == 2


async def test_lost_raw_disowns_validators_and_cursors(world: World) -> None:
    world.partner.lists("1")
    await world.run()
    world.log.topics.pop("hub.raw.fake.v1")
    world.restart()
    await world.runner.load()
    await world.run()
    assert (world.http.begun, world.partner.cursors_seen) == ({}, {})
    assert world.live == {"1"}


async def test_validators_and_cursors_are_saved_after_a_complete_run(world: World) -> None:
    world.partner.lists("1")
    await world.run()
    await world.run()
    assert list(world.http.begun) == ["https://partner.example/list"]
    assert world.partner.cursors_seen == {"position": "1"}


@pytest.mark.parametrize(
    ("addresses", "position", "kept"),
    [(100, 100, {"cursors", "validators"}), (40_000, 100, {"cursors"}), (100, 4_000_000, set())],
)
async def test_checkpoint_fits_a_record_by_leaving_out_what_only_spares_requests(
    world: World, addresses: int, position: int, kept: set[str]
) -> None:
    one = next(iter(world.http.validators.values()))
    world.http.validators = {f"https://partner.example/{number:050}": one for number in range(addresses)}
    world.runner.update(cursors={"pages": "x" * position})
    await world.runner.save(validators={address: one.to_json() for address in world.http.validators})
    written = load_state("fake", world.log.topics["hub.ingest.checkpoint.v1"][-1].value)
    assert len(world.log.topics["hub.ingest.checkpoint.v1"][-1].value or b"") <= RECORD_BYTES
    assert {name for name in ("cursors", "validators") if getattr(written, name)} == kept
    assert len(world.runner.state.validators) == addresses


async def test_failed_run_keeps_what_it_read_and_withdraws_nothing(world: World) -> None:
    world.partner.lists("1", "2", "3")
    await world.run()
    world.partner.drops("3")
    world.partner.listed["1"].title = "A better job"
    world.partner.fault, world.partner.fault_after = source_error("timeout"), 1
    report = await world.run()
    assert (report.outcome, report.cause, report.changed, report.withdrawn) == ("failed", "timeout", 1, 0)
    assert world.live == {"1", "2", "3"}
    assert world.runner.state.sentence(world.time).startswith("failing since")


async def test_failed_run_that_wrote_disowns_the_validators(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.listed["1"].title = "A better job"
    world.partner.fault, world.partner.fault_after = source_error(), 1
    await world.run()
    assert world.runner.state.validators == {}


async def test_failed_run_keeps_the_validators_when_it_wrote_nothing(world: World) -> None:
    world.partner.lists("1")
    await world.run()
    world.partner.fault = source_error()
    await world.run()
    assert world.runner.state.validators != {}


async def test_failing_since_is_the_first_failure_and_ends_with_a_healthy_run(world: World) -> None:
    world.partner.lists("1")
    world.partner.fault = source_error()
    await world.run()
    since = world.runner.state.failing_since
    await world.run()
    assert (world.runner.state.failing_since, world.runner.state.failures) == (since, 2)
    world.partner.fault = None
    await world.run()
    assert world.runner.state.sentence(world.time) == "ok"


async def test_throttled_is_a_state_of_its_own(world: World) -> None:
    world.partner.fault = source_error("throttled", retry_after=120)
    report = await world.run()
    assert report.outcome == "throttled"
    assert world.runner.state.failing_since is None
    assert world.runner.state.sentence(world.time).startswith("throttled until")
    assert world.runner.state.kind(world.time + 121_000) == "ok"


@pytest.mark.parametrize("seconds", [None, 0.0])
async def test_throttled_without_a_time_to_wait_is_throttled_until_the_next_run(world: World, seconds: float | None) -> None:
    world.partner.fault = source_error("throttled", retry_after=seconds)
    await world.run()
    assert world.runner.state.kind(world.time + 60_000) == "throttled"


async def test_what_was_asked_of_a_clock_that_was_ahead_counts_from_now(world: World) -> None:
    world.time += 400 * 86_400_000
    world.partner.fault = source_error("throttled", retry_after=120)
    await world.run()
    world.time -= 400 * 86_400_000
    world.restart()
    await world.runner.load()
    assert world.runner.state.kind(world.time + 119_000) == "throttled"
    assert world.runner.state.kind(world.time + 121_000) == "ok"


async def test_a_run_during_which_the_clock_was_set_back_took_no_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run = world.partner.lists("1").run

    def set_back_and_run(checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        world.time -= 86_400_000
        return run(checkpoint)

    monkeypatch.setattr(world.partner, "run", set_back_and_run)
    world.restart()
    report = await world.run()
    assert (report.outcome, report.seconds) == ("ok", 0)


@pytest.mark.parametrize("fault", [ValueError("a mistake"), KeyError("id"), RuntimeError()])
async def test_exception_of_the_connector_is_a_failed_run(world: World, fault: Exception) -> None:
    world.partner.fault = fault
    report = await world.run()
    assert (report.outcome, report.cause) == ("failed", "bug")


async def test_fault_of_the_connector_is_told_by_its_place_and_not_by_what_it_quotes(world: World) -> None:
    world.partner.fault = ValueError("Jan Jansen")
    report = await world.run()
    assert re.fullmatch(r"fake: ValueError at ingest_world\.py:\d+; `hub connector try` shows it", report.detail)


async def test_total_may_come_as_a_text(world: World) -> None:
    world.partner.lists("1", "2")
    world.partner.wrong_total = "2"  # type: ignore[assignment]  # as a partner's JSON has it
    assert (await world.run()).outcome == "ok"


async def test_wrong_total_fails_the_run(world: World) -> None:
    world.partner.lists("1", "2")
    world.partner.wrong_total = 3
    assert (await world.run()).cause == "total"


async def test_id_that_comes_twice_fails_the_run(world: World) -> None:
    world.partner.lists("1", "2")
    world.partner.repeats = "1"
    assert (await world.run()).cause == "duplicate"


async def test_source_that_says_nothing_at_all_fails(world: World) -> None:
    world.partner.collections = []
    assert (await world.run()).cause == "bug"


async def test_run_without_the_end_of_its_list_withdraws_nothing(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("2")
    world.partner.incomplete = True
    report = await world.run()
    assert (report.outcome, report.withdrawn) == ("partial", 0)
    assert world.live == {"1", "2"}


async def test_not_modified_costs_nothing(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.not_modified = True
    report = await world.run()
    assert (report.outcome, report.listed, len(world.raw), report.withdrawn) == ("unchanged", 2, 2, 0)


async def test_a_collection_that_has_not_changed_counts_as_listed_beside_one_that_was_read(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.hidden = {"1", "2"}
    world.partner.collections = ["events"]
    world.partner.extra = [NotModified("items"), RawRecord("9", {"title": "A meeting"}, collection="events")]
    assert (await world.run()).listed == 3


async def test_payload_that_does_not_parse_is_written_for_canonicalise_to_park(world: World) -> None:
    world.partner.extra = [RawRecord("9", {"name": "no title"})]
    await world.run()
    await world.run()
    assert [one.key for one in world.raw] == [b"fake:9"]


async def test_too_large_record_is_parked_once_and_its_item_stands(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.listed["1"].title = "x" * 300_000
    await world.run()
    await world.run()
    letters = [orjson.loads(one.value) for one in world.log.topics["hub.posting.rejected.v1"]]
    assert [(one["reason"], one["source_key"], one["raw_length"] > 300_000, len(one["raw"])) for one in letters] == [
        ("too_large", "fake:1", True, 65_536)
    ]
    assert world.live == {"1", "2"}


async def test_record_without_id_is_parked_once_and_its_neighbours_go_through(world: World) -> None:
    world.partner.lists("1")
    world.partner.extra = [Invalid("missing_id", b'{"title": "?"}', field="id"), RawRecord(" ", {"title": "?"})]
    await world.run()
    world.restart()
    await world.runner.load()
    await world.run()
    letters = [orjson.loads(one.value) for one in world.log.topics["hub.posting.rejected.v1"]]
    assert [one["reason"] for one in letters] == ["missing_id", "missing_id"]
    assert {one.key for one in world.log.topics["hub.posting.rejected.v1"]} == {None}
    assert world.live == {"1"}


async def test_invalid_edit_leaves_the_last_good_version_standing(world: World) -> None:
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("2")
    world.partner.extra = [Invalid("syntax", b"{", native_id="2")]
    report = await world.run()
    assert (report.withdrawn, report.rejected, world.live) == (0, 1, {"1", "2"})


async def test_log_that_refuses_ends_the_role(world: World) -> None:
    world.partner.lists("1")
    world.log.fault = FatalError("no acknowledgement")
    with pytest.raises(FatalError):
        await world.run()


async def test_what_was_not_acknowledged_is_written_again(world: World) -> None:
    world.partner.lists("1")
    world.log.fault = FatalError("no acknowledgement")
    with pytest.raises(FatalError):
        await world.run()
    world.log.fault = None
    await world.run()
    assert world.live == {"1"}
