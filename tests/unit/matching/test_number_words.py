"""Numbers in words are the numbers that a translation writes in figures, and days in figures those that are written out."""

from __future__ import annotations

import pytest

from hub.matching.bodies import read_lines
from hub.matching.number_words import in_figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("een team van zes collega's", "een team van 6 collega's"),
        ("met twaalf of drieëntwintig mensen", "met 12 of 23 mensen"),
        ("eenentwintig klanten in tweeënveertig weken", "21 klanten in 42 weken"),
        ("a team of six, twenty-one clients", "a team of six, 21 clients"),
        ("ten weeks with a buddy", "10 weeks with a buddy"),
        ("ten minste een jaar, ten behoeve van tien klanten", "ten minste een jaar, ten behoeve van 10 klanten"),
        ("één van de  besten", "één van de  besten"),
        ("", ""),
    ],
)
def test_words_become_figures(text: str, figures: str) -> None:
    assert in_figures(text) == figures


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("startdatum: 01-03-2027", "startdatum: 1 maart 2027"),
        ("reageer voor 24.11.2026.", "reageer voor 24 november 2026."),
        ("apply before 5/12/2026", "apply before 5 december 2026"),
        ("from 2026-12-08 on", "from 8 december 2026 on"),
        ("twee dagen, tot 1-2-2027", "2 dagen, tot 1 februari 2027"),
        ("op 31-13-2027", "op 31-13-2027"),
        ("tel. 050-12-2027-3", "tel. 050-12-2027-3"),
        ("versie 12.12.2020.5", "versie 12.12.2020.5"),
        ("seizoen 2026-2027", "seizoen 2026-2027"),
    ],
)
def test_days_in_figures_are_written_out(written: str, read: str) -> None:
    assert in_figures(written) == read


@pytest.mark.parametrize("other", ["Je begint op 01-03-2027.", "You begin on 1/3/2027.", "You begin on 1 March 2027."])
def test_a_day_is_one_figure_and_one_fact_however_it_is_written(other: str) -> None:
    (dutch,), (line,) = read_lines("Je begint op 1 maart 2027."), read_lines(other)
    assert (line.figures, line.facts) == (dutch.figures, dutch.facts)
    assert line.facts == (("start", 3 * 32 + 1),)
