"""Transactions on the generation of `feed.db` that is served, whichever it is at the moment at which each begins.

The link is read before every transaction. A generation that was replaced is closed when the last transaction on it
ends, and its lock let go, so that the writer may remove it.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.store import unflushed
from hub.store.engine import open_reader, sqlite_url
from hub.store.feed_db import LAYOUT
from hub.store.feed_files import current_name, feed_db_path, lock_path
from hub.store.lock import FileLock

ATTEMPTS = 20
"""Looks at the link while it moves under our eyes."""

Stamp = tuple[int, int]
"""Which generation is served, and a number that differs after anything was committed to it."""


@dataclass(eq=False, slots=True)
class _Open:
    """One generation, open for reading. `number`: which one this reader has opened, so that no two stamps are alike."""

    name: str
    number: int
    engine: AsyncEngine
    watch: sqlite3.Connection
    lock: FileLock
    users: int = 0
    is_retired: bool = False

    async def close(self) -> None:
        self.watch.close()
        try:
            await self.engine.dispose()
        finally:
            self.lock.release()


class FeedReader:
    def __init__(self, state_dir: Path, *, connections: int = 4) -> None:
        self._directory = state_dir.absolute()
        self._link = os.fspath(feed_db_path(state_dir))
        self._connections = connections
        self._turn = asyncio.Lock()
        self._current: _Open | None = None
        self._opened = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection | None]:
        """A transaction that sees one state to its end; None when there is no read model, or none that is of use."""
        generation = await self._enter()
        if generation is None:
            yield None
            return
        try:
            async with generation.engine.connect() as connection, connection.begin():
                yield connection
        finally:
            await self._leave(generation)

    def stamp(self) -> Stamp | None:
        """Another value after anything was committed, by whatever process, and never one that was there before; None when
        that cannot be said yet. Takes microseconds; take it before the transaction whose answer it is to stand for.
        """
        generation = self._current
        if generation is None or not self._is_served(generation):
            return None
        version: int = generation.watch.execute("PRAGMA data_version").fetchone()[0]
        return generation.number, version

    def quick(self) -> sqlite3.Connection | None:
        """For questions that take microseconds, asked at once in the event loop; None when that cannot be done now. Leave no
        transaction open.
        """
        generation = self._current
        return generation.watch if generation is not None and self._is_served(generation) else None

    async def dispose(self) -> None:
        """Transactions under way keep their file until they end."""
        await self._replace(None)

    def _is_served(self, generation: _Open) -> bool:
        try:
            return os.readlink(self._link) == generation.name
        except OSError:
            return False

    async def _enter(self) -> _Open | None:
        generation = self._current
        if generation is None or not self._is_served(generation):
            # Shielded: what a thread has opened must find its place, whoever stops waiting for it.
            await asyncio.shield(self._follow())
            generation = self._current
        if generation is not None:
            generation.users += 1
        return generation

    async def _follow(self) -> None:
        async with self._turn:
            if self._current is None or not self._is_served(self._current):
                await self._replace(await asyncio.to_thread(self._open))

    async def _leave(self, generation: _Open) -> None:
        generation.users -= 1
        if generation.is_retired and generation.users == 0:
            await asyncio.shield(generation.close())

    async def _replace(self, following: _Open | None) -> None:
        former, self._current = self._current, following
        if former is not None:
            former.is_retired = True
            if former.users == 0:
                await asyncio.shield(former.close())

    def _open(self) -> _Open | None:
        for _ in range(ATTEMPTS):
            name = current_name(self._directory)
            if name is None:
                return None
            lock = FileLock(lock_path(self._directory, name))
            # Only who shares the lock of a file that is served may open it: any other may be removed at any moment.
            if lock.try_share():
                path = self._directory / name
                is_served = current_name(self._directory) == name and unflushed.is_trusted(path)
                if is_served and (watch := _watch(path)) is not None:
                    self._opened += 1
                    engine = open_reader(sqlite_url(path), connections=self._connections)
                    return _Open(name, self._opened, engine, watch, lock)
                lock.release()
        return None


def _watch(path: Path) -> sqlite3.Connection | None:
    """A connection that sees when others commit; None for a file that is of no use."""
    try:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error:
        return None
    try:
        connection.execute("PRAGMA query_only=ON")
        if connection.execute("PRAGMA user_version").fetchone()[0] == LAYOUT:
            return connection
    except sqlite3.Error:
        pass
    connection.close()
    return None
