"""Partners' Kafka users."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "kafka_user",
        sa.Column("subscriber", sa.String(64), sa.ForeignKey("subscriber.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("writes", sa.String(64), nullable=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("password_at", sa.BigInteger, nullable=False),
    )
