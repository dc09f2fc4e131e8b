"""What a real WordPress site answers (listings, changes, events, errors), row by row, asked of the sandbox's MiitN over HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio

from hub.sandbox.run import Sandbox
from hub.sandbox.world import Listing
from hub.settings import SandboxSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")
BASE = date(2026, 11, 20)
JOBS = "/wp-json/wp/v2/job-listings"
EVENTS = "/wp-json/tribe/events/v1/events"
EVENT_POSTS = "/wp-json/wp/v2/tribe_events"
ALWAYS = "start_date=2000-01-01&end_date=2100-01-01"
ZONE = ZoneInfo("Europe/Amsterdam")


@dataclass
class Answer:
    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def ids(self) -> list[int]:
        return [item["id"] for item in self.json]


class Site:
    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.home = sandbox.urls["miitn"]

    async def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        async with self.session.request(method, self.home + address, headers=headers, allow_redirects=False) as response:
            return Answer(response.status, response.headers, await response.text())

    def listing(self, state: str) -> Listing:
        """One in this state, if there is one whose slug no other begins with, that one."""
        found = [item for item in self.sandbox.world.all("miitn") if item.state == state and item.event is None]
        return min(found, key=lambda item: (not item.slug[-3:].isdigit(), item.number))

    def event(self, status: str = "scheduled", *, is_over: bool = False) -> Listing:
        now = self.sandbox.world.now
        return next(
            item
            for item in self.sandbox.world.all("miitn")
            if item.event and item.event.status == status and (item.event.end < now) == is_over
        )

    async def walk(self, order: str, per_page: int = 10) -> list[int]:
        found: list[int] = []
        page, pages = 1, 1
        while page <= pages:
            answer = await self.get(f"{JOBS}?per_page={per_page}&page={page}&{order}&_fields=id")
            found += answer.ids
            page, pages = page + 1, int(answer.headers["X-WP-TotalPages"])
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site() -> AsyncIterator[Site]:
    """One site for everything that only reads."""
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=0), base=BASE)
    async with aiohttp.ClientSession() as session:
        yield Site(sandbox, session)
    await sandbox.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def own_site() -> AsyncIterator[Site]:
    """A site of the test's own, to change."""
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=0, records=400), base=BASE)
    async with aiohttp.ClientSession() as session:
        yield Site(sandbox, session)
    await sandbox.stop()


def ld_of(page: str) -> Any:
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    return json.loads(block) if block else None


