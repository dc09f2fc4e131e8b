"""A model shares one form among all who state a title, unless their name or place stands in it; forms are as if read alone."""

from __future__ import annotations

import pytest

from hub.matching import default_model
from hub.matching.titles import read_title

NAMES = ["Zorggroep Haldervoort", "Stichting Haldervoort", "HALDERVOORT B.V.", "Groep BV", "UMCG", "Gemeente Het Hogeland", ""]
PLACES: list[tuple[str, ...]] = [(), ("assen",), ("assen", "het hogeland"), ("oude pekela",)]
TITLES = [
    "Verpleegkundige",
    "Verpleegkundige Zorggroep Haldervoort (m/v/x)",
    "Verpleegkundige bij Haldervoort, regio Assen",
    "UMCG - medewerk(st)er groep | Assen",
    "Beleidsadviseur gemeente Het Hogeland 32 uur",
    "Haldervoort",
    "Planner afdeling Haldervoort in Oude Pekela",
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_shared_form_is_what_reading_with_all_names_gives(title: str, language: str) -> None:
    model = default_model()
    for name in NAMES:
        for places in PLACES:
            alone = read_title(title, language, model.lexicon, employer=name, places=places)
            assert model.title(title, language, name, places) == alone


def test_employers_who_state_one_title_share_its_form() -> None:
    model = default_model()
    assert model.title("Planner", "nl", "Zorggroep Haldervoort", ("assen",)) is model.title("Planner", "nl", "UMCG", ())
