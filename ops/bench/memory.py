"""e: resident memory of each role and the JVM, in a hub that has taken in 10k postings and come to rest.

VmRSS counts a page that two processes share twice; the proportional sum (PSS) counts it once. The sandbox plays the
partners and is no part of the hub, so it stands apart.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict

from hub.telemetry.contact import OPS_OFFSET
from ops.bench.figures import Figure, at_most, figure
from ops.bench.ground import Ground, children_of, is_running, proportional_mb, resident_mb, stop, until
from ops.bench.material import SPARE

LOOKS, LOOK_SECONDS = 50, 0.1
REST_SHARE = 0.5
"""A role that rests, but for its rhythms, wants a processor at fewer looks than this share. What it wants, not what it
gets: on a busy machine everything gets little."""
READY_SECONDS = 180
LONGEST_SECONDS = 400


def measure_memory(postings: int, *, runs: int) -> list[Figure]:
    held: defaultdict[str, list[float]] = defaultdict(list)
    shared = []
    live = []
    for _ in range(runs):
        resident, proportional, items = _measure(postings)
        for role, mb in resident.items():
            held[role].append(mb)
        shared.append(proportional)
        live.append(items)
    apart = held.pop("sandbox")
    totals = [sum(values) for values in zip(*held.values(), strict=True)]
    note = f"postings: {postings}; live opportunities: {', '.join(map(str, live))}"
    figures = [figure("e", f"memory of {role}", "MB", values) for role, values in sorted(held.items())]
    return [
        *figures,
        figure("e", "memory of the hub with its broker", "MB", totals, at_most(700), note),
        figure("e", "the same with shared pages counted once", "MB", shared),
        figure("e", "beside it: the sandbox", "MB", apart),
    ]


def _measure(postings: int) -> tuple[dict[str, float], float, int]:
    """Resident megabytes by role, the proportional sum without the sandbox, live opportunities."""
    with Ground(HUB_SANDBOX__RECORDS=str(int(postings * SPARE))) as ground:
        process = ground.spawn("up")
        try:
            until(lambda: all(ground.is_ready(role) for role in OPS_OFFSET), READY_SECONDS, "every role to be ready")
            pids = dict(json.loads((ground.state / "run.json").read_text())["roles"])
            (jvm,) = children_of(pids["broker"])
            pids |= {"JVM (Kafka)": jvm, "supervisor": process.pid}
            live = _await_rest(ground, [pid for role, pid in pids.items() if role != "sandbox"])
            resident = {role: resident_mb(pid) for role, pid in pids.items()}
            return resident, sum(proportional_mb(pid) for role, pid in pids.items() if role != "sandbox"), live
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
