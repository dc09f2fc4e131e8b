"""What a text and the address for applications say of employer and level where the fields do not, or name an agency."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.postings import posting

from hub.domain.posting import Description, RichText
from hub.matching import default_model
from hub.matching.employers import EmployerForm, compare_employers
from hub.matching.entry import Entry
from hub.matching.levels import said_beside, title_pair
from hub.matching.mentions import levels_stated, names_stated, speaks_for_client
from hub.matching.reading import to_entry
from hub.matching.version import read_version

WERKSTEE = default_model().employers.form("Zorggroep Werkstee")


def entry(key: str, text: str = "", **fields: Any) -> Entry:
    description = Description(nl=RichText(html="", text=text)) if text else Description()
    return to_entry(read_version(key, posting(key, description=description, **fields).to_bytes()), default_model())


def employer(text: str = "", **fields: Any) -> EmployerForm | None:
    return entry("baanbord:1", text, **fields).employer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bij Werkstee gehandicaptenzorg zoeken wij een begeleider.", "Werkstee gehandicaptenzorg"),
        ("Werken bij de Gemeente Hunzedal! Kom langs.", "Gemeente Hunzedal"),
        ("Nieuw op het bord: bakker bij Fa. Geertsema Bakkerij.\nJij bakt.", "Fa. Geertsema Bakkerij"),
        ("Wij groeien. Ziekenhuisgroep Drents Hart is een grote werkgever in Emmen.", "Ziekenhuisgroep Drents Hart"),
        ("Hunzedal Hospital is looking for a nurse.", "Hunzedal Hospital"),
    ],
)
def test_a_text_names_its_employer(text: str, name: str) -> None:
    assert names_stated("", text) == [name]


@pytest.mark.parametrize(
    "text", ["Active Directory is een pluspunt.", "In Groningen zoeken wij een docent.", "Excel is een pre. Je werkt bij ons."]
)
def test_tools_and_towns_are_no_employers_of_a_text(text: str) -> None:
    assert names_stated("", text) == []


def test_a_title_may_end_with_the_employer() -> None:
    assert names_stated("Begeleider bij Zorggroep Werkstee", "") == ["Zorggroep Werkstee"]


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Voor onze opdrachtgever, een energiebedrijf, zijn wij op zoek naar een jurist.", True),
        ("Namens een ziekenhuis in de regio werven wij een gastheer.", True),
        ("On behalf of our client we are looking for an engineer.", True),
        ("Onze opdrachtgever, een culturele instelling, zoekt per direct een directeur.", True),
        ("Via Hamrik ga jij aan de slag als secretaresse bij Zorggroep Werkstee.", True),
        ("Zorggroep Werkstee heeft Hamrik gevraagd een secretaresse te vinden.", True),
        ("Voor een rederij bemiddelen wij deze functie.", True),
        ("In opdracht van onze vaste klant zoeken we een lasser.", True),
        ("Voor onze Groningse relatie zoeken we een lasser.", True),
        ("Vanuit Bolivia kom je in dienst bij het team.", False),
        ("Je adviseert onze klanten en spreekt met opdrachtgevers.", False),
        ("Via de site vraag je verlof aan en namens ons team ga je in gesprek.", False),
    ],
)
def test_who_recruits_for_another_says_so(text: str, is_so: bool) -> None:
    assert speaks_for_client(text) is is_so


def test_a_level_is_stated_by_whole_words() -> None:
    text = "Internationaal: senior_x en Seniorplekken, een (Junior) monteur; intern_al, geen stagebegeleider, wél een STAGE."
    assert levels_stated(text) == ["junior", "stage"]


def test_without_a_field_the_text_names_the_employer_but_no_other_name_speaks_against_it() -> None:
    found = employer("Bij Zorggroep Werkstee zoeken wij een begeleider.", organisation=None)
    assert compare_employers(found, WERKSTEE) == "same"
    assert compare_employers(found, default_model().employers.form("Gemeente Assen")) == "missing"


def test_a_name_in_the_text_that_nobody_knows_and_that_says_of_no_kind_names_no_employer() -> None:
    assert employer("Bij Wumpelo zoeken wij een begeleider.", organisation=None) is None


@pytest.mark.parametrize("address", ["https://werkenbij.werkstee.nl/7", "https://werkstee.recruitee.com/o/begeleider-7"])
def test_without_a_field_the_host_for_applications_or_its_tenant_names_the_employer(address: str) -> None:
    found = employer(organisation=None, apply_url=address)
    assert compare_employers(found, WERKSTEE) in ("part", "domain")


@pytest.mark.parametrize("address", ["https://baanbord.example/solliciteer/7", "https://www.indeed.com/job/12345"])
def test_a_boards_own_host_names_no_employer(address: str) -> None:
    assert employer(organisation=None, apply_url=address) is None


def test_a_host_for_applications_that_bears_the_name_is_the_employers() -> None:
    found = [employer(employer=name, apply_url="https://www.rdv.nl/7") for name in ("RDV (Vehicle Authority)", "Assen Vlaggen")]
    assert [form and form.domain for form in found] == ["rdv.nl", None]


@pytest.mark.parametrize(("name", "text"), [("BaanBord", ""), ("Hamrik", "Voor onze opdrachtgever zoeken wij een jurist.")])
def test_a_board_that_names_itself_or_writes_for_a_client_does_not_speak_against_another_name(name: str, text: str) -> None:
    assert compare_employers(employer(text, employer=name), WERKSTEE) == "missing"


@pytest.mark.parametrize("text", ["Via Hamrik ga jij aan de slag als secretaresse bij Zorggroep Werkstee."])
def test_who_writes_for_a_client_and_names_it_advertises_for_that_client(text: str) -> None:
    assert compare_employers(employer(text, employer="Hamrik"), WERKSTEE) == "same"
    assert compare_employers(employer(text, employer="Hamrik"), default_model().employers.form("Gemeente Assen")) == "missing"


def test_a_text_that_was_not_cleaned_is_read_as_it_shows() -> None:
    found = employer("Bij Zorggroep&nbsp;Werkstee zoeken wij een begeleider.", organisation=None)
    assert compare_employers(found, WERKSTEE) == "same"


@pytest.mark.parametrize(
    ("title", "text", "level"),
    [
        ("Adviseur", "Als senior adviseur help je gemeenten.", "told"),
        ("Adviseur", "Je helpt gemeenten.", "one_sided"),
        ("Junior adviseur", "Senior collega's helpen je op weg.", "other"),
    ],
)
def test_a_title_may_leave_out_the_level_that_its_text_names(title: str, text: str, level: str) -> None:
    full, short = entry("a:1", "Je helpt gemeenten.", title="Senior adviseur"), entry("b:1", text, title=title)
    pair = title_pair(full, short)
    assert pair is not None
    assert said_beside(*pair, full.levels, short.levels)["level"] == level
    assert said_beside(*pair[::-1], short.levels, full.levels)["level"] == level
