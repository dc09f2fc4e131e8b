"""Life: what a step does, and that it stays under the hub's brake."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from hub.sandbox.journal import Journal, replay
from hub.sandbox.truth import truth_of
from hub.sandbox.world import SOURCES, Listing, World, advance, edit, withdraw
from hub.settings import SandboxSettings

BASE = date(2026, 11, 20)


@pytest.fixture
def world() -> World:
    return World.build(2026, BASE, 900)


def live(world: World, source: str) -> Listing:
    return next(item for item in world.all(source) if item.is_live and item.event is None)  # type: ignore[arg-type]


def test_steps_edit_withdraw_create_and_change_events(world: World) -> None:
    before = sum(world.count().values())
    operations = Counter(change.op for _ in range(40) for change in advance(world))
    assert min(operations[op] for op in ("created", "updated", "deleted")) >= 10
    assert sum(world.count().values()) > before
    assert world.step == 40


def test_an_edit_changes_the_text_and_the_time(world: World) -> None:
    listing = live(world, "noorderlink")
    text, moment = listing.html, listing.modified
    edit(world, listing)
    assert listing.html != text
    assert listing.modified > moment


def test_two_edits_never_bear_the_same_time(world: World) -> None:
    listing = live(world, "vonk")
    moments = [edit(world, listing).listing.modified for _ in range(3)]
    assert len(set(moments)) == 3


def test_a_title_can_be_set(world: World) -> None:
    listing = live(world, "vonk")
    edit(world, listing, "Andere titel")
    assert listing.title == "Andere titel"


@pytest.mark.parametrize(
    ("source", "state"), [("noorderlink", "gone"), ("miitn", "trash"), ("traineelink", "gone"), ("vonk", "gone")]
)
def test_a_withdrawal_is_as_the_platform_does_it(world: World, source: str, state: str) -> None:
    listing = live(world, source)
    change = withdraw(world, listing)
    assert (change.op, listing.state, listing.is_live) == ("deleted", state, False)


def test_something_withdrawn_returns_under_its_old_number(world: World) -> None:
    gone: set[str] = set()
    returned: set[str] = set()
    for _ in range(120):
        for change in advance(world):
            gone |= {change.listing.key} if change.op == "deleted" else set()
            returned |= {change.listing.key} if change.op == "created" and change.listing.key in gone else set()
    assert returned


def test_an_hour_of_life_withdraws_less_than_the_brake_allows(world: World) -> None:
    """Default speed: one step in ten seconds; brake: thirty per cent of a source in an hour."""
    before = {source: sum(item.is_live for item in world.all(source)) for source in SOURCES}
    closed = Counter(change.listing.source for _ in range(360) for change in advance(world) if change.op == "deleted")
    assert all(closed[source] < 0.25 * before[source] for source in SOURCES)


def test_spoilt_records_and_echoes_are_left_alone(world: World) -> None:
    changed = [change.listing for _ in range(100) for change in advance(world)]
    assert all(item.invalid is None and item.link != "echo" for item in changed)


def test_filling_a_position_leaves_the_time_as_it_is(world: World) -> None:
    stamps = {item.key: item.modified for item in world.all("miitn")}
    states = {item.key: item.state for item in world.all("miitn")}
    for _ in range(8):
        advance(world)
    filled = [item for item in world.all("miitn") if item.state == "filled" and states.get(item.key) == "live"]
    assert [item.key for item in filled if item.modified == stamps[item.key]]


def test_a_journal_brings_the_world_back_as_it_was(tmp_path: Path) -> None:
    settings = SandboxSettings(records=200)
    journal = Journal(tmp_path / "state" / "sandbox.ndjson")
    first = journal.open(settings, BASE)
    lines = [
        {"steps": 12},
        {"op": "edit", "source": "vonk", "native_id": live(first, "vonk").native_id, "title": "Andere titel"},
        {"steps": 3},
        {"op": "withdraw", "source": "miitn", "native_id": live(first, "miitn").native_id},
    ]
    for line in lines:
        replay(first, line)
        journal.add(line)
    assert truth_of(journal.open(settings, BASE + timedelta(days=2))) == truth_of(first)


def test_a_torn_last_line_is_no_line(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.ndjson"
    settings = SandboxSettings(records=50)
    Journal(path).open(settings, BASE)
    path.write_bytes(path.read_bytes() + b'{"steps": 4}\n{"ste')
    assert Journal(path).open(settings, BASE).step == 4


@pytest.mark.parametrize(
    ("settings", "days"),
    [(SandboxSettings(records=50, seed=8), 0), (SandboxSettings(records=60), 0), (SandboxSettings(records=50), 60)],
)
def test_another_or_an_old_world_is_left_behind(tmp_path: Path, settings: SandboxSettings, days: int) -> None:
    path = tmp_path / "sandbox.ndjson"
    journal = Journal(path)
    journal.open(SandboxSettings(records=50), BASE)
    journal.add({"steps": 4})
    fresh = Journal(path).open(settings, BASE + timedelta(days=days))
    assert (fresh.step, fresh.seed, fresh.base) == (0, settings.seed, BASE + timedelta(days=days))


def test_a_world_that_goes_on_sees_its_openings_close(world: World) -> None:
    def lives(today: date | None) -> int:
        return sum(opening["state"] == "live" for opening in truth_of(world, today)["openings"])

    assert lives(None) == lives(BASE) == lives(BASE + timedelta(days=2))
    assert lives(BASE + timedelta(days=60)) < lives(BASE) / 2
