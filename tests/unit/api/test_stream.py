"""The stream: what was missed, then what comes; a reader's place outlives every end of it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

import orjson
import pytest
from fakes.feed_records import at_offset, id_of, opportunity
from prometheus_client import REGISTRY

from hub.api.streaming.reader import StreamReader
from hub.api.surfaces.asyncapi import Gone
from hub.api.surfaces.stream import STREAMS
from hub.domain.opportunity import Facets

STREAM = "/v1/feed/stream"


@dataclass
class Event:
    id: str | None
    name: str
    data: dict


async def take(response, count, *, skip=("heartbeat",)):
    """The next events, by the standard's own rules for lines."""
    events, fields = [], {}
    async with asyncio.timeout(90):
        while len(events) < count:
            line = (await response.content.readline()).decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            else:
                if "data" in fields and fields.get("event") not in skip:
                    events.append(Event(fields.get("id"), fields["event"], orjson.loads(fields["data"])))
                fields = {}
    return events


@contextlib.asynccontextmanager
async def listening(hub, query="", **headers):
    async with hub.client.get(f"{STREAM}{query}", headers=headers) as response:
        assert response.status == 200
        yield response


async def write(hub, *items):
    position = (await hub.projection.load_standing()).position
    records = [at_offset(position + n, item) for n, item in enumerate(items)]
    await hub.projection.apply(records, position, position + len(records))
    hub.end = position + len(records)


def in_sector(number, sector, version="1", state="live"):
    return opportunity(number, version, state=state).model_copy(update={"facets": Facets(sectors=[sector])})


async def test_without_a_place_only_what_comes_is_told(hub):
    await write(hub, opportunity(1))
    async with listening(hub) as response:
        await take(response, 1, skip=())
        await write(hub, opportunity(2))
        (event,) = await take(response, 1)
    assert (event.name, event.data["id"], event.data["cursor"]) == ("opportunity", id_of(2), 2)


async def test_from_a_cursor_on_what_was_missed_comes_first_in_the_logs_order(hub):
    await write(hub, *(opportunity(n) for n in range(1, 5)))
    async with listening(hub, "?after=1") as response:
        events = await take(response, 3)
        await write(hub, opportunity(9))
        events += await take(response, 1)
    assert [event.data["cursor"] for event in events] == [2, 3, 4, 5]


async def test_the_id_of_the_last_event_leads_on_and_stands_before_the_address(hub):
    await write(hub, *(opportunity(n) for n in range(1, 4)))
    async with listening(hub, "?after=0") as response:
        first, second = await take(response, 2)
    async with listening(hub, "?after=0", **{"Last-Event-ID": second.id}) as response:
        (third,) = await take(response, 1)
    assert [first.data["cursor"], second.data["cursor"], third.data["cursor"]] == [1, 2, 3]


async def test_an_empty_last_event_id_says_that_none_was_seen(hub):
    await write(hub, opportunity(1), opportunity(2))
    async with listening(hub, "?after=1", **{"Last-Event-ID": ""}) as response:
        (event,) = await take(response, 1)
    assert event.data["cursor"] == 2


async def test_a_heartbeat_tells_cursor_and_digest(hub):
    hub.client.app[STREAMS].broadcast.heartbeat_seconds = 0.05
    await write(hub, opportunity(1))
    async with listening(hub, "?after=1") as response:
        await write(hub, opportunity(2))
        await take(response, 1)
        (beat,) = await take(response, 1, skip=())  # those before may speak of the time before the change
    digest = orjson.loads(await (await hub.client.get("/v1/feed/digest")).read())
    assert beat.data == {name: digest[name] for name in ("feed_id", "cursor", "digest", "counts")}
    assert beat.id == f"{digest['feed_id']}.{digest['cursor']}"


async def test_what_leaves_the_filter_comes_as_a_stub(hub):
    await write(hub, in_sector(1, "energy"))
    async with listening(hub, "?after=0&sector=energy") as response:
        await take(response, 1)
        await write(hub, in_sector(1, "other", "2"), in_sector(2, "energy"))
        left, came = await take(response, 2)
    assert left.data == {"id": id_of(1), "state": "closed", "cursor": 2}
    assert (came.data["id"], came.data["state"]) == (id_of(2), "live")


async def test_a_filters_heartbeat_speaks_of_what_matches(hub):
    await write(hub, in_sector(1, "energy"), in_sector(2, "other"))
    async with listening(hub, "?sector=energy") as response:
        (beat,) = await take(response, 1, skip=())
    digest = orjson.loads(await (await hub.client.get("/v1/feed/digest?sector=energy")).read())
    assert (beat.name, beat.data["digest"], beat.data["counts"]) == ("heartbeat", digest["digest"], {"live": 1})


