"""A filter's digest is kept from question to question, and always what a count from nothing gives."""

from __future__ import annotations

import asyncio

import pytest
from fakes.feed_records import at_offset, id_of, opportunity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.domain.opportunity import Facets
from hub.errors import RetryableError
from hub.feed import filtered_digest
from hub.feed import projection as projection_module
from hub.feed.digest import Digest
from hub.feed.entry import LogRecord, read_entry
from hub.feed.filters import Filter
from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.store.feed_files import FeedFiles

FILTERS = [
    Filter.of({"sector": ["energy"]}),
    Filter.of({"sector": ["it"], "dutch_required": ["no"]}),
    Filter.of({}, ["vonk"]),
]
ITEMS = 3
WRITE = st.tuples(
    st.integers(0, ITEMS - 1),
    st.sampled_from(["live", "live", "closed", "null"]),
    st.lists(st.sampled_from(["energy", "it"]), max_size=2, unique=True),
    st.sampled_from(["yes", "no"]),
    st.lists(st.sampled_from(["vonk", "miitn"]), min_size=1, max_size=2, unique=True),
)
BATCH = st.lists(WRITE, min_size=1, max_size=3)
QUESTION = st.integers(0, 2)
# A rebuild is rare among them, since it takes what was kept with it.
SELDOM = st.sampled_from(["rebuild", 0, 1, 2, 0, 1, 2])
STEPS = st.lists(st.one_of(BATCH, BATCH, BATCH, QUESTION, SELDOM), min_size=8, max_size=30)


def record_of(offset, write):
    number, state, sectors, dutch, sources = write
    if state == "null":
        return LogRecord(offset, id_of(number), None)
    item = opportunity(number, str(offset), state=state)
    shown = [item.sources[0].model_copy(update={"source": name}) for name in sources]
    facets = Facets(sectors=sectors, dutch_required=dutch, sources=sources)
    return at_offset(offset, item.model_copy(update={"facets": facets, "sources": shown}))


def counted(log, filter_):
    """From nothing: the last record of each id that is live and matches."""
    last = {record.key: record for record in log}
    entries = [read_entry(record) for record in last.values() if record.value is not None]
    shown = [entry for entry in entries if entry.is_live and filter_.matches(entry.tokens, entry.sources)]
    return Digest.of((entry.id, entry.version) for entry in shown), len(shown)


async def is_true(read_model, log, filter_):
    standing = await read_model.load_filtered_standing(filter_)
    return (standing.digest, standing.live, standing.position) == (*counted(log, filter_), len(log))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.sampled_from([4, 20_000]))
async def test_after_any_history_it_is_a_count_from_nothing(read_model, tmp_path, monkeypatch, steps, memory):
    monkeypatch.setattr(projection_module, "SUPERSEDED", memory)
    monkeypatch.setattr(filtered_digest, "SUPERSEDED", memory)
    files, log = FeedFiles(tmp_path), []
    projection = await begin(files)
    for step in steps:
        if step == "rebuild":
            projection = await begin(files)
            await projection.apply(log, 0, len(log))
        elif isinstance(step, int):
            assert await is_true(read_model, log, FILTERS[step])
        else:
            start = len(log)
            log += [record_of(start + n, write) for n, write in enumerate(step)]
            await projection.apply(log[start:], start, len(log))
    for filter_ in FILTERS:
        assert await is_true(read_model, log, filter_)
    await files.close()


async def begin(files):
    """Another generation takes the place of the one that is served."""
    file = await files.create()
    projection = Projection(file.engine)
    await projection.reset("topic", "topic-e1")
    files.publish(file)
    return projection


@pytest.fixture
def questions(monkeypatch):
    """Which filters were counted from nothing."""
    counted, count = [], filtered_digest._count

    async def note(connection, filter_):
        counted.append(filter_.key)
        return await count(connection, filter_)

    monkeypatch.setattr(filtered_digest, "_count", note)
    return counted


async def test_it_is_counted_once_and_then_brought_up_to_date(projection, read_model: ReadModel, questions):
    log = []
    for offset in range(6):
        log.append(record_of(offset, (offset % 2, "live", ["energy"], "no", ["miitn"])))
        await projection.apply(log[-1:], offset, offset + 1)
        assert await is_true(read_model, log, FILTERS[0])
    assert questions == [FILTERS[0].key]


async def test_the_filters_longest_not_asked_for_are_forgotten(projection, read_model, questions, monkeypatch):
    monkeypatch.setattr(filtered_digest, "MOST", 2)
    for filter_ in (FILTERS[0], FILTERS[1], FILTERS[0], FILTERS[2], FILTERS[0], FILTERS[1]):
        await read_model.load_filtered_standing(filter_)
    assert questions == [one.key for one in (FILTERS[0], FILTERS[1], FILTERS[2], FILTERS[1])]


async def test_who_makes_up_many_filters_holds_up_nobody_who_has_asked_before(projection, read_model, monkeypatch):
    await projection.apply([at_offset(0, opportunity(0))], 0, 1)
    await read_model.load_filtered_standing(FILTERS[0])
    counting, going_on = asyncio.Event(), asyncio.Event()

    async def count(connection, filter_):
        counting.set()
        await going_on.wait()
        return Digest(), 0

    monkeypatch.setattr(filtered_digest, "_count", count)
    made_up = [Filter.of({}, [f"x{number}"]) for number in range(filtered_digest.MOST_WAITING + 1)]
    asked = [asyncio.create_task(read_model.load_filtered_standing(one)) for one in made_up]
    await counting.wait()
    with pytest.raises(RetryableError, match="ask for this one again"):
        await asked[-1]
    assert (await read_model.load_filtered_standing(FILTERS[0])).position == 1
    assert (await read_model.load_newest(1, FILTERS[1]))[1] == []
    going_on.set()
    await asyncio.gather(*asked[:-1])
