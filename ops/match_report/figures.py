"""The report's tables as rows of text, the same for the terminal and the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ops.match_report.calibration import EDGES, Bins
from ops.match_report.judging import HELD_OUT, TUNED, Part
from ops.match_report.measuring import Measured, Measurement, Mistake
from ops.match_report.metrics import Counts
from ops.match_report.strata import STRATA
from ops.match_report.verdicts import PairVerdict, counts_of, verdicts_of

MATCHERS = ("engine", "exact_key", "token_set")
MOST = 5
PAIR_MATCHERS = ("engine", "exact_key", "token_set", "fuzzy_employer")


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def share(value: float | None, places: int = 4) -> str:
    return "–" if value is None else f"{value:.{places}f}"


def tables(measurement: Measurement) -> Iterator[Table]:
    """Every table of the report, in the order in which it is read."""
    yield density_table(measurement)
    yield worlds_table(measurement)
    yield strata_table(measurement)
    yield pairs_table(measurement.pairs)
    yield calibration_table(measurement)
    yield causes_table(measurement)
    yield patterns_table(measurement)


def density_table(measurement: Measurement) -> Table:
    head = (
        "world",
        "postings",
        "all postings",
        "openings",
        "with a look-alike",
        "pairs of one employer and occupation",
        "one opening",
    )
    rows = [
        (
            world.world,
            f"{world.size:,}×{len(world.seeds)}",
            f"{found.postings:,}",
            f"{found.openings:,}",
            share(found.crowded / found.postings if found.postings else None, 3),
            f"{found.near:,}",
            share(found.same / found.near if found.near else None, 3),
        )
        for world in measurement.worlds
        for found in [world.density]
    ]
    return Table("How crowded the worlds are (pairs of two platforms)", head, rows)


def worlds_table(measurement: Measurement) -> Table:
    head = ("world", "postings", "part", "matcher", "said", "true", "P", "P ≥", "R", "R ≥", "F0.5", "F1", "B³ P", "B³ R", "exact")
    return Table("Worlds", head, [row for world in measurement.worlds for row in _world_rows(world)])


def _world_rows(world: Measured) -> Iterator[tuple[str, ...]]:
    for part in (TUNED, HELD_OUT):
        for matcher in MATCHERS:
            figures = world.parts[matcher].get(part)
            if figures is not None:
                yield (
                    world.world,
                    f"{world.size:,}×{len(world.seeds)}",
                    part,
                    matcher,
                    *_counted(figures.counts),
                    *_clusters(figures),
                )


def _counted(counts: Counts) -> tuple[str, ...]:
    return (
        f"{counts.said:,}",
        f"{counts.true:,}",
        share(counts.precision),
        share(counts.precision_bound),
        share(counts.recall),
        share(counts.recall_bound),
        share(counts.f(0.5)),
        share(counts.f(1)),
    )


def _clusters(part: Part) -> tuple[str, ...]:
    return share(part.b_precision), share(part.b_recall), share(part.exact_share, 3)


def strata_table(measurement: Measurement) -> Table:
    head = ("world", "postings", "part", "stratum", "said", "true", "P", "P ≥", "R", "R ≥")
    rows = [
        (world.world, f"{world.size:,}×{len(world.seeds)}", part, stratum, *_counted(figures.strata[stratum])[:6])
        for world in measurement.worlds
        for part, figures in sorted(world.parts["engine"].items(), reverse=True)
        for stratum in STRATA
        if stratum in figures.strata
    ]
    return Table("Strata", head, rows)


def pairs_table(pairs: list[PairVerdict]) -> Table:
    head = ("part", "stratum", "pairs", "same", *PAIR_MATCHERS, "P", "R", "F0.5")
    rows = []
    for part in (TUNED, HELD_OUT):
        mine = verdicts_of(pairs, part)
        for stratum in [*dict.fromkeys(one.stratum for one in mine), "all"]:
            chosen = [one for one in mine if stratum in (one.stratum, "all")]
            counts = counts_of(chosen)
            right = [f"{_right(chosen, matcher)}" for matcher in PAIR_MATCHERS]
            figures = share(counts.precision, 3), share(counts.recall, 3), share(counts.f(0.5), 3)
            rows.append((part, stratum, str(len(chosen)), str(counts.true), *right, *figures))
    return Table("Hard pairs, judged alone (numbers of pairs judged right)", head, rows)


def _right(pairs: list[PairVerdict], matcher: str) -> int:
    if matcher == "engine":
        return sum(one.same == one.said for one in pairs)
    return sum(matcher not in one.wrong_matchers for one in pairs)


def calibration_table(measurement: Measurement) -> Table:
    head = ("world", "postings", "part", *(f"{low:g}–{high:g}" for low, high in pairwise(EDGES)))
    rows = [
        (world.world, f"{world.size:,}×{len(world.seeds)}", part, *_bins(bins))
        for world in measurement.worlds
        for part, bins in sorted(world.bins.items(), reverse=True)
    ]
    return Table("Calibration: observed share of one opening (pairs) by posterior", head, rows)


def _bins(bins: Bins) -> Iterator[str]:
    for one in bins:
        yield f"{one.same / one.pairs:.3f} ({one.pairs:,})" if one.pairs else "–"


def causes_table(measurement: Measurement) -> Table:
    rows = [
        (world.world, f"{world.size:,}×{len(world.seeds)}", part, cause, str(number))
        for world in measurement.worlds
        for part, causes in sorted(world.causes.items(), reverse=True)
        for cause, number in sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    ]
    return Table("Why true pairs were missed", ("world", "postings", "part", "cause", "pairs"), rows)


def patterns_table(measurement: Measurement) -> Table:
    rows = [
        (world.world, f"{world.size:,}×{len(world.seeds)}", part, error, pattern, str(number))
        for world in measurement.worlds
        for part, patterns in sorted(world.patterns.items(), reverse=True)
        for error in ("joined", "missed")
        for (_, pattern), number in _most(patterns, error)
    ]
    title = f"What errors look like: the {MOST} commonest combinations of levels"
    return Table(title, ("world", "postings", "part", "error", "levels", "pairs"), rows)


def _most(patterns: Counter[tuple[str, str]], error: str) -> list[tuple[tuple[str, str], int]]:
    mine = [(pattern, number) for pattern, number in patterns.items() if pattern[0] == error]
    return sorted(mine, key=lambda item: (-item[1], item[0]))[:MOST]


def told_of(mistake: Mistake) -> list[str]:
    """A mistake in three lines: both postings, the evidence that spoke, the decision."""
    told = mistake.told
    evidence = [f"{row['field']} {row['level']} {row['bits'] / 1000:+g}" for row in told["evidence"] if row["bits"]]
    return [
        *(
            f"{one.key}: {one.shown_title} · {one.shown_employer or '–'} · {one.shown_place or '–'}"
            for one in (mistake.first, mistake.second)
        ),
        f"{told['total'] / 1000:+.1f} bits, {told['decision']}{_because(told)}: {', '.join(evidence) or 'nothing spoke'}",
    ]


def _because(told: dict[str, object]) -> str:
    reason = told.get("because") or told.get("guard")
    return f" ({reason})" if reason else ""
