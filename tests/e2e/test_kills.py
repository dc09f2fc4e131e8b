"""kill -9 of every role while the world changes, and the feed still says what is true.

One world lives through the same steps twice: once undisturbed, once with each role killed three times. Both must end in
the truth, in the same clusters with the same content, and no id that was published may lose its opportunity. A role that
reads a topic is stopped first, so that records wait for it in the log when it is killed.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.running_hub import PORTS, SOURCES, RunningHub, content_of

from hub.topics import ENRICHED, FEED, raw

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1_200)]

KILLS_PER_ROLE = 3
SEEDS = range(7, 12) if os.environ.get("SOAK") else [7]
READS = {"worker": [raw(source) for source in SOURCES], "unify": [ENRICHED], "serve": [FEED]}
"""Role → the topics that wait for it."""
ROLES = ("ingest", "broker", *READS)


def order_of_kills(seed: int) -> list[str]:
    roles = [role for role in ROLES for _ in range(KILLS_PER_ROLE)]
    random.Random(seed).shuffle(roles)
    return roles


def step_calmly(hub: RunningHub, _: str) -> None:
    hub.control("step", {"n": 2})
    time.sleep(0.5)


def step_and_kill(hub: RunningHub, role: str) -> None:
    if role not in READS:
        hub.control("step", {"n": 2})
        time.sleep(random.Random(role).random() * 2)
        hub.kill(role)
        return
    before = hub.ends(READS[role])
    os.kill(hub.pid_of(role), signal.SIGSTOP)
    hub.control("step", {"n": 2})
    hub.until(lambda: hub.ends(READS[role]) > before, 150, f"records that wait for {role}")
    hub.kill(role)


def live_through(
    state: Path, first_port: int, seed: int, one_round: Callable[[RunningHub, str], None]
) -> tuple[dict[frozenset[str], dict[str, Any]], dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """(live at the end, live at the start by id, the whole feed at the end)."""
    # A short session, since a killed owner of unify is missed only when its session ends.
    settings = {
        "HUB_SANDBOX__SPEED": "0",
        "HUB_SANDBOX__RECORDS": "400",
        "HUB_SANDBOX__SEED": str(seed),
        "HUB_STREAMS__SESSION_SECONDS": "6",
    }
    hub = RunningHub(state, first_port, **settings)
    try:
        hub.start()
        hub.until_true()
        first = {row["id"]: row for row in hub.live().values()}
        for role in order_of_kills(seed):
            one_round(hub, role)
        hub.until(hub.is_ready, 150, "every role to be ready again")
        hub.until_true(150)
        assert hub.missing_below_committed() == {}
        live, feed = hub.live(), hub.feed()
        assert hub.stop() == 0
        return live, first, feed
    finally:
        hub.kill_everything()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hub_whose_roles_are_killed_ends_like_one_that_was_left_alone(
    seed: int, tmp_path: Path, free_ports: Callable[[int], int]
) -> None:
    first_port = free_ports(PORTS)
    calm, _, _ = live_through(tmp_path / "calm", first_port, seed, step_calmly)
    begin_on_the_same_day(tmp_path / "killed", tmp_path / "calm")
    killed, published, feed = live_through(tmp_path / "killed", first_port, seed, step_and_kill)
    assert set(killed) == set(calm)
    for sources, row in killed.items():
        assert content_of(row) == content_of(calm[sources])
    for id_, row in published.items():
        assert keeps_its_opportunity(row, feed), id_


def begin_on_the_same_day(state: Path, other: Path) -> None:
    """Its dates count from the day on which a world began, and midnight may lie between two of them."""
    head, _, _ = (other / "sandbox.ndjson").read_bytes().partition(b"\n")
    state.mkdir()
    (state / "sandbox.ndjson").write_bytes(head + b"\n")


def keeps_its_opportunity(row: dict[str, Any], feed: dict[str, dict[str, Any]]) -> bool:
    """The id still stands for the posting that it was made for: live, closed in its own right, or pointing on to a live one."""
    now = feed[row["id"]]
    while now.get("merged_into"):
        now = feed[now["merged_into"]]
    return bool(now["state"] == "closed" or {s["source_key"] for s in now["sources"]} & {s["source_key"] for s in row["sources"]})