async def test_readers_of_one_selection_are_told_the_same(hub):
    async with contextlib.AsyncExitStack() as stack:
        responses = [await stack.enter_async_context(listening(hub)) for _ in range(5)]
        for response in responses:
            await take(response, 1, skip=())
        await write(hub, opportunity(1))
        told = [(await take(response, 1))[0] for response in responses]
    assert {event.id for event in told} == {"topic-e1.1"}


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("?after=5", {}, 410),
        ("?feed=another&after=0", {}, 410),
        ("", {"Last-Event-ID": "another.0"}, 410),
        ("", {"Last-Event-ID": "nonsense"}, 400),
        ("", {"Last-Event-ID": "topic-e1.x"}, 400),
        ("?after=x", {}, 400),
        ("?sector=none_such", {}, 400),
        ("?segment=none-such", {}, 404),
    ],
)
async def test_a_place_that_means_nothing_is_a_problem(hub, query, headers, status):
    hub.end = 1
    response = await hub.client.get(f"{STREAM}{query}", headers=headers)
    assert response.status == status
    assert response.content_type == "application/problem+json"


async def test_when_the_feed_becomes_another_one_readers_are_told_where_to_begin(hub):
    await write(hub, opportunity(1))
    async with listening(hub, "?sector=energy") as response:
        await take(response, 1, skip=())
        await hub.projection.rename("topic-e2", 1)
        (event,) = await take(response, 1)
        assert (event.name, event.data) == ("gone", Gone(snapshot="/v1/feed/snapshot.ndjson.gz?sector=energy").model_dump())
        assert await response.content.read() == b""


async def test_a_planned_end_loses_nothing(hub, monkeypatch):
    monkeypatch.setattr("hub.api.surfaces.stream.LONGEST_SECONDS", 0.1)
    await write(hub, opportunity(1))
    async with listening(hub) as response:
        (beat,) = await take(response, 1, skip=())
        await response.content.read()
    await write(hub, opportunity(2))
    async with listening(hub, **{"Last-Event-ID": beat.id}) as response:
        (event,) = await take(response, 1)
    assert event.data["id"] == id_of(2)


async def test_head_is_the_head_alone(hub):
    response = await hub.client.head(STREAM)
    assert (response.status, response.content_type) == (200, "text/event-stream")


async def test_a_stream_is_counted_and_not_timed(hub):
    labels = {"route": STREAM, "method": "HEAD", "status": "200"}
    before = REGISTRY.get_sample_value("hub_http_requests_total", labels) or 0
    await hub.client.head(STREAM)
    assert REGISTRY.get_sample_value("hub_http_requests_total", labels) == before + 1
    assert REGISTRY.get_sample_value("hub_http_seconds_count", {"route": STREAM}) is None


async def test_a_process_has_so_many_readers_and_no_more(hub, monkeypatch):
    monkeypatch.setattr("hub.api.surfaces.stream.MOST_READERS", 1)
    async with listening(hub):
        refused = await hub.client.get(STREAM)
        assert refused.status == 503
        assert "Retry-After" in refused.headers
    async with listening(hub):
        pass


# --- a slow reader ----------------------------------------------------------------------------------------------------


class Slow:
    """A response whose reader takes nothing after the first bytes."""

    def __init__(self):
        self.taken = []

    async def write(self, data):
        self.taken.append(data)
        if len(self.taken) > 1:
            await asyncio.sleep(60)


async def test_a_reader_that_takes_nothing_is_cut():
    reader, response = StreamReader(), Slow()
    writing = asyncio.create_task(reader.write_to(response, stall_seconds=0.05))
    reader.offer(b"first")
    await asyncio.sleep(0.01)
    reader.offer(b"second")
    with pytest.raises(TimeoutError):
        await writing


async def test_a_reader_for_whom_too_much_waits_is_cut_and_nothing_more_is_kept_for_it():
    reader, response = StreamReader(most_bytes=10), Slow()
    reader.offer(b"x" * 10)
    reader.offer(b"y")
    reader.offer(b"z")
    with pytest.raises(TimeoutError):
        await reader.write_to(response)
    assert response.taken == []


async def test_what_waits_is_still_written_when_a_stream_ends():
    reader, response = StreamReader(), Slow()
    reader.offer(b"last words")
    reader.close()
    await reader.write_to(response)
    assert response.taken == [b"last words"]
