"""RPDE 1.0 over HTTP: change numbers above the base, a last page that leads to itself, and never a 410."""

from __future__ import annotations

import orjson
import pytest
from fakes.feed_records import at_offset, faceted, id_of
from fakes.plain_readers import take_rpde
from yarl import URL

from hub.feed.filters import Filter
from hub.feed.segments import Segment, Segments
from hub.feed.selection import Selection

RPDE = "/v1/feed/rpde"
BASE = 1_790_000_000_000


async def write(hub, start, *items):
    await hub.projection.apply([at_offset(start + n, item) for n, item in enumerate(items)], start, start + len(items))
    await hub.projection.rename("topic-e1", BASE)


async def fill(hub):
    await write(hub, 0, energy(0), energy(1, sectors=["it_digital"]), energy(2, state="closed"))


def energy(number, version="1", **more):
    return faceted(number, version, ["miitn"], **{"sectors": ["energy"], **more})


async def get(hub, path, **arguments):
    response = await hub.client.get(path, **arguments)
    return response, orjson.loads(await response.read() or b"null")


async def walk(hub, path):
    held = {}
    while True:
        _, page = await get(hub, path)
        take_rpde(held, page["items"])
        if not page["items"]:
            return held
        path = URL(page["next"]).relative()


def define(hub, base, **wanted):
    filter_ = Filter.of({name: [text] for name, text in wanted.items()})
    segment = Segment("campaign", {"nl": "", "en": ""}, {"nl": "", "en": ""}, filter_)
    object.__setattr__(hub.edge, "segments", Segments({"campaign": segment}, {"campaign": base}))


async def test_a_live_item_is_updated_and_a_closed_one_deleted_without_data(hub):
    await fill(hub)
    _, page = await get(hub, RPDE)
    first, _, third = page["items"]
    data = {**orjson.loads(energy(0).to_bytes()), "cursor": 1}
    assert first == {"state": "updated", "kind": "opportunity", "id": id_of(0), "modified": BASE + 1, "data": data}
    assert third == {"state": "deleted", "kind": "opportunity", "id": id_of(2), "modified": BASE + 3}


async def test_what_does_not_match_the_filter_is_deleted(hub):
    await fill(hub)
    _, page = await get(hub, f"{RPDE}?sector=energy")
    assert [item["state"] for item in page["items"]] == ["updated", "deleted", "deleted"]


async def test_next_carries_the_last_change_number_the_filter_and_the_readers_limit(hub):
    await fill(hub)
    _, page = await get(hub, f"{RPDE}?limit=2&sector=energy")
    assert page["next"] == str(hub.client.make_url(f"{RPDE}?sector=energy&afterChangeNumber={BASE + 2}&limit=2"))


@pytest.mark.parametrize(
    "query",
    [f"afterChangeNumber={BASE + 3}", f"limit=7&afterChangeNumber={BASE + 3}&kind=event", "afterChangeNumber=9007199254740991"],
)
async def test_the_last_page_is_empty_and_leads_to_itself(hub, query):
    await fill(hub)
    response, page = await get(hub, f"{RPDE}?{query}")
    assert (response.status, page["items"], page["next"]) == (200, [], str(hub.client.make_url(f"{RPDE}?{query}")))


async def test_a_feed_without_records_is_its_own_last_page(hub):
    _, page = await get(hub, RPDE)
    assert (page["items"], page["next"]) == ([], str(hub.client.make_url(RPDE)))


async def test_a_number_below_the_base_begins_at_the_logs_start(hub):
    await fill(hub)
    _, page = await get(hub, f"{RPDE}?afterChangeNumber={BASE - 1_000_000}")
    assert len(page["items"]) == 3


async def test_a_reader_of_the_feed_before_a_new_beginning_is_whole_again(hub):
    await fill(hub)
    await walk(hub, RPDE)
    await hub.projection.reset("topic", "topic-e2", BASE + 1_000)
    await hub.projection.apply([at_offset(0, energy(0, "2")), at_offset(1, energy(1, state="closed"))], 0, 2)
    held = await walk(hub, f"{RPDE}?afterChangeNumber={BASE + 3}")
    assert {id_: item["version"] for id_, item in held.items()} == {id_of(0): "v2"}


async def test_a_segment_that_is_defined_anew_has_greater_numbers_and_its_reader_is_whole_again(hub):
    await fill(hub)
    define(hub, BASE + 100, sector="energy")
    held = await walk(hub, f"{RPDE}?segment=campaign")
    assert held.keys() == {id_of(0)}
    define(hub, BASE + 5_000, sector="it_digital")
    _, page = await get(hub, f"{RPDE}?segment=campaign&afterChangeNumber={(BASE + 100) * 1_000 + 3}&limit=500")
    take_rpde(held, page["items"])
    assert [item["modified"] - (BASE + 5_000) * 1_000 for item in page["items"]] == [1, 2, 3]
    assert held.keys() == {id_of(1)}


async def test_a_segment_defined_anew_within_minutes_leaves_room_for_a_long_log(hub):
    await hub.projection.rename("topic-e1", BASE)
    standing, segment = await hub.projection.load_standing(), Segment("campaign", {}, {}, Filter())
    before = Selection(segment=segment, segment_base=BASE + 100).base(standing) + 5_000_000
    after = Selection(segment=segment, segment_base=BASE + 100 + 60_000).base(standing)
    assert before < after < 2**53


async def test_a_page_with_items_is_kept_for_an_hour_and_the_last_one_for_seconds(hub):
    await fill(hub)
    some, _ = await get(hub, RPDE)
    last, _ = await get(hub, f"{RPDE}?afterChangeNumber={BASE + 3}")
    assert (some.headers["Cache-Control"], last.headers["Cache-Control"]) == ("public, max-age=3600", "public, max-age=2")
    assert some.content_type == "application/json"


async def test_what_the_reader_has_is_answered_304(hub):
    await fill(hub)
    first, _ = await get(hub, RPDE)
    again = await hub.client.get(RPDE, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304


async def test_the_licence_is_the_settings_own_or_the_page_with_each_platforms_terms(hub):
    _, page = await get(hub, RPDE)
    terms = await hub.client.get(URL(page["license"]).relative())
    object.__setattr__(hub.edge.settings.http, "license", "https://creativecommons.org/licenses/by/4.0/")
    _, other = await get(hub, f"{RPDE}?limit=3")
    assert (terms.status, terms.content_type) == (200, "text/html")
    assert other["license"] == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "afterChangeNumber=-1", "afterChangeNumber=x", "afterTimestamp=1"])
async def test_what_rpde_does_not_know_here_is_refused(hub, query):
    await fill(hub)
    response, _ = await get(hub, f"{RPDE}?{query}")
    assert response.status == 400
