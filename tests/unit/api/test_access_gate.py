"""The gate: limits by address and token, wrong tokens, scopes; over HTTP behind a believed proxy."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from hub.api.access.gate import Gate
from hub.api.access.headers import header_writer
from hub.api.access.token_book import KNOWN_MS, TokenBook
from hub.api.operation import NoQuery, Operation
from hub.api.problems import ProblemError
from hub.api.routes import around
from hub.settings import HttpSettings
from hub.store.tokens import Token, hash_of
from hub.telemetry import metrics

SECRET = "5" * 64


def text_of(keyid, secret=SECRET):
    return f"hub_{keyid}_{secret}"


@dataclass
class World:
    """A small edge with tokens in a dict; `ask` comes from another address each, if told."""

    client: TestClient = None
    tokens: dict = field(default_factory=dict)
    seconds: float = 1_000.0
    now_ms: int = 1_800_000_000_000
    found: list = field(default_factory=list)
    noted: dict = field(default_factory=dict)
    book: TokenBook = None
    signature_is_right: bool = True

    def give(self, keyid, scopes=("read",), **ends):
        self.tokens[keyid] = Token(keyid, f"s-{keyid}", hash_of(SECRET), frozenset(scopes), 1, **ends)
        return text_of(keyid)

    async def ask(self, path="/read", address="198.51.100.1", method="GET", **headers):
        given = {"X-Forwarded-For": address, **{name.replace("_", "-"): text for name, text in headers.items()}}
        async with self.client.request(method, path, headers=given) as response:
            await response.read()
            return response

    async def statuses(self, count, *arguments, **named):
        return [(await self.ask(*arguments, **named)).status for _ in range(count)]


def operation(world, path, method="GET", **named):
    async def handler(request, _):
        if named.get("is_signed") and not world.signature_is_right:
            raise ProblemError(401, "wrong signature", code="signature")
        return web.Response(text="answer")

    return Operation(method, path, handler, "An operation", "feed", query=NoQuery, **named)


@pytest.fixture
async def world():
    world = World()

    async def find(keyid):
        world.found.append(keyid)
        return world.tokens.get(keyid)

    async def note(used):
        world.noted.update(used)

    world.book = TokenBook(find, note, lambda: world.now_ms)
    settings = HttpSettings(trusted_proxies=["127.0.0.1"], requests_per_minute=8, token_requests_per_minute=12)
    gate = Gate(settings, world.book, now=lambda: world.seconds)
    app = web.Application(middlewares=around(gate))
    for one in (
        operation(world, "/read"),
        operation(world, "/dear", cost=4),
        operation(world, "/scoped", scope="read"),
        operation(world, "/push", method="POST", is_signed=True),
    ):
        gate.guard(app.router.add_route(one.method, one.path, one.handle).resource, one)
    app.on_response_prepare.append(header_writer(settings))
    world.client = TestClient(TestServer(app))
    await world.client.start_server()
    yield world
    await world.client.close()


async def test_an_address_is_limited_and_told_when_to_come_again(world):
    assert await world.statuses(9) == [200] * 8 + [429]
    refused = await world.ask()
    assert (refused.status, refused.headers["Retry-After"], refused.content_type) == (429, "8", "application/problem+json")


async def test_who_comes_again_then_is_answered(world):
    await world.statuses(9)
    world.seconds += 8
    assert await world.statuses(2) == [200, 429]


async def test_another_address_is_not_held_up(world):
    await world.statuses(9)
    assert (await world.ask(address="198.51.100.2")).status == 200


async def test_every_answer_tells_the_policy_and_what_is_left(world):
    answer = await world.ask()
    assert (answer.headers["RateLimit-Policy"], answer.headers["RateLimit"]) == ('"address";q=8;w=60', '"address";r=7;t=8')


async def test_a_dear_operation_counts_for_several(world):
    assert await world.statuses(3, "/dear") == [200, 200, 429]


async def test_addresses_that_do_not_exist_count_too(world):
    assert await world.statuses(9, "/nothing") == [404] * 8 + [429]


async def test_a_token_has_a_limit_of_its_own(world):
    token = world.give("0123456789")
    await world.statuses(9)
    assert await world.statuses(13, Authorization=f"Bearer {token}") == [200] * 12 + [429]


async def test_tokens_of_one_subscriber_share_its_limit(world):
    old, new = world.give("0123456789"), world.give("1123456789")
    world.tokens["1123456789"] = Token("1123456789", "s-0123456789", hash_of(SECRET), frozenset({"read"}), 1)
    await world.statuses(12, Authorization=f"Bearer {old}")
    assert (await world.ask(Authorization=f"Bearer {new}")).status == 429


async def test_the_scheme_is_read_in_any_case(world):
    assert (await world.ask(Authorization=f"bEARER {world.give('0123456789')}")).status == 200


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer nonsense", "Token hub_0123456789_" + SECRET, "hub_0123456789_" + SECRET, ""]
)
async def test_what_is_no_token_is_401_and_says_how_it_is_sent(world, header):
    world.give("0123456789")
    answer = await world.ask(Authorization=header)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="hub", error="invalid_token"')


async def test_a_wrong_secret_and_an_unknown_key_id_are_told_alike(world):
    world.give("0123456789")
    answers = [await world.ask(Authorization=f"Bearer {text}") for text in (text_of("0123456789", "6" * 64), text_of("f" * 10))]
    assert [answer.status for answer in answers] == [401, 401]
    assert len({await answer.text() for answer in answers}) == 1


@pytest.mark.parametrize("ends", [{"expires_at": 1_700_000_000_000}, {"revoked_at": 1_700_000_000_000}])
async def test_a_token_that_ended_tells_its_holder_when(world, ends):
    answer = await world.ask(Authorization=f"Bearer {world.give('0123456789', **ends)}")
    assert answer.status == 401
    assert "ended on 2023-11-14" in await answer.text()


async def test_a_token_that_ended_tells_a_stranger_nothing(world):
    world.give("0123456789", revoked_at=1)
    answer = await world.ask(Authorization=f"Bearer {text_of('0123456789', '6' * 64)}")
    assert "ended" not in await answer.text()


async def test_a_proxys_own_password_is_none_of_our_business(world):
    assert (await world.ask(Authorization="Basic YTpi")).status == 200


async def test_a_scope_needs_a_token_that_has_it(world):
    reading, other = world.give("0123456789"), world.give("1123456789", scopes=["push"])
    assert (await world.ask("/scoped")).status == 401
    assert (await world.ask("/scoped", Authorization=f"Bearer {reading}")).status == 200
    refused = await world.ask("/scoped", Authorization=f"Bearer {other}")
    assert (refused.status, refused.headers["WWW-Authenticate"]) == (
        403,
        'Bearer realm="hub", error="insufficient_scope", scope="read"',
    )


async def test_after_many_wrong_tokens_no_further_one_is_looked_at(world):
    right = world.give("0123456789")
    wrong = f"Bearer {text_of('f' * 10)}"
    assert await world.statuses(21, Authorization=wrong) == [401] * 20 + [429]
    world.found.clear()
    assert (await world.ask(Authorization=f"Bearer {right}")).status == 429
    assert world.found == []


async def test_who_guesses_still_reads_what_is_public(world):
    await world.statuses(21, Authorization="Bearer nonsense")
    assert (await world.ask()).status == 200


async def test_guessing_from_one_address_does_not_lock_others_out(world):
    await world.statuses(21, Authorization="Bearer nonsense")
    assert (await world.ask(address="198.51.100.2", Authorization=f"Bearer {world.give('0123456789')}")).status == 200


async def test_a_revocation_is_obeyed_within_seconds(world):
    header = f"Bearer {world.give('0123456789')}"
    await world.ask(Authorization=header)
    del world.tokens["0123456789"]
    world.now_ms += KNOWN_MS
    assert (await world.ask(Authorization=header)).status == 401


async def test_a_known_token_is_not_looked_up_at_every_request(world):
    await world.statuses(5, Authorization=f"Bearer {world.give('0123456789')}")
    assert world.found == ["0123456789"]


async def test_a_new_token_works_at_once(world):
    header = f"Bearer {text_of('0123456789')}"
    assert (await world.ask(Authorization=header)).status == 401
    world.give("0123456789")
    assert (await world.ask(Authorization=header)).status == 200


async def test_use_is_noted_once_for_many_requests(world):
    await world.statuses(5, Authorization=f"Bearer {world.give('0123456789')}")
    assert world.noted == {}
    await world.book.note_use()
    assert world.noted == {"0123456789": world.now_ms}


async def test_a_partners_burst_of_signed_webhooks_is_not_limited(world):
    assert await world.statuses(40, "/push", method="POST") == [200] * 40


async def test_wrong_signatures_are_limited_like_wrong_tokens(world):
    world.signature_is_right = False
    assert await world.statuses(21, "/push", method="POST") == [401] * 20 + [429]


async def test_no_token_stands_in_logs_or_metrics(world):
    token = world.give("0123456789")
    with capture_logs() as lines:
        await world.statuses(13, Authorization=f"Bearer {token}")
        await world.statuses(22, Authorization=f"Bearer {text_of('f' * 10)}")
    told = str(lines) + generate_latest().decode()
    assert (SECRET in told, "0123456789" in told) == (False, False)


async def test_what_was_refused_is_counted_by_its_reason(world):
    before = metrics.HTTP_LIMITED.labels("address")._value.get()
    await world.statuses(10)
    assert metrics.HTTP_LIMITED.labels("address")._value.get() == before + 2


def test_no_limit_is_no_bucket():
    gate = Gate(HttpSettings(requests_per_minute=0, token_requests_per_minute=0))
    assert (gate._by_address, gate._by_token) == (None, None)


def test_the_limit_lets_a_partner_read_the_whole_feed_in_minutes():
    """100,000 items by pages of 500, without a token."""
    assert HttpSettings().requests_per_minute >= 100_000 / 500