# --- 1. listings over REST ------------------------------------------------------------------------------------------
async def test_the_list_states_totals_in_headers_and_the_next_page_in_link(site: Site) -> None:
    answer = await site.get(f"{JOBS}?per_page=50")
    assert int(answer.headers["X-WP-TotalPages"]) == -(-int(answer.headers["X-WP-Total"]) // 50)
    assert 'rel="next"' in answer.headers["Link"]
    assert 'rel="prev"' not in answer.headers["Link"]


async def test_a_single_page_links_to_the_api_only(site: Site) -> None:
    number = site.listing("live").number
    answer = await site.get(f"{JOBS}?include={number}")
    assert answer.headers["Link"] == f'<{site.home}/wp-json/>; rel="https://api.w.org/"'


async def test_lists_in_links_come_back_rewritten(site: Site) -> None:
    numbers = [item.number for item in site.sandbox.world.all("miitn") if item.state == "live" and item.event is None][:3]
    answer = await site.get(f"{JOBS}?include={numbers[0]},{numbers[1]},{numbers[2]}&per_page=2")
    assert f"include%5B0%5D={numbers[0]}" in answer.headers["Link"]


async def test_the_plain_form_of_a_route_answers_the_same(site: Site) -> None:
    pretty, plain = await site.get(f"{JOBS}?per_page=7"), await site.get("/?rest_route=/wp/v2/job-listings&per_page=7")
    assert pretty.json == plain.json
    assert (await site.get("/index.php?rest_route=/wp/v2/job-listings&per_page=7")).json == pretty.json


async def test_a_trailing_slash_is_accepted(site: Site) -> None:
    assert (await site.get(f"{JOBS}/?per_page=1")).status == 200


async def test_the_route_by_the_type_s_own_name_is_not_there(site: Site) -> None:
    answer = await site.get("/wp-json/wp/v2/job_listing")
    assert (answer.status, answer.json["code"]) == (404, "rest_no_route")


async def test_the_type_names_its_route(site: Site) -> None:
    assert (await site.get("/wp-json/wp/v2/types/job_listing")).json["rest_base"] == "job-listings"


async def test_the_index_names_the_time_zone(site: Site) -> None:
    assert (await site.get("/wp-json/")).json["timezone_string"] == "Europe/Amsterdam"


async def test_head_gives_the_totals_without_a_body(site: Site) -> None:
    answer = await site.get(JOBS, method="HEAD")
    assert int(answer.headers["X-WP-Total"]) > 100
    assert answer.text == ""


async def test_blocks_are_numbered_by_their_place_in_the_answer(site: Site) -> None:
    laid_out = [row for row in (await site.get(f"{JOBS}?per_page=100")).json if "wp-container-" in row["content"]["rendered"]]
    alone = (await site.get(f"{JOBS}/{laid_out[1]['id']}")).json
    assert alone["content"]["rendered"] == laid_out[1]["content"]["rendered"].replace("wp-container-2", "wp-container-1")


async def test_validators_are_neither_given_nor_obeyed(site: Site) -> None:
    answer = await site.get(JOBS, **{"If-None-Match": "*", "If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"})
    assert answer.status == 200
    assert not {"ETag", "Last-Modified", "Cache-Control"} & set(answer.headers)


async def test_unknown_parameters_are_ignored(site: Site) -> None:
    plain = await site.get(JOBS)
    assert (await site.get(f"{JOBS}?meta_key=_filled&meta_value=1&foo=bar&filter[x]=1&sticky=true")).ids == plain.ids


async def test_ten_items_are_a_page_unless_asked(site: Site) -> None:
    assert len((await site.get(JOBS)).json) == 10


async def test_the_default_order_is_newest_first(site: Site) -> None:
    dates = [item["date_gmt"] for item in (await site.get(f"{JOBS}?per_page=100")).json]
    assert dates == sorted(dates, reverse=True)


async def test_the_expiry_date_is_not_in_an_anonymous_reader_s_meta(site: Site) -> None:
    items = (await site.get(f"{JOBS}?per_page=100")).json
    assert all("_job_expires" not in item["meta"] for item in items)
    assert {"_company_name", "_application", "_filled", "_job_location"} <= set(items[0]["meta"])


async def test_dates_are_local_and_utc_both_without_offset(site: Site) -> None:
    item = (await site.get(f"{JOBS}/{site.listing('live').number}")).json
    local = datetime.fromisoformat(item["date"]).replace(tzinfo=ZONE)
    assert local.astimezone(UTC).replace(tzinfo=None) == datetime.fromisoformat(item["date_gmt"])


async def test_fields_cut_the_item(site: Site) -> None:
    assert set((await site.get(f"{JOBS}?_fields=id,status,meta")).json[0]) == {"id", "status", "meta"}


async def test_terms_carry_html_names_and_the_employment_type(site: Site) -> None:
    types = {term["name"]: term["meta"] for term in (await site.get("/wp-json/wp/v2/job-types?per_page=100")).json}
    names = {term["name"] for term in (await site.get("/wp-json/wp/v2/job-categories?per_page=100")).json}
    assert types["Full Time"] == {"employment_type": "FULL_TIME"}
    assert types["Traineeship"] == {"employment_type": ""}
    assert "Agri-food &amp; Water" in names


async def test_every_page_links_to_the_api(site: Site) -> None:
    assert 'rel="https://api.w.org/"' in (await site.get("/")).headers["Link"]


# --- 2. which listings are seen, and what a withdrawal looks like -----------------------------------------------------
@pytest.mark.parametrize(
    ("state", "is_listed", "single", "page", "noindex", "has_ld", "in_outlets"),
    [
        ("live", True, 200, 200, False, True, True),
        ("filled", True, 200, 200, True, False, True),
        ("overdue", True, 200, 200, False, True, True),
        ("expired", False, 200, 200, True, False, False),
        ("draft", False, 401, 404, False, False, False),
        ("pending", False, 401, 404, False, False, False),
        ("future", False, 401, 404, False, False, False),
        ("private", False, 401, 404, False, False, False),
        ("trash", False, 401, 404, False, False, False),
        ("gone", False, 404, 404, False, False, False),
        ("password", True, 200, 200, False, True, True),
    ],
)
async def test_a_state_shows_as_observed(
    own_site: Site, state: Any, is_listed: bool, single: int, page: int, noindex: bool, has_ld: bool, in_outlets: bool
) -> None:
    listing = own_site.listing("live")
    listing.state = state
    html = await own_site.get(f"/job/{listing.slug}/")
    assert (listing.number in await own_site.walk("orderby=id&order=asc", 100)) is is_listed
    assert (await own_site.get(f"{JOBS}/{listing.number}")).status == single
    assert html.status == page
    assert ("noindex" in html.text) is noindex
    assert (ld_of(html.text) is not None) is has_ld
    for outlet in ("/?feed=job_feed&posts_per_page=500", "/wp-sitemap-posts-job_listing-1.xml"):
        assert (f"/job/{listing.slug}/<" in (await own_site.get(outlet)).text) is in_outlets


async def test_a_filled_listing_says_so_in_meta_only(site: Site) -> None:
    item = (await site.get(f"{JOBS}/{site.listing('filled').number}")).json
    assert (item["status"], item["meta"]["_filled"]) == ("publish", 1)


async def test_an_expired_listing_answers_with_its_status(site: Site) -> None:
    listing = site.listing("expired")
    assert (await site.get(f"{JOBS}/{listing.number}")).json["status"] == "expired"
    assert "This listing has expired." in (await site.get(f"/job/{listing.slug}/")).text


async def test_an_overdue_listing_shows_only_in_structured_data(site: Site) -> None:
    listing = site.listing("overdue")
    item = (await site.get(f"{JOBS}/{listing.number}")).json
    data = ld_of((await site.get(f"/job/{listing.slug}/")).text)
    assert (item["status"], item["meta"]["_filled"]) == ("publish", 0)
    assert datetime.fromisoformat(data["validThrough"]) < site.sandbox.world.now


async def test_a_password_hides_the_text_and_nothing_else(site: Site) -> None:
    listing = site.listing("password")
    item = (await site.get(f"{JOBS}/{listing.number}")).json
    data = ld_of((await site.get(f"/job/{listing.slug}/")).text)
    assert item["content"] == {"rendered": "", "protected": True}
    assert item["title"]["rendered"].startswith("Protected: ")
    assert item["meta"]["_company_name"]
    assert len(data["description"]) > 500


async def test_include_returns_published_ones_only(site: Site) -> None:
    live, expired, trashed = (site.listing(state) for state in ("live", "expired", "trash"))
    numbers = f"{live.number},{expired.number},{trashed.number},1"
    answer = await site.get(f"{JOBS}?include={numbers}&per_page=100&_fields=id,status,meta")
    assert answer.ids == [live.number]


@pytest.mark.parametrize("status", ["expired", "any", "draft"])
async def test_a_hidden_status_is_forbidden(site: Site, status: str) -> None:
    answer = await site.get(f"{JOBS}?status={status}")
    assert (answer.status, answer.json["code"]) == (400, "rest_invalid_param")
    assert "Status is forbidden" in answer.json["data"]["params"]["status"]


async def test_a_withdrawn_listing_s_page_may_lead_to_another_listing(site: Site) -> None:
    answer = await site.get("/job/data-engineer-open-sea/")
    assert (answer.status, answer.headers["Location"]) == (301, f"{site.home}/job/data-engineer-open-sea-medior/")


async def test_a_page_names_its_id(site: Site) -> None:
    listing = site.listing("live")
    text = (await site.get(f"/job/{listing.slug}/")).text
    assert f'<link rel="alternate" type="application/json" href="{site.home}{JOBS}/{listing.number}" />' in text
    assert f"/?p={listing.number}" in text


async def test_a_renamed_slug_redirects_and_keeps_the_guid(site: Site) -> None:
    listing = next(item for item in site.sandbox.world.all("miitn") if item.previous_slugs)
    answer = await site.get(f"/job/{listing.previous_slugs[0]}/")
    item = (await site.get(f"{JOBS}/{listing.number}")).json
    assert (answer.status, answer.headers["Location"]) == (301, item["link"])
    assert item["guid"]["rendered"].endswith(f"/job/{listing.previous_slugs[0]}/")


async def test_restoring_keeps_id_and_first_date(own_site: Site) -> None:
    listing = own_site.listing("live")
    before = (await own_site.get(f"{JOBS}/{listing.number}")).json
    listing.state = "trash"
    assert (await own_site.get(f"{JOBS}/{listing.number}")).status == 401
    listing.state = "live"
    after = (await own_site.get(f"{JOBS}/{listing.number}")).json
    assert (after["id"], after["date"], after["guid"]) == (before["id"], before["date"], before["guid"])


# --- 3. change detection and paging ---------------------------------------------------------------------------------
async def test_filling_does_not_move_modified(own_site: Site) -> None:
    listing = own_site.listing("live")
    before = (await own_site.get(f"{JOBS}/{listing.number}")).json["modified_gmt"]
    listing.state = "filled"
    after = (await own_site.get(f"{JOBS}/{listing.number}")).json
    assert (after["modified_gmt"], after["meta"]["_filled"]) == (before, 1)


async def test_saving_without_a_change_moves_modified(own_site: Site) -> None:
    listing = own_site.listing("live")
    before = listing.modified
    own_site.sandbox.edit("miitn", listing.native_id, listing.title)
    assert (await own_site.get(f"{JOBS}/{listing.number}")).json["modified_gmt"] > f"{before:%Y-%m-%dT%H:%M:%S}"


async def test_modified_after_is_exclusive_on_whole_seconds(own_site: Site) -> None:
    listing = own_site.listing("live")
    own_site.sandbox.edit("miitn", listing.native_id)
    stamp = f"{listing.modified:%Y-%m-%dT%H:%M:%S}Z"
    earlier = f"{listing.modified - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}Z"
    assert (await own_site.get(f"{JOBS}?modified_after={stamp}")).ids == []
    assert (await own_site.get(f"{JOBS}?modified_after={earlier}")).ids == [listing.number]


async def test_a_time_without_offset_is_site_local(own_site: Site) -> None:
    listing = own_site.listing("live")
    own_site.sandbox.edit("miitn", listing.native_id)
    before = listing.modified - timedelta(seconds=1)
    as_local, as_utc = f"{before.astimezone(ZONE):%Y-%m-%dT%H:%M:%S}", f"{before:%Y-%m-%dT%H:%M:%S}"
    exact = await own_site.get(f"{JOBS}?modified_after={as_local}&per_page=100")
    wider = await own_site.get(f"{JOBS}?modified_after={as_utc}&per_page=100")
    offset = await own_site.get(f"{JOBS}?modified_after={as_local}%2B01:00&per_page=100")
    assert exact.ids == offset.ids == [listing.number]
    assert set(exact.ids) <= set(wider.ids)


@pytest.mark.parametrize("value", ["2026-11-21", "1790000000", "gisteren"])
async def test_a_date_alone_or_a_unix_time_is_refused(site: Site, value: str) -> None:
    answer = await site.get(f"{JOBS}?modified_after={value}")
    assert (answer.status, answer.json["code"]) == (400, "rest_invalid_param")
    assert "Invalid date" in answer.json["data"]["params"]["modified_after"]


@pytest.mark.parametrize("orderby", ["modified", "author"])
@pytest.mark.parametrize("per_page", [3, 20, 50])
async def test_equal_values_make_a_walk_repeat_and_miss(site: Site, orderby: str, per_page: int) -> None:
    rows = await site.walk(f"orderby={orderby}", per_page)
    total = int((await site.get(JOBS)).headers["X-WP-Total"])
    assert len(rows) == total
    assert len(set(rows)) < total


@pytest.mark.parametrize("order", ["orderby=date", "orderby=id&order=asc", "orderby=title", "orderby=slug"])
async def test_other_orders_are_stable(site: Site, order: str) -> None:
    rows = await site.walk(order, 20)
    assert len(rows) == len(set(rows)) == int((await site.get(JOBS)).headers["X-WP-Total"])


async def test_one_request_of_a_hundred_is_a_consistent_read(own_site: Site) -> None:
    answer = await own_site.get(f"{JOBS}?per_page=100&orderby=modified")
    assert len(set(answer.ids)) == len(answer.ids) == int(answer.headers["X-WP-Total"])


async def test_withdrawals_while_paging_leave_counts_equal_and_rows_wrong(own_site: Site) -> None:
    """Newest first: three leave after page 2, the final total equals what was read, three live ones were missed."""
    first = [await own_site.get(f"{JOBS}?page={page}") for page in (1, 2)]
    world = own_site.sandbox.world
    for number in first[0].ids[:3]:
        world.listings["miitn"][number].state = "trash"
    rows = [number for answer in first for number in answer.ids]
    total, page = 10**6, 3
    while len(rows) < total:
        answer = await own_site.get(f"{JOBS}?page={page}")
        total, page = int(answer.headers["X-WP-Total"]), page + 1
        rows += answer.ids
    living = set(await own_site.walk("orderby=id&order=asc", 100))
    assert len(rows) == len(set(rows)) == total == int(first[0].headers["X-WP-Total"]) - 3
    assert len(living - set(rows)) == 3


async def test_a_withdrawal_and_a_return_leave_every_total_equal(own_site: Site) -> None:
    world = own_site.sandbox.world
    ordered = await own_site.walk("orderby=date")
    returning = world.listings["miitn"][ordered[-1]]
    returning.state = "trash"
    rows: list[int] = []
    totals = set()
    for page in range(1, (len(ordered) - 1) // 10 + 2):
        answer = await own_site.get(f"{JOBS}?page={page}")
        totals.add(answer.headers["X-WP-Total"])
        rows += answer.ids
        world.listings["miitn"][ordered[0]].state = "trash" if page >= 2 else "live"
        returning.state = "live" if page >= 2 else "trash"
    living = set(await own_site.walk("orderby=id&order=asc", 100))
    assert totals == {str(len(rows))}
    assert len(living - set(rows)) == 1


async def test_by_ascending_id_a_withdrawal_still_shifts_the_next_pages(own_site: Site) -> None:
    order = "orderby=id&order=asc"
    first = await own_site.get(f"{JOBS}?{order}&page=1")
    own_site.sandbox.world.listings["miitn"][first.ids[0]].state = "trash"
    second = await own_site.get(f"{JOBS}?{order}&page=2")
    living = await own_site.walk(order, 100)
    assert living[9] not in first.ids + second.ids


# --- 5. structured data ---------------------------------------------------------------------------------------------
async def test_structured_data_is_escaped_once_more(site: Site) -> None:
    listing = site.listing("live")
    data = ld_of((await site.get(f"/job/{listing.slug}/")).text)
    assert data["description"].startswith("&lt;p&gt;")
    assert data["identifier"]["value"].startswith(f"{site.home}/job/")


async def test_valid_through_is_the_end_of_the_local_day(site: Site) -> None:
    listing = next(item for item in site.sandbox.world.all("miitn") if item.state == "live" and item.expires and not item.event)
    data = ld_of((await site.get(f"/job/{listing.slug}/")).text)
    assert data["validThrough"][10:19] == "T23:59:59"
    assert data["validThrough"][19:] in ("+01:00", "+02:00")


# --- 6. other outlets -----------------------------------------------------------------------------------------------
async def test_the_job_feed_answers_304_though_an_item_was_filled(own_site: Site) -> None:
    first = await own_site.get("/feed/job_feed/")
    own_site.listing("live").state = "filled"
    assert (await own_site.get("/feed/job_feed/", **{"If-None-Match": first.headers["ETag"]})).status == 304


async def test_the_sitemap_has_no_lastmod_and_ends_with_404(site: Site) -> None:
    assert "<lastmod>" not in (await site.get("/wp-sitemap-posts-job_listing-1.xml")).text
    assert (await site.get("/wp-sitemap-posts-job_listing-2.xml")).status == 404
    assert (await site.get("/sitemap.xml")).status == 302


async def test_robots_allow_rest(site: Site) -> None:
    text = (await site.get("/robots.txt")).text
    assert "Disallow: /wp-admin/" in text
    assert "wp-json" not in text


# --- 7. events ------------------------------------------------------------------------------------------------------
async def test_without_dates_only_the_coming_two_years_are_listed(site: Site) -> None:
    default = {item["id"]: item for item in (await site.get(f"{EVENTS}?per_page=50")).json["events"]}
    world = site.sandbox.world
    running = next(i for i in world.all("miitn") if i.event and i.event.start < world.now < i.event.end)
    far = next(i for i in world.all("miitn") if i.event and i.event.start > world.now + timedelta(days=1000))
    assert not {running.number, far.number, site.event(is_over=True).number} & set(default)
    assert all(item["start_date"] >= BASE.isoformat() for item in default.values())


async def test_a_wide_window_shows_past_running_and_far_ones(site: Site) -> None:
    first = await site.get(f"{EVENTS}?per_page=50&{ALWAYS}")
    published = [item for item in site.sandbox.world.all("miitn") if item.event and item.state in ("live", "expired")]
    assert first.json["total"] == len(published) == int(first.headers["X-TEC-Total"])
    assert "X-WP-Total" not in first.headers


async def test_the_time_of_day_of_a_window_is_ignored(site: Site) -> None:
    early = await site.get(f"{EVENTS}?start_date={BASE}%2000:00:00&per_page=50")
    late = await site.get(f"{EVENTS}?start_date={BASE}%2023:59:00&per_page=50")
    assert early.json["total"] == late.json["total"]


async def test_include_outside_the_window_returns_nothing(site: Site) -> None:
    number = site.event(is_over=True).number
    assert (await site.get(f"{EVENTS}?include={number}")).json["events"] == []
    assert [item["id"] for item in (await site.get(f"{EVENTS}?include={number}&{ALWAYS}")).json["events"]] == [number]


async def test_events_come_by_start_whatever_order_is_asked(site: Site) -> None:
    for order in ("asc", "desc"):
        starts = [
            item["utc_start_date"] for item in (await site.get(f"{EVENTS}?order={order}&per_page=50&{ALWAYS}")).json["events"]
        ]
        assert starts == sorted(starts)


async def test_more_than_fifty_a_page_is_cut_to_fifty(site: Site) -> None:
    body = (await site.get(f"{EVENTS}?per_page=500&{ALWAYS}")).json
    assert len(body["events"]) <= 50
    assert "per_page=50" in body["rest_url"]


async def test_next_addresses_lead_through_all_events(site: Site) -> None:
    address, seen = f"{EVENTS}?per_page=7&{ALWAYS}", []
    while address:
        body = (await site.get(address)).json
        seen += [item["id"] for item in body["events"]]
        address = body.get("next_rest_url", "").removeprefix(site.home)
    assert len(seen) == len(set(seen)) == body["total"]
    assert "previous_rest_url" in body


@pytest.mark.parametrize("query", ["per_page=0", "categories=no-such-category", "start_date=nooit"])
async def test_bad_event_parameters_are_refused(site: Site, query: str) -> None:
    assert (await site.get(f"{EVENTS}?{query}")).status == 400


async def test_events_ignore_modified_after(site: Site) -> None:
    plain = await site.get(f"{EVENTS}?per_page=50")
    assert (await site.get(f"{EVENTS}?per_page=50&modified_after=2099-01-01T00:00:00Z")).json["total"] == plain.json["total"]


async def test_an_event_carries_local_and_utc_times(site: Site) -> None:
    event = (await site.get(f"{EVENTS}/{site.event().number}")).json
    local = datetime.fromisoformat(event["start_date"]).replace(tzinfo=ZoneInfo(event["timezone"]))
    assert local.astimezone(UTC).replace(tzinfo=None) == datetime.fromisoformat(event["utc_start_date"])
    assert event["image"] is False
    assert isinstance(event["author"], str)


async def test_an_all_day_event_lasts_to_the_last_second(site: Site) -> None:
    listing = next(i for i in site.sandbox.world.all("miitn") if i.event and i.event.all_day and i.state == "live")
    event = (await site.get(f"{EVENTS}/{listing.number}")).json
    assert (event["all_day"], event["start_date"][11:], event["end_date"][11:]) == (True, "00:00:00", "23:59:59")


async def test_costs_are_in_the_site_s_currency_whatever_was_typed(site: Site) -> None:
    listing = next(i for i in site.sandbox.world.all("miitn") if i.event and i.event.cost == "5 – 10" and i.state == "live")
    event = (await site.get(f"{EVENTS}/{listing.number}")).json
    assert (event["cost"], event["cost_details"]["values"]) == ("$5 – $10", ["5", "10"])
    assert event["json_ld"]["offers"]["priceCurrency"] == "USD"


async def test_a_cost_of_nought_and_none_look_alike(site: Site) -> None:
    listing = next(
        i for i in site.sandbox.world.all("miitn") if i.event and i.event.cost == "0" and i.state in ("live", "expired")
    )
    assert (await site.get(f"{EVENTS}/{listing.number}")).json["cost"] == ""


async def test_an_event_is_found_by_slug(site: Site) -> None:
    listing = site.event()
    assert (await site.get(f"{EVENTS}/by-slug/{listing.slug}")).json["id"] == listing.number


@pytest.mark.parametrize(
    ("status", "ours", "theirs"), [("cancelled", "canceled", "EventCancelled"), ("postponed", "postponed", "EventPostponed")]
)
async def test_a_status_shows_outside_the_list_only(site: Site, status: str, ours: str, theirs: str) -> None:
    listing = site.event(status)
    listed = (await site.get(f"{EVENTS}?include={listing.number}&{ALWAYS}")).json["events"][0]
    post = (await site.get(f"{EVENT_POSTS}/{listing.number}")).json
    page = ld_of((await site.get(f"/event/{listing.slug}/")).text)
    single = (await site.get(f"{EVENTS}/{listing.number}")).json
    assert listed["status"] == "publish"
    assert "json_ld" not in listed
    assert single["json_ld"]["eventStatus"] == page[0]["eventStatus"] == f"https://schema.org/{theirs}"
    assert post["meta"]["_tribe_events_status"] == ours


async def test_a_scheduled_event_states_no_status(site: Site) -> None:
    listing = site.event()
    assert "eventStatus" not in (await site.get(f"{EVENTS}/{listing.number}")).json["json_ld"]
    assert (await site.get(f"{EVENT_POSTS}/{listing.number}")).json["meta"]["_tribe_events_status"] == ""


async def test_the_second_route_has_all_events_and_no_times(site: Site) -> None:
    answer = await site.get(f"{EVENT_POSTS}?per_page=100")
    assert int(answer.headers["X-WP-Total"]) == (await site.get(f"{EVENTS}?{ALWAYS}")).json["total"]
    assert not {"start_date", "venue", "organizer"} & set(answer.json[0])


async def test_the_second_route_obeys_modified_after(own_site: Site) -> None:
    listing = own_site.event()
    own_site.sandbox.edit("miitn", listing.native_id)
    before = f"{listing.modified - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}Z"
    assert (await own_site.get(f"{EVENT_POSTS}?modified_after={before}")).ids == [listing.number]


async def test_venues_have_ids_of_their_own(site: Site) -> None:
    body = (await site.get("/wp-json/tribe/events/v1/venues")).json
    assert body["total"] == len({venue["id"] for venue in body["venues"]}) > 1


async def test_the_page_s_structured_data_is_a_list_with_a_person_for_an_organisation(site: Site) -> None:
    data = ld_of((await site.get(f"/event/{site.event().slug}/")).text)
    assert [item["@type"] for item in data] == ["Event"]
    assert data[0]["organizer"]["@type"] == "Person"
    assert data[0]["description"].endswith("\\n")


async def test_the_calendar_file_stops_at_thirty_coming_events(site: Site) -> None:
    answer = await site.get("/events/?ical=1")
    assert answer.text.count("BEGIN:VEVENT") == 30
    assert "STATUS:" not in answer.text
    assert "SEQUENCE:" not in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    assert max(len(line.encode()) for line in answer.text.split("\r\n")) > 75


async def test_past_events_have_a_calendar_file_of_their_own(site: Site) -> None:
    number = site.event(is_over=True).number
    assert f"UID:{number}-" in (await site.get("/events/list/?eventDisplay=past&ical=1")).text


async def test_a_moved_event_gets_a_new_uid(own_site: Site) -> None:
    listing = own_site.event()
    address = f"/event/{listing.slug}/?ical=1"
    before = (await own_site.get(address)).text.partition("UID:")[2].partition("\r\n")[0]
    assert listing.event is not None
    listing.event.start += timedelta(days=1)
    after = (await own_site.get(address)).text.partition("UID:")[2].partition("\r\n")[0]
    assert before != after
    assert before.split("-")[0] == after.split("-")[0] == str(listing.number)


# --- 8. errors in one place -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (f"{JOBS}?per_page=100&page=99", 400, "rest_post_invalid_page_number"),
        (f"{JOBS}?per_page=0", 400, "rest_invalid_param"),
        (f"{JOBS}?per_page=-1", 400, "rest_invalid_param"),
        (f"{JOBS}?per_page=101", 400, "rest_invalid_param"),
        (f"{JOBS}?per_page=abc", 400, "rest_invalid_param"),
        (f"{JOBS}?page=0", 400, "rest_invalid_param"),
        (f"{JOBS}?orderby=menu_order", 400, "rest_invalid_param"),
        (f"{JOBS}?orderby=rand", 400, "rest_invalid_param"),
        (f"{JOBS}?after=2026-11-21", 400, "rest_invalid_param"),
        (f"{JOBS}?status=draft", 400, "rest_invalid_param"),
        (f"{JOBS}/999999", 404, "rest_post_invalid_id"),
        ("/wp-json/wp/v2/nothing", 404, "rest_no_route"),
        (f"{JOBS}?context=edit", 401, "rest_forbidden_context"),
        (f"{EVENTS}?page=99&{ALWAYS}", 404, "event-archive-page-not-found"),
        (f"{EVENTS}/999999", 400, "rest_invalid_param"),
        ("/wp-json/wp/v2/users/me", 401, "rest_not_logged_in"),
    ],
)
async def test_an_error_has_its_status_and_code(site: Site, address: str, status: int, code: str) -> None:
    answer = await site.get(address)
    assert (answer.status, answer.json["code"], answer.json["data"]["status"]) == (status, code, status)


