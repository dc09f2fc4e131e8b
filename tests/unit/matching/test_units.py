"""The department, team or location that a text names stands beside what titles say of it."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.postings import posting

from hub.domain.posting import Description, RichText
from hub.matching import default_model
from hub.matching.entry import Entry
from hub.matching.reading import to_entry
from hub.matching.units import units_in, units_of
from hub.matching.version import read_version
from hub.matching.wording import unit


def entry(text: str, language: str = "nl", **fields: Any) -> Entry:
    description = Description(**{language: RichText(html="", text=text)})
    value = posting("baanbord:1", description=description, **fields).to_bytes()
    return to_entry(read_version("baanbord:1", value), default_model())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Voor de afdeling Ruimte in Stadskanaal zoeken wij een planoloog.", "afdeling Ruimte"),
        ("Op de afdeling cardiologie werk je samen.", "afdeling cardiologie"),
        ("Voor team Waterkeringen zoeken wij een beheerder.", "team Waterkeringen"),
        ("Je komt terecht bij Inbound.", "Inbound"),
        ("Je versterkt het team onderwijs.", "team onderwijs"),
        ("Het gaat om het domein zorg, en om jou.", "domein zorg"),
        ("You will reinforce the SOC domain.", "SOC domain"),
        ("You will work in the Public Services department.", "Public Services department"),
        ("The engineering department is growing.", "engineering department"),
        ("We seek a buyer for Asset Management in Hoogezand.", "Asset Management"),
        ("Work at location De Wilgenhof, starting now.", "@De Wilgenhof"),
    ],
)
def test_a_text_names_its_unit(text: str, name: str) -> None:
    assert units_in(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Onze afdeling die groeit.",
        "Je bent een kei in teamwork.",
        "De afdeling is er voor jou.",
        "Het team groeit.",
        "Wij zijn een team. Jij ook?",
        "Het team\nIn Emmen heb je collega's.",
        "Jouw team\nJe werkt met vier mensen.",
        "Ours is a close team: four people.",
    ],
)
def test_a_word_for_a_unit_without_a_name_is_none(text: str) -> None:
    assert units_in(text) == []


def test_the_employer_and_the_place_are_no_units() -> None:
    assert units_of("Bij Hunzedal in Emmen, voor Emmen en bij Inkoop.", ["Hunzedal", "Emmen"]) == ["Inkoop"]


@pytest.mark.parametrize(
    ("mine", "other", "language", "level"),
    [
        ("Voor de afdeling Cardiologie zoeken wij jou.", "Je werkt bij de afdeling Cardiologie.", "nl", "same"),
        ("Voor de afdeling Cardiologie zoeken wij jou.", "You will join the Cardiology department.", "en", "same"),
        ("Voor de afdeling Cardiologie zoeken wij jou.", "Voor de afdeling Neurologie zoeken wij jou.", "nl", "other"),
        ("Voor de afdeling Cardiologie zoeken wij jou.", "You will join the Neurology department.", "en", "none"),
        ("Op locatie De Wilgenhof.", "At location De Wilgenhof.", "en", "same"),
        ("Op locatie De Wilgenhof.", "Op locatie Het Anker.", "nl", "other"),
        ("Voor de afdeling Cardiologie zoeken wij jou.", "Wij zoeken jou.", "nl", "none"),
    ],
)
def test_units_of_two_texts_are_compared(mine: str, other: str, language: str, level: str) -> None:
    a, b = entry(mine), entry(other, language)
    assert unit(a, b, "none") == unit(b, a, "none") == level


def test_a_title_that_names_the_unit_of_the_others_text_says_the_same() -> None:
    a = entry("Voor de afdeling Cardiologie zoeken wij jou.")
    b = entry("Wij zoeken jou.", title="Verpleegkundige - afdeling cardiologie")
    assert unit(a, b, "one_sided") == "same"


def test_a_tool_is_no_unit() -> None:
    assert entry("Werk je graag voor Excel en binnen Outlook?").units is None


def test_two_titles_that_name_units_have_said_it_already() -> None:
    a, b = entry("Op locatie De Wilgenhof."), entry("Op locatie Het Anker.")
    assert unit(a, b, "same") == "none"
