"""Numbers in words are the numbers that a translation writes in figures."""

from __future__ import annotations

import pytest

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
