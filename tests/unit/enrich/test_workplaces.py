"""The place of work that stands in the text alone."""

from __future__ import annotations

import pytest

from hub.domain.posting import Description, Event, Kind, Location, Posting, RichText, Text, Title
from hub.enrich import enrich

NOBODY_SAYS = [
    ("Je werkt vanuit onze vestiging in Assen en soms thuis.", "GM0106"),
    ("Standplaats: Drachten", "GM0090"),
    ("De standplaats is Hoogeveen.", "GM0118"),
    ("Als magazijnmedewerker werk je in Leeuwarden.", "GM0080"),
    ("Als planner kom je te werken bij het team Wonen in Nieuw-Amsterdam.", "GM0114"),
    ("Your workplace will be Emmen, close to the station.", "GM0114"),
    ("You will work in our lab in Groningen.", "GM0014"),
    ("In opdracht van een verzekeraar in Heerenveen voeren wij deze procedure.", "GM0074"),
    ("Nu een lekkere baan bij een mbo-school in Delfzijl?", "GM1979"),
    ("Onze locatie Ter Apel groeit.", "GM1950"),
    # two places: nobody can tell
    ("Je werkt in Assen. De standplaats is Emmen.", None),
    # no place of work
    ("Je werkt in Teams en in Excel.", None),
    ("Wij geloven in Groningen.", None),
    ("Het hoofdkantoor staat sinds 1950 in Amsterdam.", None),
]
A_FIELD_SAYS_GRONINGEN = [
    ("Onze opdrachtgever is groot. De werkplek ligt in Hoogeveen.", ["GM0014", "GM0118"]),
    ("In opdracht van een gemeente in Emmen werven wij.", ["GM0014", "GM0114"]),
    ("Standplaats: Groningen", ["GM0014"]),
    ("Je werkt samen met een team in Assen.", ["GM0014"]),
    ("Je werkt soms bij een klant in Assen.", ["GM0014"]),
    ("Een werkplek is er in overleg ook in de trein naar Assen.", ["GM0014"]),
]


def advertisement(text: str, **fields: object) -> Posting:
    return Posting(
        kind=Kind.VACANCY,
        title=Title(nl=Text(text="Medewerker")),
        description=Description(nl=RichText(html=f"<p>{text}</p>", text=text)),
        **fields,  # type: ignore[arg-type]  # each test states its own
    )


@pytest.mark.parametrize(("text", "municipality"), NOBODY_SAYS)
def test_a_place_that_no_field_names_is_read_from_the_text(text: str, municipality: str | None) -> None:
    found = enrich(advertisement(text))
    assert [place.municipality for place in found.locations] == ([municipality] if municipality else [])
    assert found.field_origins.get("locations") == ("places.text" if municipality else None)


@pytest.mark.parametrize(("text", "municipalities"), A_FIELD_SAYS_GRONINGEN)
def test_beside_a_stated_place_only_what_is_said_in_so_many_words_counts(text: str, municipalities: list[str]) -> None:
    found = enrich(advertisement(text, locations=[Location(place="Groningen")]))
    assert [place.municipality for place in found.locations] == municipalities


@pytest.mark.parametrize(
    ("title", "municipality"),
    [
        ("Operatieassistent in Stadskanaal", "GM0037"),
        ("Kok - Joure", "GM1940"),
        ("CNC-frezer – Groningen", "GM0014"),
        ("Beveiliger | Assen (m/v/x)", "GM0106"),
        ("Verzorgende (Nieuw-Amsterdam)", "GM0114"),
        ("Begeleider wonen", None),
        ("Planner regio Assen", None),
        ("Adviseur Groningen bereikbaar", None),
        ("Assen: adviseur", None),
        ("Adviseur - Water", None),
    ],
)
def test_a_title_may_end_with_the_place(title: str, municipality: str | None) -> None:
    found = enrich(advertisement("Kom bij ons werken.").model_copy(update={"title": Title(nl=Text(text=title))}))
    assert [place.municipality for place in found.locations] == ([municipality] if municipality else [])
    elsewhere = enrich(found.model_copy(update={"locations": [Location(place="Emmen")]}))
    assert [place.municipality for place in elsewhere.locations] == ["GM0114"]


def test_a_region_is_no_place_and_an_event_has_its_venue() -> None:
    text = "Je werkt in Assen."
    found = enrich(advertisement(text, locations=[Location(place="Drenthe")]))
    assert [place.municipality for place in found.locations][1:] == ["GM0106"]
    evening = Event.model_validate({"start": "2026-12-01T19:00:00+01:00"})
    assert enrich(advertisement(text, event=evening)).locations == []
