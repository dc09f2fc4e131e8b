"""Pages for people without a browser: lists, filters, segments, sources, problems, and who is led where."""

from __future__ import annotations

import re

import pytest
from fakes.shown_site import get, site
from fakes.shown_world import HOSTILE_TITLE, at_first, bare, closed, event, hostile, joined, merged, shown, traineeship

from hub.domain.opportunity import Facets

COUNT, ROWS, CHOSEN = "//*[@id='count']", "//ol[@class='rows']/li", "//ul[@class='chosen']/li"
NEXT = "//a[@rel='next']/@href"
PAGE = 20
MANY = 45
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'"
)
KINDS = {
    "/opportunities": 200,
    "/opportunities?kind=course": 200,
    f"/opportunities/{joined().id}": 200,
    f"/opportunities/{closed().id}": 410,
    "/opportunities/opp-none": 404,
    "/segments": 200,
    "/segments/energy": 200,
    "/segments/energy/embed": 200,
    "/segments/ended": 410,
    "/segments/none": 404,
    "/sources": 200,
    "/opportunities?colour=red": 400,
    "/nowhere": 404,
}


@pytest.fixture(scope="module")
def address(tmp_path_factory, free_ports):
    numbered = [
        at_first(shown(f"n{n}", {"title": {"nl": {"text": f"Nummer {n}"}}}, facets=Facets(sectors=["it_digital"])), n)
        for n in range(MANY)
    ]
    items = [*numbered, hostile(), bare(), joined(), event(), traineeship(), closed(), merged(into=joined().id)]
    with site(tmp_path_factory.mktemp("site"), items, free_ports(1)) as found:
        yield found


@pytest.fixture(scope="module")
def empty(tmp_path_factory, free_ports):
    with site(tmp_path_factory.mktemp("empty"), [], free_ports(1)) as found:
        yield found


@pytest.fixture(scope="module")
def unread(tmp_path_factory, free_ports):
    with site(tmp_path_factory.mktemp("unread"), [], free_ports(1), is_ready=False) as found:
        yield found


# --- every page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", KINDS)
def test_each_page_says_its_language_and_allows_nothing_inline(address, path, language):
    got = get(address, f"/{language}{path}")
    policy = got.headers["content-security-policy"]
    assert (got.status, got.tree.get("lang"), got.headers["content-language"]) == (KINDS[path], language, language)
    assert policy == (POLICY if "embed" not in path else policy)
    assert "unsafe" not in policy
    assert got.tree.xpath("//style | //@style | //@*[starts-with(name(), 'on')] | //script[not(@src) and not(@type)]") == []


@pytest.mark.parametrize("path", [path for path in KINDS if "embed" not in path])
def test_each_page_has_one_heading_landmarks_and_a_way_past_the_navigation(address, path):
    tree = get(address, f"/en{path}").tree
    assert [len(tree.xpath(found)) for found in ("//h1", "//header", "//main", "//footer")] == [1, 1, 1, 1]
    assert tree.xpath("//a[@class='skip']/@href") == ["#main"]


@pytest.mark.parametrize(
    "path", ["/opportunities?kind=event&sector=energy,other", f"/opportunities/{joined().id}", "/segments/energy"]
)
def test_another_language_is_the_same_page_with_the_same_filters(address, path):
    (other,) = get(address, f"/nl{path}").tree.xpath("//a[@id='other-language']/@href")
    assert other == f"/en{path}"


@pytest.mark.parametrize(("wanted", "language"), [("en-GB,nl;q=0.5", "en"), ("nl", "nl"), ("fr", "nl"), ("", "nl")])
def test_a_page_without_a_language_leads_to_the_readers_own(address, wanted, language):
    got = get(address, "/opportunities?kind=event&sector=energy", **{"Accept-Language": wanted})
    assert (got.status, got.headers["location"]) == (302, f"/{language}/opportunities?kind=event&sector=energy")
    assert "Accept-Language" in got.headers["vary"]


def test_a_page_that_has_not_changed_is_not_sent_again(address):
    tag = get(address, "/en/sources").headers["etag"]
    assert get(address, "/en/sources", **{"If-None-Match": tag}).status == 304


# --- opportunities ----------------------------------------------------------------------------------------------------


def test_it_says_how_many_match_and_shows_the_newest_first(address):
    got = get(address, "/nl/opportunities?sector=it_digital")
    assert got.texts(COUNT) == [f"{MANY} kansen"]
    assert got.texts(f"{ROWS}//h3/a")[:2] == [f"Nummer {MANY - 1}", f"Nummer {MANY - 2}"]


