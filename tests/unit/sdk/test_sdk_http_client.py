"""The HTTP client against real local servers: limits, courtesy, conditional requests, honest causes."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from hub.errors import SourceError
from hub.sdk.conditional import Validators
from hub.sdk.http_client import AiohttpClient, is_same_site
from hub.sdk.manifest import Manifest

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def manifest(**changes: Any) -> Manifest:
    fields = {"name": "partner", "title": "P", "owner": "P", "homepage": "https://p.example", "base_url": "https://p.example"}
    return Manifest.model_validate({**fields, "licence": "none", "attribution": "P", "robots": "agreement", **changes})


@asynccontextmanager
async def serving(handler: Handler, robots: Handler | None = None) -> AsyncIterator[TestServer]:
    app = web.Application()
    if robots is not None:
        app.router.add_get("/robots.txt", robots)
    app.router.add_get("/{tail:.*}", handler)
    async with TestServer(app) as server:
        yield server


async def cause_of(handler: Handler, **client: Any) -> SourceError:
    async with serving(handler) as server, AiohttpClient(manifest(), **client) as http:
        with pytest.raises(SourceError) as caught:
            await http.get(server.make_url("/list"))
    return caught.value


def answer(body: bytes = b"", status: int = 200, **headers: str) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status, headers={name.replace("_", "-"): text for name, text in headers.items()})

    return handle


async def test_gzip_bomb_stops_at_the_limit_and_not_in_memory() -> None:
    bomb = gzip.compress(bytes(64 * 2**20))
    tracemalloc.start()
    error = await cause_of(answer(bomb, Content_Encoding="gzip"), max_response_bytes=2**20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.cause == "too_large"
    assert peak < 16 * 2**20


async def test_body_without_end_stops_at_the_limit() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        except ConnectionError:
            return response

    assert (await cause_of(endless, max_response_bytes=2**20)).cause == "too_large"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello ", mtime=0) + gzip.compress(b"world", mtime=0)),
        ("x-gzip", gzip.compress(b"hello world", mtime=0)),
        ("deflate", zlib.compress(b"hello world")),
        ("deflate", zlib.compress(b"hello world", wbits=-15)),
        ("identity", b"hello world"),
        ("none", b"hello world"),
        ("UTF-8", b"hello world"),
    ],
)
async def test_each_encoding_is_read(encoding: str, body: bytes) -> None:
    async with serving(answer(body, Content_Encoding=encoding)) as server, AiohttpClient(manifest()) as http:
        assert (await http.get(server.make_url("/"))).body == b"hello world"


@pytest.mark.parametrize("body", [gzip.compress(b"hello world" * 99, mtime=0)[:-12], b"not gzip at all"])
async def test_truncated_or_false_compression_is_a_syntax_error(body: bytes) -> None:
    assert (await cause_of(answer(body, Content_Encoding="gzip"))).cause == "syntax"


async def test_unasked_encoding_is_refused() -> None:
    assert (await cause_of(answer(b"x", Content_Encoding="br"))).cause == "content_type"


async def test_silence_is_a_timeout() -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    assert (await cause_of(slow, timeout_seconds=0.1)).cause == "timeout"


async def test_drip_is_a_timeout_too() -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while request.transport is not None:
            await response.write(b"x")
            await asyncio.sleep(0.02)
        return response

    assert (await cause_of(drip, timeout_seconds=0.2)).cause == "timeout"


async def test_nobody_listening_is_a_connection_error(free_ports: Callable[[int], int]) -> None:
    async with AiohttpClient(manifest()) as http:
        with pytest.raises(SourceError) as caught:
            await http.get(f"http://127.0.0.1:{free_ports(1)}/")
    assert (caught.value.cause, http.stats.requests) == ("connection", 3)


async def test_connection_cut_in_the_body_is_a_connection_error() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return response

    assert (await cause_of(cut)).cause == "connection"


async def test_long_security_policy_is_no_fault() -> None:
    policy = "img-src " + " ".join(f"https://images{number}.example" for number in range(500))
    async with serving(answer(b"[]", Content_Security_Policy=policy)) as server, AiohttpClient(manifest()) as http:
        assert (await http.get(server.make_url("/"))).body == b"[]"


async def test_challenge_for_browsers_says_who_can_end_it() -> None:
    error = await cause_of(answer(b"<title>Just a moment...</title>", status=403, cf_mitigated="challenge"))
    assert error.cause == "status"
    assert "let this User-Agent through" in str(error)


async def test_error_that_the_partner_names_is_told() -> None:
    body = b'{"code":"rest_not_logged_in","message":"You are not logged in.","data":{"status":401}}'
    error = await cause_of(answer(body, status=401, Content_Type="application/json; charset=UTF-8"))
    assert str(error).endswith("/list answered 401 rest_not_logged_in")


@pytest.mark.parametrize(("headers", "cause"), [({"X-Api-Key": "old"}, "credential"), (None, "status")])
async def test_refused_key_is_no_error_of_the_site(headers: dict[str, str] | None, cause: str) -> None:
    async with serving(answer(status=401)) as server, AiohttpClient(manifest()) as http:
        with pytest.raises(SourceError, match="answered 401") as caught:
            await http.get(server.make_url("/list"), headers=headers)
    assert caught.value.cause == cause


async def test_server_error_is_asked_once_and_named() -> None:
    async with serving(answer(status=500)) as server, AiohttpClient(manifest()) as http:
        with pytest.raises(SourceError) as caught:
            await http.get(server.make_url("/"))
    assert (caught.value.cause, http.stats.requests) == ("status", 1)


@pytest.mark.parametrize(
    ("status", "headers", "cause", "seconds"),
    [
        (429, {"Retry_After": "120"}, "throttled", 120),
        (429, {"Retry_After": "Sun, 22 Nov 2026 12:01:30 GMT", "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}, "throttled", 90),
        (503, {"Retry_After": "Sun, 22 Nov 2026 11:00:00 GMT", "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}, "throttled", 0),
        (503, {"Retry_After": "999999999"}, "throttled", 86_400),
        (429, {}, "throttled", None),
        (429, {"Retry_After": "soon"}, "throttled", None),
        (503, {}, "status", None),
    ],
)  # fmt: skip
async def test_retry_after_is_read_in_both_forms(status: int, headers: dict[str, str], cause: str, seconds: float | None) -> None:
    error = await cause_of(answer(status=status, **headers))
    assert (error.cause, error.retry_after_seconds) == (cause, seconds)


async def test_redirect_loop_is_named() -> None:
    async def loop(request: web.Request) -> web.Response:
        raise web.HTTPFound("/b" if request.path == "/a" else "/a")

    assert "loop" in str(await cause_of(loop))


async def test_endless_redirects_stop_after_five() -> None:
    async def on(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.path + "x")

    assert "more than 5" in str(await cause_of(on))


@pytest.mark.parametrize(
    "target", ["http://elsewhere.example/", "//elsewhere.example/", "file:///etc/passwd", "", "http://[::bad/"]
)
async def test_redirect_to_another_host_or_scheme_is_refused(target: str) -> None:
    error = await cause_of(answer(status=302, Location=target))
    assert error.cause == "redirect"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://partner.example/", "https://www.partner.example/nl/", True),
        ("http://www.partner.example/", "https://partner.example/", True),
        ("https://partner.example/", "https://jobs.partner.example/", False),
        ("https://partner.example/", "https://www.elsewhere.example/", False),
        ("http://partner.example:8080/", "http://www.partner.example:9090/", False),
    ],
)
def test_a_site_is_the_same_with_and_without_www(one: str, other: str, is_same: bool) -> None:
    assert is_same_site(URL(one), URL(other)) is is_same


async def test_redirect_within_the_host_is_followed() -> None:
    async def handle(request: web.Request) -> web.Response:
        if request.path == "/old":
            raise web.HTTPMovedPermanently("/new#part")
        return web.Response(text=request.path)

    async with serving(handle) as server, AiohttpClient(manifest()) as http:
        found = await http.get(server.make_url("/old"))
    assert (found.body, found.url.path) == (b"/new", "/new")


async def test_a_credential_goes_to_no_other_host_of_the_platform() -> None:
    async def tell(request: web.Request) -> web.Response:
        return web.Response(text=f"{request.headers.get('Authorization')} {request.headers.get('Accept')}")

    async with serving(tell) as other:

        async def lead_on(request: web.Request) -> web.Response:
            raise web.HTTPFound(f"http://localhost:{other.port}/" if request.path == "/away" else "/away")

        async with serving(lead_on) as server, AiohttpClient(manifest(platform_hosts=["localhost"])) as http:
            found = await http.get(server.make_url("/"), accept="text/plain", headers={"Authorization": "Bearer key"})
        async with serving(tell) as server, AiohttpClient(manifest()) as http:
            kept = await http.get(server.make_url("/"), accept="text/plain", headers={"Authorization": "Bearer key"})
    assert (found.text(), kept.text()) == ("None text/plain", "Bearer key text/plain")


async def test_redirect_is_returned_when_it_is_asked_for() -> None:
    async with serving(answer(status=301, Location="/other")) as server, AiohttpClient(manifest()) as http:
        found = await http.get(server.make_url("/"), expect=(200, 301), redirects=False)
    assert (found.status, found.headers["location"]) == (301, "/other")


async def test_user_agent_names_the_hub_and_a_contact() -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["User-Agent"])

    async with serving(handle) as server, AiohttpClient(manifest(), contact="hub@region.example") as http:
        assert "hub@region.example" in (await http.get(server.make_url("/"))).text()


async def test_unchanged_answer_costs_a_304() -> None:
    async def handle(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"v1"':
            return web.Response(status=304)
        return web.Response(body=b"12345", headers={"ETag": '"v1"'})

    async with serving(handle) as server, AiohttpClient(manifest()) as http:
        first = await http.get(server.make_url("/"), conditional=True)
        saved = http.collected()
        http.begin(saved)
        second = await http.get(server.make_url("/"), conditional=True)
    assert (first.not_modified, second.not_modified, second.status) == (False, True, 304)
    assert (http.stats.not_modified, http.stats.bytes_saved, http.stats.bytes) == (1, 5, 0)
    assert http.collected() == saved


async def test_equal_bytes_count_as_unchanged_where_validators_lack() -> None:
    async with serving(answer(b"same")) as server, AiohttpClient(manifest()) as http:
        await http.get(server.make_url("/"), conditional=True)
        http.begin(http.collected())
        second = await http.get(server.make_url("/"), conditional=True)
    assert (second.not_modified, second.body, http.stats.saved_by_hash) == (True, b"same", 1)


async def test_validators_are_sent_only_when_asked() -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=str("If-None-Match" in request.headers))

    async with serving(handle) as server, AiohttpClient(manifest()) as http:
        url = str(server.make_url("/"))
        http.begin({url: Validators("0" * 64, 1, etag='"x"')})
        assert (await http.get(url)).body == b"False"
        assert (await http.get(url, conditional=True)).body == b"True"


async def test_unasked_304_is_an_error() -> None:
    assert (await cause_of(answer(status=304))).cause == "status"


async def test_304_to_a_partner_that_gave_no_validators_is_an_error() -> None:
    answers = [web.Response(body=b"list"), web.Response(status=304)]

    async def handle(_: web.Request) -> web.Response:
        return answers.pop(0)

    async with serving(handle) as server, AiohttpClient(manifest()) as http:
        await http.get(server.make_url("/list"), conditional=True)
        http.begin(http.collected())
        with pytest.raises(SourceError):
            await http.get(server.make_url("/list"), conditional=True)


def test_validators_survive_the_checkpoint() -> None:
    one = Validators("ab", 3, "e", "l")
    assert Validators.from_json(one.to_json()) == one


@pytest.mark.parametrize("status", [404, 403])
async def test_absent_robots_txt_allows_all(status: int) -> None:
    async with serving(answer(b"ok"), answer(status=status)) as server, AiohttpClient(manifest(robots="obey")) as http:
        assert (await http.get(server.make_url("/x"))).body == b"ok"


@pytest.mark.parametrize(("status", "cause"), [(500, "robots"), (503, "robots"), (429, "throttled")])
async def test_broken_robots_txt_forbids_all(status: int, cause: str) -> None:
    async with serving(answer(b"ok"), answer(status=status)) as server, AiohttpClient(manifest(robots="obey")) as http:
        with pytest.raises(SourceError) as caught:
            await http.get(server.make_url("/x"))
    assert caught.value.cause == cause


async def test_robots_txt_that_cannot_be_reached_keeps_the_cause(free_ports: Callable[[int], int]) -> None:
    async with AiohttpClient(manifest(robots="obey")) as http:
        with pytest.raises(SourceError, match="forbids all") as caught:
            await http.get(f"http://127.0.0.1:{free_ports(1)}/")
    assert caught.value.cause == "connection"


async def test_robots_txt_is_obeyed_and_read_once() -> None:
    asked: list[str] = []

    async def robots(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="User-agent: *\nDisallow: /api/\n\nUser-agent: RegionalTalentHub\nDisallow: /secret/")

    async with serving(answer(b"ok"), robots) as server, AiohttpClient(manifest(robots="obey")) as http:
        await http.get(server.make_url("/api/list"))
        with pytest.raises(SourceError) as caught:
            await http.get(server.make_url("/secret/x"))
    assert (caught.value.cause, asked) == ("robots", ["/robots.txt"])


async def test_agreement_passes_robots_txt() -> None:
    async with serving(answer(b"ok"), answer(b"User-agent: *\nDisallow: /")) as server, AiohttpClient(manifest()) as http:
        assert (await http.get(server.make_url("/"))).body == b"ok"


async def test_partner_clock_is_noted() -> None:
    handler = answer(b"", Date="Sun, 22 Nov 2026 12:00:00 GMT")
    async with serving(handler) as server, AiohttpClient(manifest()) as http:
        await http.get(server.make_url("/"))
    assert http.stats.date is not None
    assert http.stats.date.isoformat() == "2026-11-22T12:00:00+00:00"
    assert http.stats.date_received_at > 0


async def test_rate_is_kept_when_it_is_set_and_loopback_is_free_otherwise() -> None:
    async with (
        serving(answer(b"")) as server,
        AiohttpClient(manifest(), rate=0.001) as limited,
        AiohttpClient(manifest()) as free,
    ):
        await asyncio.gather(*(free.get(server.make_url("/")) for _ in range(20)))
        await limited.get(server.make_url("/"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(limited.get(server.make_url("/")), 0.1)
