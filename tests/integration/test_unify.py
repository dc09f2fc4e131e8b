"""Unify as a process on a real broker: rebuilds, the brake, ownership. Each test has a log and processes of its own."""

from __future__ import annotations

import json
import signal

import pytest
from fakes.unify_world import World, until

from hub.domain.keys import opportunity_id
from hub.topics import FEED

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


def test_an_owner_killed_while_publishing_leaves_a_feed_that_its_standby_completes(world: World) -> None:
    owner = world.start().until_ready()
    standby = world.start()
    world.fill(3_000)
    until(lambda: len(world.records()) > 200, "the feed to fill")
    owner.kill()
    world.until_live(3_000)
    until(lambda: standby.readiness()["ready"], "the standby to be live")


def test_a_woken_former_owner_leaves_and_its_late_records_are_overwritten(world: World) -> None:
    owner = world.start().until_ready()
    world.fill(50)
    world.until_live(50)
    owner.process.send_signal(signal.SIGSTOP)
    world.start().until_ready()
    stale = next(row for row in world.records() if row["id"] == opportunity_id("a:7"))
    stale["version"] = "stale"
    world.send(FEED, opportunity_id("a:7").encode(), json.dumps(stale).encode(), [("hub-term", b"0")])
    until(
        lambda: [r for r in world.records() if r["id"] == stale["id"]][-1]["version"] != "stale",
        "the stale record to be overwritten",
    )
    owner.process.send_signal(signal.SIGCONT)
    # It ends when it reads the other's claim first, and begins another term when its group tells it first.
    until(lambda: owner.process.poll() == 1 or "were revoked" in (owner.state / "unify.log").read_text(), "it to leave its term")
    world.until_live(50)


def test_a_feed_that_was_lost_ends_the_term_and_is_written_anew_by_the_next(world: World) -> None:
    owner = world.start().until_ready()
    world.fill(120)
    world.until_live(120)
    world.lose_feed()
    until(lambda: owner.process.poll() == 1, "it to notice")
    world.start()
    world.until_live(120)


@pytest.mark.parametrize("kept", [0, 60])
def test_a_rebuild_from_an_empty_or_half_full_topic_closes_nothing_until_released(world: World, kept: int) -> None:
    owner = world.start().until_ready()
    world.fill(120)
    world.until_live(120)
    owner.process.terminate()
    owner.process.wait(timeout=150)
    world.forget(120 - kept)
    second = world.start()
    assert f"{120 - kept} of 120" in second.until_held()
    assert len(world.live()) == 120
    assert second.call("held.list")[0]["count"] == 120 - kept
    second.call("held.release", source="unify")
    world.until_live(kept)
    second.until_ready()


def test_a_hidden_posting_stays_hidden_after_a_rebuild(world: World) -> None:
    owner = world.start().until_ready()
    world.fill(2)
    world.until_live(2)
    owner.call("posting.hide", posting="a:0")
    world.until_live(1)
    owner.end()
    world.start().until_ready()
    assert list(world.live().values()) == [["a:1"]]
