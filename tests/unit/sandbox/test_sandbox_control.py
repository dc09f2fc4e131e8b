"""The control edge, the pushes and the role's rhythm."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import date
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest
from aiohttp import web
from standardwebhooks import Webhook

from hub.errors import ConfigError
from hub.sandbox.journal import Journal
from hub.sandbox.run import Sandbox
from hub.sandbox.webhooks import Target
from hub.sandbox.world import Listing
from hub.settings import SandboxSettings

SECRET = "whsec_" + base64.b64encode(b"a secret of the sandbox's tests!").decode()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=0, records=150), base=date(2026, 11, 20))
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Receiver:
    """Keeps what it is sent; answers what it is told."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.received.append((dict(request.headers), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


def offer(sandbox: Sandbox) -> Listing:
    return next(item for item in sandbox.world.all("vonk") if item.is_live)


async def post(client: aiohttp.ClientSession, address: str, body: object) -> tuple[int, dict[str, object]]:
    async with client.post(address, json=body) as response:
        return response.status, await response.json()


async def get(client: aiohttp.ClientSession, address: str) -> dict[str, object]:
    async with client.get(address) as response:
        return dict(await response.json())


async def test_steps_are_taken_on_request_and_told_in_the_truth(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    status, body = await post(client, f"{sandbox.control_url}/sandbox/step", {"n": 3})
    truth = await get(client, f"{sandbox.control_url}/sandbox/truth")
    assert (status, body["now"], truth["step"]) == (200, 3, 3)
    assert truth == sandbox.truth()


@pytest.mark.parametrize("source", ["noorderlink", "miitn", "traineelink", "vonk"])
async def test_every_platform_s_port_serves_the_control_routes(
    sandbox: Sandbox, client: aiohttp.ClientSession, source: str
) -> None:
    status, _ = await post(client, f"{sandbox.urls[source]}/sandbox/fault", {"source": source, "fault": "http_500", "count": 1})
    assert status == 200
    assert sandbox.desk.standing == [{"source": source, "fault": "http_500", "left": 1, "path": None}]


async def test_faults_are_cleared_by_source_or_all(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    sandbox.fault("vonk", "http_500")
    sandbox.fault("miitn", "http_500")
    async with client.delete(f"{sandbox.control_url}/sandbox/fault", json={"source": "vonk"}) as response:
        assert [fault["source"] for fault in await response.json()] == ["miitn"]
    async with client.delete(f"{sandbox.control_url}/sandbox/fault") as response:
        assert await response.json() == []


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("step", {"n": -1}),
        ("speed", {"speed": "fast"}),
        ("fault", {"source": "vonk", "fault": "earthquake"}),
        ("edit", {"source": "vonk", "native_id": "0"}),
    ],
)
async def test_a_bad_request_is_refused_with_its_reason(
    sandbox: Sandbox, client: aiohttp.ClientSession, route: str, body: dict[str, object]
) -> None:
    status, answer = await post(client, f"{sandbox.control_url}/sandbox/{route}", body)
    assert status == 400
    assert answer["error"]


