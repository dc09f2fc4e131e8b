"""hub.db under its migrations, and the append-only audit."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from hub.errors import ConfigError, RetryableError
from hub.settings import Settings
from hub.store import engine as engine_module
from hub.store import hub_db
from hub.store.audit import audit_writer
from hub.store.feed_identity import load_identity, renew_identity
from hub.store.inbound_ids import KEEP_MS, InboundIds
from hub.store.lock import FileLock


@pytest.fixture
def settings(tmp_path):
    return Settings(state_dir=tmp_path)


@pytest.fixture
async def engine(settings):
    engine = await hub_db.open_hub_db(settings)
    yield engine
    await engine.dispose()


async def test_the_migrations_make_the_tables_that_the_code_states(engine):
    def difference(connection):
        return compare_metadata(MigrationContext.configure(connection), hub_db.metadata)

    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []


def test_head_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", "hub/store/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [hub_db.HEAD]


async def test_a_database_of_a_newer_hub_is_refused_with_what_to_do(engine, settings):
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer hub"):
        await hub_db.open_hub_db(settings)


async def test_a_file_that_is_no_database_is_refused_with_what_to_do(settings, tmp_path):
    (tmp_path / "hub.db").write_bytes(b"no database" * 100)
    with pytest.raises(ConfigError, match="restore it from a backup"):
        await hub_db.open_hub_db(settings)


AUDITING = """
import asyncio, sys
from pathlib import Path
from hub.settings import Settings
from hub.store.audit import audit_writer

write = audit_writer(Settings(state_dir=Path(sys.argv[1])))
asyncio.run(write("someone", "held.release", "checked", {"source": "vonk"}))
"""


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_CANTOPEN])
async def test_a_full_disk_is_waited_for_and_not_called_a_damaged_database(settings, monkeypatch, code):
    async def full(_):
        reason = sqlite3.OperationalError("disk I/O error")
        reason.sqlite_errorcode = code
        raise OperationalError("CREATE TABLE", {}, reason)

    monkeypatch.setattr(hub_db, "_revision", full)
    monkeypatch.setattr(hub_db, "is_full", lambda _: True)
    with pytest.raises(RetryableError, match="is full"):
        await hub_db.open_hub_db(settings)


async def test_a_database_that_another_program_holds_is_not_called_a_damaged_one(settings, monkeypatch):
    await (await hub_db.open_hub_db(settings)).dispose()
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_SECONDS", 0.1)
    with closing(sqlite3.connect(settings.state_dir / "hub.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RetryableError, match="is locked: end the program"):
            await hub_db.open_hub_db(settings)


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///hub.db", "nosuch+driver://u:secret@h/db"])
async def test_an_address_that_cannot_be_opened_is_refused_without_its_password(url, tmp_path):
    with pytest.raises(ConfigError, match="HUB_HUB_DB_URL") as refused:
        await hub_db.open_hub_db(Settings(state_dir=tmp_path, hub_db_url=url))
    assert "secret" not in str(refused.value)


async def test_several_processes_may_open_and_write_the_audit_at_once(settings):
    command = [sys.executable, "-c", AUDITING, str(settings.state_dir)]
    started = [await asyncio.create_subprocess_exec(*command) for _ in range(3)]
    assert [await process.wait() for process in started] == [0, 0, 0]
    engine = await hub_db.open_hub_db(settings)
    async with engine.connect() as connection:
        rows = (await connection.execute(select(hub_db.audit))).all()
    await engine.dispose()
    expected = ("someone", "held.release", "checked", '{"source":"vonk"}')
    assert [(row.who, row.what, row.why, row.arguments) for row in rows] == [expected] * 3


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
async def test_the_audit_is_append_only(engine, settings, statement):
    await audit_writer(settings)("someone", "posting.hide", "", {})
    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(statement))


async def test_an_epoch_stays_until_it_is_renewed(engine):
    first = await load_identity(engine, "t")
    assert await load_identity(engine, "t") == first
    renewed = await renew_identity(engine, "t")
    assert renewed != first
    assert await load_identity(engine, "t") == renewed


async def test_webhook_ids_are_kept_per_source_for_thirty_days(engine):
    ids = InboundIds(engine)
    await ids.remember("vonk", "a", 1_000)
    await ids.remember("vonk", "a", 1_000)
    assert (await ids.is_known("vonk", "a"), await ids.is_known("other", "a")) == (True, False)
    await ids.remember("vonk", "b", 1_001 + KEEP_MS)
    assert await ids.is_known("vonk", "a") is False


def test_a_lock_has_one_holder(tmp_path):
    first, second = FileLock(tmp_path / "a.lock"), FileLock(tmp_path / "a.lock")
    assert (first.try_acquire(), second.try_acquire()) == (True, False)
    first.release()
    assert second.try_acquire()
    second.release()
