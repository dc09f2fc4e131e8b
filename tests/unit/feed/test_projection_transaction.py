"""Record, digest, counts and position change in one transaction, or none of them does."""

from __future__ import annotations

import orjson
import pytest
from fakes.feed_records import at_offset, id_of, opportunity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from hub.domain.opportunity import Facets
from hub.errors import FatalError
from hub.feed.digest import Digest
from hub.feed.entry import LogRecord
from hub.feed.read_model import Count
from hub.store import feed_db


async def test_a_batch_moves_the_position_the_digest_and_the_counts(projection):
    one, two = opportunity(1), opportunity(2, state="closed")
    await projection.apply([at_offset(0, one), at_offset(1, two)], 0, 2)
    standing = await projection.load_standing()
    assert (standing.position, standing.live, standing.closed) == (2, 1, 1)
    assert standing.digest == Digest.of([(one.id, one.version)])


async def test_a_closed_item_leaves_the_digest(projection):
    await projection.apply([at_offset(0, opportunity(1))], 0, 1)
    await projection.apply([at_offset(1, opportunity(1, "2", state="closed"))], 1, 2)
    standing = await projection.load_standing()
    assert (standing.live, standing.closed, standing.digest) == (0, 1, Digest())


async def test_a_closed_record_still_counts_with_its_sources(projection, read_model):
    closed = opportunity(1, state="closed").model_copy(update={"sources": [], "facets": Facets(sources=["vonk", "miitn"])})
    await projection.apply([at_offset(0, closed)], 0, 1)
    assert await read_model.load_counts() == [Count("closed", "vacancy", ("miitn", "vonk"), 1)]


async def test_a_null_value_removes_the_item(projection):
    await projection.apply([at_offset(0, opportunity(1))], 0, 1)
    await projection.apply([LogRecord(1, id_of(1), None)], 1, 2)
    standing = await projection.load_standing()
    assert (standing.live, standing.closed, standing.digest) == (0, 0, Digest())


async def test_an_unreadable_record_leaves_the_last_good_version_standing(projection, read_model):
    await projection.apply([at_offset(0, opportunity(1))], 0, 1)
    tree = orjson.loads(opportunity(1).to_bytes())
    odd = [{**tree, "facets": None, "sources": []}, {**tree, "sources": ["vonk"]}, {**tree, "redirects": 1}]
    values = [b"<html>", b'{"id":"other"}', *map(orjson.dumps, odd)]
    await projection.apply([LogRecord(offset, id_of(1), value) for offset, value in enumerate(values, 1)], 1, 6)
    standing, rows = await read_model.load_after(0, 10)
    assert (standing.position, [row.cursor for row in rows]) == (6, [1])


async def test_a_batch_out_of_turn_is_refused(projection):
    await projection.apply([at_offset(0, opportunity(1))], 0, 1)
    with pytest.raises(FatalError, match="another process"):
        await projection.apply([at_offset(0, opportunity(1))], 0, 1)


async def test_a_failure_between_record_and_position_leaves_neither(projection, feed_engine):
    await projection.apply([at_offset(0, opportunity(1))], 0, 1)

    def fail(connection, cursor, statement, *_):
        if statement.startswith("UPDATE projection"):
            raise RuntimeError("the process ends here")

    event.listen(feed_engine.sync_engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        await projection.apply([at_offset(1, opportunity(2))], 1, 2)
    event.remove(feed_engine.sync_engine, "before_cursor_execute", fail)
    standing = await projection.load_standing()
    async with feed_engine.begin() as connection:
        rows = (await connection.execute(select(func.count()).select_from(feed_db.opportunity))).scalar()
    assert (standing.position, standing.live, rows) == (1, 1, 1)


async def test_a_reset_stands_at_the_start_under_the_new_name(projection, read_model):
    await projection.apply([at_offset(0, opportunity(1))], 0, 1)
    await projection.reset("topic2", "topic2-e2")
    standing, rows = await read_model.load_after(0, 10)
    assert (standing.feed_id, standing.position, standing.digest, rows) == ("topic2-e2", 0, Digest(), [])


CHANGES = st.lists(st.tuples(st.integers(0, 6), st.sampled_from("abc"), st.sampled_from(["live", "closed"])), max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES, st.integers(1, 7))
async def test_any_cutting_into_batches_gives_the_digest_of_the_fold(projection, changes, size):
    await projection.reset("topic", "topic-e1")
    log = [at_offset(n, opportunity(number, version, state=state)) for n, (number, version, state) in enumerate(changes)]
    for at in range(0, len(log), size):
        batch = log[at : at + size]
        await projection.apply(batch, at, at + len(batch))
    fold = {id_of(number): (f"v{version}", state) for number, version, state in changes}
    live = [(id_, version) for id_, (version, state) in fold.items() if state == "live"]
    standing = await projection.load_standing()
    assert standing.digest == Digest.of(live)
    assert (standing.live, standing.closed, standing.position) == (len(live), len(fold) - len(live), len(log))