async def test_an_edit_and_a_withdrawal_show_on_the_platform(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    number = offer(sandbox).native_id
    await post(client, f"{sandbox.control_url}/sandbox/edit", {"source": "vonk", "native_id": number, "title": "Nieuwe titel"})
    async with client.get(f"{sandbox.urls['vonk']}/api/offers/{number}") as response:
        assert (await response.json())["offer"]["title"] == "Nieuwe titel"
    await post(client, f"{sandbox.control_url}/sandbox/withdraw", {"source": "vonk", "native_id": number})
    async with client.get(f"{sandbox.urls['vonk']}/api/offers/{number}") as response:
        assert response.status == 404


async def test_status_counts_requests_by_route_and_status(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    for _ in range(2):
        async with client.get(f"{sandbox.urls['vonk']}/api/offers/") as response:
            await response.read()
    requests = (await get(client, f"{sandbox.control_url}/sandbox/status"))["requests"]
    assert {"route": "/api/offers/", "status": 200, "count": 2} in requests["vonk"]  # type: ignore[index]


async def test_pushes_are_signed_as_standard_webhooks_say(
    sandbox: Sandbox, client: aiohttp.ClientSession, receiver: Receiver
) -> None:
    await post(client, f"{sandbox.control_url}/sandbox/webhook", {"url": receiver.url, "secret": SECRET})
    listing = offer(sandbox)
    sandbox.edit("vonk", listing.native_id, "Titel één")
    sandbox.withdraw("vonk", listing.native_id)
    await sandbox.pusher.drain()
    bodies = [orjson.loads(body) for _, body in receiver.received]
    for headers, body in receiver.received:
        assert Webhook(SECRET).verify(body, {name.lower(): value for name, value in headers.items()})
    assert [body["type"] for body in bodies] == ["offer.updated", "offer.deleted"]
    assert bodies[0]["data"]["offer"]["title"] == "Titel één"
    assert bodies[1]["data"]["offer"] == {"id": listing.number}
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 2


async def test_a_push_is_repeated_under_its_id_after_a_500(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.pusher.target = Target(receiver.url, SECRET)
    receiver.statuses = [500]
    sandbox.edit("vonk", offer(sandbox).native_id)
    await sandbox.pusher.drain()
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 1
    assert sandbox.pusher.sent == {"500": 1, "204": 1}


async def test_without_a_target_nothing_is_pushed(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.edit("vonk", offer(sandbox).native_id)
    await sandbox.pusher.drain()
    assert receiver.received == []


async def test_life_freezes_at_its_step() -> None:
    sandbox = await Sandbox.start(SandboxSettings(port=0, speed=2_000, records=60, freeze_at=7))
    stop = asyncio.Event()
    life = asyncio.create_task(sandbox.live(stop))
    while sandbox.world.step < 7:  # noqa: ASYNC110 the world tells nobody
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    stop.set()
    await life
    await sandbox.stop()
    assert sandbox.world.step == 7


async def test_life_stands_still_at_speed_nought(sandbox: Sandbox) -> None:
    stop = asyncio.Event()
    life = asyncio.create_task(sandbox.live(stop))
    await asyncio.sleep(0.05)
    stop.set()
    await life
    assert sandbox.world.step == 0


async def test_the_truth_file_follows_every_change(sandbox: Sandbox, tmp_path) -> None:
    sandbox.truth_file = tmp_path / "truth.json"
    sandbox.step(2)
    assert orjson.loads(sandbox.truth_file.read_bytes())["step"] == 2
    sandbox.withdraw("vonk", offer(sandbox).native_id)
    assert orjson.loads(sandbox.truth_file.read_bytes()) == sandbox.truth()


async def test_a_taken_port_is_said_in_one_sentence(sandbox: Sandbox) -> None:
    taken = int(sandbox.urls["noorderlink"].rpartition(":")[2])
    with pytest.raises(ConfigError, match="HUB_SANDBOX__PORT"):
        await Sandbox.start(SandboxSettings(port=taken - 1, records=20))


async def test_its_links_lead_to_the_name_on_which_it_listens() -> None:
    sandbox = await Sandbox.start(SandboxSettings(host="localhost", port=0, speed=0, records=20))
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{sandbox.urls['noorderlink']}/robots.txt") as response:
            assert response.status < 500
        assert {urlsplit(url).hostname for url in (sandbox.control_url, *sandbox.urls.values())} == {"localhost"}
    finally:
        await sandbox.stop()


async def test_a_name_that_is_not_this_machines_is_said_in_one_sentence() -> None:
    with pytest.raises(ConfigError, match=r"cannot listen on 192\.0\.2\.1:.*HUB_SANDBOX__HOST"):
        await Sandbox.start(SandboxSettings(host="192.0.2.1", port=0, records=20))


async def test_a_sandbox_that_was_killed_goes_on_where_it_was(tmp_path) -> None:
    settings = SandboxSettings(port=0, speed=0, records=60)
    first = await Sandbox.start(settings, journal=Journal(tmp_path / "sandbox.ndjson"))
    first.step(5)
    first.withdraw("vonk", offer(first).native_id)
    await first.stop()
    second = await Sandbox.start(settings, journal=Journal(tmp_path / "sandbox.ndjson"))
    await second.stop()
    assert second.truth() == first.truth()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"source": "miitn"}, "the body must name fault"),
        ({"source": "miitn", "fault": "http_500", "count": "3"}, "count is how many requests"),
        ({"source": "miitn", "fault": "http_599"}, "unknown fault http_599; known: http_500"),
        ({"source": "nobody", "fault": "http_500"}, "unknown source nobody; known: "),
        ([], "the body must be a JSON object"),
    ],
)
async def test_a_fault_that_is_asked_for_wrongly_is_told_what_would_do(
    sandbox: Sandbox, client: aiohttp.ClientSession, body: object, said: str
) -> None:
    async with client.post(f"{sandbox.control_url}/sandbox/fault", json=body) as response:
        assert (response.status, said in (await response.json())["error"]) == (400, True)
