"""f: speed and size of the matching engine alone, at several sizes, each in a process of its own, and how they grow.

Aims are judged at 100,000 postings. Growth is the slope of a line through the logarithms (least squares): cost a posting
that grows like size ** exponent; 0 is no growth, 1 doubles with the size.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from ops.bench.figures import Aim, Figure, at_least, at_most, figure

JUDGED = 100_000
LONGEST_SECONDS = 3_600
MIXED = ("insert", "change that matters", "change of the text alone", "withdraw")
"""An equal part of each is "operations"; exact repeats, which are most of what arrives, are apart."""
Raw = dict[str, Any]


def measure_matching(sizes: Sequence[int], *, runs: int) -> list[Figure]:
    measured = {size: [_measure(size) for _ in range(runs if size <= JUDGED else 1)] for size in sizes}
    figures = [one for size, raw in measured.items() for one in figures_of(size, raw)]
    return figures + (growth(measured) if len(measured) > 1 else [])


def _measure(size: int) -> Raw:
    command = [sys.executable, "-m", "ops.bench.matching_process", str(size), "--sample", str(min(1_000, max(100, size // 20)))]
    done = subprocess.run(command, capture_output=True, timeout=LONGEST_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{size:,} postings: {done.stderr.decode()[-400:]}")
    raw: Raw = orjson.loads(done.stdout)
    return raw


def figures_of(size: int, runs: Sequence[Raw]) -> list[Figure]:
    """Figures of one size; `runs` are what `matching_process` wrote."""

    def row(name: str, unit: str, value: Callable[[Raw], float], aim: Aim | None = None, note: str = "") -> Figure:
        return figure("f", f"{size:,} postings: {name}", unit, map(value, runs), aim if size == JUDGED else None, note)

    shape = runs[0]
    note = f"{shape['clusters']:,} opportunities, {shape['blocks']:,} blocks, the largest of {shape['largest_block']:,}"
    found = [
        row("load of all", "s", lambda raw: raw["load_seconds"], at_most(15), note),
        row("memory a posting beyond its text", "B", lambda raw: raw["bytes_beyond_text"], at_most(2_048)),
        row("its text, packed", "B", lambda raw: raw["bytes_of_text"]),
        row("operations, matching alone", "/s", lambda raw: mixed(raw, "alone_rate"), at_least(10_000)),
        row("operations, with what they show", "/s", lambda raw: mixed(raw, "apply_rate")),
        row("p99 of one apply", "ms", slowest, at_most(5)),
    ]
    for kind in shape["operations"]:
        aim = at_least(300_000) if kind == "exact repeat" else None
        found += [
            row(f"{kind}, matching alone", "/s", _of(kind, "alone_rate")),
            row(f"{kind}, with what it shows", "/s", _of(kind, "apply_rate"), aim),
            row(f"{kind}, one by one, p50", "ms", _of(kind, "p50_ms")),
            row(f"{kind}, one by one, p99", "ms", _of(kind, "p99_ms")),
        ]
    return found


def _of(kind: str, name: str) -> Callable[[Raw], float]:
    return lambda raw: float(raw["operations"][kind][name])


def mixed(raw: Raw, rate: str) -> float:
    """Operations a second when each of `MIXED` is as frequent as the others."""
    return len(MIXED) / sum(1 / raw["operations"][kind][rate] for kind in MIXED)


def slowest(raw: Raw) -> float:
    """The largest p99 of all kinds."""
    return max(float(operation["p99_ms"]) for operation in raw["operations"].values())


def growth(measured: dict[int, list[Raw]]) -> list[Figure]:
    """Exponents of what a posting costs, over all sizes."""
    costs: dict[str, Callable[[Raw], float]] = {
        "load": lambda raw: raw["load_seconds"] / raw["postings"],
        "memory beyond text": lambda raw: raw["bytes_beyond_text"],
        **{f"{kind}, matching alone": _cost(kind) for kind in MIXED},
    }
    sizes = sorted(measured)
    note = f"of {', '.join(f'{size:,}' for size in sizes)} postings; 0 is no growth"
    return [
        figure("f", f"growth of a posting's cost: {name}", "exponent", [slope(_points(measured, sizes, cost))], note=note)
        for name, cost in costs.items()
    ]


def _cost(kind: str) -> Callable[[Raw], float]:
    return lambda raw: 1 / float(raw["operations"][kind]["alone_rate"])


def _points(measured: dict[int, list[Raw]], sizes: Sequence[int], cost: Callable[[Raw], float]) -> list[tuple[float, float]]:
    return [(math.log(size), math.log(cost(raw))) for size in sizes for raw in measured[size]]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Least squares through `(x, y)`."""
    x_mean = sum(x for x, _ in points) / len(points)
    y_mean = sum(y for _, y in points) / len(points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)
