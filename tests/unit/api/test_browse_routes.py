"""Browsing: newest first, and what is there throughout a walk is listed once while the feed changes underneath."""

from __future__ import annotations

import random

import orjson
import pytest
from fakes.feed_records import at_offset, id_of, opportunity
from yarl import URL

from hub.domain.opportunity import Facets, rfc3339

BROWSE = "/v1/opportunities"
DAY = 86_400_000


def published(number, version="1", **changes):
    """Number n was published on day n // 3: some share their moment."""
    item = opportunity(number, version, **changes)
    return item.model_copy(update={"first_published": rfc3339(1_790_000_000_000 + number // 3 * DAY)})


async def take(hub, *items, start=0):
    await hub.projection.apply([at_offset(start + n, one) for n, one in enumerate(items)], start, start + len(items))


async def get(hub, path):
    response = await hub.client.get(path)
    return response, orjson.loads(await response.read())


async def test_the_newest_come_first(hub):
    await take(hub, *(published(n) for n in (0, 6, 3)))
    _, page = await get(hub, BROWSE)
    assert [item["id"] for item in page["items"]] == [id_of(n) for n in (6, 3, 0)]
    assert (page["next"], page["count"], page["cursor"], page["feed_id"]) == (None, 3, 3, "topic-e1")


async def test_items_are_whole_and_carry_their_cursor(hub):
    await take(hub, published(1), published(0))
    _, page = await get(hub, BROWSE)
    _, alone = await get(hub, f"{BROWSE}/{id_of(0)}")
    assert alone in page["items"]


async def test_a_page_has_25_items_unless_asked_otherwise(hub):
    await take(hub, *(published(n) for n in range(30)))
    _, page = await get(hub, BROWSE)
    _, smaller = await get(hub, f"{BROWSE}?limit=7")
    assert (len(page["items"]), len(smaller["items"])) == (25, 7)


async def test_the_filter_and_the_limit_go_along_with_next(hub):
    energy = {"facets": Facets(sectors=["energy"])}
    await take(hub, *(published(n).model_copy(update=energy if n % 2 else {}) for n in range(8)))
    _, page = await get(hub, f"{BROWSE}?sector=energy&limit=3")
    _, last = await get(hub, URL(page["next"]).relative())
    assert URL(page["next"]).query["sector"] == "energy"
    assert (page["count"], len(page["items"]), len(last["items"]), last["next"]) == (4, 3, 1, None)
    assert {item["facets"]["sectors"][0] for item in [*page["items"], *last["items"]]} == {"energy"}


async def test_only_the_first_page_counts(hub):
    await take(hub, *(published(n) for n in range(4)))
    _, page = await get(hub, f"{BROWSE}?limit=2")
    _, second = await get(hub, URL(page["next"]).relative())
    assert (page["count"], "count" in second) == (4, False)


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_there_throughout_is_listed_once_while_the_feed_changes(hub, seed):
    rng, position = random.Random(seed), 40
    await take(hub, *(published(n) for n in range(position)))
    touched, seen, path = set(), [], f"{BROWSE}?limit=4"
    while path is not None:
        _, page = await get(hub, path)
        seen += [item["id"] for item in page["items"]]
        path = URL(page["next"]).relative() if page["next"] else None
        number = rng.randrange(60)  # closes what is there, publishes anew what was not, edits the rest
        is_closing = rng.random() < 0.4
        changes = [
            published(number, f"{position}", state="closed" if is_closing else "live"),
            published(rng.randrange(40), f"e{position}"),
        ]
        touched |= {changes[0].id} if is_closing or number >= 40 else set()
        await take(hub, *changes, start=position)
        position += len(changes)
    throughout = {id_of(n) for n in range(40)} - touched
    assert len(seen) == len(set(seen))
    assert throughout <= set(seen)


async def test_a_token_outlives_the_item_that_it_names(hub):
    await take(hub, *(published(n) for n in range(9)))
    _, page = await get(hub, f"{BROWSE}?limit=5")
    named = next(n for n in range(9) if id_of(n) == page["items"][-1]["id"])
    await take(hub, published(named, state="closed"), start=9)
    _, second = await get(hub, URL(page["next"]).relative())
    first_ids = {item["id"] for item in page["items"]}
    assert {item["id"] for item in second["items"]} == {id_of(n) for n in range(9)} - first_ids


async def test_a_token_that_was_not_given_out_is_refused(hub):
    response, problem = await get(hub, f"{BROWSE}?behind=AAAA")
    assert (response.status, problem["detail"]) == (400, "behind: take it from `next`, as it stands there")


async def test_a_wrong_parameter_is_a_problem(hub):
    answers = [
        await hub.client.get(f"{BROWSE}?{query}")
        for query in ("limit=0", "limit=101", "sort=x", "kind=job", "behind=", "limit=1&limit=2")
    ]
    assert [(one.status, one.content_type) for one in answers] == [(400, "application/problem+json")] * 6


async def test_what_the_reader_has_is_answered_304(hub):
    await take(hub, published(1))
    first = await hub.client.get(BROWSE)
    again = await hub.client.get(BROWSE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, first.headers["Cache-Control"]) == (304, "public, max-age=5")
