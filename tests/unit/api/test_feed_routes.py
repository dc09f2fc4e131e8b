"""Pages, digest and snapshot over HTTP: validators, cache times, ranges, and 410 where a cursor means nothing."""

from __future__ import annotations

import gzip
from dataclasses import replace

import orjson
import pytest
from fakes.feed_records import at_offset, opportunity
from multidict import CIMultiDict
from yarl import URL

PAGES = "/v1/feed/pages"


async def fill(hub, count):
    await hub.projection.apply([at_offset(n, opportunity(n)) for n in range(count)], 0, count)
    await hub.projection.complete()


async def get(hub, path, **arguments):
    response = await hub.client.get(path, **arguments)
    return response, orjson.loads(await response.read() or b"null")


async def test_next_leads_from_page_to_page_to_the_digest(hub):
    await fill(hub, 5)
    _, page = await get(hub, f"{PAGES}?limit=2")
    cursors = []
    while page["next"]:
        cursors.append(page["cursor"])
        _, page = await get(hub, URL(page["next"]).relative())
    _, digest = await get(hub, "/v1/feed/digest")
    assert cursors == [2, 4]
    assert (page["cursor"], page["digest"], page["feed_id"]) == (digest["cursor"], digest["digest"], digest["feed_id"])


async def test_next_names_the_feed_and_the_host_that_was_asked(hub):
    await fill(hub, 2)
    _, page = await get(hub, f"{PAGES}?limit=1")
    assert page["next"] == str(hub.client.make_url(f"{PAGES}?after=1&limit=1&feed=topic-e1"))


async def test_a_full_page_is_kept_for_an_hour_the_last_one_for_seconds(hub):
    await fill(hub, 2)
    full, _ = await get(hub, f"{PAGES}?limit=1")
    last, _ = await get(hub, PAGES)
    assert (full.headers["Cache-Control"], last.headers["Cache-Control"]) == ("public, max-age=3600", "public, max-age=2")


@pytest.mark.parametrize(
    "path", [PAGES, "/v1/feed/digest", "/v1/feed/snapshot.ndjson.gz", f"/v1/opportunities/{opportunity(0).id}"]
)
async def test_what_the_reader_has_is_answered_304(hub, path):
    await fill(hub, 2)
    first = await hub.client.get(path)
    again = await hub.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, await again.read()) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


async def test_a_change_changes_the_validator(hub):
    await fill(hub, 2)
    first = await hub.client.get(PAGES)
    await hub.projection.apply([at_offset(2, opportunity(1, "2"))], 2, 3)
    again = await hub.client.get(PAGES, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 200


async def test_a_foreign_feed_id_is_gone_and_told_the_snapshot(hub):
    await fill(hub, 2)
    response, problem = await get(hub, f"{PAGES}?after=1&feed=topic-e0")
    assert (response.status, response.content_type) == (410, "application/problem+json")
    assert problem["snapshot"] == str(hub.client.make_url("/v1/feed/snapshot.ndjson.gz"))
    assert problem["feed_id"] == "topic-e1"


async def test_a_cursor_beyond_the_logs_end_is_gone(hub):
    await fill(hub, 2)
    hub.end = 5
    response, _ = await get(hub, f"{PAGES}?after=6")
    assert response.status == 410


async def test_a_cursor_that_the_projection_has_not_reached_gets_an_empty_page(hub):
    await fill(hub, 2)
    hub.end = 5
    response, page = await get(hub, f"{PAGES}?after=5")
    assert (response.status, page["items"], page["cursor"], page["next"]) == (200, [], 5, None)


async def test_while_the_broker_is_away_a_cursor_ahead_is_asked_to_come_again(hub):
    await fill(hub, 2)
    response, _ = await get(hub, f"{PAGES}?after=5")
    assert (response.status, response.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=",
        f"after={2**63}",
        "after=²",
        f"after={'9' * 5_000}",
        "limit=0",
        "limit=1001",
        "limit=x",
        "kind=evnt",
    ],
)
async def test_a_wrong_parameter_is_a_problem(hub, query):
    await fill(hub, 1)
    response, problem = await get(hub, f"{PAGES}?{query}")
    assert (response.status, problem["status"], response.content_type) == (400, 400, "application/problem+json")


async def test_a_cursor_of_thousands_of_digits_is_told_what_a_cursor_is(hub):
    await fill(hub, 1)
    _, problem = await get(hub, f"{PAGES}?after={'9' * 5_000}")
    assert problem["detail"] == f"after: a cursor is a number from 0 to {2**63 - 1}"


async def test_a_value_of_another_form_is_told_what_would_do(hub):
    await fill(hub, 1)
    _, problem = await get(hub, f"{PAGES}?municipality=Groningen")
    assert problem["detail"] == "municipality: not of the form that it has: CBS code, such as `GM0014`"


async def test_too_many_values_are_told_how_many_may_be_given(hub):
    await fill(hub, 1)
    _, problem = await get(hub, f"{PAGES}?exclude_source=aa,ab,ac,ad,ae")
    assert problem["detail"] == "exclude_source: give at most 4 values"


