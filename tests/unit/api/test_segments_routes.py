"""The list of segments: those of today, with addresses that answer."""

from __future__ import annotations

from datetime import date

import orjson
from fakes.told import at, event, record
from yarl import URL

from hub.feed.filters import Filter
from hub.feed.segments import Segment, Segments, load_segments

SEGMENTS = "/v1/segments"


def segment(name, valid_from=None, valid_until=None):
    wanted = {"sector": ["energy", "it_digital"], "kind": ["vacancy", "event"]}
    titles, told = {"nl": f"{name} nl", "en": f"{name} en"}, {"nl": "Zin.", "en": "Sentence."}
    return Segment(name, titles, told, Filter.of(wanted, ["vonk"]), valid_from, valid_until)


async def listed(hub, *segments):
    object.__setattr__(hub.edge, "segments", Segments({one.name: one for one in segments}))
    response = await hub.client.get(SEGMENTS)
    return orjson.loads(await response.read())["segments"]


async def test_a_segment_tells_what_it_is(hub):
    (found,) = await listed(hub, segment("campaign", date(2027, 1, 1), date(2027, 2, 1)))
    assert (found["name"], found["title"], found["description"]) == (
        "campaign",
        {"nl": "campaign nl", "en": "campaign en"},
        {"nl": "Zin.", "en": "Sentence."},
    )
    assert found["filter"] == {"kind": ["event", "vacancy"], "sector": ["energy", "it_digital"]}
    assert (found["exclude_source"], found["valid_from"], found["valid_until"]) == (["vonk"], "2027-01-01", "2027-02-01")


async def test_only_those_of_today_are_listed(hub):
    """The hub's clock stands at 2027-01-15."""
    found = await listed(
        hub,
        segment("ended", valid_until=date(2027, 1, 14)),
        segment("last-day", valid_until=date(2027, 1, 15)),
        segment("first-day", valid_from=date(2027, 1, 15)),
        segment("to-come", valid_from=date(2027, 1, 16)),
    )
    assert [one["name"] for one in found] == ["last-day", "first-day"]


async def test_its_filter_asked_by_hand_gives_the_same_items(hub):
    facets = {"sectors": ["energy"]}
    await hub.projection.apply([at(0, record(1, facets=facets)), at(1, record(2))], 0, 2)
    (found,) = await listed(hub, segment("campaign"))
    by_hand = {name: ",".join(values) for name, values in found["filter"].items()}
    asked = {**by_hand, "exclude_source": ",".join(found["exclude_source"])}
    own = await (await hub.client.get("/v1/opportunities", params=asked)).json()
    named = await (await hub.client.get(URL(found["addresses"]["opportunities"]).relative())).json()
    assert [item["id"] for item in own["items"]] == [item["id"] for item in named["items"]] == [record(1)["id"]]


async def test_every_address_answers(hub):
    await hub.projection.apply([at(0, event(1, facets={"sectors": ["energy"]}))], 0, 1)
    await hub.projection.complete()
    (found,) = await listed(hub, segment("campaign"))
    flat = [one for stated in found["addresses"].values() for one in (stated.values() if isinstance(stated, dict) else [stated])]
    assert len(flat) == 11
    assert [(await hub.client.get(URL(address).relative())).status for address in flat] == [200] * 11


async def test_what_ships_is_listed(hub):
    shipped = load_segments(hub.edge.settings)
    assert [one["name"] for one in await listed(hub, *shipped)] == [
        "city-leavers-1-3",
        "city-leavers-3-5",
        "city-leavers-5-10",
        "internationals",
        "starters",
        "it",
        "energy",
        "life-sciences-health",
    ]


async def test_what_the_reader_has_is_answered_304(hub):
    first = await hub.client.get(SEGMENTS)
    again = await hub.client.get(SEGMENTS, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Cache-Control"], again.status) == ("public, max-age=300", 304)
