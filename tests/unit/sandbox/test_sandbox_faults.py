"""Every fault on every platform, as a client meets it, and its statistics."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from itertools import product

import aiohttp
import orjson
import pytest
import pytest_asyncio

from hub.sandbox.faults import KINDS
from hub.sandbox.run import Sandbox
from hub.settings import SandboxSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")
LISTING = {
    "noorderlink": "/api/backend/vacancies/1.2/vacancies/filter?limit=100&page=1",
    "miitn": "/wp-json/wp/v2/job-listings?page=1&per_page=50",
    "traineelink": "/sitemap.xml",
    "vonk": "/api/offers/",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Sandbox]:
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=0), base=date(2026, 11, 20))
    yield sandbox
    await sandbox.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox(shared: Sandbox) -> AsyncIterator[Sandbox]:
    shared.clear_faults()
    shared.desk.served.clear()
    yield shared
    shared.clear_faults()


@pytest_asyncio.fixture(loop_scope="module")
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20), auto_decompress=False) as session:
        yield session


LAST_PAGE = {"noorderlink": "page=4", "miitn": "page=4", "traineelink": "", "vonk": ""}


def rows_of(source: str, body: bytes) -> list[object]:
    readers = {
        "noorderlink": lambda: [item.get("id") for item in orjson.loads(body)["items"]],
        "miitn": lambda: [item["id"] for item in orjson.loads(body)],
        "traineelink": lambda: body.split(b"<loc>")[2:],
        "vonk": lambda: [offer.get("id") for offer in orjson.loads(body)["offers"]],
    }
    return readers[source]()


async def fetch(client: aiohttp.ClientSession, address: str, **options: object) -> tuple[int, aiohttp.ClientResponse, bytes]:
    async with client.get(address, **options) as response:  # type: ignore[arg-type]
        return response.status, response, await response.read()


@pytest.mark.parametrize(("source", "kind"), [*product(LISTING, ("http_500", "throttle_seconds", "throttle_date", "html_200"))])
async def test_a_plain_fault_has_its_status(sandbox: Sandbox, client: aiohttp.ClientSession, source: str, kind: str) -> None:
    sandbox.fault(source, kind, count=1)
    status, response, _ = await fetch(client, sandbox.urls[source] + LISTING[source])
    again, _, _ = await fetch(client, sandbox.urls[source] + LISTING[source])
    assert status == {"http_500": 500, "throttle_seconds": 429, "throttle_date": 429, "html_200": 200}[kind]
    assert (response.content_type == "text/html") is (kind in ("http_500", "html_200"))
    assert again == 200
    assert sandbox.desk.served == {(source, kind): 1}


async def test_retry_after_comes_as_seconds_and_as_a_date(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    sandbox.fault("vonk", "throttle_seconds", count=1)
    sandbox.fault("vonk", "throttle_date", count=1)
    address = sandbox.urls["vonk"] + LISTING["vonk"]
    seconds = (await fetch(client, address))[1].headers["Retry-After"]
    asked_at = datetime.now(UTC)
    moment = parsedate_to_datetime((await fetch(client, address))[1].headers["Retry-After"])
    assert seconds == "2"
    assert moment > asked_at


@pytest.mark.parametrize("source", LISTING)
async def test_a_time_out_answers_nothing(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    sandbox.fault(source, "timeout", count=1)
    hanging = asyncio.ensure_future(fetch(client, sandbox.urls[source] + LISTING[source]))
    while not sandbox.desk.served:  # noqa: ASYNC110 the server tells nobody
        await asyncio.sleep(0.01)
    answered, _ = await asyncio.wait({hanging}, timeout=0.2)
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    assert (answered, sandbox.desk.served) == (set(), {(source, "timeout"): 1})


@pytest.mark.parametrize("source", LISTING)
async def test_truncation_cuts_the_body(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    address = sandbox.urls[source] + LISTING[source]
    whole = (await fetch(client, address))[2]
    sandbox.fault(source, "truncated_json", count=1)
    status, _, cut = await fetch(client, address)
    assert status == 200
    assert whole.startswith(cut)
    assert len(cut) < len(whole)


@pytest.mark.parametrize("source", LISTING)
async def test_an_empty_list_has_no_rows(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    sandbox.fault(source, "empty_list", count=1)
    _, _, body = await fetch(client, sandbox.urls[source] + LISTING[source])
    assert rows_of(source, body) == []


@pytest.mark.parametrize("source", LISTING)
async def test_half_a_list_lacks_the_other_half(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    address = sandbox.urls[source] + LISTING[source].replace("page=1", LAST_PAGE[source])
    last = rows_of(source, (await fetch(client, address))[2])[-1]
    sandbox.fault(source, "half_list")
    status, _, body = await fetch(client, address)
    assert status != 200 or last not in rows_of(source, body)


async def test_half_a_list_states_a_total_that_agrees(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    address = sandbox.urls["noorderlink"] + LISTING["noorderlink"]
    whole = orjson.loads((await fetch(client, address))[2])["total_items"]
    sandbox.fault("noorderlink", "half_list", count=1)
    assert orjson.loads((await fetch(client, address))[2])["total_items"] == whole // 2


async def test_a_wrong_total_differs_from_the_rows(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    address = sandbox.urls["noorderlink"] + LISTING["noorderlink"]
    right = orjson.loads((await fetch(client, address))[2])["total_items"]
    sandbox.fault("noorderlink", "wrong_total", count=1)
    assert orjson.loads((await fetch(client, address))[2])["total_items"] == right + 7


async def test_a_wrong_total_of_wordpress_is_in_the_header(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    address = sandbox.urls["miitn"] + LISTING["miitn"]
    right = int((await fetch(client, address))[1].headers["X-WP-Total"])
    sandbox.fault("miitn", "wrong_total", count=1)
    assert int((await fetch(client, address))[1].headers["X-WP-Total"]) == right + 7


@pytest.mark.parametrize("path", [("vonk", "/api/offers/"), ("traineelink", "/sitemap.xml"), ("traineelink", "/agenda.ics")])
async def test_where_no_total_is_stated_the_length_is_wrong(
    sandbox: Sandbox, client: aiohttp.ClientSession, path: tuple[str, str]
) -> None:
    source, address = path
    sandbox.fault(source, "wrong_total", count=1)
    with pytest.raises(aiohttp.ClientPayloadError):
        await fetch(client, sandbox.urls[source] + address)


@pytest.mark.parametrize("source", ["noorderlink", "miitn"])
async def test_a_duplicate_page_is_the_page_before(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    first_address = sandbox.urls[source] + LISTING[source]
    second_address = first_address.replace("page=1", "page=2")
    first = rows_of(source, (await fetch(client, first_address))[2])
    sandbox.fault(source, "duplicate_page", count=1)
    assert rows_of(source, (await fetch(client, first_address))[2]) == first
    assert sandbox.desk.served == {}
    assert rows_of(source, (await fetch(client, second_address))[2])[: len(first)] == first
    assert sandbox.desk.served == {(source, "duplicate_page"): 1}


@pytest.mark.parametrize("source", ["vonk", "traineelink"])
async def test_a_list_without_pages_shows_its_rows_twice(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    address = sandbox.urls[source] + LISTING[source]
    rows = rows_of(source, (await fetch(client, address))[2])
    sandbox.fault(source, "duplicate_page", count=1)
    assert len(rows_of(source, (await fetch(client, address))[2])) == 2 * len(rows)


@pytest.mark.parametrize("source", LISTING)
async def test_a_gzip_bomb_is_small_on_the_wire_and_huge_when_unpacked(
    sandbox: Sandbox, client: aiohttp.ClientSession, source: str
) -> None:
    sandbox.fault(source, "gzip_bomb", count=1)
    async with client.get(sandbox.urls[source] + LISTING[source]) as response:
        first = await response.content.readexactly(4_096)
        assert response.headers["Content-Encoding"] == "gzip"
    assert zlib.decompressobj(31).decompress(first, 100).startswith(b'{"items":[')


async def test_a_whole_bomb_unpacks_to_over_two_hundred_mebibytes(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    sandbox.fault("vonk", "gzip_bomb", count=1)
    _, _, body = await fetch(client, sandbox.urls["vonk"] + LISTING["vonk"])
    unpacker, size = zlib.decompressobj(31), 0
    for start in range(0, len(body), 4_096):
        size += len(unpacker.decompress(body[start : start + 4_096]))
    assert len(body) < 2**20
    assert size > 200 * 2**20


@pytest.mark.parametrize("source", LISTING)
async def test_a_wrong_charset_is_no_utf_8(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    sandbox.fault(source, "wrong_charset", count=1)
    _, response, body = await fetch(client, sandbox.urls[source] + LISTING[source])
    assert (response.charset or "utf-8").lower() == "utf-8"
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


@pytest.mark.parametrize("source", LISTING)
async def test_a_redirect_loop_has_no_end(sandbox: Sandbox, client: aiohttp.ClientSession, source: str) -> None:
    sandbox.fault(source, "redirect_loop", count=1)
    with pytest.raises(aiohttp.TooManyRedirects):
        await fetch(client, sandbox.urls[source] + LISTING[source])


async def test_a_fault_holds_for_the_main_listing_only(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    sandbox.fault("traineelink", "http_500")
    listing = next(item for item in sandbox.world.all("traineelink") if item.is_live and not item.event)
    assert (await fetch(client, sandbox.urls["traineelink"] + listing.path))[0] == 200
    assert (await fetch(client, sandbox.urls["traineelink"] + "/agenda.ics"))[0] == 500


async def test_a_path_chooses_what_fails(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    sandbox.fault("traineelink", "http_500", path="/agenda")
    assert (await fetch(client, sandbox.urls["traineelink"] + "/sitemap.xml"))[0] == 200
    assert (await fetch(client, sandbox.urls["traineelink"] + "/agenda.ics"))[0] == 500


async def test_one_platform_s_fault_is_nobody_else_s(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    sandbox.fault("miitn", "http_500")
    statuses = [(await fetch(client, sandbox.urls[source] + address))[0] for source, address in LISTING.items()]
    assert statuses == [200, 500, 200, 200]


async def test_a_fault_is_served_even_to_a_reader_who_has_the_bytes(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    address = sandbox.urls["vonk"] + LISTING["vonk"]
    tag = (await fetch(client, address))[1].headers["ETag"]
    assert (await fetch(client, address, headers={"If-None-Match": tag}))[0] == 304
    sandbox.fault("vonk", "wrong_charset", count=1)
    assert (await fetch(client, address, headers={"If-None-Match": tag}))[0] == 200


async def test_an_unknown_fault_or_source_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        sandbox.fault("vonk", "earthquake")
    with pytest.raises(ValueError, match="unknown source"):
        sandbox.fault("nobody", KINDS[0])


async def test_stopping_does_not_wait_for_a_time_out() -> None:
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=0, records=50))
    sandbox.fault("vonk", "timeout")
    async with aiohttp.ClientSession() as session:
        hanging = asyncio.ensure_future(fetch(session, sandbox.urls["vonk"] + LISTING["vonk"]))
        while not sandbox.desk.served:  # noqa: ASYNC110 the server tells nobody
            await asyncio.sleep(0.01)
        await asyncio.wait_for(sandbox.stop(), 25)
        await asyncio.gather(hanging, return_exceptions=True)
