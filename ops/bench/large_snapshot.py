"""k: the snapshot of a large feed: how long it takes, how large it is, and how much memory `hub serve` took for it."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.request import urlopen

from ops.bench.edge import UNLIMITED, answers, fill
from ops.bench.figures import Figure, at_most, figure
from ops.bench.ground import Ground, resident_mb, until

CHUNK = 2**20


async def measure_large_snapshot(opportunities: int, *, runs: int) -> list[Figure]:
    seconds, grown, size = [], [], 0
    with Ground(**UNLIMITED) as ground:
        await fill(ground.state, opportunities)
        for _ in range(runs):
            serve = ground.roles["serve"] = ground.spawn("serve")
            until(lambda: answers(ground.http), 60, "serve to answer")
            before = resident_mb(serve.pid)
            started = time.perf_counter()
            size = download(ground.http)
            seconds.append(time.perf_counter() - started)
            grown.append(peak_mb(serve.pid) - before)
            ground.stop_roles()
            for file in (ground.state / "snapshot").iterdir():
                file.unlink()  # so that the next run makes it anew
    note = f"{opportunities:,} items, {size / 2**20:,.0f} MB packed"
    return [
        figure("k", "snapshot made and downloaded", "s", seconds, note=note),
        figure("k", "memory that the snapshot takes in serve", "MB", grown, at_most(64)),
    ]


def download(http: str) -> int:
    """Bytes of the file, which is thrown away piece by piece."""
    size = 0
    with urlopen(f"{http}/v1/feed/snapshot.ndjson.gz", timeout=1_200) as response:
        while piece := response.read(CHUNK):
            size += len(piece)
    return size


def peak_mb(pid: int) -> float:
    """VmHWM: the most that the process has held so far."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