async def test_digest_has_counts_and_buckets(hub):
    await fill(hub, 3)
    _, digest = await get(hub, "/v1/feed/digest")
    assert (digest["cursor"], digest["counts"], len(digest["buckets"])) == (3, {"live": 3, "closed": 0}, 256)


async def test_the_snapshot_goes_on_where_it_says(hub):
    await fill(hub, 3)
    response = await hub.client.get("/v1/feed/snapshot.ndjson.gz")
    head, *items = map(orjson.loads, gzip.decompress(await response.read()).splitlines())
    _, page = await get(hub, f"{PAGES}?after={head['cursor']}&feed={head['feed_id']}")
    assert (response.content_type, head["count"], len(items)) == ("application/gzip", 3, 3)
    assert "Content-Encoding" not in response.headers
    assert (page["items"], page["digest"]) == ([], head["digest"])


async def test_a_part_of_the_snapshot_may_be_asked_for(hub):
    await fill(hub, 3)
    whole = await hub.client.get("/v1/feed/snapshot.ndjson.gz")
    body, tag = await whole.read(), whole.headers["ETag"]
    part = await hub.client.get("/v1/feed/snapshot.ndjson.gz", headers={"Range": "bytes=10-", "If-Range": tag})
    assert (part.status, await part.read()) == (206, body[10:])


async def test_a_part_of_another_snapshot_brings_this_one_whole(hub):
    await fill(hub, 3)
    body = await (await hub.client.get("/v1/feed/snapshot.ndjson.gz")).read()
    answer = await hub.client.get("/v1/feed/snapshot.ndjson.gz", headers={"Range": "bytes=10-", "If-Range": '"another"'})
    assert (answer.status, await answer.read()) == (200, body)


@pytest.mark.parametrize(("date", "status"), [("own", 206), ("Fri, 01 Jan 2100 00:00:00 GMT", 200)])
async def test_a_part_by_date_is_one_of_the_file_of_that_very_date(hub, date, status):
    await fill(hub, 3)
    own = (await hub.client.get("/v1/feed/snapshot.ndjson.gz")).headers["Last-Modified"]
    asked = {"Range": "bytes=10-", "If-Range": own if date == "own" else date}
    assert (await hub.client.get("/v1/feed/snapshot.ndjson.gz", headers=asked)).status == status


@pytest.mark.parametrize(("name", "status"), [("If-None-Match", 304), ("If-Match", 200)])
async def test_a_tag_of_a_second_header_line_counts_for_the_snapshot(hub, name, status):
    await fill(hub, 3)
    tag = (await hub.client.get("/v1/feed/snapshot.ndjson.gz")).headers["ETag"]
    lines = CIMultiDict([(name, '"another"'), (name, tag)])
    assert (await hub.client.get("/v1/feed/snapshot.ndjson.gz", headers=lines)).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Range": "bytes=99999999-"}, 416), ({"If-Match": '"another"'}, 412)],
    ids=["a range beyond the file", "another file"],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_download_that_is_refused_is_a_problem_that_nobody_keeps(hub, method, headers, status):
    await fill(hub, 1)
    answer = await hub.client.request(method, "/v1/feed/snapshot.ndjson.gz", headers=headers)
    kinds = (answer.content_type, answer.headers["Cache-Control"], "Content-Disposition" in answer.headers)
    assert (answer.status, *kinds) == (status, "application/problem+json", "no-store", False)
    assert (await answer.read() == b"") == (method == "HEAD")


async def test_a_file_that_went_away_under_the_answer_is_to_be_asked_for_again(hub):
    async def load_current(selection):
        return replace(made, path=made.path / "gone")

    await fill(hub, 1)
    made = await hub.edge.snapshots.load_current()
    hub.edge.snapshots.load_current = load_current
    answer = await hub.client.get("/v1/feed/snapshot.ndjson.gz")
    assert (answer.status, answer.headers["Retry-After"], answer.content_type) == (503, "2", "application/problem+json")


async def test_head_is_get_without_a_body(hub):
    await fill(hub, 1)
    response = await hub.client.head(PAGES)
    assert (response.status, await response.read()) == (200, b"")


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "talent.example"}


async def test_a_trusted_proxy_tells_what_the_reader_called_us(hub):
    object.__setattr__(hub.edge.settings.http, "trusted_proxies", ["127.0.0.1"])
    await fill(hub, 2)
    page = await (await hub.client.get(f"{PAGES}?limit=1", headers=FORWARDED)).json()
    assert page["next"].startswith("https://talent.example/v1/feed/pages?")


async def test_a_stranger_cannot_put_an_address_into_our_links(hub):
    await fill(hub, 2)
    page = await (await hub.client.get(f"{PAGES}?limit=1", headers=FORWARDED)).json()
    assert page["next"].startswith("http://127.0.0.1:")


async def test_a_public_address_is_used_in_links(hub, settings):
    object.__setattr__(hub.edge.settings.http, "public_url", "https://talent.example/")
    await fill(hub, 2)
    _, page = await get(hub, f"{PAGES}?limit=1")
    assert page["next"].startswith("https://talent.example/v1/feed/pages?")
