"""`hub.db`: what is configured and what was done. Its tables come from Alembic migrations, from the first one on.

This file states the tables as the newest migration leaves them; a test compares the two.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.errors import ConfigError, HubError, RetryableError
from hub.settings import Settings
from hub.store.engine import open_writer, sqlite_url
from hub.store.lock import FileLock
from hub.store.state_dir import is_full

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

HEAD = "0005"
"""The newest migration: a database that has it is opened without loading Alembic."""

metadata = MetaData()

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("arguments", Text, nullable=False),
)
"""Append-only: triggers refuse UPDATE and DELETE. `at` is unix ms, `arguments` JSON."""

feed_identity = Table(
    "feed_identity",
    metadata,
    Column("topic_id", String(64), primary_key=True),
    Column("epoch", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
"""The random half of `feed_id`, per Kafka topic; here and not in feed.db, so that a lost read model keeps its name."""

segment_identity = Table(
    "segment_identity",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("definition", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
"""Since when (unix ms) a segment has had its definition (a hash)."""

inbound_id = Table(
    "inbound_id",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("webhook_id", String(256), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("inbound_id_at", "at"),
)
"""Webhook ids whose record the broker has acknowledged."""

subscriber = Table(
    "subscriber",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("note", String(500), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
"""Who reads the feed under a name. Whatever is given to a reader (tokens, later subscriptions) hangs on this row."""

token = Table(
    "token",
    metadata,
    Column("keyid", String(16), primary_key=True),
    Column("subscriber", String(64), ForeignKey("subscriber.name", ondelete="CASCADE"), nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=True),
    Column("revoked_at", BigInteger, nullable=True),
    Column("last_used_at", BigInteger, nullable=True),
    Index("token_subscriber", "subscriber"),
)
"""Tokens: SHA-256 of the secret, never the secret; scopes parted by blanks; times in unix ms, `last_used_at` to some minutes."""

kafka_user = Table(
    "kafka_user",
    metadata,
    Column("subscriber", String(64), ForeignKey("subscriber.name", ondelete="CASCADE"), primary_key=True),
    Column("writes", String(64), nullable=True),
    Column("created_at", BigInteger, nullable=False),
    Column("password_at", BigInteger, nullable=False),
)
"""Which subscribers have a Kafka user, the source that it writes if any, since when it has its password (unix ms). The
password and the rights are Kafka's."""

subscription = Table(
    "subscription",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("subscriber", String(64), ForeignKey("subscriber.name", ondelete="CASCADE"), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("asked", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("note", String(500), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("former_secret", LargeBinary, nullable=True),
    Column("former_until", BigInteger, nullable=True),
    Column("feed_id", String(128), nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("refused_in_row", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index("subscription_subscriber", "subscriber"),
)
"""A webhook subscription. `asked`: its filter as query parameters, JSON; `revision`: how often that was changed; `state`:
active, paused or disabled, and why;
`secret`, `former_secret`: encrypted (`hub.delivery.vault`), the former one in force until `former_until`; `cursor`: what
stands before it has been delivered or parked; `failures`: how often its receiver was away in a row, and from `next_at` (unix
ms) on it is asked again; `changed_at`: of what a person said last, so that a running role takes it up."""

held_item = Table(
    "held_item",
    metadata,
    Column("subscription", String(32), ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String(64), primary_key=True),
)
"""Opportunities that a receiver has been told of and not told to close."""

parked_delivery = Table(
    "parked_delivery",
    metadata,
    Column("subscription", String(32), ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("cursor", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("detail", String(500), nullable=False),
)
"""Opportunities that a receiver refused, each with its own schedule; `next_at` 0: given up, until it changes again."""

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("subscription", String(32), ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False),
    Column("webhook_id", String(64), nullable=False),
    Column("opportunity", String(64), nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("status", Integer, nullable=True),
    Column("verdict", String(16), nullable=False),
    Column("detail", String(500), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Index("delivery_attempt_of", "subscription", "number"),
)
"""The last attempts of each subscription, for its owner to look at."""


def hub_db_url(settings: Settings) -> str:
    if settings.hub_db_url is not None:
        return settings.hub_db_url.get_secret_value()
    return sqlite_url(settings.state_dir.absolute() / "hub.db")


async def open_hub_db(settings: Settings) -> AsyncEngine:
    """An engine on a database that has every migration. Safe when several processes start at once."""
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the state directory {settings.state_dir} cannot be written: {error.strerror}; set HUB_STATE_DIR"
        ) from error
    engine = open_writer(hub_db_url(settings))
    try:
        if await _revision(engine) != HEAD:
            await _migrate(engine, settings)
    except DatabaseError as error:
        await engine.dispose()
        raise _why_not_opened(error, settings) from error
    except BaseException:
        await engine.dispose()
        raise
    return engine


def _why_not_opened(error: DatabaseError, settings: Settings) -> HubError:
    """Nobody must restore a backup over a database that only waits for room or for its turn."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # without what SQLite's extended codes add
    if code == sqlite3.SQLITE_BUSY:
        return RetryableError(f"hub.db of {settings.state_dir} is locked: end the program that has it open, such as sqlite3")
    # When there is no room for the index of its write-ahead log SQLite speaks of an I/O error.
    if code == sqlite3.SQLITE_FULL or is_full(settings.state_dir):
        return RetryableError(f"the disk of {settings.state_dir} is full, so hub.db cannot be opened; make room")
    return ConfigError(f"hub.db cannot be opened: {error.orig}; restore it from a backup or set HUB_HUB_DB_URL")


@asynccontextmanager
async def hub_db_of(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """As `open_hub_db`, closed at the end."""
    engine = await open_hub_db(settings)
    try:
        yield engine
    finally:
        await engine.dispose()


async def _revision(engine: AsyncEngine) -> str | None:
    def read(connection: Connection) -> str | None:
        if not connection.dialect.has_table(connection, "alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found

    async with engine.connect() as connection:
        return await connection.run_sync(read)


async def _migrate(engine: AsyncEngine, settings: Settings) -> None:
    lock = FileLock(settings.state_dir / "locks" / "hub_db.lock")
    await asyncio.to_thread(lock.acquire)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    finally:
        lock.release()


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest migration, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(files("hub.store") / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigError(f"hub.db was written by a newer hub ({error}); install that version or restore a backup") from error
