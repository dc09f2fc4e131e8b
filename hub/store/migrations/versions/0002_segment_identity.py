"""Since when a segment has had its definition."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "segment_identity",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("definition", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
