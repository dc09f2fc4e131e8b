"""What must hold of the engine, and which of it does not: judged on the held-out parts, each size of each world apart."""

from __future__ import annotations

from collections.abc import Iterator

from ops.match_report.judging import HELD_OUT
from ops.match_report.measuring import SMALL, Measurement
from ops.match_report.metrics import Counts
from ops.match_report.verdicts import counts_of, verdicts_of

PRECISION, RECALL = 0.99, 0.95
STRATUM_PRECISION = 0.98
CROSS_LANGUAGE_RECALL = 0.85


def missed_aims(measurement: Measurement) -> list[str]:
    """One line for each aim that is missed; empty when all are met."""
    return [line for where, counts, strata in _judged(measurement) for line in _missed(where, counts, strata)]


def _judged(measurement: Measurement) -> Iterator[tuple[str, Counts, dict[str, Counts]]]:
    for world in measurement.worlds:
        part = world.parts["engine"].get(HELD_OUT)
        if part is not None:
            yield f"{world.world} {world.size:,}", part.counts, dict(part.strata)
    held_out = verdicts_of(measurement.pairs, HELD_OUT)
    strata = sorted({one.stratum for one in held_out})
    yield (
        "hard pairs",
        counts_of(held_out),
        {stratum: counts_of(one for one in held_out if one.stratum == stratum) for stratum in strata},
    )


def _missed(where: str, counts: Counts, strata: dict[str, Counts]) -> Iterator[str]:
    if counts.precision is not None and counts.precision < PRECISION:
        yield f"{where}: precision {counts.precision:.4f} of {counts.said} pairs, aim ≥ {PRECISION}"
    if counts.recall is not None and counts.recall < RECALL:
        yield f"{where}: recall {counts.recall:.4f} of {counts.true} pairs, aim ≥ {RECALL}"
    for stratum, found in strata.items():
        if found.said >= SMALL and found.precision is not None and found.precision < STRATUM_PRECISION:
            yield f"{where}, {stratum}: precision {found.precision:.4f} of {found.said} pairs, aim ≥ {STRATUM_PRECISION}"
    cross = strata.get("cross_language")
    if cross is not None and cross.recall is not None and cross.recall < CROSS_LANGUAGE_RECALL:
        yield f"{where}, cross_language: recall {cross.recall:.4f} of {cross.true} pairs, aim ≥ {CROSS_LANGUAGE_RECALL}"
