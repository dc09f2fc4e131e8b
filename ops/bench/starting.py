"""d: `hub up` as its user starts it, with the sandbox: to all roles ready, and to the first live opportunity over HTTP.

Cold: a fresh state directory, the jars in their cache. Warm: the same directory once more, after a tidy stop.
"""

from __future__ import annotations

import time

from hub.telemetry.contact import OPS_OFFSET
from ops.bench.figures import Figure, figure
from ops.bench.ground import Ground, stop

ROLES = [role for role in OPS_OFFSET if role != "deliver"]
LONGEST_SECONDS = 90


def measure_start(*, runs: int) -> list[Figure]:
    cold, warm = [], []
    for _ in range(runs):
        with Ground(HUB_SANDBOX__SPEED="1") as ground:
            cold.append(_start(ground))
            warm.append(_start(ground))
    return [
        figure("d", "`hub up` cold: all roles ready", "s", [ready for ready, _ in cold]),
        figure("d", "`hub up` cold: first live opportunity", "s", [readable for _, readable in cold]),
        figure("d", "`hub up` warm: all roles ready", "s", [ready for ready, _ in warm]),
        figure("d", "`hub up` warm: first live opportunity", "s", [readable for _, readable in warm]),
    ]


def _start(ground: Ground) -> tuple[float, float]:
    start = time.monotonic()
    process = ground.spawn("up")
    ready = readable = 0.0
    try:
        while not (ready and readable):
            if process.poll() is not None or time.monotonic() - start > LONGEST_SECONDS:
                raise RuntimeError(f"`hub up` did not come up: {(ground.state / 'up.txt').read_text()[-2000:]}")
            if not ready and all(ground.is_ready(role) for role in ROLES):
                ready = time.monotonic() - start
            if not readable and ground.counts()["live"]:
                readable = time.monotonic() - start
            time.sleep(0.02)
    finally:
        stop(process)
    return ready, readable
