"""Markup that a broken editor or template repeats: a posting full of it costs seconds at most, or all others would wait."""

from __future__ import annotations

import pytest
from fakes.postings import posting

from hub.domain.posting import Description, RichText
from hub.enrich.cleaning import clean

LONGEST = 199_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "junk", ["<b>", "<b> ", "<br> ", "<p><br> </p>", "<a href='mailto:jan@example.nl'>", "<a ", "<a href=", "<div>", "<ul><li>"]
)
def test_a_posting_full_of_junk_is_cleaned_before_anybody_waits(junk: str) -> None:
    html = junk * (LONGEST // len(junk))
    full = posting("a:1").model_copy(update={"description": Description(nl=RichText(html=html))})
    assert clean(full, contacts="drop").description.nl is None


def test_what_stands_deeper_than_any_page_has_it_is_kept_without_its_tags() -> None:
    html = "<div>" * 5_000 + "<p>Kok <b>gezocht</b></p>" + "</div>" * 5_000 + "<p>Bel <b>nu</b></p>"
    cleaned = clean(posting("a:1").model_copy(update={"description": Description(nl=RichText(html=html))}), contacts="drop")
    assert cleaned.description.nl is not None
    assert cleaned.description.nl.text == "Kok gezocht\nBel nu"
    assert "<b>nu</b>" in cleaned.description.nl.html


def test_elements_that_hold_nothing_but_each_other_go_and_others_stay() -> None:
    html = "<p><b> <i></i> </b></p><ul><li><em> <br> x</em><b></b></li></ul><p> </p>"
    cleaned = clean(posting("a:1").model_copy(update={"description": Description(nl=RichText(html=html))}), contacts="drop")
    assert cleaned.description.nl is not None
    assert cleaned.description.nl.html == "<ul><li><em> <br> x</em></li></ul>"
