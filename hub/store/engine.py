"""Database engines: SQLite through aiosqlite in WAL mode, one writing connection, transactions that are real ones.

The driver's own transaction handling is switched off (it opens none for reads), so that every `begin()` is a
transaction: `BEGIN IMMEDIATE` on a writing engine, which takes the write lock before anything is read, and a plain
`BEGIN` on a reading one, whose queries all see the same state. An error names the statement and never its parameters,
which may be a whole record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hub.errors import ConfigError

BUSY_TIMEOUT_SECONDS = 30
LARGEST_JOURNAL_BYTES = 64 * 2**20

Given = ParamSpec("Given")
Result = TypeVar("Result")


def whole(work: Callable[Given, Awaitable[Result]]) -> Callable[Given, Awaitable[Result]]:
    """For short work on a database: who is cancelled meanwhile, however often, ends when it is done. Left midway, a
    connection would be lost to its pool and nobody would close it.
    """

    @wraps(work)
    async def run(*arguments: Given.args, **named: Given.kwargs) -> Result:
        task = asyncio.ensure_future(work(*arguments, **named))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            while not task.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({task})
            raise

    return run


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def open_writer(url: str, *, synchronous: Literal["OFF", "NORMAL", "FULL"] = "FULL", more: tuple[str, ...] = ()) -> AsyncEngine:
    """The one writing connection of this process; writers of other processes wait their turn. `more`: pragmas."""
    if not url.startswith("sqlite"):
        return _create(url)
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        f"journal_size_limit={LARGEST_JOURNAL_BYTES}",
        *more,
    )
    return _open_sqlite(url, 1, "BEGIN IMMEDIATE", pragmas)


def open_reader(url: str, *, connections: int = 4) -> AsyncEngine:
    """Connections that cannot write. In WAL mode they neither wait for the writer nor hold it up."""
    if not url.startswith("sqlite"):
        return _create(url)
    return _open_sqlite(url, connections, "BEGIN", ("query_only=ON",))


def _create(url: str, **more: Any) -> AsyncEngine:
    try:
        return create_async_engine(url, hide_parameters=True, **more)
    except (ArgumentError, InvalidRequestError, ModuleNotFoundError) as error:  # whose words may repeat a password
        raise ConfigError(
            f"hub_db_url (HUB_HUB_DB_URL) cannot be opened ({type(error).__name__}): it must be SQLAlchemy's, with an "
            "asynchronous driver that is installed, such as sqlite+aiosqlite:////srv/hub/hub.db"
        ) from error


def _open_sqlite(url: str, connections: int, begin: str, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = _create(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_SECONDS,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
