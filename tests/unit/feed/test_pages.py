"""A walk over pages from any cursor, at any page size, ends in the fold of the log."""

from __future__ import annotations

import orjson
from fakes.feed_records import at_offset, id_of, opportunity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.feed.digest import Digest
from hub.feed.pages import render_page


def link(cursor, feed_id):
    return f"{feed_id}/{cursor}"


async def load_page(read_model, after, limit):
    standing, rows = await read_model.load_after(after, limit + 1)
    return render_page(standing, rows, after, limit, link)


async def walk(read_model, after, limit):
    """All items behind `after`, and the last page."""
    items = []
    while True:
        page = orjson.loads((await load_page(read_model, after, limit)).body)
        items += page["items"]
        if page["next"] is None:
            return items, page
        assert page["next"] == link(page["cursor"], page["feed_id"])
        after = page["cursor"]


async def fill(projection, count):
    await projection.apply([at_offset(n, opportunity(n)) for n in range(count)], 0, count)


async def test_an_item_is_the_record_and_its_cursor(projection, read_model):
    await fill(projection, 1)
    page = await load_page(read_model, 0, 10)
    assert orjson.loads(page.body)["items"] == [{**orjson.loads(opportunity(0).to_bytes()), "cursor": 1}]


async def test_a_full_page_leads_on_and_tells_no_digest(projection, read_model):
    await fill(projection, 3)
    page = await load_page(read_model, 0, 2)
    body = orjson.loads(page.body)
    assert (body["cursor"], body["next"], "digest" in body, page.is_full) == (2, "topic-e1/2", False, True)


async def test_the_last_page_has_the_position_and_its_digest(projection, read_model):
    await fill(projection, 2)
    page = await load_page(read_model, 0, 2)
    body = orjson.loads(page.body)
    expected = Digest.of((opportunity(n).id, opportunity(n).version) for n in range(2))
    assert (body["cursor"], body["next"], body["digest"], body["counts"]) == (2, None, expected.hex, {"live": 2, "closed": 0})
    assert not page.is_full


async def test_a_cursor_not_reached_yet_gets_an_empty_page_that_keeps_it(projection, read_model):
    await fill(projection, 2)
    body = orjson.loads((await load_page(read_model, 7, 2)).body)
    assert body == {"feed_id": "topic-e1", "cursor": 7, "next": None, "items": []}


async def test_after_means_offsets_from_there_on(projection, read_model):
    await fill(projection, 4)
    items, _ = await walk(read_model, 2, 10)
    assert [item["cursor"] for item in items] == [3, 4]


CHANGES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.sampled_from(["live", "closed"])), min_size=1, max_size=20
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES, st.data())
async def test_a_reader_that_stops_anywhere_and_walks_on_holds_the_fold(projection, read_model, changes, data):
    await projection.reset("topic", "topic-e1")
    log = [at_offset(n, opportunity(number, version, state=state)) for n, (number, version, state) in enumerate(changes)]
    pause = data.draw(st.integers(0, len(log)), label="the reader's first visit")
    limit = data.draw(st.integers(1, 4), label="limit")
    held = {}
    await projection.apply(log[:pause], 0, pause)
    items, last = await walk(read_model, 0, limit)
    held |= {item["id"]: item for item in items}
    await projection.apply(log[pause:], pause, len(log))
    items, last = await walk(read_model, last["cursor"], limit)
    held |= {item["id"]: item for item in items}
    fold = {id_of(number): (f"v{version}", state) for number, version, state in changes}
    assert {id_: (item["version"], item["state"]) for id_, item in held.items()} == fold
    assert last["digest"] == Digest.of((i["id"], i["version"]) for i in held.values() if i["state"] == "live").hex