def test_pages_follow_each_other_and_list_everything_once(address):
    path, seen = "/nl/opportunities?sector=it_digital", []
    for _ in range(3):
        got = get(address, path)
        seen.append(got.texts(f"{ROWS}//h3/a"))
        path = next(iter(got.tree.xpath(NEXT)), None)
    assert path is None
    assert [len(rows) for rows in seen] == [PAGE, PAGE, MANY - 2 * PAGE]
    assert len({title for rows in seen for title in rows}) == MANY


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("end", ["", "/"])
def test_a_language_alone_leads_to_what_is_on_offer(address, language, end):
    got = get(address, f"/{language}{end}")
    assert (got.status, got.headers["location"]) == (302, f"/{language}/opportunities")


def test_the_end_of_the_list_leads_back_to_the_newest(address):
    path = get(address, "/nl/opportunities?sector=it_digital").tree.xpath(NEXT)[0]
    assert get(address, path).tree.xpath("//div[@class='more']/a[not(@rel)]/@href") == ["/nl/opportunities?sector=it_digital"]


def test_a_row_tells_title_employer_place_kind_closing_date_and_sources(address):
    assert get(address, "/en/opportunities?sector=energy").texts(ROWS) == [
        "Energy transition adviser Provincie Drenthe · Assen via Noorderlink, noorderlink.example; Miitn, miitn.example; "
        "Vonk, vonk.example Vacancy closes 3 Dec 2026"
    ]


def test_a_title_in_the_other_language_says_so(address):
    (row,) = get(address, "/nl/opportunities?kind=event").tree.xpath(ROWS)
    assert [row.xpath(".//a/@lang"), row.xpath(".//*[@class='lang']")[0].text_content()] == [["en"], "in het Engels"]


def test_chosen_values_are_ticked_named_and_can_be_taken_back(address):
    got = get(address, "/nl/opportunities?sector=energy&sector=other&kind=vacancy")
    ticked = got.tree.xpath("//input[@checked]/@id")
    backs = dict(zip(got.texts(CHOSEN), got.tree.xpath(f"{CHOSEN}/a/@href"), strict=True))
    assert sorted(ticked) == ["kind-vacancy", "sector-energy", "sector-other"]
    assert backs["Verwijder: Energie ×"] == "/nl/opportunities?kind=vacancy&sector=other"
    assert backs["Wis alle filters"] == "/nl/opportunities"


def test_a_value_counts_what_it_would_give(address):
    got = get(address, "/nl/opportunities?sector=energy")
    assert got.texts("//*[@id='n-sector-energy' or @id='n-sector-it_digital']") == [str(MANY), "1"]
    assert got.texts("//*[@id='n-kind-vacancy' or @id='n-kind-event']") == ["1", "0"]


def test_a_segment_is_a_filter_that_can_be_taken_back(address):
    got = get(address, "/nl/opportunities?segment=energy&kind=vacancy")
    assert got.texts(COUNT) == ["1 kans"]
    assert got.tree.xpath(f"{CHOSEN}[1]/a/@href") == ["/nl/opportunities?kind=vacancy"]
    assert got.tree.xpath("//form//input[@type='hidden']/@value") == ["energy"]


def test_an_excluded_source_stays_excluded_when_filters_change(address):
    got = get(address, "/nl/opportunities?exclude_source=noorderlink")
    assert got.texts(COUNT) == ["1 kans"]
    assert got.tree.xpath("//form//input[@name='exclude_source']/@value") == ["noorderlink"]


def test_nothing_found_says_what_to_do(address):
    got = get(address, "/nl/opportunities?kind=event&sector=energy")
    assert got.texts("//*[@class='nothing']/h3") == ["Er is nu niets dat bij al deze filters past"]
    assert got.tree.xpath("//*[@class='nothing']//a/@href") == ["/nl/opportunities"]


def test_an_empty_hub_says_what_to_do(empty):
    got = get(empty, "/en/opportunities")
    assert (got.status, got.texts("//*[@class='nothing']//a")) == (200, ["To the sources"])


def test_what_partners_write_is_text(address):
    got = get(address, "/nl/opportunities?kind=vacancy&exclude_source=miitn")
    assert HOSTILE_TITLE in got.texts(f"{ROWS}//h3/a")
    assert got.tree.xpath("//img[@src='x'] | //svg | //i | //b") == []


def test_search_engines_take_the_whole_list_and_not_its_filters(address):
    robots = "//meta[@name='robots']/@content"
    assert get(address, "/nl/opportunities").tree.xpath(robots) == []
    assert get(address, "/nl/opportunities?kind=event").tree.xpath(robots) == ["noindex, follow"]


