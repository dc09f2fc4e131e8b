"""Pages, snapshot and digest of a filter or a segment: what leaves it is told, and all of them agree on what is in it."""

from __future__ import annotations

import gzip

import orjson
import pytest
from fakes.feed_records import at_offset, faceted, id_of
from fakes.plain_readers import digest
from yarl import URL

from hub.feed import snapshot as snapshot_files
from hub.feed.filters import Filter
from hub.feed.segments import Segment, Segments

PAGES, DIGEST, SNAPSHOT = "/v1/feed/pages", "/v1/feed/digest", "/v1/feed/snapshot.ndjson.gz"
ENERGY = "sector=energy"


async def write(hub, start, *items):
    await hub.projection.apply([at_offset(start + n, item) for n, item in enumerate(items)], start, start + len(items))
    await hub.projection.complete()


async def fill(hub):
    """0 and 2 are of the energy sector and live."""
    await write(hub, 0, energy(0), other(1), energy(2), energy(3, state="closed"))


def energy(number, version="1", **more):
    return faceted(number, version, ["miitn"], sectors=["energy"], **more)


def other(number, version="1", **more):
    return faceted(number, version, ["vonk"], sectors=["it_digital"], **more)


async def get(hub, path, **arguments):
    response = await hub.client.get(path, **arguments)
    return response, orjson.loads(await response.read() or b"null")


async def get_snapshot(hub, query):
    response = await hub.client.get(f"{SNAPSHOT}?{query}")
    return [orjson.loads(line) for line in gzip.decompress(await response.read()).splitlines()]


def define(hub, **wanted):
    filter_ = Filter.of({name: [text] for name, text in wanted.items()})
    segment = Segment("campaign", {"nl": "", "en": ""}, {"nl": "", "en": ""}, filter_)
    object.__setattr__(hub.edge, "segments", Segments({"campaign": segment}, {"campaign": 5_000}))
    return segment


async def test_what_does_not_match_is_a_stub_with_nothing_of_its_content(hub):
    await fill(hub)
    _, page = await get(hub, f"{PAGES}?{ENERGY}")
    assert page["items"][1] == {"id": id_of(1), "state": "closed", "cursor": 2}
    assert [item["state"] for item in page["items"]] == ["live", "closed", "live", "closed"]


async def test_what_leaves_the_filter_is_told_as_a_stub(hub):
    await fill(hub)
    await write(hub, 4, other(0, "2"))
    _, page = await get(hub, f"{PAGES}?{ENERGY}&after=4")
    assert page["items"] == [{"id": id_of(0), "state": "closed", "cursor": 5}]


async def test_what_closes_within_the_filter_comes_with_its_reason(hub):
    await fill(hub)
    await write(hub, 4, energy(0, "2", state="closed", reason="filled"))
    _, page = await get(hub, f"{PAGES}?{ENERGY}&after=4")
    assert [item["closed_reason"] for item in page["items"]] == ["filled"]


async def test_what_only_an_excluded_source_shows_is_a_stub_and_what_others_show_too_is_not(hub):
    await write(hub, 0, faceted(0, "1", ["vonk"]), faceted(1, "1", ["miitn", "vonk"]))
    _, page = await get(hub, f"{PAGES}?exclude_source=vonk")
    assert [item["state"] for item in page["items"]] == ["closed", "live"]


@pytest.mark.parametrize("field", ["source", "exclude_source"])
async def test_a_misspelt_source_does_not_pass_for_a_filter_that_was_applied(hub, field):
    await fill(hub)
    response, problem = await get(hub, f"{PAGES}?{field}=vonk,noordelink")
    assert (response.status, problem["type"]) == (404, "urn:hub:problem:unknown-source")
    assert problem["detail"] == "there is no source noordelink; known here: miitn, noorderlink, traineelink, vonk"


async def test_next_keeps_filter_and_limit(hub):
    await fill(hub)
    _, page = await get(hub, f"{PAGES}?limit=1&{ENERGY},it_digital&exclude_source=noorderlink")
    expected = f"{PAGES}?sector=energy,it_digital&exclude_source=noorderlink&after=1&limit=1&feed=topic-e1"
    assert page["next"] == str(hub.client.make_url(expected))


async def test_snapshot_last_page_and_digest_of_a_filter_agree(hub):
    await fill(hub)
    head, *items = await get_snapshot(hub, ENERGY)
    _, page = await get(hub, f"{PAGES}?{ENERGY}")
    _, told = await get(hub, f"{DIGEST}?{ENERGY}")
    assert [item["id"] for item in items] == [id_of(0), id_of(2)]
    assert head == {"feed_id": "topic-e1", "cursor": 4, "count": 2, "digest": digest({item["id"]: item for item in items})}
    assert page["digest"] == told["digest"] == head["digest"]
    assert page["counts"] == told["counts"] == {"live": 2}


