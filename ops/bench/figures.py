"""Figures: every run's value, their median and spread, and the aim they are judged by; as a table and as JSON. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Aim:
    """`at_least` or `at_most` that; the median is judged."""

    value: float
    is_floor: bool = True

    def is_met(self, value: float) -> bool:
        return value >= self.value if self.is_floor else value <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.is_floor else '≤'} {show(self.value)}"


def at_least(value: float) -> Aim:
    return Aim(value)


def at_most(value: float) -> Aim:
    return Aim(value, is_floor=False)


@dataclass(frozen=True)
class Figure:
    """`values`: one of each run, in their order. `part`: the part of the bench that measured it."""

    part: str
    name: str
    unit: str
    values: tuple[float, ...]
    aim: Aim | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def verdict(self) -> str:
        if self.aim is None:
            return ""
        return "met" if self.aim.is_met(self.median) else "missed"

    def to_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "least": min(self.values),
            "most": max(self.values),
            "runs": len(self.values),
            "values": list(self.values),
            "aim": None if self.aim is None else str(self.aim),
            "met": None if self.aim is None else self.aim.is_met(self.median),
            "note": self.note,
        }


def figure(part: str, name: str, unit: str, values: Iterable[float], aim: Aim | None = None, note: str = "") -> Figure:
    return Figure(part, name, unit, tuple(values), aim, note)


def ratios(values: Sequence[float], references: Sequence[float]) -> list[float]:
    """Run by run: each value against the reference that was measured beside it, so that a slow minute hits both."""
    return [value / reference for value, reference in zip(values, references, strict=True)]


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed (nearest rank): p99 of 100 values is the 99th."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


HEAD = ("", "figure", "median", "least", "most", "runs", "unit", "aim", "")


def table(figures: Sequence[Figure]) -> str:
    rows = [HEAD]
    for one in figures:
        spread = (show(one.median), show(min(one.values)), show(max(one.values)))
        aim = "" if one.aim is None else str(one.aim)
        rows.append((one.part, one.name, *spread, str(len(one.values)), one.unit, aim, one.verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        text.rjust(width) if 2 <= n <= 5 else text.ljust(width) for n, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def show(value: float) -> str:
    """Three figures, and whole numbers from a hundred up."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
