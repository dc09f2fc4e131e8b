"""Education levels and EQF, phrase by phrase."""

import pytest

from hub.domain.posting import Description, Posting, RichText
from hub.enrich import enrich

CASES = [
    ("Je hebt hbo werk- en denkniveau", ["hbo"], 6),
    ("Een afgeronde hbo- of wo-opleiding", ["hbo", "wo"], 6),
    ("mbo niveau 4 diploma", ["mbo4"], 4),
    ("Een diploma mbo-niveau 3 of 4", ["mbo3", "mbo4"], 3),
    ("MBO 4 werk- en denkniveau", ["mbo4"], 4),
    ("Minimaal MBO4/HBO werk- en denkniveau", ["mbo4", "hbo"], 4),
    ("Je hebt een diploma op mbo2-niveau.", ["mbo2"], 2),
    ("Diploma Verzorgende IG niveau 3", ["mbo3"], 3),
    ("BIG-geregistreerd verpleegkundige niveau 4 of 5", ["mbo4", "hbo"], 4),
    ("Minimaal mbo+ niveau", ["mbo4"], 4),
    ("Mbo-diploma niveau 2", ["mbo2"], 2),
    ("mbo 2-4 niveau", ["mbo2", "mbo3", "mbo4"], 2),
    ("MBO level 4 diploma", ["mbo4"], 4),
    ("secondary vocational education (MBO level 3)", ["mbo3"], 3),
    ("Bachelor's degree in Engineering", ["hbo", "wo"], 6),
    ("Bachelor’s degree in Engineering", ["hbo", "wo"], 6),
    ("BSc or MSc in Computer Science degree", ["hbo", "wo"], 6),
    ("Master's degree in Physics", ["wo"], 7),
    ("You have an MSc in biology", ["wo"], 7),
    ("Afgeronde wo-master rechten", ["wo"], 7),
    ("A completed PhD in chemistry", ["phd"], 8),
    ("Je bent gepromoveerd in de wiskunde, afgeronde promotie", ["phd"], 8),
    ("PhD position: you have a master's degree", ["wo"], 7),
    ("degree from a university of applied sciences", ["hbo"], 6),
    ("higher professional education level", ["hbo"], 6),
    ("minimaal een afgeronde HBO-bachelor", ["hbo"], 6),
    ("Associate degree of hbo", ["associate", "hbo"], 5),
    ("academisch werk- en denkniveau", ["wo"], 6),
    ("University degree in law", ["wo"], 6),
    ("Hbo/wo", ["hbo", "wo"], 6),
    ("Een afgeronde opleiding hbo-v of mbo-niveau 4 verpleegkunde", ["mbo4", "hbo"], 4),
    ("Geen diploma nodig", ["none"], 1),
    ("No degree required", ["none"], 1),
    ("Geen hbo-diploma? Geen probleem, ervaring telt.", ["none"], 1),
    ("A Master's degree is required; a PhD is a plus", ["wo"], 7),
    ("Hbo vereist, wo is een pré", ["hbo"], 6),
    ("Je hebt minimaal hbo, bij voorkeur wo-niveau", ["hbo"], 6),
    ("Bij voorkeur hbo-niveau", ["hbo"], 6),
    ("Opleiding is niet belangrijk", ["none"], 1),
]
NOTHING = [
    "Je geeft les aan studenten in het mbo",
    "Docenten van het hbo en mbo werken samen",
    "We use master data and our scrum master is nice",
    "vmbo diploma",
    "Onze school biedt mbo-opleidingen op niveau 2, 3 en 4.",
    "Wij bieden de mogelijkheid om een hbo-opleiding te volgen.",
    "We pay for your master's degree.",
    "Je collega's hebben een hbo-achtergrond.",
    "Zonder diploma kun je hier niet werken.",
    "At Hanze University of Applied Sciences we work at education of a high level",
    "Wij zijn een gezellig team",
]


def posting(text: str, **fields: object) -> Posting:
    return Posting(description=Description(nl=RichText(html=text, text=text)), **fields)


@pytest.mark.parametrize(("text", "levels", "eqf"), CASES)
def test_levels_and_lowest_eqf_come_from_the_text(text: str, levels: list[str], eqf: int) -> None:
    found = enrich(posting(text))
    assert (found.education_levels, found.eqf_min) == (levels, eqf)
    assert found.field_origins["education_levels"] == "education.text"


@pytest.mark.parametrize("text", NOTHING)
def test_schools_colleagues_and_masters_of_other_things_are_no_requirement(text: str) -> None:
    found = enrich(posting(text))
    assert (found.education_levels, found.eqf_min) == ([], None)


def test_stated_levels_stay_and_only_give_the_eqf() -> None:
    found = enrich(posting("Master's degree in Physics", education_levels=["mbo4", "hbo"]))
    assert (found.education_levels, found.eqf_min) == (["mbo4", "hbo"], 4)
    assert found.field_origins["eqf_min"] == "education.levels"
