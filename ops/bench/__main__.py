"""`python -m ops.bench [--quick] [--large] [--only a1,c]`: every part in turn, `reports/bench.json`, and a table."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from hub.telemetry import logs
from ops.bench.figures import Figure, table

REPORT = Path("reports/bench.json")
PARTS = ("a1", "a2", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m")


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    runs: int
    pairs: int
    postings: int
    forwarded: int
    pushes: int
    engines: tuple[int, ...]
    """Sizes of engines that are measured alone."""
    read: int
    """Opportunities that the edge answers from."""
    shown: int
    """Feed records whose way to a reader is measured."""
    listeners: tuple[int, ...]
    """Readers of the stream."""
    webhooks: int
    """Opportunities that each receiver of webhooks is told of."""
    large: int
    """Opportunities of the large snapshot."""
    judged: int
    """Postings of each world with a truth that matching is judged on beside splink."""


FULL = Size(
    runs=3,
    pairs=5,
    postings=10_000,
    forwarded=40_000,
    pushes=100,
    engines=(10_000, 30_000, 100_000),
    read=100_000,
    shown=300,
    listeners=(500,),
    webhooks=1_000,
    large=500_000,
    judged=7_000,
)
QUICK = Size(
    runs=1,
    pairs=3,
    postings=2_000,
    forwarded=20_000,
    pushes=30,
    engines=(2_000, 10_000),
    read=10_000,
    shown=90,
    listeners=(100,),
    webhooks=300,
    large=20_000,
    judged=2_000,
)
LARGEST = 1_000_000
MOST_LISTENERS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.bench", description="Measure speed and size of the hub.")
    parser.add_argument("--quick", action="store_true", help="small and few runs: three minutes at most")
    parser.add_argument("--large", action="store_true", help="a million postings (half an hour, some 6 GB) and 5,000 readers too")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {','.join(PARTS)} (a1 brings its reference)")
    parser.add_argument("--report", type=Path, default=REPORT, help="where the JSON goes")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    if unknown := sorted(set(chosen) - set(PARTS)):
        parser.error(f"unknown part {unknown[0]}; there are {', '.join(PARTS)}")
    logs.configure("bench", "warning")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    figures: list[Figure] = []
    failed = []
    size = QUICK if arguments.quick else FULL
    if arguments.large:
        size = replace(size, engines=(*size.engines, LARGEST), listeners=(*size.listeners, MOST_LISTENERS))
    for part, measure in measures(size).items():
        if part not in chosen:
            continue
        try:
            figures += run_part(part, measure)
        except Exception as error:  # whatever it is, the other parts are measured
            traceback.print_exc()
            failed.append(f"{part} was not measured: {error}")
        write_report(arguments.report, figures, arguments.quick)
    print(table(figures))
    for one in figures:
        if one.note:
            print(f"{one.part} {one.name}: {one.note}")
    print(f"figures of every run: {arguments.report}")
    sys.exit("\n".join(failed) or 0)


def run_part(part: str, measure: Callable[[], Awaitable[list[Figure]]]) -> list[Figure]:
    started = time.monotonic()
    print(f"--- {part} …", flush=True)
    figures = asyncio.run(_awaited(measure))
    print(f"--- {part}: {time.monotonic() - started:.0f} s", flush=True)
    return figures


async def _awaited(measure: Callable[[], Awaitable[list[Figure]]]) -> list[Figure]:
    return await measure()


def measures(size: Size) -> dict[str, Callable[[], Awaitable[list[Figure]]]]:
    """The parts in their order. Each loads what it needs, so that one alone starts at once."""

    async def a1() -> list[Figure]:
        from ops.bench.ground import Ground
        from ops.bench.material import raw_records
        from ops.bench.stage import measure_stage

        material = await raw_records(min(size.postings, 2_000))
        with Ground() as ground:
            ground.start_broker()
            return await measure_stage(ground, material, runs=size.pairs, records=size.forwarded)

    async def a2() -> list[Figure]:
        from ops.bench.ground import Ground
        from ops.bench.material import raw_records
        from ops.bench.path import measure_path
        from ops.bench.steps import measure_steps

        material = await raw_records(size.postings)
        with Ground() as ground:
            ground.start_broker()
            figures = await measure_path(ground, material, runs=size.runs)
        return figures + measure_steps(material[:: max(1, len(material) // 2_000)], runs=size.runs)

    async def b() -> list[Figure]:
        from ops.bench.snapshot import measure_snapshot

        return await measure_snapshot(size.postings, runs=size.runs)

    async def c() -> list[Figure]:
        from ops.bench.latency import measure_latency

        return await measure_latency(size.pushes, runs=size.runs)

    async def d() -> list[Figure]:
        from ops.bench.starting import measure_start

        return measure_start(runs=size.runs)

    async def e() -> list[Figure]:
        from ops.bench.memory import measure_memory

        return measure_memory(size.postings, runs=size.runs)

    async def f() -> list[Figure]:
        from ops.bench.matching import measure_matching

        return measure_matching(size.engines, runs=size.runs)

    async def g() -> list[Figure]:
        from ops.bench.splink_beside import measure_splink

        return measure_splink(size.judged)

    return {"a1": a1, "a2": a2, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g, **reading_measures(size)}


def reading_measures(size: Size) -> dict[str, Callable[[], Awaitable[list[Figure]]]]:
    """Of what readers ask for."""

    async def h() -> list[Figure]:
        from ops.bench.projection import measure_projection

        return await measure_projection(size.read, runs=size.runs)

    async def i() -> list[Figure]:
        from ops.bench.edge import measure_edge

        return await measure_edge(size.read, runs=size.pairs)

    async def j() -> list[Figure]:
        from ops.bench.freshness import measure_freshness

        return await measure_freshness(size.shown, runs=size.runs)

    async def k() -> list[Figure]:
        from ops.bench.large_snapshot import measure_large_snapshot

        return await measure_large_snapshot(size.large, runs=1)

    async def l() -> list[Figure]:  # noqa: E743
        from ops.bench.stream import measure_stream

        return [one for readers in size.listeners for one in await measure_stream(readers, 50, runs=size.runs)]

    async def m() -> list[Figure]:
        from ops.bench.webhooks import measure_webhooks

        return await measure_webhooks(size.webhooks, runs=size.runs)

    return {"h": h, "i": i, "j": j, "k": k, "l": l, "m": m}


def write_report(path: Path, figures: list[Figure], is_quick: bool) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    machine = {"processors": os.cpu_count(), "memory_mb": memory // 2**20, "system": platform.platform()}
    report = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "is_quick": is_quick,
        "machine": {**machine, "python": platform.python_version()},
        "figures": [one.to_json() for one in figures],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
