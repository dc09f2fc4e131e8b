"""e: resident memory of each role and the JVM, in a hub that has taken in 10k postings and come to rest.

VmRSS counts a page that two processes share twice; the note has the proportional sum. The sandbox plays the partners
and is no part of the hub, so it stands apart.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict

from ops.bench.figures import Figure, at_most, figure
from ops.bench.ground import Ground, children_of, proportional_mb, resident_mb, stop, until
from ops.bench.material import SPARE
from ops.bench.starting import ROLES

REST_SECONDS = 5
LONGEST_SECONDS = 300


def measure_memory(postings: int, *, runs: int) -> list[Figure]:
    held: defaultdict[str, list[float]] = defaultdict(list)
    shared = []
    for _ in range(runs):
        resident, proportional = _measure(postings)
        for role, mb in resident.items():
            held[role].append(mb)
        shared.append(proportional)
    apart = held.pop("sandbox")
    totals = [sum(values) for values in zip(*held.values(), strict=True)]
    note = f"with shared pages counted once: {', '.join(f'{mb:.0f}' for mb in shared)} MB; postings: {postings}"
    figures = [figure("e", f"memory of {role}", "MB", values) for role, values in sorted(held.items())]
    return [
        *figures,
        figure("e", "memory of the hub with its broker", "MB", totals, at_most(700), note),
        figure("e", "beside it: the sandbox", "MB", apart),
    ]


def _measure(postings: int) -> tuple[dict[str, float], float]:
    """Resident megabytes by role, and the proportional sum without the sandbox."""
    with Ground(HUB_SANDBOX__RECORDS=str(int(postings * SPARE))) as ground:
        process = ground.spawn("up")
        try:
            until(lambda: all(ground.is_ready(role) for role in ROLES), 90, "every role to be ready")
            _await_rest(ground)
            pids = dict(json.loads((ground.state / "run.json").read_text())["roles"])
            (jvm,) = children_of(pids["broker"])
            pids |= {"JVM (Kafka)": jvm, "supervisor": process.pid}
            resident = {role: resident_mb(pid) for role, pid in pids.items()}
            return resident, sum(proportional_mb(pid) for role, pid in pids.items() if role != "sandbox")
        finally:
            stop(process)


def _await_rest(ground: Ground) -> None:
    """Until the feed has not grown for a moment."""
    deadline = time.monotonic() + LONGEST_SECONDS
    seen, moved = ground.counts(), time.monotonic()
    while not seen["live"] or time.monotonic() - moved < REST_SECONDS:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the feed was not at rest after {LONGEST_SECONDS} s: {seen}")
        time.sleep(0.3)
        if (now := ground.counts()) != seen:
            seen, moved = now, time.monotonic()
