"""docs/matching-quality.md: what was measured, how, and what came out; the same bytes for the same code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ops.match_report import figures
from ops.match_report.aims import CROSS_LANGUAGE_RECALL, PRECISION, RECALL, STRATUM_PRECISION, missed_aims
from ops.match_report.judging import HELD_OUT, TUNED
from ops.match_report.measuring import SMALL, Measured, Measurement, Mistake
from ops.match_report.verdicts import verdicts_of

AIMS = {
    "PRECISION": PRECISION,
    "RECALL": RECALL,
    "STRATUM_PRECISION": STRATUM_PRECISION,
    "SMALL": SMALL,
    "CROSS_LANGUAGE_RECALL": CROSS_LANGUAGE_RECALL,
}
SHOWN = 5
"""Mistakes of each kind, world and size that are told in full."""
_HOW = (Path(__file__).parent / "method.md").read_text(encoding="utf-8")


def written(measurement: Measurement) -> str:
    """The whole document."""
    return "\n".join(_lines(measurement)) + "\n"


def _lines(measurement: Measurement) -> Iterator[str]:
    yield from _HOW.format(**AIMS).rstrip("\n").split("\n")
    missed = missed_aims(measurement)
    yield ""
    yield from (f"- missed: {line}" for line in missed) if missed else ("All of them are met.",)
    yield f"\nMatch model `{measurement.model}`.\n"
    for table in figures.tables(measurement):
        yield from _drawn(table)
    yield "## The worst mistakes"
    yield "Of the parts that were tuned on, and of the hard pairs; false merges first. Those of the held-out parts are shown by"
    yield "`python -m ops.match_report --reveal`.\n"
    for world in measurement.worlds:
        yield from _mistakes(world)
    yield from _small(measurement)
    yield "### Hard pairs\n"
    for part in (TUNED, HELD_OUT):
        for one in verdicts_of(measurement.pairs, part):
            if one.same != one.said:
                error = "one opening, kept apart" if one.same else "two openings, joined"
                yield f"- `{one.id}` ({part}), {error} at {one.told['total'] / 1000:+.1f} bits: {one.why}"
    yield ""


def _mistakes(world: Measured) -> Iterator[str]:
    for name, kept in (("False merges", world.false.get(TUNED, [])), ("Misses", world.missed.get(TUNED, []))):
        if kept:
            yield f"### {name}, {world.world} {world.size:,}\n"
            yield from (line for mistake in kept[:SHOWN] for line in _told(mistake))
            yield ""


def _small(measurement: Measurement) -> Iterator[str]:
    """Held out as well: strata without an aim show what they hold instead."""
    yield f"### Every error of a held-out stratum with fewer than {SMALL} predicted pairs\n"
    for world in measurement.worlds:
        strata = world.parts["engine"][HELD_OUT].strata
        for one in world.small.get(HELD_OUT, ()):
            names = ", ".join(name for name in one.strata if strata[name].said < SMALL)
            error = "joined" if one.is_false else "missed"
            shown = " / ".join(f"{side.shown_title} · {side.shown_employer or '–'}" for side in (one.first, one.second))
            yield f"- {world.world} {world.size:,}, {names}: {error} at {one.told['total'] / 1000:+.1f} bits: {_plain(shown)}"
    yield ""


def _plain(text: str) -> str:
    """Nothing that Markdown would take for its own."""
    return text.replace("|", "¦").replace("<", "&lt;")


def _told(mistake: Mistake) -> Iterator[str]:
    first, second, decision = map(_plain, figures.told_of(mistake))
    yield f"- {first}  "
    yield f"  {second}  "
    yield f"  {decision}"


def _drawn(table: figures.Table) -> Iterator[str]:
    yield f"## {table.title}\n"
    yield "| " + " | ".join(table.head) + " |"
    yield "|" + "---|" * len(table.head)
    for row in table.rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
