"""The page of one opportunity: what it tells, where it leads, and what it says when there is nothing to show."""

from __future__ import annotations

import orjson
import pytest
from fakes.shown_site import get, site
from fakes.shown_world import OWNER_PAGE, bare, closed, event, hostile, joined, link_only, merged, shown, traineeship

FACTS = "//dl[@class='facts']/div"
DEED = "//a[@class='deed']"


@pytest.fixture(scope="module")
def address(tmp_path_factory, free_ports):
    items = [hostile(), bare(), joined(), event(), traineeship(), link_only(), closed(), merged(into=joined().id)]
    items += [
        event("off", status="cancelled", status_reason="Te weinig aanmeldingen", previous_starts=["2027-02-16T09:00:00+01:00"])
    ]
    items += [
        shown("wire", {"title": {"nl": {"text": "Draad"}}, "event": "soon", "salary": 3, "locations": "hier", "flags": [1]})
    ]
    with site(tmp_path_factory.mktemp("site"), items, free_ports(1)) as found:
        yield found


def page(address, item, language="nl", **headers):
    return get(address, f"/{language}/opportunities/{item.id}", **headers)


def test_the_main_action_leads_to_the_owners_page(address):
    got = page(address, joined())
    assert (got.texts(DEED), got.tree.xpath(f"{DEED}/@href")) == (["Lees verder en reageer"], [OWNER_PAGE])
    assert got.tree.xpath("//link[@rel='canonical']/@href") == [OWNER_PAGE]
    assert got.tree.xpath("//meta[@name='robots']") == []


def test_facts_are_told_in_the_pages_language(address):
    told = {language: page(address, joined(), language).texts(FACTS) for language in ("nl", "en")}
    assert told["nl"] == [
        "Organisatie Provincie Drenthe",
        "Plaats Assen",
        "Uren 32 tot 36 uur per week",
        "Salaris € 3.500 tot € 4.850,50 per maand, schaal 10, CAO Provincies",
        "Opleiding HBO en WO",
        "Ervaring 1 tot 3 jaar",
        "Nederlandse taal Nederlands is een eis",
        "Sluitingsdatum 3 december 2026",
        "Geplaatst op 12 november 2026",
        "Hier sinds 20 november 2026",
        "Laatste wijziging 20 november 2026",
        "Taal van de tekst Nederlands",
    ]
    assert told["en"][3] == "Pay €3,500 to €4,850.50 a month, scale 10, CAO Provincies"


def test_a_text_in_the_other_language_is_marked(address):
    assert page(address, joined(), "en").tree.xpath("//h1/@lang | //*[@class='prose']/@lang") == ["nl"]
    assert page(address, joined(), "nl").tree.xpath("//h1/@lang | //*[@class='prose']/@lang") == []


def test_sources_come_with_their_links_and_required_words(address):
    assert page(address, joined()).texts("//ul[@class='stated'][1]/li") == [
        "Noorderlink · gezien sinds 20 november 2026 Bekijk het bij Noorderlink Noorderlink, noorderlink.example",
        "Make it in the North · gezien sinds 20 november 2026 Bekijk het bij Make it in the North Miitn, miitn.example",
        "Vonk · gezien sinds 20 november 2026 Bekijk het bij Vonk Vonk, vonk.example",
    ]


def test_why_it_is_one_is_told_join_by_join(address):
    assert page(address, joined(), "en").texts("//h2[@id='why']/following-sibling::ul/li") == [
        "Noorderlink and Make it in the North They state the same: things such as employer, title, place, dates and text were "
        "compared. About 160,000 to 1 that they are one (17.3 bits).",
        "Noorderlink and Vonk An editor of the hub has put them together.",
    ]


def test_what_sources_state_otherwise_stands_beside_what_is_shown(address):
    assert page(address, joined()).texts("//dl[@class='differs']/div") == [
        "Sluitingsdatum Hier getoond: 3 december 2026 Make it in the North: 10 december 2026",
        "Uren Hier getoond: 32 tot 36 uur per week Vonk: vanaf 36 uur per week",
        "Salaris Hier getoond: € 3.500 tot € 4.850,50 per maand, schaal 10, CAO Provincies "
        "Make it in the North: vanaf € 3.400 per maand",
        "Plaats Hier getoond: Assen Vonk: Groningen",
    ]


