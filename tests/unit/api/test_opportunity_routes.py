"""One id over HTTP: item, redirect, or the reason it is gone."""

from __future__ import annotations

import orjson
from fakes.feed_records import at_offset, id_of, opportunity


async def apply(hub, *items):
    await hub.projection.apply([at_offset(n, item) for n, item in enumerate(items)], 0, len(items))
    await hub.projection.complete()


async def get(hub, id_):
    response = await hub.client.get(f"/v1/opportunities/{id_}", allow_redirects=False)
    return response, orjson.loads(await response.read() or b"null")


async def test_a_live_one_is_its_record_with_the_cursor(hub):
    await apply(hub, opportunity(1))
    response, item = await get(hub, id_of(1))
    assert (response.status, item) == (200, {**orjson.loads(opportunity(1).to_bytes()), "cursor": 1})


async def test_a_members_id_is_redirected_for_a_short_while(hub):
    await apply(hub, opportunity(1, redirects=(id_of(2),)))
    response, _ = await get(hub, id_of(2))
    assert (response.status, response.headers["Cache-Control"]) == (307, "public, max-age=60")
    assert response.headers["Location"] == str(hub.client.make_url(f"/v1/opportunities/{id_of(1)}"))


async def test_a_closed_one_is_gone_with_its_reason(hub):
    await apply(hub, opportunity(1, state="closed", reason="filled"))
    response, problem = await get(hub, id_of(1))
    assert (response.status, problem["closed_reason"], problem["id"]) == (410, "filled", id_of(1))


async def test_an_unknown_one_is_not_found(hub):
    await apply(hub)
    response, problem = await get(hub, "opp-<script>")
    assert (response.status, problem["status"]) == (404, 404)


async def test_before_the_log_was_read_unknown_cannot_be_said(hub):
    response, _ = await get(hub, id_of(1))
    assert response.status == 503
