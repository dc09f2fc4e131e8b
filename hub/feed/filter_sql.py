"""A filter as a condition on the read model's rows: the same answer as `Filter.matches`, from columns alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, case, func, literal_column, null, or_, select, true

from hub.feed.filters import Filter, stored
from hub.store.feed_db import opportunity


def matching(filter_: Filter, table: Table = opportunity) -> ColumnElement[bool]:
    """Rows whose facets match, live or closed. `table`: any that has facets and sources."""
    clauses = [or_(*(func.instr(table.c.facets, stored([token])) > 0 for token in sorted(clause))) for clause in filter_.clauses]
    if filter_.excluded:
        clauses.append(table.c.sources.not_in(filter_.hidden_sources))
    return and_(true(), *clauses)


def shown(filter_: Filter) -> ColumnElement[bool]:
    """Live rows that match. The state stands in the text, so that SQLite knows that the index of live rows will do."""
    return and_(opportunity.c.state == literal_column("'live'"), matching(filter_))


def changes_after(filter_: Filter) -> Select[Any]:
    """(cursor, id, record, state) of at most `most` items behind the cursor `after`, in the log's order. The record of what
    does not match is null and not even read: it may be most of the log.
    """
    table = opportunity
    record = table.c.record if filter_.is_all else case((matching(filter_), table.c.record), else_=null())
    query = select(table.c.cursor, table.c.id, record.label("record"), table.c.state)
    # Both have a value from the start, since a list within the statement is only put into text when none is missing.
    return query.where(table.c.cursor > bindparam("after", 0)).order_by(table.c.cursor).limit(bindparam("most", 0))
