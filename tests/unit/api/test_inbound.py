"""Inbound webhooks: what is accepted, what is refused, and that nothing refused is stored.

Signatures are made by the public `standardwebhooks` package.
"""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime

import orjson
import pytest
from fakes.partner_words import OLD_SECRET, SECRET
from standardwebhooks import Webhook

from hub.errors import FatalError

BODY = b'{"event": "offer.updated", "id": 7}'


def signed(hub, body=BODY, *, webhook_id="msg_1", secret=SECRET, age_seconds=0):
    at = datetime.fromtimestamp(hub.now_ms // 1000 - age_seconds, UTC)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, at, body.decode()),
        "Content-Type": "application/json",
    }


async def post(hub, headers, body=BODY, source="vonk"):
    response = await hub.client.post(f"/v1/inbound/{source}", data=body, headers=headers)
    return response.status, orjson.loads(await response.read())


async def test_a_signed_body_goes_to_the_sources_topic_as_it_came(hub):
    status, _ = await post(hub, signed(hub))
    [record] = hub.log.records
    assert (status, record.topic, record.key, record.value) == (202, "hub.inbound.vonk.v1", b"msg_1", BODY)
    assert record.headers == [("content-type", b"application/json"), ("hub-op", b"upsert"), ("webhook-id", b"msg_1")]


async def test_either_of_two_secrets_is_right(hub):
    status, _ = await post(hub, signed(hub, secret=OLD_SECRET))
    assert (status, len(hub.log.records)) == (202, 1)


async def test_one_right_signature_among_several_is_enough(hub):
    headers = signed(hub)
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']} v2,x"
    assert (await post(hub, headers))[0] == 202


async def test_a_repeated_id_is_taken_without_effect(hub):
    await post(hub, signed(hub))
    status, body = await post(hub, signed(hub))
    assert (status, body["result"], len(hub.log.records)) == (200, "repeated", 1)


async def test_an_id_is_remembered_only_after_the_acknowledgement(hub):
    hub.log.error = FatalError("no acknowledgement")
    assert (await post(hub, signed(hub)))[0] == 503
    hub.log.error = None
    assert (await post(hub, signed(hub)))[0] == 202
    assert len(hub.log.records) == 1


async def test_while_the_log_is_away_the_partner_is_asked_to_come_again(hub):
    hub.edge.inbound.close()
    assert (await post(hub, signed(hub)))[0] == 503


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,\udcff"},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "-5"},
    ],
)
async def test_a_wrong_signature_is_refused_and_nothing_stored(hub, change):
    status, problem = await post(hub, {**signed(hub), **change})
    assert (status, problem["status"], hub.log.records) == (401, 401, [])


async def test_a_changed_body_is_refused(hub):
    assert (await post(hub, signed(hub), BODY + b" "))[0] == 401


@pytest.mark.parametrize("age_seconds", [301, 86_400, -301])
async def test_an_old_or_future_time_is_refused(hub, age_seconds):
    status, _ = await post(hub, signed(hub, age_seconds=age_seconds))
    assert (status, hub.log.records) == (401, [])


async def test_a_time_within_the_tolerance_is_taken(hub):
    assert (await post(hub, signed(hub, age_seconds=299)))[0] == 202


async def test_ten_megabytes_are_refused_before_they_are_read(hub):
    body = b"x" * 10_000_000
    status, problem = await post(hub, signed(hub, body), io.BytesIO(body))
    assert (status, problem["status"], hub.log.records) == (413, 413, [])


async def test_a_sender_that_asks_first_need_not_send_what_is_too_large(hub):
    reader, writer = await asyncio.open_connection(hub.client.host, hub.client.port)
    writer.write(b"POST /v1/inbound/vonk HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n\r\n")
    assert (await asyncio.wait_for(reader.readline(), 90)).startswith(b"HTTP/1.1 413")
    writer.close()
    await writer.wait_closed()


async def test_a_sender_that_asks_first_may_send_the_rest(hub):
    response = await hub.client.post("/v1/inbound/vonk", data=BODY, headers=signed(hub), expect100=True)
    assert response.status == 202


async def test_a_large_body_of_unstated_length_is_refused_as_well(hub):
    async def stream():
        for _ in range(20):
            yield b"x" * 1_000
            await asyncio.sleep(0)

    status, _ = await post(hub, signed(hub), stream())
    assert (status, hub.log.records) == (413, [])


async def test_an_unknown_source_is_not_found(hub):
    assert (await post(hub, signed(hub), source="nobody"))[0] == 404


async def test_a_source_without_a_secret_asks_to_come_again(hub):
    assert (await post(hub, signed(hub), source="bare"))[0] == 503


async def test_hub_op_is_never_the_senders(hub):
    await post(hub, {**signed(hub), "hub-op": "delete"})
    assert ("hub-op", b"upsert") in hub.log.records[0].headers
