"""What is asked often walks along the table or an index: no question about live items sorts the table or reads all records."""

from __future__ import annotations

import sqlite3

import pytest
from fakes.feed_records import at_offset, opportunity
from sqlalchemy import event
from sqlalchemy.engine import Engine

from hub.feed.departures import load_departures
from hub.feed.filters import EVERYTHING, Filter
from hub.feed.read_model import Place, load_live

ENERGY = Filter.of({"sector": ["energy"]}, ["vonk"])


@pytest.fixture
async def plans(projection, read_model, tmp_path):
    """Runs a question and tells SQLite's plan of each statement about opportunities."""
    await projection.apply([at_offset(n, opportunity(n)) for n in range(3)], 0, 3)

    async def explain(question):
        asked = []

        def note(_connection, _cursor, statement, parameters, _context, _many):
            asked.append((statement, parameters))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            await question(read_model)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        database = sqlite3.connect(tmp_path / "feed.db")
        told = [
            database.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            for statement, values in asked
            if "opportunity" in statement
        ]
        database.close()
        return [" / ".join(row[3] for row in rows) for rows in told]

    return explain


@pytest.mark.parametrize("filter_", [EVERYTHING, ENERGY], ids=["all", "filtered"])
async def test_the_newest_are_walked_along_the_index_of_live_items(plans, filter_):
    first = await plans(lambda model: model.load_newest(25, filter_))
    behind = await plans(lambda model: model.load_newest(25, filter_, behind=Place(1, "opp-a")))
    assert first == ["SCAN opportunity USING INDEX opportunity_live"]
    assert behind == ["SEARCH opportunity USING INDEX opportunity_live (published<?)"]


async def test_counting_what_matches_reads_the_index_alone(plans):
    assert await plans(lambda model: model.load_filtered_standing(ENERGY)) == [
        "SCAN opportunity USING COVERING INDEX opportunity_live"
    ]
    assert await plans(lambda model: model.load_profiles()) == [
        "SCAN opportunity USING COVERING INDEX opportunity_live / USE TEMP B-TREE FOR GROUP BY"
    ]


async def test_counting_by_source_and_kind_reads_the_index_alone(plans):
    assert await plans(lambda model: model.load_counts()) == ["SCAN opportunity USING COVERING INDEX opportunity_counts"]


@pytest.mark.parametrize("filter_", [EVERYTHING, ENERGY], ids=["all", "filtered"])
async def test_a_snapshot_is_walked_along_the_table(plans, filter_):
    async def question(model):
        async with model.transaction() as (connection, _):
            await load_live(connection, 1, 500, filter_)

    assert await plans(question) == ["SEARCH opportunity USING INTEGER PRIMARY KEY (rowid>?)"]


async def test_the_latest_are_near_or_in_the_index_of_live_items(plans):
    near, anywhere = await plans(lambda model: model.load_latest(25, ENERGY))
    assert near == "SEARCH opportunity USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
    assert "SCAN opportunity USING COVERING INDEX opportunity_live" in anywhere


async def test_departures_are_looked_for_among_the_last_changes(plans):
    async def question(model):
        async with model.transaction() as (connection, standing):
            await load_departures(connection, 200, ENERGY, standing.position)

    closed, _ = await plans(question)
    assert closed == "SEARCH opportunity USING INTEGER PRIMARY KEY (rowid>?)"
