"""Tables of `feed.db`, the disposable read model of the feed. Lost or of another layout, it is read again from the log.

The cursor is the primary key, so a page is one walk along the table; a superseded record's row is gone, as its record
is from the compacted log. `projection` has one row: up to where the log was read and the digest that is true there.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, text
from sqlalchemy.exc import DatabaseError

from hub.store.packed import Packed

LAYOUT = 3
"""Raised with every change of these tables."""

metadata = MetaData()

opportunity = Table(
    "opportunity",
    metadata,
    Column("cursor", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("closed_reason", String),
    Column("merged_into", String),
    Column("version", String, nullable=False),
    Column("sources", String, nullable=False),
    Column("facets", String, nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("record", Packed, nullable=False),
    Index("opportunity_counts", "kind", "state", "sources"),
    Index(
        "opportunity_live",
        *(text("published DESC"), "id", "facets", "sources", "version", "state"),
        sqlite_where=text("state = 'live'"),
    ),
)
"""`sources`: names, sorted, joined by commas; `facets`: tokens between blanks (`hub.feed.filters`); `published`: unix ms;
`record`: the feed record's bytes, packed. The index of live items answers filters and their digests without touching records. No
index begins with `state`: SQLite would take it for selective, and sort most of the table instead of walking along it."""

superseded = Table(
    "superseded",
    metadata,
    Column("cursor", Integer, primary_key=True, autoincrement=False),
    Column("was", Integer, nullable=False),
    Column("id", String, nullable=False),
    Column("version", String, nullable=False),
    Column("sources", String, nullable=False),
    Column("facets", String, nullable=False),
)
"""What live items were before their change at `cursor`, and at which cursor (`was`): the last thousands of changes, from
which a filter's digest is brought up to date without reading all items anew."""

redirect = Table(
    "redirect",
    metadata,
    Column("id", String, primary_key=True),
    Column("target", String, primary_key=True),
    Index("redirect_target", "target"),
)
"""Id of a posting's own → id of the opportunity that has it as a member."""

projection = Table(
    "projection",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("feed_id", String, nullable=False),
    Column("topic_id", String, nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("generation", String, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("live", Integer, nullable=False),
    Column("closed", Integer, nullable=False),
)
"""`base`: unix ms at which the feed got its id; `generation`: another one whenever the log is read anew; `position`: offset
of the next record to read, hence the cursor; `is_complete`: the log's end was reached once."""


def is_damaged(error: DatabaseError) -> bool:
    return "malformed" in str(error.orig) or "not a database" in str(error.orig)