@pytest.mark.parametrize("name", ["per_page", "page", "orderby"])
async def test_a_bad_parameter_is_named(site: Site, name: str) -> None:
    assert name in (await site.get(f"{JOBS}?{name}=nonsense")).json["data"]["params"]


async def test_page_two_of_nothing_is_an_empty_list(site: Site) -> None:
    answer = await site.get(f"{JOBS}?search=no-such-words-anywhere&page=2")
    assert (answer.status, answer.json) == (200, [])
    assert "page=0" in answer.headers["Link"]


async def test_an_offset_past_the_end_is_an_empty_list_with_unchanged_totals(site: Site) -> None:
    plain, past = await site.get(JOBS), await site.get(f"{JOBS}?offset=9999")
    assert (past.status, past.json) == (200, [])
    assert past.headers["X-WP-TotalPages"] == plain.headers["X-WP-TotalPages"]


@pytest.mark.parametrize("state", ["draft", "private", "trash"])
async def test_a_hidden_listing_is_forbidden(site: Site, state: str) -> None:
    answer = await site.get(f"{JOBS}/{site.listing(state).number}")
    assert (answer.status, answer.json["code"]) == (401, "rest_forbidden")


@pytest.mark.parametrize("state", ["draft", "trash"])
async def test_a_hidden_event_is_not_accessible(own_site: Site, state: Any) -> None:
    listing = own_site.event()
    listing.state = state
    answer = await own_site.get(f"{EVENTS}/{listing.number}")
    assert (answer.status, answer.json["code"]) == (403, "event-not-accessible")


async def test_anonymous_writing_is_refused(site: Site) -> None:
    assert (await site.get(JOBS, method="POST")).status == 401
