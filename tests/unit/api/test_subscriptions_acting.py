"""What is done with a subscription: tests, secrets, replays, and what was sent. Tests go to real receivers on loopback."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from hub.delivery.outcome import Verdict
from hub.errors import RetryableError
from hub.sdk.webhook import verify
from hub.store import subscriptions
from hub.store.subscription_changes import alter_subscription
from hub.store.subscriptions import Attempt, Progress
from hub.store.tokens import add_subscriber

PATH = "/v1/subscriptions"
HOUR_MS = 3_600_000


@pytest.fixture
async def caller(hub):
    token = await add_subscriber(hub.desk.hub_db, "portal", "", ("push",), now_ms=hub.now_ms)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def receiver():
    """`receiver.got`: (headers, body); it answers `receiver.status`."""

    async def take(request):
        server.got.append((request.headers, await request.read()))
        return web.Response(status=server.status, headers={"Location": str(server.make_url("/elsewhere"))})

    app = web.Application()
    app.router.add_post("/{any:.*}", take)
    server = TestServer(app)
    server.got, server.status = [], 204
    async with server:
        yield server


async def ask(hub, caller, method, path, **how):
    answer = await hub.client.request(method, PATH + path, headers=caller, **how)
    return answer.status, await answer.json()


async def made(hub, caller, url):
    status, body = await ask(hub, caller, "POST", "", json={"url": str(url)})
    assert status == 201, body
    return body


@pytest.fixture
async def one(hub, caller, receiver):
    return await made(hub, caller, receiver.make_url("/hook"))


def is_signed_by(secret, got, now_ms):
    headers, body = got
    return verify([secret], headers, body, now_ms=now_ms, tolerance_seconds=5) == headers["webhook-id"]


# --- a test -----------------------------------------------------------------------------------------------------------


async def test_a_test_is_signed_and_what_came_of_it_is_told(hub, caller, receiver, one):
    status, told = await ask(hub, caller, "POST", f"/{one['id']}/test")
    assert (status, told["verdict"], told["status"]) == (200, "delivered", 204)
    assert is_signed_by(one["secret"], receiver.got[0], hub.now_ms)
    assert receiver.got[0][1] == b'{"type":"subscription.test","data":{"subscription":"%b"}}\n' % one["id"].encode()


@pytest.mark.parametrize(("status", "verdict"), [(500, "refused"), (503, "away"), (410, "gone"), (302, "refused")])
async def test_a_test_that_fails_is_told_and_changes_nothing(hub, caller, receiver, one, status, verdict: Verdict):
    receiver.status = status
    _, told = await ask(hub, caller, "POST", f"/{one['id']}/test")
    _, after = await ask(hub, caller, "GET", f"/{one['id']}")
    assert (told["verdict"], told["status"], len(receiver.got)) == (verdict, status, 1)
    assert (after["state"], after["failures"], after["cursor"]) == ("active", 0, 0)


async def test_a_test_goes_nowhere_where_webhooks_may_not_go(hub, caller, one):
    """The place was harmless when it was registered."""
    await alter_subscription(hub.desk.hub_db, one["id"], hub.now_ms, url="https://169.254.169.254/")
    _, told = await ask(hub, caller, "POST", f"/{one['id']}/test")
    assert (told["verdict"], told["status"]) == ("forbidden", None)


async def test_a_test_stands_among_the_attempts(hub, caller, one):
    _, told = await ask(hub, caller, "POST", f"/{one['id']}/test")
    _, listed = await ask(hub, caller, "GET", f"/{one['id']}/attempts")
    (attempt,) = listed["items"]
    assert (attempt["webhook_id"], attempt["opportunity"], attempt["verdict"]) == (told["webhook_id"], "", "delivered")


# --- secrets ----------------------------------------------------------------------------------------------------------


async def test_after_a_rotation_both_secrets_sign_until_the_overlap_ends(hub, caller, receiver, one):
    _, told = await ask(hub, caller, "POST", f"/{one['id']}/rotate", json={"overlap_seconds": 3600})
    await ask(hub, caller, "POST", f"/{one['id']}/test")
    signed = [is_signed_by(secret, receiver.got[0], hub.now_ms) for secret in (told["secret"], one["secret"])]
    _, shown = await ask(hub, caller, "GET", f"/{one['id']}")
    hub.now_ms += HOUR_MS
    await ask(hub, caller, "POST", f"/{one['id']}/test")
    assert signed == [True, True]
    assert shown["former_secret_until"] == told["former_secret_until"] == "2027-01-15T09:00:00Z"
    assert len(receiver.got[1][0]["webhook-signature"].split()) == 1
    assert is_signed_by(told["secret"], receiver.got[1], hub.now_ms)


async def test_a_rotation_without_a_body_keeps_the_former_secret_for_a_day(hub, caller, receiver, one):
    status, told = await ask(hub, caller, "POST", f"/{one['id']}/rotate")
    await ask(hub, caller, "POST", f"/{one['id']}/test")
    assert (status, told["former_secret_until"]) == (200, "2027-01-16T08:00:00Z")
    assert [is_signed_by(secret, receiver.got[0], hub.now_ms) for secret in (told["secret"], one["secret"])] == [True, True]


async def test_without_an_overlap_the_former_secret_signs_nothing_more(hub, caller, receiver, one):
    _, told = await ask(hub, caller, "POST", f"/{one['id']}/rotate", json={"overlap_seconds": 0})
    await ask(hub, caller, "POST", f"/{one['id']}/test")
    assert (told["former_secret_until"], len(receiver.got[0][0]["webhook-signature"].split())) == (None, 1)
    assert is_signed_by(told["secret"], receiver.got[0], hub.now_ms)


async def test_who_rotates_again_because_the_answer_was_lost_keeps_the_secret_that_is_in_use(hub, caller, receiver, one):
    for _ in range(2):
        _, told = await ask(hub, caller, "POST", f"/{one['id']}/rotate", json={"overlap_seconds": 3600})
    await ask(hub, caller, "POST", f"/{one['id']}/test")
    assert [is_signed_by(secret, receiver.got[0], hub.now_ms) for secret in (told["secret"], one["secret"])] == [True, True]


async def test_however_often_it_is_rotated_the_header_of_signatures_is_bounded(hub, caller, receiver, one):
    for _ in range(6):
        await ask(hub, caller, "POST", f"/{one['id']}/rotate", json={})
    await ask(hub, caller, "POST", f"/{one['id']}/test")
    assert len(receiver.got[0][0]["webhook-signature"].split()) == 4


# --- replays ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def delivered(hub, one):
    """It stands at cursor 900, and its receiver has been away."""
    current = await subscriptions.find_subscription(hub.desk.hub_db, one["id"])
    values = {"cursor": 900, "failures": 3, "next_at": hub.now_ms + HOUR_MS}
    await subscriptions.advance(hub.desk.hub_db, one["id"], Progress(values=values), current.changed_at)
    return one


async def test_a_replay_begins_at_a_cursor_at_once(hub, caller, delivered):
    status, told = await ask(hub, caller, "POST", f"/{delivered['id']}/replay", json={"after": 12})
    assert (status, told["cursor"], told["failures"], told["next_at"]) == (200, 12, 0, None)


@pytest.mark.parametrize(
    ("time", "ms"), [("2026-11-22T10:00:00Z", 1_795_341_600_000), ("2026-11-22t11:00:00.250+01:00", 1_795_341_600_250)]
)
async def test_a_replay_begins_at_what_was_written_at_a_time(hub, caller, delivered, time, ms):
    hub.offsets[ms] = 34
    assert (await ask(hub, caller, "POST", f"/{delivered['id']}/replay", json={"since": time}))[1]["cursor"] == 34


async def test_a_replay_from_a_time_to_come_skips_nothing(hub, caller, delivered):
    hub.offsets[4_102_444_800_000] = 5_000
    _, told = await ask(hub, caller, "POST", f"/{delivered['id']}/replay", json={"since": "2100-01-01T00:00:00Z"})
    assert told["cursor"] == 900


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"after": 901}, 409),
        ({}, 422),
        ({"after": 1, "since": "2026-11-22T10:00:00Z"}, 422),
        ({"since": "yesterday"}, 400),
        ({"since": "2026-11-22T10:00:00"}, 400),
        ({"since": 1_795_341_600}, 400),
        ({"after": 1, "feed": "topic-e0"}, 410),
    ],
)
async def test_what_no_replay_can_begin_with_is_refused(hub, caller, delivered, body, status):
    found, _ = await ask(hub, caller, "POST", f"/{delivered['id']}/replay", json=body)
    assert (found, (await ask(hub, caller, "GET", f"/{delivered['id']}"))[1]["cursor"]) == (status, 900)


async def test_a_time_that_cannot_be_looked_up_is_asked_for_again(hub, caller, delivered):
    class Away(dict):
        def __getitem__(self, ms):
            raise RetryableError("no Kafka broker answers")

    hub.offsets = Away()
    assert (await ask(hub, caller, "POST", f"/{delivered['id']}/replay", json={"since": "2026-11-22T10:00:00Z"}))[0] == 503


# --- attempts ---------------------------------------------------------------------------------------------------------


async def test_attempts_are_walked_through_from_the_newest_on(hub, caller, one):
    attempts = [Attempt(f"msg_{n}", f"opp-{n}", n, hub.now_ms + n, 200, "delivered", "", 3) for n in range(7)]
    current = await subscriptions.find_subscription(hub.desk.hub_db, one["id"])
    await subscriptions.advance(hub.desk.hub_db, one["id"], Progress(attempts=attempts), current.changed_at)
    following, seen = f"{PATH}/{one['id']}/attempts?limit=3", []
    while following:
        answer = await hub.client.get(URL(following).path_qs, headers=caller)
        page = await answer.json()
        seen.append([item["cursor"] for item in page["items"]])
        following = page["next"]
    assert seen == [[6, 5, 4], [3, 2, 1], [0]]
