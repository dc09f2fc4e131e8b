"""A partner breaks in every way it can, and nobody loses a vacancy: the page and the metric say whose fault it is.

All four sources break at once, one kind of fault after the other; while they are broken the feed stands still. After
each fault a genuine withdrawal per source must reach the feed, so a hub that had merely stopped polling fails here.
The sandbox's statistics prove that each fault was served. `make soak` takes more of them;
tests/component/test_ingest_faults.py takes each fault on each source.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from urllib.request import urlopen

import pytest
from fakes.running_hub import PORTS, SOURCES, RunningHub

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1_200)]

FAULTS = {
    "http_500": "failing",
    "html_200": "failing",
    "truncated_json": "failing",
    "empty_list": "held",
}
SLOW = {"gzip_bomb": "failing", "wrong_charset": "failing", "redirect_loop": "failing", "half_list": "held", "timeout": "failing"}
EXPECTED = {**FAULTS, **SLOW} if os.environ.get("SOAK") else FAULTS
STATE = re.compile(r'^hub_source_state\{source="(\w+)",state="(\w+)"\} 1\.0$', re.MULTILINE)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]) -> Iterator[RunningHub]:
    hub = RunningHub(
        tmp_path_factory.mktemp("faults"),
        free_ports(PORTS),
        HUB_SANDBOX__SPEED="0",
        HUB_SANDBOX__RECORDS="500",
        HUB_INGEST__REQUEST_TIMEOUT_SECONDS="2",
    )
    try:
        hub.start()
        hub.until_true()
        yield hub
        assert hub.stop() == 0
    finally:
        hub.kill_everything()


def states(hub: RunningHub) -> dict[str, str]:
    with urlopen(f"http://127.0.0.1:{hub.ops}/metrics", timeout=60) as response:
        return dict(STATE.findall(response.read().decode()))


def served(hub: RunningHub, fault: str) -> set[str]:
    """The sources whose answers were spoilt."""
    return {row["source"] for row in hub.control("status")["faults"] if row["fault"] == fault and row["served"] > 0}


def page(hub: RunningHub) -> str:
    with urlopen(f"{hub.http}/", timeout=60) as response:
        text: str = response.read().decode()
    return text


def withdraw_one_of(hub: RunningHub, source: str) -> str:
    """Take one live posting that stands alone away at its platform; calendar entries need a run more, so not those."""
    alone = sorted(key for keys in hub.live() if len(keys) == 1 for key in keys if key.startswith(f"{source}:"))
    key = next(key for key in alone if ":ical-" not in key)
    hub.control("withdraw", {"source": source, "native_id": key.partition(":")[2]})
    return key


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_closes_nothing_and_a_genuine_withdrawal_after_it_comes_through(hub: RunningHub, fault: str) -> None:
    before = set(hub.live())
    for source in SOURCES:
        hub.control("fault", {"source": source, "fault": fault})
    hub.until(lambda: served(hub, fault) == set(SOURCES), 150, "every source to have been spoilt")
    hub.until(
        lambda: set(states(hub).values()) == {EXPECTED[fault]}, 150, f"every source to be {EXPECTED[fault]}", lambda: states(hub)
    )
    assert set(hub.live()) == before
    shown = page(hub)
    assert all(name in shown for name in ("Noorderlink", "Make it in the North", "Traineelink", "Vonk"))
    assert shown.count(EXPECTED[fault]) >= len(SOURCES)
    hub.control("fault", method="DELETE")
    hub.until(lambda: set(states(hub).values()) == {"ok"}, 150, "every source to be read again")
    assert set(hub.live()) == before
    gone = {withdraw_one_of(hub, source) for source in SOURCES}
    hub.until(lambda: gone.isdisjoint(one for keys in hub.live() for one in keys), 150, f"{gone} to leave the feed")
