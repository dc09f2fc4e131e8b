"""Make it in the North: what a run asks, what it yields, and what fails it (a WordPress site, trap by trap)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from hub.errors import SourceError
from hub.sdk import Checkpoint, Complete, Invalid, KnownItem, Liveness, RawRecord, SourceEvent, Unchanged
from hub.sdk.connector import load_connector
from hub.sdk.testing import Canned, ConnectorSuite, FakeHttp, run_source, source_of
from tests.fakes.wordpress_site import BASE, WordPress, error, event, job_posting, listing, post

REST = "/wp-json/wp/v2/job-listings"
CALENDAR = "/wp-json/tribe/events/v1/events"
CONNECTOR = load_connector("hub.connectors.miitn")


async def run(
    site: FakeHttp, checkpoint: Checkpoint | None = None, base: str = BASE, credential: str | None = None
) -> list[SourceEvent]:
    return await run_source(source_of(CONNECTOR, site, base, credential), checkpoint)


def records(events: list[SourceEvent]) -> dict[str, dict[str, Any]]:
    return {one.native_id: dict(one.parts) for one in events if isinstance(one, RawRecord)}


def complete(events: list[SourceEvent]) -> dict[str, tuple[int | None, int]]:
    return {one.collection: (one.stated_total, one.requests) for one in events if isinstance(one, Complete)}


def pages_read(site: FakeHttp) -> list[str]:
    return [url.path for url in site.requests if url.path.startswith("/job/")]


class TestMiitnConforms(ConnectorSuite):
    package = "hub.connectors.miitn"
    list_addresses = (REST, CALENDAR, "/wp-json/wp/v2/tribe_events", "/wp-json/wp/v2/job-types")
    base_url = BASE

    def site(self) -> FakeHttp:
        return WordPress()


async def test_two_collections_end_with_their_stated_totals() -> None:
    assert complete(await run(WordPress())) == {"listings": (2, 1), "events": (1, 1)}


async def test_record_holds_listing_structured_data_and_terms_as_fetched() -> None:
    parts = records(await run(WordPress()))["listing-12"]
    site = WordPress()
    assert parts["listing"] == {key: value for key, value in site.listings[12].items() if key != "_links"}
    assert parts["jsonld"] == site.nodes[12]
    assert [term["name"] for term in parts["types"]] == ["Full Time"]
    assert [term["name"] for term in parts["categories"]] == ["Agri-food &amp; Water"]


async def test_term_counts_are_left_out_because_other_listings_move_them() -> None:
    assert "count" not in records(await run(WordPress()))["listing-12"]["types"][0]


async def test_rest_base_without_pretty_permalinks_is_discovered() -> None:
    site = WordPress(is_pretty=False)
    assert complete(await run(site))["listings"] == (2, 1)
    assert any(url.query.get("rest_route") == "/wp/v2/job-listings" for url in site.requests)


async def test_base_address_may_carry_a_path() -> None:
    site = WordPress(base=f"{BASE}/nl/")
    assert complete(await run(site, base=f"{BASE}/nl/"))["listings"] == (2, 1)


async def test_rest_base_is_found_where_no_link_names_it() -> None:
    site = WordPress()
    site.answers["/"] = Canned.html("<html>bare</html>")
    assert complete(await run(site, base=f"{BASE}/"))["listings"] == (2, 1)


async def test_rest_base_of_a_foreign_host_is_asked_at_home() -> None:
    site = WordPress()
    site.answers["/"] = Canned(
        b"<html></html>", content_type="text/html", headers={"link": '<http://localhost:8000/wp-json/>; rel="https://api.w.org/"'}
    )
    await run(site, base=f"{BASE}/")
    assert {url.host for url in site.requests} == {"makeitinthenorth.test"}


async def test_walk_goes_by_ascending_id_a_hundred_at_a_time() -> None:
    site = WordPress()
    site.listings = {number: listing(number) for number in range(1, 251)}
    events = await run(site)
    asked = [url.query for url in site.requests if url.path == REST]
    assert [(one["orderby"], one["order"], one["per_page"], one["page"]) for one in asked] == [
        ("id", "asc", "100", "1"),
        ("id", "asc", "100", "2"),
        ("id", "asc", "100", "3"),
    ]
    assert complete(events)["listings"] == (250, 3)


async def test_collection_that_shrinks_under_the_walk_fails_the_run() -> None:
    site = WordPress()
    first = Canned(orjson.dumps([listing(one) for one in range(1, 101)]), headers={"x-wp-total": "101", "x-wp-totalpages": "2"})
    site.sequences["wp/v2/job-listings"] = [first, error(400, "rest_post_invalid_page_number")]
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "total"


async def test_wrong_total_fails_the_run() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = Canned(orjson.dumps([listing(1)]), headers={"x-wp-total": "2", "x-wp-totalpages": "1"})
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "total"


async def test_duplicate_listing_fails_the_run_although_the_count_is_right() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = Canned(
        orjson.dumps([listing(1), listing(1)]), headers={"x-wp-total": "2", "x-wp-totalpages": "1"}
    )
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "duplicate"


async def test_site_without_totals_is_read_and_states_none() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = Canned(orjson.dumps([listing(12)]))
    assert complete(await run(site))["listings"] == (None, 1)


async def test_full_last_page_of_a_site_without_totals_ends_the_walk() -> None:
    site = WordPress()
    site.listings = {number: listing(number) for number in range(1, 101)}
    rows = Canned(orjson.dumps(list(site.listings.values())))
    site.sequences["wp/v2/job-listings"] = [rows, error(400, "rest_post_invalid_page_number")]
    assert complete(await run(site))["listings"] == (None, 2)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (Canned.html("<html>maintenance</html>"), "content_type"),
        (Canned(b'[{"id": 1, "ti'), "syntax"),
        (Canned(b"<br />\n<b>Warning</b>: Undefined array key\n[]", content_type="application/json"), "syntax"),
        (Canned('[{"id": 1, "x": "é"}]'.encode("latin-1")), "charset"),
        (Canned(b'{"id": 1}'), "syntax"),
    ],
)
async def test_answer_that_is_no_list_of_listings_fails_the_run(answer: Canned, cause: str) -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = answer
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == cause


async def test_listing_without_an_id_is_invalid_and_its_neighbours_go_on() -> None:
    site = WordPress()
    bare = {key: value for key, value in listing(1).items() if key != "id"}
    site.overrides["wp/v2/job-listings"] = Canned(
        orjson.dumps([bare, listing(12)]), headers={"x-wp-total": "2", "x-wp-totalpages": "1"}
    )
    events = await run(site)
    assert [one.reason for one in events if isinstance(one, Invalid)] == ["missing_id"]
    assert "listing-12" in records(events)


async def test_empty_site_is_complete_with_nothing() -> None:
    site = WordPress()
    site.listings, site.events, site.posts = {}, {}, {}
    assert complete(await run(site)) == {"listings": (0, 1), "events": (0, 1)}


async def test_switched_off_categories_are_no_fault() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-categories"] = Canned(orjson.dumps({"code": "rest_no_route"}), status=404)
    assert records(await run(site))["listing-12"]["categories"] == []


async def test_unchanged_listing_costs_no_page() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    await run(site, checkpoint)
    site.requests.clear()
    events = await run(site, checkpoint)
    assert pages_read(site) == []
    assert [one.native_id for one in events if isinstance(one, Unchanged)] == ["listing-12", "listing-14"]


async def test_page_is_read_again_within_a_cycle_of_runs() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    await run(site, checkpoint)
    site.requests.clear()
    for _ in range(24):
        await run(site, checkpoint)
    assert sorted(pages_read(site)) == ["/job/job-12/", "/job/job-14/"]


async def test_quiet_edit_of_meta_is_news_although_modified_stands() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    await run(site, checkpoint)
    site.listings[12] = listing(12, _filled=1)
    assert list(records(await run(site, checkpoint))) == ["listing-12", "event-31"]


async def test_renamed_term_is_news() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    await run(site, checkpoint)
    site.terms["job-types"][0]["name"] = "Fulltime"
    assert "listing-12" in records(await run(site, checkpoint))


async def test_save_without_a_change_keeps_the_fingerprint() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    before = records(await run(site, checkpoint))["listing-12"]
    site.listings[12]["modified_gmt"] = "2026-11-05T09:00:00"
    after = records(await run(site, checkpoint))["listing-12"]
    assert CONNECTOR.fingerprint(CONNECTOR.parse(before)) == CONNECTOR.fingerprint(CONNECTOR.parse(after))


async def test_listing_that_left_is_forgotten_and_read_anew_when_it_returns() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    await run(site, checkpoint)
    item = site.listings.pop(12)
    await run(site, checkpoint)
    site.listings[12] = item
    assert "listing-12" in records(await run(site, checkpoint))


async def test_failing_run_leaves_the_memory_as_it_was() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    site.overrides["wp/v2/job-listings"] = Canned(b"[", content_type="application/json")
    with pytest.raises(SourceError):
        await run(site, checkpoint)
    assert checkpoint.cursors == {}


async def test_page_of_another_listing_is_not_believed() -> None:
    site = WordPress()
    site.answers["/job/job-12/"] = site._page("/job/job-14/")
    assert records(await run(site))["listing-12"]["jsonld"] is None


async def test_redirect_to_the_new_slug_is_followed() -> None:
    site = WordPress()
    own = site._page("/job/job-12/")
    site.listings[12]["link"] = f"{BASE}/job/old/"
    site.answers["/job/old/"] = Canned(b"", status=301, headers={"location": "/job/job-12/"})
    site.answers["/job/job-12/"] = own
    assert records(await run(site))["listing-12"]["jsonld"] is not None


async def test_page_that_is_not_its_own_keeps_what_was_known_and_is_read_again() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    site.answers["/job/job-12/"] = site._page("/job/job-14/")
    await run(site, checkpoint)
    del site.answers["/job/job-12/"]
    assert records(await run(site, checkpoint))["listing-12"]["jsonld"] is not None


@pytest.mark.parametrize(("body", "is_own"), [("Onderhoud", False), ("<h1>Data Engineer</h1>", True)])
async def test_page_that_states_no_id_must_name_the_listing(body: str, is_own: bool) -> None:
    site, checkpoint = WordPress(), Checkpoint()
    site.answers["/job/job-12/"] = Canned.html(f"<html><body>{body}</body></html>")
    await run(site, checkpoint)
    site.requests.clear()
    await run(site, checkpoint)
    assert ("/job/job-12/" not in pages_read(site)) is is_own


async def test_site_whose_pages_are_all_foreign_fails_the_run() -> None:
    site = WordPress()
    site.listings = {number: listing(number) for number in range(1, 5)}
    site.answers |= {f"/job/job-{number}/": Canned.html("<html>Onderhoud</html>") for number in site.listings}
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "content_type"


@pytest.mark.parametrize("answer", [Canned(status=500), Canned(error=SourceError("redirect", "another host"))])
async def test_page_that_cannot_be_had_costs_its_listing_the_structured_data_only(answer: Canned) -> None:
    site = WordPress()
    site.answers["/job/job-12/"] = answer
    found = records(await run(site))
    assert (found["listing-12"]["jsonld"], found["listing-14"]["jsonld"] is None) == (None, False)


async def test_pages_that_stay_foreign_do_not_fail_a_site_of_which_little_else_is_read() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    site.listings = {number: listing(number) for number in range(1, 9)}
    site.answers |= {f"/job/job-{number}/": Canned(status=500) for number in (1, 2, 3)}
    for _ in range(3):
        assert "listings" in complete(await run(site, checkpoint))


async def test_page_that_breaks_off_is_read_again() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    whole = site._page("/job/job-12/").body
    site.answers["/job/job-12/"] = Canned.html(whole.partition(b"<!-- WP Job")[0].decode())
    assert records(await run(site, checkpoint))["listing-12"]["jsonld"] is None
    del site.answers["/job/job-12/"]
    assert records(await run(site, checkpoint))["listing-12"]["jsonld"] is not None


async def test_filled_listing_needs_no_page() -> None:
    site = WordPress()
    site.listings = {12: listing(12, _filled=1)}
    events = await run(site)
    assert pages_read(site) == []
    assert records(events)["listing-12"]["jsonld"] is None


async def test_text_behind_a_password_is_not_kept() -> None:
    site = WordPress()
    site.listings = {12: listing(12, "Protected: Analyst")}
    site.listings[12]["content"] = {"rendered": "", "protected": True}
    parts = records(await run(site))["listing-12"]
    assert "description" not in parts["jsonld"]
    assert parts["jsonld"]["validThrough"] == job_posting(listing(12))["validThrough"]


async def test_events_are_asked_in_the_whole_window() -> None:
    site = WordPress()
    await run(site)
    asked = next(url.query for url in site.requests if url.path == CALENDAR)
    assert (asked["start_date"], asked["end_date"], asked["per_page"]) == ("2000-01-01", "2100-01-01", "50")


async def test_events_are_paged_by_their_own_totals() -> None:
    site = WordPress()
    site.events = {number: event(number) for number in range(1, 121)}
    site.posts = {number: post(number) for number in site.events}
    events = await run(site)
    assert complete(events)["events"] == (120, 3)
    assert len([one for one in records(events) if one.startswith("event-")]) == 120


async def test_event_carries_the_status_of_the_second_route() -> None:
    site = WordPress()
    site.posts[31] = post(31, "canceled", "Storm")
    assert records(await run(site))["event-31"]["post"]["meta"]["_tribe_events_status"] == "canceled"


async def test_event_that_the_second_route_lacks_is_asked_singly() -> None:
    site = WordPress()
    site.posts = {}
    site.events[31]["json_ld"] = {"@type": "Event", "eventStatus": "https://schema.org/EventCancelled"}
    assert records(await run(site))["event-31"]["jsonld"]["eventStatus"] == "https://schema.org/EventCancelled"


async def test_event_whose_meta_the_second_route_keeps_back_is_asked_singly() -> None:
    site = WordPress()
    site.posts[31] = {**post(31), "meta": []}
    site.events[31]["json_ld"] = {"@type": "Event", "eventStatus": "https://schema.org/EventCancelled"}
    assert records(await run(site))["event-31"]["jsonld"]["eventStatus"] == "https://schema.org/EventCancelled"


async def test_calendar_that_is_gone_fails_the_run() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    await run(site, checkpoint)
    site.overrides["tribe/events/v1/events"] = Canned(orjson.dumps({"code": "rest_no_route"}), status=404)
    with pytest.raises(SourceError) as raised:
        await run(site, checkpoint)
    assert raised.value.cause == "status"


async def test_site_without_a_calendar_has_no_events_and_its_listings_are_complete() -> None:
    site = WordPress()
    site.overrides["tribe/events/v1/events"] = Canned(orjson.dumps({"code": "rest_no_route"}), status=404)
    site.overrides["wp/v2/tribe_events"] = Canned(orjson.dumps({"code": "rest_no_route"}), status=404)
    events = await run(site)
    assert [one.collection for one in events if isinstance(one, Complete)] == ["listings", "events"]
    assert not [one for one in events if isinstance(one, RawRecord) and one.collection == "events"]


async def test_calendar_that_answers_404_in_another_way_is_no_missing_plugin() -> None:
    site = WordPress()
    site.overrides["tribe/events/v1/events"] = Canned(b"<h1>Not found</h1>", status=404, content_type="text/html")
    with pytest.raises(SourceError):
        await run(site)


async def test_calendar_whose_total_is_wrong_fails_the_run() -> None:
    site = WordPress()
    site.overrides["tribe/events/v1/events"] = Canned.json({"events": [event(31)], "total": 2, "total_pages": 1})
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "total"


async def test_refused_application_password_fails_the_run() -> None:
    with pytest.raises(SourceError) as raised:
        await run(WordPress(), credential="hub:abcd efgh")
    assert raised.value.cause == "credential"


async def test_accepted_application_password_is_sent_with_every_rest_request() -> None:
    site = WordPress()
    site.user = True
    await run(site, credential="hub:abcd efgh")
    sent = [headers for url, headers in zip(site.requests, site.headers, strict=True) if "/wp-json/wp/v2/" in url.path]
    assert {one.get("authorization") for one in sent} == {"Basic aHViOmFiY2QgZWZnaA=="}


def calendar_page(total: int, *numbers: int) -> Canned:
    return Canned.json({"events": [event(number) for number in numbers], "total": total, "total_pages": 2})


async def test_event_that_the_order_skips_between_pages_is_asked_singly() -> None:
    site = WordPress()
    site.events = {number: event(number) for number in (31, 32, 33)}
    site.posts = {number: post(number) for number in site.events}
    site.sequences["tribe/events/v1/events"] = [calendar_page(4, 31, 32), calendar_page(4, 32, 34)]
    site.posts[34] = post(34)
    events = await run(site)
    assert [one for one in records(events) if one.startswith("event-")] == ["event-31", "event-32", "event-34", "event-33"]
    assert complete(events)["events"] == (4, 2)


async def test_event_page_that_comes_again_fails_the_run() -> None:
    site = WordPress()
    site.sequences["tribe/events/v1/events"] = [calendar_page(4, 31, 32), calendar_page(4, 31, 32)]
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "duplicate"


async def test_event_listed_twice_while_no_other_is_missing_fails_the_run() -> None:
    site = WordPress()
    site.sequences["tribe/events/v1/events"] = [calendar_page(4, 31, 32), calendar_page(4, 32, 33)]
    site.posts = {number: post(number) for number in (31, 32, 33)}
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "duplicate"


class Quoted(WordPress):
    """The same site behind a cache that writes every id as a text."""

    async def get(self, url: Any, **asked: Any) -> Any:
        response = await super().get(url, **asked)
        body = re.sub(rb'"id":(\d+)', rb'"id":"\1"', response.body)
        body = re.sub(rb'"(job-types|job-categories)":\[(\d+)\]', rb'"\1":["\2"]', body)
        return replace(response, body=body)


async def test_ids_that_turn_into_texts_name_the_same_items_and_change_nothing() -> None:
    numbers, texts = records(await run(WordPress())), records(await run(Quoted()))
    assert set(texts) == set(numbers) == {"listing-12", "listing-14", "event-31"}
    for name, parts in texts.items():
        assert CONNECTOR.fingerprint(CONNECTOR.parse(parts)) == CONNECTOR.fingerprint(CONNECTOR.parse(numbers[name]))


async def test_items_are_asked_for_singly_where_ids_are_texts() -> None:
    items = [KnownItem("listing-12", "listings", None), KnownItem("event-31", "events", None)]
    verdicts = await source_of(CONNECTOR, Quoted(), BASE).ask(items)
    assert verdicts == {"listing-12": Liveness.ALIVE, "event-31": Liveness.ALIVE}
