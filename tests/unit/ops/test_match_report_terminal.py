"""What a person sees of the report: every table, and no held-out mistake unless asked for."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from fakes.labelled import listed
from rich.console import Console

from ops.match_report import terminal
from ops.match_report.judging import HELD_OUT, TUNED, Part
from ops.match_report.measuring import Measured, Measurement, Mistake
from ops.match_report.metrics import Counts

TOLD = {"total": 7_900, "decision": "match", "guard": None, "evidence": [{"field": "title", "level": "equal", "bits": 6_000}]}


def shown(*, mistakes: int = 1, reveal: bool = False) -> str:
    part = Part(2, 2, Counts(1, 1, 0), (2.0, 2.0), (0, 1), {"alias": Counts(1, 1, 0)})
    seen, hidden = (Mistake(listed(f"p:{name}", "1"), listed(f"q:{name}", "2"), dict(TOLD)) for name in ("seen", "hidden"))
    world = Measured(
        "sandbox",
        800,
        (1,),
        {matcher: {TUNED: part, HELD_OUT: part} for matcher in ("engine", "exact_key", "token_set")},
        false={TUNED: [seen], HELD_OUT: [hidden]},
        causes={TUNED: Counter({"vetoed": 1})},
        patterns={TUNED: Counter({("joined", "employer same · title equal"): 3})},
    )
    out = StringIO()
    console = Console(file=out, width=200)
    terminal.show(console, Measurement("abcdef012345", [world], []), mistakes=mistakes, reveal=reveal)
    return out.getvalue()


@pytest.mark.parametrize("words", ["match model abcdef012345", "Strata", "Calibration", "vetoed", "employer same · title equal"])
def test_every_table_is_shown(words: str) -> None:
    assert words in shown()


def test_a_held_out_mistake_is_shown_only_when_asked_for() -> None:
    assert ("p:seen" in shown(), "p:hidden" in shown()) == (True, False)
    assert "p:hidden" in shown(reveal=True)


def test_as_many_mistakes_as_asked_for() -> None:
    assert "p:seen" not in shown(mistakes=0)