async def test_after_changes_they_agree_again(hub):
    await fill(hub)
    await get(hub, f"{DIGEST}?{ENERGY}")
    await write(hub, 4, other(0, "2"), energy(1, "2"), energy(2, "2"), energy(3, "2"), energy(4))
    _, told = await get(hub, f"{DIGEST}?{ENERGY}")
    _, *items = await get_snapshot(hub, ENERGY)
    assert [item["id"] for item in items] == [id_of(1), id_of(2), id_of(3), id_of(4)]
    assert told["digest"] == digest({item["id"]: item for item in items})


async def test_two_filters_have_two_snapshots(hub):
    await fill(hub)
    first, second = await get_snapshot(hub, ENERGY), await get_snapshot(hub, "sector=it_digital")
    assert [head["count"] for head in (first[0], second[0])] == [2, 1]


async def test_a_segment_has_a_feed_id_of_its_own_and_its_filter(hub):
    await fill(hub)
    segment = define(hub, sector="energy")
    head, *items = await get_snapshot(hub, "segment=campaign")
    assert head["feed_id"] == f"topic-e1-{segment.definition}"
    assert [item["id"] for item in items] == [id_of(0), id_of(2)]


async def test_a_cursor_of_another_definition_is_gone_and_told_the_segments_snapshot(hub):
    await fill(hub)
    define(hub, sector="energy")
    _, page = await get(hub, f"{PAGES}?segment=campaign&limit=1&exclude_source=noorderlink")
    now = define(hub, sector="it_digital")
    response, problem = await get(hub, URL(page["next"]).relative())
    assert response.status == 410
    assert problem["feed_id"] == f"topic-e1-{now.definition}"
    assert problem["snapshot"] == str(hub.client.make_url(f"{SNAPSHOT}?exclude_source=noorderlink&segment=campaign"))


async def test_a_segment_that_is_defined_anew_has_another_snapshot_at_once(hub):
    await fill(hub)
    define(hub, sector="energy")
    await get_snapshot(hub, "segment=campaign")
    define(hub, sector="it_digital")
    _, *items = await get_snapshot(hub, "segment=campaign")
    assert [item["id"] for item in items] == [id_of(1)]


async def test_a_cursor_of_the_whole_feed_means_nothing_in_a_segment(hub):
    await fill(hub)
    define(hub, sector="energy")
    response, _ = await get(hub, f"{PAGES}?segment=campaign&after=1&feed=topic-e1")
    assert response.status == 410


async def test_a_foreign_feed_id_is_told_the_filters_snapshot(hub):
    await fill(hub)
    response, problem = await get(hub, f"{PAGES}?{ENERGY}&after=1&feed=topic-e0")
    assert (response.status, problem["snapshot"]) == (410, str(hub.client.make_url(f"{SNAPSHOT}?{ENERGY}")))


async def test_a_filtered_snapshot_goes_on_where_it_broke_off(hub):
    await fill(hub)
    whole = await hub.client.get(f"{SNAPSHOT}?{ENERGY}")
    body, tag = await whole.read(), whole.headers["ETag"]
    part = await hub.client.get(f"{SNAPSHOT}?{ENERGY}", headers={"Range": "bytes=10-", "If-Range": tag})
    assert (part.status, await part.read()) == (206, body[10:])


async def test_a_part_of_one_filters_snapshot_is_not_completed_by_anothers(hub):
    await fill(hub)
    tag = (await hub.client.get(f"{SNAPSHOT}?{ENERGY}")).headers["ETag"]
    whole = await (await hub.client.get(f"{SNAPSHOT}?sector=it_digital")).read()
    answer = await hub.client.get(f"{SNAPSHOT}?sector=it_digital", headers={"Range": "bytes=10-", "If-Range": tag})
    assert (answer.status, await answer.read()) == (200, whole)


@pytest.mark.parametrize("path", [PAGES, DIGEST, SNAPSHOT, "/v1/feed/rpde"])
async def test_a_filtered_answer_has_a_validator_and_a_head(hub, path):
    await fill(hub)
    first = await hub.client.get(f"{path}?{ENERGY}")
    again = await hub.client.get(f"{path}?{ENERGY}", headers={"If-None-Match": first.headers["ETag"]})
    head = await hub.client.head(f"{path}?{ENERGY}")
    assert (again.status, head.status, await head.read()) == (304, 200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]


async def test_the_files_of_filters_are_bounded_and_the_whole_feeds_stays(hub, monkeypatch):
    monkeypatch.setattr(snapshot_files, "MOST_FILTERS", 3)
    await fill(hub)
    whole = await (await hub.client.get(SNAPSHOT)).read()
    for number in range(8):
        await get_snapshot(hub, f"municipality=GM{number:04}")
    files = list((hub.edge.settings.state_dir / "snapshot").iterdir())
    assert len(files) == 4
    assert await (await hub.client.get(SNAPSHOT)).read() == whole


async def test_a_filters_new_file_takes_the_place_of_its_old_one(hub, monkeypatch):
    monkeypatch.setattr(snapshot_files, "EVERY_SECONDS", 0.0)
    await fill(hub)
    await get_snapshot(hub, ENERGY)
    await write(hub, 4, energy(4))
    head, *_ = await get_snapshot(hub, ENERGY)
    assert (head["cursor"], len(list((hub.edge.settings.state_dir / "snapshot").iterdir()))) == (5, 1)
