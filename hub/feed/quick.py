"""Point questions to `feed.db`, answered at once in the event loop: an item, a page.

Each reads at most a page along the primary key, from a local file whose readers wait for nobody: some ten microseconds
for an item, one or two milliseconds for a large page. Handing them to a thread and back takes longer than they do. All
else goes through `ReadModel.transaction`. The statements are those of SQLAlchemy Core, put into text once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.dialects.sqlite import dialect

from hub.feed.filter_sql import changes_after
from hub.feed.filters import Filter
from hub.feed.projection import Standing, standing_of
from hub.store import feed_db
from hub.store.packed import unpack

MOST_FILTERS = 256


class Statement:
    """A statement as SQLite takes it: its text, and its values in their order, of which some are given later."""

    def __init__(self, query: Executable) -> None:
        compiled = query.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
        self._text = str(compiled)
        self._names: list[str] = compiled.positiontup
        self._fixed: dict[str, Any] = {name: value for name, value in compiled.params.items() if value is not None}

    def run(self, connection: sqlite3.Connection, **given: Any) -> sqlite3.Cursor:
        values = {**self._fixed, **given}
        return connection.execute(self._text, [values[name] for name in self._names])


_OPPORTUNITY = feed_db.opportunity.c
_ITEM = Statement(
    select(_OPPORTUNITY.cursor, _OPPORTUNITY.id, _OPPORTUNITY.record).where(
        _OPPORTUNITY.id == bindparam("wanted"), _OPPORTUNITY.state == "live"
    )
)
_STANDING = Statement(select(feed_db.projection))
_STANDING_NAMES = [column.name for column in feed_db.projection.columns]


@lru_cache(maxsize=MOST_FILTERS)
def _changes(filter_: Filter) -> Statement:
    return Statement(changes_after(filter_))


def find_live(connection: sqlite3.Connection, id_: str) -> tuple[int, str, bytes] | None:
    """Cursor, id and record of a live item."""
    row: tuple[int, str, bytes] | None = _ITEM.run(connection, wanted=id_).fetchone()
    return None if row is None else (row[0], row[1], unpack(row[2]))


def load_changes(
    connection: sqlite3.Connection, start: Callable[[Standing], int], most: int, filter_: Filter
) -> tuple[Standing, list[tuple[int, str, bytes | None, str]]] | None:
    """Rows of `changes_after`, with the standing of the same state; None when there is no standing yet."""
    connection.execute("BEGIN")
    try:
        found = _STANDING.run(connection).fetchone()
        if found is None:
            return None
        standing = standing_of(dict(zip(_STANDING_NAMES, found, strict=True)))
        rows = _changes(filter_).run(connection, after=start(standing), most=most).fetchall()
    finally:
        connection.execute("ROLLBACK")
    return standing, [(cursor, id_, None if record is None else unpack(record), state) for cursor, id_, record, state in rows]
