"""A filter as a condition on the read model's rows: the same answer as `Filter.matches`, from columns alone."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, true

from hub.feed.filters import Filter, stored
from hub.store.feed_db import opportunity


def matching(filter_: Filter) -> ColumnElement[bool]:
    """Rows whose facets match, live or closed."""
    table = opportunity
    clauses = [or_(*(func.instr(table.c.facets, stored([token])) > 0 for token in sorted(clause))) for clause in filter_.clauses]
    if filter_.excluded:
        clauses.append(table.c.sources.not_in(filter_.hidden_sources))
    return and_(true(), *clauses)


def shown(filter_: Filter) -> ColumnElement[bool]:
    """Live rows that match."""
    return and_(opportunity.c.state == "live", matching(filter_))
