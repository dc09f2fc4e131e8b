"""Each platform in its own format, read by stock parsers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date
from zoneinfo import ZoneInfo

import aiohttp
import icalendar
import orjson
import pytest
import pytest_asyncio
from dateutil.rrule import rrulestr
from lxml import etree

from hub.sandbox.platforms.calendar import fold
from hub.sandbox.run import Sandbox
from hub.sandbox.world import Listing
from hub.settings import SandboxSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")
ZONE = ZoneInfo("Europe/Amsterdam")
LIST = "/api/backend/vacancies/1.2/vacancies/filter"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=0), base=date(2026, 11, 20))
    yield sandbox
    await sandbox.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def text(client: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    async with client.get(address) as response:
        return response.status, await response.text()


def one(sandbox: Sandbox, source: str, state: str = "live", *, event: bool = False, style: int | None = None) -> Listing:
    return next(
        item
        for item in sandbox.platforms[source].shown()
        if item.state == state
        and item.invalid is None
        and (item.event is not None) is event
        and not (item.event and item.event.uid)
        and style in (None, item.number % 6)
    )


# --- Noorderlink ----------------------------------------------------------------------------------------------------
async def test_noorderlink_s_pages_add_up_to_its_total(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    items: list[dict[str, object]] = []
    total, page = 1, 1
    while len(items) < total:
        body = orjson.loads((await text(client, f"{sandbox.urls['noorderlink']}{LIST}?query=&limit=100&page={page}"))[1])
        assert body["items"]
        items += body["items"]
        total, page = body["total_items"], page + 1
    assert len(items) == total == len([item for item in sandbox.world.all("noorderlink") if item.state != "gone"])
    assert sum(item["is_expired"] is True for item in items) >= 10
    assert all("period" not in item["salary"] for item in items)  # type: ignore[operator]


async def test_noorderlink_gives_a_url_only_when_it_says_so(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    body = orjson.loads((await text(client, f"{sandbox.urls['noorderlink']}{LIST}?limit=100&page=1"))[1])
    methods = {item["apply_method"] for item in body["items"]}
    assert methods == {"url", "email", "form"}
    assert all(item["apply"].startswith("http") for item in body["items"] if item["apply_method"] == "url")


async def test_noorderlink_s_page_dies_with_its_vacancy(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    listing = one(sandbox, "noorderlink")
    address = f"{sandbox.urls['noorderlink']}/vacature/{listing.slug}"
    assert (await text(client, address))[0] == 200
    listing.state = "gone"
    assert (await text(client, address))[0] == 404
    listing.state = "live"


async def test_noorderlink_s_robots_close_the_api(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    assert "Disallow: /api/*" in (await text(client, sandbox.urls["noorderlink"] + "/robots.txt"))[1]


async def test_a_platform_s_links_point_at_the_address_that_was_asked(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    headers = {"Host": "vonk.test:8094"}
    async with client.get(sandbox.urls["vonk"] + "/api/offers/", headers=headers) as response:
        offers = (await response.json())["offers"]
    own = [offer for offer in offers if offer["careers_url"].startswith("http://vonk.test:8094/o/")]
    assert len(own) == len(offers) - 1


# --- Traineelink ----------------------------------------------------------------------------------------------------
async def test_the_sitemap_lists_pages_with_lastmod(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    tree = etree.fromstring((await text(client, sandbox.urls["traineelink"] + "/sitemap.xml"))[1].encode())
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    assert len(tree.findall("s:url", names)) - 1 == len(tree.findall("s:url/s:lastmod", names)) >= 60


@pytest.mark.parametrize(
    ("style", "pattern"),
    [(0, r'>\{"@context"'), (1, '"@graph"'), (2, r">\["), (3, r",\}</script>"), (4, r"<!--\n"), (5, r"<!\[CDATA\[")],
)
async def test_pages_carry_json_ld_in_every_care(
    sandbox: Sandbox, client: aiohttp.ClientSession, style: int, pattern: str
) -> None:
    listing = one(sandbox, "traineelink", style=style)
    status, html = await text(client, sandbox.urls["traineelink"] + listing.path)
    block = html[html.index("<script") : html.index("</script>") + 9]
    assert status == 200
    assert re.search(pattern, block)
    assert '"JobPosting"' in block


async def test_a_page_s_identifier_is_its_native_id_or_missing(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    pages = [item for item in sandbox.world.all("traineelink") if item.is_live and item.event is None and item.number % 6 == 0]
    for listing in pages[:12]:
        html = (await text(client, sandbox.urls["traineelink"] + listing.path))[1]
        found = re.search(r'"identifier":\{[^}]*"value":"([^"]+)"', html)
        assert (found[1] if found else listing.path) == listing.native_id


async def test_closed_pages_answer_as_such(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    gone, hidden = one(sandbox, "traineelink", "gone"), one(sandbox, "traineelink", "noindex")
    assert (await text(client, sandbox.urls["traineelink"] + gone.path))[0] in (404, 410)
    assert 'content="noindex' in (await text(client, sandbox.urls["traineelink"] + hidden.path))[1]


async def test_the_calendar_is_rfc_5545(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    body = (await text(client, sandbox.urls["traineelink"] + "/agenda.ics"))[1]
    calendar = icalendar.Calendar.from_ical(body)
    entries = [entry for entry in calendar.walk("VEVENT") if "UID" in entry]
    ids = {(str(entry["UID"]), entry["RECURRENCE-ID"].to_ical() if "RECURRENCE-ID" in entry else b"") for entry in entries}
    shown = [item for item in sandbox.world.all("traineelink") if item.event and item.event.uid and "UID" not in item.drop]
    assert ids == {(item.event.uid, (item.event.recurrence_id or "").encode()) for item in shown if item.event}
    assert {str(entry.get("STATUS")) for entry in entries} >= {"CANCELLED", "TENTATIVE", "CONFIRMED"}
    assert sum("RRULE" in entry for entry in entries) == sum("RECURRENCE-ID" in entry for entry in entries) == 3
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert max(len(line.encode()) for line in body.split("\r\n")) <= 75


async def test_an_override_replaces_an_occurrence_of_its_series(sandbox: Sandbox) -> None:
    events = [item.event for item in sandbox.world.all("traineelink") if item.event]
    masters = {event.uid: event for event in events if event.rrule}
    for override in (event for event in events if event.recurrence_id):
        master = masters[override.uid]
        starts = rrulestr(str(master.rrule), dtstart=master.start.astimezone(ZONE).replace(tzinfo=None))
        stamps = [f"{start.replace(tzinfo=ZONE).astimezone(UTC):%Y%m%dT%H%M%SZ}" for start in starts]
        assert override.recurrence_id in stamps


@pytest.mark.parametrize("line", ["x" * 300, "é" * 200, "€⚡" * 90, ""])
async def test_folding_keeps_the_text_and_the_limit(line: str) -> None:
    folded = fold(line)
    assert folded.replace("\r\n ", "") == line
    assert max(len(part.encode()) for part in folded.split("\r\n")) <= 75


# --- Vonk -----------------------------------------------------------------------------------------------------------
async def test_an_offer_has_the_fields_of_its_format(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    offers = orjson.loads((await text(client, sandbox.urls["vonk"] + "/api/offers/"))[1])["offers"]
    listing = one(sandbox, "vonk")
    offer = next(offer for offer in offers if offer.get("id") == listing.number)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", offer["updated_at"])
    assert set(offer["salary"]) == {"min", "max", "period", "currency"}
    assert offer["translations"][listing.lang]["title"] == listing.title
    assert any(set(offer["translations"]) == {"nl", "en"} for offer in offers)
    assert (await text(client, f"{sandbox.urls['vonk']}/o/{listing.slug}"))[0] == 200


async def test_a_programme_with_several_employers_names_its_placements(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    offers = orjson.loads((await text(client, sandbox.urls["vonk"] + "/api/offers/"))[1])["offers"]
    placements = [field["value"] for offer in offers for field in offer["custom_fields"] if field["name"].startswith("Plaatsing")]
    assert len(placements) >= 9
    assert {value["months"] for value in placements} == {8}


async def test_unchanged_bytes_are_answered_with_304(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    for source, path in (("vonk", "/api/offers/"), ("traineelink", "/sitemap.xml"), ("traineelink", "/agenda.ics")):
        async with client.get(sandbox.urls[source] + path) as response:
            tag = response.headers["ETag"]
        async with client.get(sandbox.urls[source] + path, headers={"If-None-Match": tag}) as response:
            assert response.status == 304


async def test_an_echo_points_at_the_other_platform_s_real_address(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    echo = next(item for item in sandbox.world.all("vonk") if item.link == "echo")
    body = orjson.loads((await text(client, f"{sandbox.urls['vonk']}/api/offers/{echo.number}"))[1])
    assert body["offer"]["careers_url"].startswith(sandbox.urls["noorderlink"] + "/vacature/")


@pytest.mark.parametrize("source", ["noorderlink", "miitn", "traineelink", "vonk"])
async def test_every_address_of_the_region_answers(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    paths = {
        "noorderlink": lambda item: f"/vacature/{item.slug}",
        "miitn": lambda item: f"/{'event' if item.event else 'job'}/{item.slug}/",
        "traineelink": lambda item: item.path,
        "vonk": lambda item: f"/o/{item.slug}",
    }
    for item in sandbox.platforms[source].shown()[::5]:
        assert (await text(client, sandbox.urls[source] + paths[source](item)))[0] < 500