# --- segments and sources ---------------------------------------------------------------------------------------------


def test_segments_are_listed_with_their_counts_and_those_that_ended_are_not(address):
    got = get(address, "/nl/segments")
    cards = got.texts("//ul[@class='cards']/li")
    assert "Energie Waterstof, wind, netten en besparing: het aanbod in de energiesector. 1 kans" in cards
    assert not any("Voorbij" in card for card in cards)


def test_each_address_of_a_segment_answers(address):
    found = get(address, "/en/segments/energy").tree.xpath("//ul[@class='links']/li/a/@href")
    assert [link.removeprefix(address).partition("?")[0] for link in found] == [
        "/v1/feed/atom.xml",
        "/v1/feed/events.ics",
        "/v1/feed/rpde",
        "/v1/feed/pages",
        "/v1/feed/snapshot.ndjson.gz",
        "/v1/feed/digest",
    ]
    assert [get(address, link.removeprefix(address), Accept="*/*").status for link in found] == [200] * len(found)


def test_a_segments_list_may_be_framed_and_runs_nothing(address):
    code = get(address, "/en/segments/energy").texts("//pre")[0]
    framed = re.search(r'src="([^"]+)"', code)[1].removeprefix(address)
    got = get(address, framed)
    assert (got.status, len(got.tree.xpath(ROWS))) == (200, 1)
    assert got.headers["content-security-policy"].endswith("form-action 'none'; frame-ancestors *")
    assert got.tree.xpath("//script | //form") == []
    assert got.tree.xpath("//base/@target") == ["_top"]


def test_each_source_names_owner_licence_attribution_and_rights(address):
    first = get(address, "/nl/sources").texts("//ul[@class='sources']/li")[0]
    assert first == (
        "Make it in the North 1 kans · 1 ook elders Eigenaar Make it in the North Licentie volgens afspraak "
        "Vermeld als Make it in the North, makeitinthenorth.nl Wat getoond mag worden Teksten mogen hier staan, met de naam van "
        "de bron en een link naar de pagina van de bron. Persoonlijke contactgegevens blijven weg."
    )


# --- problems ---------------------------------------------------------------------------------------------------------


def test_a_wrong_parameter_is_a_page_for_people_and_a_document_for_programs(address):
    page = get(address, "/nl/opportunities?sector=gold")
    document = get(address, "/nl/opportunities?sector=gold", Accept="*/*")
    assert (page.status, page.texts("//h1")) == (400, ["Dit adres vraagt iets wat we niet kennen"])
    assert (document.status, document.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("path", ["/", "/docs", "/nl/opportunities", "/en/segments/energy", f"/nl/opportunities/{joined().id}"])
@pytest.mark.parametrize("mark", ["utm_source=letter&utm_campaign=north", "fbclid=x", "gclid=x", "mc_eid=x"])
def test_a_link_that_a_newsletter_or_a_network_has_marked_leads_to_the_page(address, path, mark):
    assert get(address, f"{path}?{mark}").status == 200


def test_the_readers_own_language_is_found_behind_a_marked_link_too(address):
    got = get(address, "/opportunities?kind=course&utm_source=letter")
    assert (got.status, got.headers["location"]) == (302, "/nl/opportunities?kind=course&utm_source=letter")


def test_a_program_is_told_that_such_a_mark_filters_nothing(address):
    assert get(address, "/v1/feed/pages?utm_source=letter").status == 400


def test_interfaces_for_programs_answer_problems_as_documents_to_browsers_too(address):
    assert get(address, "/v1/feed/pages?colour=red").headers["content-type"] == "application/problem+json"


def test_a_feed_that_is_not_read_yet_is_a_page_that_says_when_to_come_back(unread):
    got = get(unread, "/nl/opportunities")
    assert (got.status, got.headers["retry-after"], got.texts("//h1")) == (503, "2", ["Een ogenblik geduld"])


def test_an_address_that_is_markup_is_shown_as_text(address):
    got = get(address, "/nl/%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert (got.status, got.tree.xpath("//script")) == (404, [])


@pytest.mark.parametrize("path", ["//evil.example/nl", "/nl//evil.example", "/opportunities//evil.example"])
def test_nobody_is_led_to_another_host(address, path):
    got = get(address, path)
    assert (got.status, got.headers.get("location")) == (404, None)
    assert not any(link.startswith("//") for link in got.tree.xpath("//@href"))
