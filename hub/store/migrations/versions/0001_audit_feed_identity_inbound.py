"""The first tables: audit, feed identity, inbound webhook ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
    op.create_table(
        "feed_identity",
        sa.Column("topic_id", sa.String(64), primary_key=True),
        sa.Column("epoch", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "inbound_id",
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("webhook_id", sa.String(256), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("inbound_id_at", "inbound_id", ["at"])
