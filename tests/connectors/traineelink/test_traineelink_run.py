"""Traineelink: which pages a run reads, what it yields, and what fails it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import SourceError
from hub.sdk import Checkpoint, Complete, Invalid, KnownItem, Liveness, NotModified, RawRecord, SourceEvent, Unchanged
from hub.sdk.connector import load_connector
from hub.sdk.formats.schema_org.page_memory import IDLE_CYCLE, PAGE_CYCLE
from hub.sdk.testing import HOSTILE, Canned, ConnectorSuite, FakeHttp, run_source, source_of
from tests.fakes.schema_site import BASE, STAMP, SchemaSite, calendar, entry, html, job, markup, sitemap

CONNECTOR = load_connector("hub.connectors.traineelink")
NEVER_A_SITEMAP = {name: canned for name, canned in HOSTILE.items() if name != "wrong charset"}
LATIN = Canned("<urlset><url><loc>https://x.nl/coördinator</loc></url></urlset>".encode("latin-1"), content_type="text/xml")


async def run(site: FakeHttp, checkpoint: Checkpoint | None = None) -> list[SourceEvent]:
    return await run_source(source_of(CONNECTOR, site), checkpoint)


async def ask(site: FakeHttp, native_id: str, path: str) -> Liveness:
    answers = await source_of(CONNECTOR, site).ask([KnownItem(native_id, "pages", f"{BASE}{path}")])
    return answers[native_id]


def records(events: list[SourceEvent]) -> dict[str, dict[str, Any]]:
    return {one.native_id: dict(one.parts) for one in events if isinstance(one, RawRecord)}


def unchanged(events: list[SourceEvent]) -> list[str]:
    return [one.native_id for one in events if isinstance(one, Unchanged)]


def invalid(events: list[SourceEvent]) -> list[tuple[str, str | None]]:
    return [(one.reason, one.native_id) for one in events if isinstance(one, Invalid)]


def pages_read(site: FakeHttp) -> list[str]:
    return [url.path for url in site.requests if url.path not in ("/sitemap.xml", "/agenda.ics")]


class TestTraineelinkConforms(ConnectorSuite):
    package = "hub.connectors.traineelink"
    list_addresses = ("/sitemap.xml", "/agenda.ics")
    hostile = {**NEVER_A_SITEMAP, "wrong charset": LATIN}

    def site(self) -> FakeHttp:
        return SchemaSite()


async def test_ids_are_identifiers_paths_and_uids() -> None:
    assert list(records(await run(SchemaSite()))) == [
        "TL-1",
        "TL-2",
        "/events/open-dag",
        "ical-evt-1@traineelink.example",
        "ical-evt-2@traineelink.example",
    ]


async def test_page_record_holds_the_node_as_the_page_has_it() -> None:
    assert records(await run(SchemaSite()))["TL-1"] == {
        "jsonld": job(1),
        "page": {"url": f"{BASE}/traineeships/job-1", "language": "nl"},
    }


async def test_neither_collection_states_a_total() -> None:
    ended = {one.collection: (one.stated_total, one.requests) for one in await run(SchemaSite()) if isinstance(one, Complete)}
    assert ended == {"pages": (None, 5), "calendar": (None, 1)}


async def test_page_whose_stamp_moved_is_read_in_every_run() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    site.requests.clear()
    for hour in range(PAGE_CYCLE):
        site.rows[1] = ("/traineeships/job-1", f"2026-11-21T1{hour}:00:00+01:00")
        await run(site, checkpoint)
    assert pages_read(site).count("/traineeships/job-1") == PAGE_CYCLE
    assert pages_read(site).count("/traineeships/job-2") == 1


async def test_page_whose_turn_has_not_come_is_unchanged_without_a_request() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    site.requests.clear()
    site.answers["/traineeships/job-1"] = Canned(status=410)
    named = [unchanged(await run(site, checkpoint)) for _ in range(PAGE_CYCLE)]
    assert pages_read(site).count("/traineeships/job-1") == 1
    assert sum("TL-1" in names for names in named) == PAGE_CYCLE - 1


async def test_every_page_is_read_within_a_cycle_of_runs() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    site.requests.clear()
    for _ in range(PAGE_CYCLE):
        await run(site, checkpoint)
    assert sorted(pages_read(site)) == sorted(path for path, _ in site.rows)


async def test_page_without_an_item_is_read_seldom_on_a_site_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.sdk.formats.schema_org.page_memory.MANY_PAGES", 3)
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    site.requests.clear()
    for _ in range(IDLE_CYCLE):
        await run(site, checkpoint)
    assert [pages_read(site).count(path) for path, _ in site.rows] == [1, *[IDLE_CYCLE // PAGE_CYCLE] * 3]


async def test_page_without_a_stamp_is_asked_every_time_and_may_be_not_modified() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    site.rows = [("/traineeships/job-1", None)]
    await run(site, checkpoint)
    site.answers["/traineeships/job-1"] = Canned(not_modified=True)
    assert unchanged(await run(site, checkpoint)) == ["TL-1"]


@pytest.mark.parametrize(("day", "is_read"), [("2026-11-21", True), ("2026-11-22", True), ("2026-11-10", False)])
async def test_stamp_of_a_day_proves_nothing_until_the_day_is_over(day: str, is_read: bool) -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    dated = sitemap(("/traineeships/job-1", day))
    site.answers["/sitemap.xml"] = Canned(
        dated.body, content_type="application/xml", headers={"date": "Sun, 22 Nov 2026 10:00:00 GMT"}
    )
    await run(site, checkpoint)
    site.requests.clear()
    await run(site, checkpoint)
    assert (pages_read(site) == ["/traineeships/job-1"]) is is_read


async def test_sitemap_that_is_not_modified_stands_for_what_it_listed() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    site.answers["/sitemap.xml"] = Canned(not_modified=True)
    assert unchanged(await run(site, checkpoint)) == ["TL-1", "TL-2", "/events/open-dag"]


async def test_calendar_that_is_not_modified_says_so() -> None:
    site = SchemaSite()
    site.answers["/agenda.ics"] = Canned(not_modified=True)
    assert NotModified("calendar") in await run(site)


@pytest.mark.parametrize(
    "answer",
    [
        Canned.html("<html>weg</html>", 404),
        Canned.html("<html>weg</html>", 410),
        html('<meta name="robots" content="noindex, follow">' + markup(job(1))),
        html("<title>Geen opmaak meer</title>"),
    ],
)
async def test_listed_page_that_is_closed_is_absent(answer: Canned) -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = answer
    events = await run(site)
    assert "TL-1" not in records(events)
    assert invalid(events) == []


async def test_header_forbids_indexing_too() -> None:
    site = SchemaSite()
    body = html(markup(job(1))).body
    site.answers["/traineeships/job-1"] = Canned(body, content_type="text/html", headers={"x-robots-tag": "noindex"})
    assert "TL-1" not in records(await run(site))


async def test_closed_page_that_opens_again_is_read_though_its_stamp_stands() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    answer = site.answers["/traineeships/job-1"]
    site.answers["/traineeships/job-1"] = Canned.html("<html>weg</html>", 404)
    await run(site, checkpoint)
    site.answers["/traineeships/job-1"] = answer
    assert "TL-1" in records(await run(site, checkpoint))


FAILING = Canned(b"", status=500)
ELSEWHERE = Canned(error=SourceError("redirect", "another host"))
CLOSED = Canned(error=SourceError("robots", "not allowed"))


@pytest.mark.parametrize(
    ("answer", "reported"),
    [
        (FAILING, [("status", None)]),
        (Canned(status=403), [("status", None)]),
        (ELSEWHERE, [("redirect", None)]),
        (CLOSED, []),
    ],
)
async def test_page_that_cannot_be_had_leaves_its_neighbours(answer: Canned, reported: list[tuple[str, None]]) -> None:
    site = SchemaSite()
    site.answers["/over-ons"] = answer
    events = await run(site)
    assert {"TL-1", "TL-2", "/events/open-dag"} <= set(records(events))
    assert invalid(events) == reported


@pytest.mark.parametrize("answer", [FAILING, ELSEWHERE, CLOSED])
async def test_item_whose_page_cannot_be_had_stays_listed(answer: Canned) -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    site.rows[1] = ("/traineeships/job-1", None)
    await run(site, checkpoint)
    site.answers["/traineeships/job-1"] = answer
    for _ in range(2):
        assert [name for _, name in invalid(await run(site, checkpoint))] == ["TL-1"]


@pytest.mark.parametrize(
    "answer", [FAILING, Canned(status=429), Canned(error=SourceError("timeout", "")), Canned(error=SourceError("connection", ""))]
)
async def test_site_whose_pages_all_fail_fails_the_run(answer: Canned) -> None:
    site = SchemaSite()
    site.answers |= {path: answer for path, _ in site.rows}
    with pytest.raises(SourceError):
        await run(site)


async def test_unreadable_markup_is_invalid_and_neighbours_go_on() -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = html('<script type="application/ld+json">{"@type": "JobPosting", "title": </script>')
    events = await run(site)
    assert invalid(events) == [("syntax", None)]
    assert "TL-2" in records(events)


async def test_item_whose_markup_breaks_keeps_its_id() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    site.rows[1] = ("/traineeships/job-1", "2026-11-21T10:00:00+01:00")
    site.answers["/traineeships/job-1"] = html('<script type="application/ld+json">{"@type": </script>')
    assert invalid(await run(site, checkpoint)) == [("syntax", "TL-1")]
    assert invalid(await run(site, checkpoint)) == [("syntax", "TL-1")]


async def test_page_in_another_charset_than_stated_is_invalid() -> None:
    site = SchemaSite()
    body = html(markup(job(1, title="Coördinator"))).body.decode().encode("latin-1")
    site.answers["/traineeships/job-1"] = Canned(body, content_type="text/html; charset=utf-8")
    assert invalid(await run(site)) == [("charset", None)]


async def test_what_is_wrong_with_a_page_names_its_address_once() -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = Canned("<title>Coördinator</title>".encode("latin-1"), content_type="text/html")
    site.answers["/traineeships/job-2"] = html('<script type="application/ld+json">{"@type": </script>')
    told = [one.detail for one in await run(site) if isinstance(one, Invalid)]
    assert [detail.count(f"{BASE}/traineeships/job-") for detail in told] == [1, 1]


async def test_site_that_loses_all_its_markup_fails_the_run() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    site.rows = [(path, "2026-11-21T10:00:00+01:00") for path, _ in site.rows]
    for path, _ in site.rows:
        site.answers[path] = html("<title>Onderhoud</title>")
    with pytest.raises(SourceError) as raised:
        await run(site, checkpoint)
    assert raised.value.cause == "syntax"


async def test_item_that_its_page_lost_for_a_while_is_back_within_a_cycle() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    await run(site, checkpoint)
    whole = site.answers["/traineeships/job-1"]
    site.answers["/traineeships/job-1"] = html("<title>Onderhoud</title>")
    for _ in range(2 * PAGE_CYCLE):
        await run(site, checkpoint)
    site.answers["/traineeships/job-1"] = whole
    events = [event for _ in range(PAGE_CYCLE) for event in await run(site, checkpoint)]
    assert "TL-1" in records(events)


async def test_overview_of_items_with_pages_of_their_own_adds_none() -> None:
    site = SchemaSite()
    teasers = [{"@type": "ListItem", "item": job(number, description="Kort")} for number in (1, 2)]
    site.answers["/over-ons"] = html(markup({"@type": "ItemList", "itemListElement": teasers}))
    events = await run(site)
    assert records(events)["TL-1"]["jsonld"] == job(1)
    assert invalid(events) == []


async def test_second_page_with_an_identifier_that_was_seen_is_invalid() -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-2"] = html(markup(job(1, url=f"{BASE}/traineeships/job-2")))
    events = await run(site)
    assert invalid(events) == [("duplicate_id", None)]
    assert records(events)["TL-1"]["page"]["url"] == f"{BASE}/traineeships/job-1"


async def test_item_of_two_pages_stays_with_the_first_as_long_as_that_is_there() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    site.answers["/traineeships/job-2"] = html(markup(job(1, url=f"{BASE}/traineeships/job-2")))
    await run(site, checkpoint)
    assert unchanged(await run(site, checkpoint)) == ["TL-1", "/events/open-dag"]
    site.answers["/traineeships/job-1"] = Canned(status=404)
    events = [*await run(site, checkpoint), *await run(site, checkpoint)]
    assert records(events)["TL-1"]["page"]["url"] == f"{BASE}/traineeships/job-2"


async def test_page_that_redirects_to_another_item_is_absent() -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = Canned(status=301, headers={"location": "/traineeships/job-2"})
    events = await run(site)
    assert "TL-1" not in records(events)
    assert records(events)["TL-2"]["page"]["url"] == f"{BASE}/traineeships/job-2"


@pytest.mark.parametrize(("is_listed", "liveness"), [(True, Liveness.GONE), (False, Liveness.ALIVE)])
async def test_item_named_by_its_path_is_gone_where_one_is_sent_on_to_a_page_of_the_list(
    is_listed: bool, liveness: Liveness
) -> None:
    """A title was edited and the page has a new address; or the whole site moved, and the sitemap still has the old ones."""
    site = SchemaSite()
    site.answers["/traineeships/old"] = Canned(status=301, headers={"location": "/traineeships/new"})
    site.answers["/traineeships/new"] = html(markup(job(3, identifier=None)))
    site.rows.append(("/traineeships/new" if is_listed else "/traineeships/old", None))
    source = source_of(CONNECTOR, site)
    await run_source(source)
    answers = await source.ask([KnownItem("/traineeships/old", "pages", f"{BASE}/traineeships/old")])
    assert answers == {"/traineeships/old": liveness}


async def test_pages_that_stay_broken_do_not_fail_a_site_of_which_little_else_is_read() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    site.rows += [(f"/leden/{number}", None) for number in range(3)]
    site.answers |= {f"/leden/{number}": FAILING for number in range(3)}
    for _ in range(3):
        events = await run(site, checkpoint)
        assert {"TL-1", "TL-2"} <= {*records(events), *unchanged(events)}


async def test_pages_that_leave_out_their_end_are_whole_unless_they_had_an_item() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    site.rows = [(path, None) for path, _ in site.rows] + [(f"/nieuws/{number}", None) for number in range(9)]
    site.answers |= {path: Canned.html("<!doctype html><title>Nieuws</title><p>Kort") for path, _ in site.rows[-9:]}
    assert invalid(await run(site, checkpoint)) == []
    site.answers["/traineeships/job-1"] = Canned.html("<!doctype html><title>Trainee</title>")
    assert invalid(await run(site, checkpoint)) == [("syntax", "TL-1")]


async def test_file_that_is_no_page_holds_nothing() -> None:
    site = SchemaSite()
    site.answers["/over-ons"] = Canned(b"%PDF-1.7 \xff", content_type="application/pdf")
    assert invalid(await run(site)) == []


async def test_identifier_of_the_company_on_every_page_hides_no_item() -> None:
    site, checkpoint = SchemaSite(), Checkpoint()
    ids = {"TL-1", "/traineeships/job-2"}
    second = job(1, title="Trainee inkoop", url=f"{BASE}/traineeships/job-2")
    site.answers["/traineeships/job-2"] = html(markup(second))
    assert ids <= set(records(await run(site, checkpoint)))
    site.rows.reverse()
    events = await run(site, checkpoint)
    assert ids <= {*records(events), *unchanged(events)}
    assert await ask(site, "/traineeships/job-2", "/traineeships/job-2") is Liveness.ALIVE
    site.rows = [row for row in site.rows if row[0] != "/traineeships/job-1"]
    later = await run(site, checkpoint), await run(site, checkpoint)
    assert all("/traineeships/job-2" in {*records(events), *unchanged(events)} for events in later)


async def test_translation_of_a_page_shows_no_item_of_its_own() -> None:
    site = SchemaSite()
    link = f'<link rel="alternate" hreflang="nl" href="{BASE}/traineeships/job-1">'
    english = job(1, title="Trainee water management", url=f"{BASE}/traineeships/job-2")
    site.answers["/traineeships/job-2"] = html(link + markup(english))
    events = await run(site)
    assert invalid(events) == [("duplicate_id", None)]
    assert records(events)["TL-1"]["jsonld"]["title"] == "Trainee waterbeheer 1"


async def test_pages_of_other_hosts_are_not_read() -> None:
    site = SchemaSite()
    text = sitemap(("/traineeships/job-1", STAMP)).body.replace(
        b"</urlset>", b"<url><loc>https://elders.example/x</loc></url></urlset>"
    )
    site.answers["/sitemap.xml"] = Canned(text, content_type="application/xml")
    await run(site)
    assert {url.host for url in site.requests} == {"www.traineelink.nl"}


async def test_files_of_an_index_are_read_at_the_base_address() -> None:
    site = SchemaSite()
    site.answers["/pages.xml"] = site.answers["/sitemap.xml"]
    index = f"<sitemapindex><sitemap><loc>{BASE}/pages.xml</loc></sitemap></sitemapindex>"
    site.answers["/sitemap.xml"] = Canned(index.encode(), content_type="application/xml")
    events = await run_source(source_of(CONNECTOR, site, "http://127.0.0.1:8000"))
    assert {"TL-1", "TL-2"} <= set(records(events))
    assert {url.host for url in site.requests} == {"127.0.0.1"}


async def test_a_sitemap_without_www_is_the_same_platform() -> None:
    site = SchemaSite()
    text = sitemap(("/traineeships/job-1", STAMP)).body.replace(b"https://www.traineelink.nl", b"https://traineelink.nl")
    site.answers["/sitemap.xml"] = Canned(text, content_type="application/xml")
    assert "TL-1" in records(await run(site))


async def test_a_sitemap_of_another_host_only_is_a_fault_and_no_empty_list() -> None:
    site = SchemaSite()
    text = sitemap(("/traineeships/job-1", STAMP)).body.replace(b"www.traineelink.nl", b"elders.example")
    site.answers["/sitemap.xml"] = Canned(text, content_type="application/xml")
    with pytest.raises(SourceError, match=r"is on www\.traineelink\.nl"):
        await run(site)


async def test_failing_calendar_fails_the_run() -> None:
    site = SchemaSite()
    site.answers["/agenda.ics"] = Canned(b"", status=500)
    with pytest.raises(SourceError):
        await run(site)


async def test_truncated_calendar_fails_the_run() -> None:
    site = SchemaSite()
    site.answers["/agenda.ics"] = Canned(calendar(entry()).body[:-20], content_type="text/calendar")
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "syntax"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (html(markup(job(1))), Liveness.ALIVE),
        (Canned.html("", 404), Liveness.GONE),
        (Canned.html("", 410), Liveness.GONE),
        (html('<meta name="robots" content="noindex">' + markup(job(1))), Liveness.GONE),
        (html("<title>Geen opmaak meer</title>"), Liveness.GONE),
        (html(markup(job(2))), Liveness.GONE),
        (Canned(b"", status=500), Liveness.UNKNOWN),
    ],
)
async def test_asking_for_a_page(answer: Canned, verdict: Liveness) -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = answer
    assert await ask(site, "TL-1", "/traineeships/job-1") is verdict


async def test_page_whose_markup_cannot_be_read_is_not_called_gone() -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = html('<script type="application/ld+json">{"@type": </script>')
    assert await ask(site, "TL-1", "/traineeships/job-1") is not Liveness.GONE


@pytest.mark.parametrize(
    "head",
    [
        "Pagina niet gevonden - Traineelink",
        "404 | Traineelink",
        "Oeps! Deze vacature bestaat niet meer",
        "Page not found",
        "Error 404: not found",
    ],
)
async def test_page_that_says_there_is_none_is_no_item_whatever_it_suggests(head: str) -> None:
    site = SchemaSite()
    suggested = job(9, url=None)
    site.rows.append(("/traineeships/job-9", STAMP))
    site.answers["/traineeships/job-9"] = html(f"<title>{head}</title>" + markup(suggested))
    assert "TL-9" not in records(await run(site))
    assert await ask(site, "TL-9", "/traineeships/job-9") is Liveness.GONE


@pytest.mark.parametrize(
    "head", ["404 vacatures in het Noorden", "Traineeship bestaat niet alleen uit werk", "Medewerker gevonden voorwerpen"]
)
async def test_title_of_an_item_says_nothing_of_the_kind(head: str) -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = html(f"<title>{head}</title>" + markup(job(1)))
    assert "TL-1" in records(await run(site))


async def test_markup_behind_a_byte_order_mark_is_read() -> None:
    site = SchemaSite()
    site.answers["/traineeships/job-1"] = html(markup(job(1)).replace('+json">{', '+json">\ufeff{'))
    assert "TL-1" in records(await run(site))


async def test_later_version_of_an_entry_takes_its_place_in_a_small_calendar() -> None:
    site = SchemaSite()
    site.answers["/agenda.ics"] = calendar(entry(SEQUENCE=":1", SUMMARY=":Nieuw"), entry(SEQUENCE=":0", SUMMARY=":Oud"))
    found = records(await run(site))["ical-evt-1@traineelink.example"]
    assert found["vevent"]["SUMMARY"][0]["value"] == "Nieuw"


async def test_entries_that_all_stand_twice_fail_the_run() -> None:
    site = SchemaSite()
    site.answers["/agenda.ics"] = calendar(entry(), entry())
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "duplicate"