def test_an_event_says_when_and_where_and_what_it_costs(address):
    assert page(address, event()).texts(FACTS)[:4] == [
        "Wanneer dinsdag 23 februari 2027, 09:00 – 13:00",
        "Waar Station 3.0, Hereplein 1, Veendam",
        "Vorm Op locatie en online",
        "Kosten Studenten: gratis; € 12,50",
    ]


def test_a_cancelled_event_says_so_first(address):
    got = get(address, f"/nl/opportunities/{shown('off', {}).id}")
    assert got.texts("//ul[@class='notes']/li") == [
        "Afgelast: Te weinig aanmeldingen",
        "Het zou zijn op dinsdag 16 februari 2027.",
    ]
    # Above the card with the organiser's link: on a phone the page is one column in this order.
    assert got.tree.xpath("//ul[@class='notes']/following::aside//a[@class='deed']")


def test_the_link_to_the_data_gives_data_to_a_browser(address):
    (data,) = page(address, event()).tree.xpath("//aside//p/a/@href")
    got = get(address, data, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (got.status, got.headers["content-type"]) == (200, "application/json")


def test_a_traineeship_tells_its_programme(address):
    assert page(address, traineeship()).texts(FACTS)[:6] == [
        "Duur 24 maanden",
        "De groep begint 1 maart 2027",
        "Opdrachten Gemeente Emmen, projectleider, 8 maanden",
        "Training elke vrijdag",
        "Daarna baangarantie",
        "Sluitingsdatum 15 januari 2027",
    ]


def test_what_is_link_only_says_where_its_text_is(address):
    got = page(address, link_only())
    assert got.tree.xpath("//*[@class='prose']") == []
    assert "De tekst staat hier niet." in got.texts("//main")[0]


def test_search_engines_find_the_same_facts_as_json_ld(address):
    (script,) = page(address, event(), "en").tree.xpath("//script[@type='application/ld+json']/text()")
    document = orjson.loads(str(script))
    assert (document["@type"], document["name"]) == ("Event", "Northern Career Fair")


def test_hostile_texts_stay_texts_and_their_scripts_are_gone(address):
    got = page(address, hostile())
    assert got.tree.xpath("//main//*[self::img or self::svg or self::script or self::b or self::i]") == []
    assert not any(link.startswith("javascript:") for link in got.tree.xpath("//@href"))
    assert got.tree.xpath("//*[@class='prose']")[0].text_content().split() == ["Tekst", "&", "hier"]


@pytest.mark.parametrize("name", ["bare", "wire"])
def test_missing_and_misshapen_parts_are_left_out(address, name):
    got = get(address, f"/en/opportunities/{shown(name, {}).id}")
    assert (got.status, got.texts(f"{FACTS}/dt")) == (200, ["Here since", "Last change"])


def test_a_closed_one_says_why_and_where_to_look(address):
    got = page(address, closed())
    assert (got.status, got.texts("//h1")) == (410, ["Deze kans staat niet meer open"])
    assert "De plek is vervuld." in got.texts("//main")[0]
    assert got.tree.xpath("//main//a/@href") == ["/nl/opportunities", "/nl/segments"]


def test_a_merged_one_leads_to_where_it_lives_now(address):
    got = page(address, merged(into=joined().id), "en")
    assert (got.status, got.headers["location"]) == (307, f"/en/opportunities/{joined().id}")


def test_an_unknown_one_is_not_found(address):
    got = get(address, "/en/opportunities/opp-none")
    assert (got.status, got.texts("//h1")) == (404, ["We do not know this opportunity"])


def test_the_address_for_programs_shows_the_page_to_browsers(address):
    got = get(address, f"/v1/opportunities/{joined().id}", **{"Accept-Language": "en"})
    assert got.texts("//h1") == ["Energy transition adviser"]
    assert got.tree.xpath("//a[@id='other-language']/@href") == [f"/nl/opportunities/{joined().id}"]
