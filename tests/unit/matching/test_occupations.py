"""What a text or an address calls the work says what titles that disagree do not."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.postings import posting

from hub.domain.posting import Apply, Description, Lang, RichText
from hub.matching import Engine, PostingChange, default_model
from hub.matching.entry import Entry
from hub.matching.occupations import MOST_NAMES, occupation_in, occupations_of
from hub.matching.reading import to_entry
from hub.matching.version import read_version
from hub.matching.wording import occupation


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wij zoeken een enthousiaste planoloog voor de afdeling Ruimte.", "planoloog"),
        ("In Stadskanaal zoekt Waddenland versterking: een combinatiefunctionaris sport.", "combinatiefunctionaris sport"),
        ("Er is plaats voor een elektricien.", "elektricien"),
        ("Wij nemen een beveiligingsbeambte aan.", "beveiligingsbeambte"),
        ("Als beheerder openbare verlichting ga je op pad.", "beheerder openbare verlichting"),
        ("Ben jij de webbouwer die wij zoeken?", "webbouwer"),
        ("Accountmanager buitendienst gezocht door Wierdata.", "Accountmanager buitendienst"),
        ("Heeft een plek als onderhoudstechnicus.\nNieuw.", "onderhoudstechnicus"),
    ],
)
def test_a_dutch_text_says_what_the_work_is_called(text: str, name: str) -> None:
    assert name in occupations_of(text, "nl")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The municipality seeks an experienced traffic engineer who speaks English.", "traffic engineer"),
        ("Neurology has room for a physiotherapist.", "physiotherapist"),
        ("A supported living assistant is wanted at our home.", "supported living assistant"),
        ("The position of language adviser at the agency is vacant.", "language adviser"),
        ("New opening in Assen: reintegration adviser at the province.", "reintegration adviser"),
        ("As a data engineer you build pipelines.", "data engineer"),
        ("Are you the welder for us?", "welder"),
    ],
)
def test_an_english_text_says_what_the_work_is_called(text: str, name: str) -> None:
    assert name in occupations_of(text, "en")


@pytest.mark.parametrize(("text", "language"), [("", "nl"), ("Kom kijken.", "nl"), ("Come and see.", "en")])
def test_a_text_that_names_no_work_has_none(text: str, language: Lang) -> None:
    assert occupations_of(text, language) == []


def test_few_phrases_are_kept_and_each_once() -> None:
    jobs = [f"baan{number}" for number in range(9)] * 2
    assert len(occupations_of(" ".join(f"Wij zoeken een {job}." for job in jobs), "nl")) == MOST_NAMES


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://werkenbij.wad.example/vacatures/schuldhulpverlener-877027", "schuldhulpverlener"),
        ("https://werkenbij.wad.example/vacatures/medewerker_bezwaar/4711?bron=bord", "medewerker bezwaar"),
        ("https://wad.example/banen/%C3%A9colog%2D12", "écolog"),
        ("https://wad.example/vacatures/stadsecoloog/solliciteren", "stadsecoloog"),
        ("https://wad.example/vacature/100012", None),
        ("https://wad.example/", None),
        ("https://[wad", None),
        ("https://wad.example/" + "woord-" * 5_000, "woord woord woord woord woord woord woord"),
        ("https://wad.example/4711", None),
        ("https://wad.example/nl/42", None),
    ],
)
def test_an_address_says_it_in_its_last_words(address: str, name: str | None) -> None:
    assert occupation_in(address) == name


def entry(title: str, text: str = "", language: str = "nl", **fields: Any) -> Entry:
    description = Description(**{language: RichText(html="", text=text)}) if text else Description()
    value = posting("baanbord:1", title=title, description=description, **fields).to_bytes()
    return to_entry(read_version("baanbord:1", value), default_model())


SCHULD = entry("Schuldhulpverlener")


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        (SCHULD, entry("Consulent inkomen", "Wij zoeken een schuldhulpverlener."), "named"),
        (SCHULD, entry("Consulent inkomen", "We are looking for a debt counsellor.", "en"), "named"),
        (SCHULD, entry("Consulent", apply=Apply(url="https://wad.example/vacatures/schuldhulpverlener-87")), "named"),
        (SCHULD, entry("Consulent inkomen", "Wij zoeken een kok."), "other"),
        (SCHULD, entry("Consulent inkomen", "Wij zoeken een nieuwe collega."), "none"),
        (SCHULD, entry("Consulent inkomen"), "none"),
        (entry("Kok", "Wij zoeken een glazenwasser."), entry("Bode", "Als glazenwasser ga je op pad."), "named"),
    ],
)
def test_what_they_call_the_work_is_compared_where_titles_differ(first: Entry, second: Entry, level: str) -> None:
    assert (occupation(first, second, "different"), occupation(second, first, "different")) == (level, level)


def test_titles_that_agree_have_said_it() -> None:
    named = entry("Schuldhulpverlener", "Wij zoeken een schuldhulpverlener.")
    assert occupation(SCHULD, named, "equal") == "none"


def test_an_explanation_shows_what_the_work_is_called() -> None:
    engine = Engine()
    texts = Description(nl=RichText(html="", text="Wij zoeken een schuldhulpverlener in Assen."))
    changes = [
        PostingChange(key, posting(key, title=title, description=texts).to_bytes())
        for key, title in (("baanbord:1", "Schuldhulpverlener"), ("werkbord:1", "Consulent inkomen"))
    ]
    engine.load(changes)
    row = next(row for row in engine.explain.why_not("baanbord:1", "werkbord:1")["evidence"] if row["field"] == "occupation")
    assert row["level"] == "named"
    assert row["first"] == row["second"] == ["schuldhulpverlener"]
