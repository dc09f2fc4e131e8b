"""The document says the same for the same figures, and hides what is held out."""

from __future__ import annotations

from collections import Counter

from fakes.labelled import listed

from ops.match_report.calibration import no_bins
from ops.match_report.document import written
from ops.match_report.judging import HELD_OUT, TUNED, Part
from ops.match_report.measuring import Measured, Measurement, Mistake
from ops.match_report.metrics import Counts
from ops.match_report.verdicts import PairVerdict

TOLD = {
    "total": 7_900,
    "decision": "match",
    "guard": None,
    "evidence": [{"field": "title", "level": "equal", "bits": 6_000}, {"field": "pay", "level": "missing", "bits": 0}],
}


def measurement() -> Measurement:
    part = Part(2, 2, Counts(1, 1, 1), (2.0, 2.0), (1, 1), {"same_language": Counts(1, 1, 1), "alias": Counts(1, 1, 1)})
    parts = {matcher: {TUNED: part, HELD_OUT: part} for matcher in ("engine", "exact_key", "token_set")}
    seen, hidden = (Mistake(listed(f"p:{name}", "1"), listed(f"q:{name}", "2"), dict(TOLD)) for name in ("seen", "hidden"))
    world = Measured(
        "sandbox",
        800,
        (1, 2),
        parts,
        false={TUNED: [seen], HELD_OUT: [hidden]},
        missed={TUNED: [], HELD_OUT: []},
        causes={TUNED: Counter({"too few bits": 2})},
        bins={TUNED: no_bins()},
    )
    pair = PairVerdict("alias-001", "alias", True, True, False, "The same ward.", dict(TOLD), ("exact_key",))
    return Measurement("abcdef012345", [world], [pair])


def test_equal_figures_make_equal_bytes() -> None:
    assert written(measurement()) == written(measurement())


def test_a_mistake_is_told_with_the_evidence_that_spoke() -> None:
    text = written(measurement())
    assert "- p:seen: Verpleegkundige · Ziekenhuis Noord · Assen" in text
    assert "+7.9 bits, match: title equal +6" in text


def test_mistakes_in_held_out_worlds_are_not_told() -> None:
    assert "p:hidden" not in written(measurement())


def test_every_error_of_a_small_stratum_is_told_even_when_held_out() -> None:
    found = measurement()
    world = found.worlds[0]
    world.small[HELD_OUT] = [Mistake(listed("p:x", "1"), listed("q:x", "1", shown_employer="ZN"), dict(TOLD))]
    line = "- sandbox 800, same_language, alias: missed at +7.9 bits: Verpleegkundige · Ziekenhuis Noord / Verpleegkundige · ZN"
    assert line in written(found)


def test_the_model_and_every_missed_aim_are_named() -> None:
    text = written(measurement())
    assert "Match model `abcdef012345`" in text
    assert "- missed: hard pairs: recall 0.0000 of 1 pairs, aim ≥ 0.95" in text


def test_a_world_of_two_seeds_says_so() -> None:
    assert "| sandbox | 800×2 | held out | engine | 1 | 1 | 1.0000 |" in written(measurement())
