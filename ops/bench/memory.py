"""e: memory of each role and the JVM, in a hub that has taken in 10k postings and come to rest.

Roles are forks of the supervisor, whose pages they share. VmRSS counts such a page in each of them; the proportional set
size (PSS) divides it among those who have it, so that its sum is what the machine gives for the hub. Both are told. The
sandbox plays the partners and is no part of the hub, so it stands apart, but for its share of the hub's pages: without it
they would be there all the same.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Mapping

from hub.telemetry.contact import OPS_OFFSET
from ops.bench.figures import Figure, at_most, figure
from ops.bench.ground import Ground, is_running, proportional_mb, resident_mb, shared_mb, stop, until
from ops.bench.material import SPARE

LOOKS, LOOK_SECONDS = 50, 0.1
REST_SHARE = 0.5
"""A role that rests, but for its rhythms, wants a processor at fewer looks than this share. What it wants, not what it
gets: on a busy machine everything gets little."""
READY_SECONDS = 180
LONGEST_SECONDS = 400


def measure_memory(postings: int, *, runs: int) -> list[Figure]:
    taken: defaultdict[str, list[float]] = defaultdict(list)
    resident: defaultdict[str, list[float]] = defaultdict(list)
    live = []
    for _ in range(runs):
        looked, items = _measure(postings)
        for role, (proportional, in_memory) in looked.items():
            taken[role].append(proportional)
            resident[role].append(in_memory)
        live.append(items)
    apart = resident.pop("sandbox")
    note = f"postings: {postings}; live opportunities: {', '.join(map(str, live))}"
    return [
        *(figure("e", f"memory of {_named(role)}", "MB", values) for role, values in sorted(taken.items())),
        figure("e", "memory of the hub with its broker", "MB", _sums(taken), at_most(700), note),
        *(figure("e", f"the same as VmRSS: {role}", "MB", values) for role, values in sorted(resident.items())),
        figure("e", "the same as VmRSS, shared pages counted in each", "MB", _sums(resident)),
        figure("e", "beside it: the sandbox", "MB", apart),
    ]


def _named(role: str) -> str:
    return "what the sandbox shares" if role == "sandbox" else role


def _sums(held: Mapping[str, list[float]]) -> list[float]:
    return [sum(values) for values in zip(*held.values(), strict=True)]


def _measure(postings: int) -> tuple[dict[str, tuple[float, float]], int]:
    """Proportional and resident megabytes by role, of the sandbox's proportional ones those it shares; live opportunities."""
    with Ground(HUB_SANDBOX__RECORDS=str(int(postings * SPARE))) as ground:
        process = ground.spawn("up")
        try:
            until(lambda: all(ground.is_ready(role) for role in OPS_OFFSET), READY_SECONDS, "every role to be ready")
            pids = dict(json.loads((ground.state / "run.json").read_text())["roles"])
            pids |= {"JVM (Kafka)": pids.pop("broker"), "supervisor": process.pid}
            live = _await_rest(ground, [pid for role, pid in pids.items() if role != "sandbox"])
            looked = {role: (proportional_mb(pid), resident_mb(pid)) for role, pid in pids.items()}
            looked["sandbox"] = shared_mb(pids["sandbox"]), looked["sandbox"][1]
            return looked, live
        finally:
            stop(process)


def _await_rest(ground: Ground, pids: list[int]) -> int:
    """Until the feed has not grown for a moment and nobody wanted to work in it. Returns the live opportunities."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while True:
        before = ground.counts()
        wanted = dict.fromkeys(pids, 0)
        for _ in range(LOOKS):
            time.sleep(LOOK_SECONDS)
            for pid in pids:
                wanted[pid] += is_running(pid)
        now = ground.counts()
        if now["live"] and now == before and max(wanted.values()) < REST_SHARE * LOOKS:
            return now["live"]
        if time.monotonic() > deadline:
            raise TimeoutError(f"the feed was not at rest after {LONGEST_SECONDS} s: {now}")
