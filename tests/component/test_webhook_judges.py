"""Both libraries of the standard, from PyPI and from npm, take what the hub sent and refuse whatever was done to it."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, replace

import pytest
from fakes.delivery_world import DeliveryWorld
from fakes.feed_records import opportunity
from fakes.judges import run_node
from standardwebhooks import Webhook, WebhookVerificationError

from hub.store.subscription_changes import alter_subscription

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
JUDGES = pytest.mark.parametrize("judge", ["pypi", "npm"])
GENUINE = ["small", "text beyond ASCII", "reference", "closed", "new secret of two", "former secret of two"]
TAMPERED = [
    "another body",
    "a body with a blank more",
    "another id",
    "another time",
    "an old delivery",
    "a delivery from the future",
    "another secret",
    "another subscription's secret",
    "another delivery's signature",
    "a signature cut short",
    "no signature",
    "the former secret after the change-over",
]


@dataclass(frozen=True)
class Case:
    secret: str
    headers: dict[str, str]
    body: bytes

    def with_header(self, name: str, value: str) -> Case:
        return replace(self, headers={**self.headers, name: value})


@pytest.fixture(scope="module")
async def cases(tmp_path_factory):
    """name → what was captured, or made of it."""
    async with DeliveryWorld(tmp_path_factory.mktemp("world")) as world:
        return await _capture(world)


async def _capture(world):
    now_ms = time.time_ns() // 1_000_000
    world.clock.move_to(now_ms)
    receiver, other = await world.receiver(), await world.receiver()
    id_ = await world.subscribe(receiver.url)
    secret = world.secret
    other_id = await world.subscribe(other.url)
    other_secret = world.secret

    async def taken(*items):
        count = len(receiver.taken) + len(items)
        await world.write(*items)
        await world.until(lambda: len(receiver.taken) == count and len(other.taken) == count)
        return [Case(secret, {name: one.headers[name] for name in HEADERS}, one.body) for one in receiver.taken[-len(items) :]]

    world.start(id_, other_id)
    small, second = await taken(opportunity(1), opportunity(2))
    (text,) = await taken(opportunity(3, title="Zoölogie — «Groningen» €"))
    (reference,) = await taken(opportunity(4, title="é" * 30_000))
    (closed,) = await taken(opportunity(1, state="closed"))
    world.clock.move_to(now_ms - 600_000)
    (old,) = await taken(opportunity(2, "2"))
    world.clock.move_to(now_ms + 600_000)
    (future,) = await taken(opportunity(2, "3"))
    world.clock.move_to(now_ms)
    await _rotate(world, id_, "whsec_bmV3c2VjcmV0", now_ms + 60_000)
    (overlap,) = await taken(opportunity(5))
    world.clock.move_to(now_ms + 60_000)
    (after,) = await taken(opportunity(6))
    return {
        "small": small,
        "text beyond ASCII": text,
        "reference": reference,
        "closed": closed,
        "new secret of two": replace(overlap, secret="whsec_bmV3c2VjcmV0"),
        "former secret of two": overlap,
        "another body": replace(small, body=small.body.replace(b"noorderlink", b"noorderlinc")),
        "a body with a blank more": replace(small, body=small.body + b" "),
        "another id": small.with_header("webhook-id", second.headers["webhook-id"]),
        "another time": small.with_header("webhook-timestamp", str(int(small.headers["webhook-timestamp"]) + 1)),
        "an old delivery": old,
        "a delivery from the future": future,
        "another secret": replace(small, secret="whsec_b3RoZXI="),
        "another subscription's secret": replace(small, secret=other_secret),
        "another delivery's signature": small.with_header("webhook-signature", second.headers["webhook-signature"]),
        "a signature cut short": small.with_header("webhook-signature", small.headers["webhook-signature"][:-4]),
        "no signature": small.with_header("webhook-signature", "v1,"),
        "the former secret after the change-over": after,
    }


async def _rotate(world, id_, secret, until):
    current = await world.state(id_)
    values = {"secret": world.vault.encrypt(secret, id_), "former_secret": current.secret, "former_until": until}
    await alter_subscription(world.hub_db, id_, current.changed_at + 1, **values)


@pytest.fixture(scope="module")
def by_pypi(cases):
    return {name: _judge(case) for name, case in cases.items()}


def _judge(case):
    try:
        Webhook(case.secret).verify(case.body, case.headers)
    except WebhookVerificationError as error:
        return str(error)
    return None


@pytest.fixture(scope="module")
def by_npm(cases, tmp_path_factory):
    path = tmp_path_factory.mktemp("judge") / "cases.json"
    told = [{**vars(case), "name": name, "body": base64.b64encode(case.body).decode()} for name, case in cases.items()]
    path.write_text(json.dumps(told))
    return run_node("webhooks.js", str(path), package="standardwebhooks")


@JUDGES
@pytest.mark.parametrize("name", GENUINE)
def test_what_the_hub_sent_is_taken(name, judge, request):
    assert request.getfixturevalue(f"by_{judge}")[name] is None


@JUDGES
@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_done_to_a_delivery_is_refused(name, judge, request):
    assert request.getfixturevalue(f"by_{judge}")[name]
