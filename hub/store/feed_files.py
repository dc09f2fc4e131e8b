"""Generations of `feed.db`: a read model is made beside the one that is served, and takes its place in one step.

Each is a file of its own, `feed.<n>.db`, with its own WAL, and never renamed. `feed.db` is a link to the one that is
served: it is replaced as a whole, by one `rename`, so whoever is killed leaves the old generation or the new one. A
reader looks at the link before each transaction, which costs microseconds, and ends on the file on which it began. Who
has a file open shares its lock; the writer removes a former file when nobody does.

Nobody waits for the disk here: what is lost with the machine is read again from the log (`hub.store.unflushed`).
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store import unflushed
from hub.store.durable import flush_directory
from hub.store.engine import open_writer, sqlite_url, whole
from hub.store.feed_db import LAYOUT, is_damaged, metadata
from hub.store.lock import FileLock

_PRAGMAS = ("wal_autocheckpoint=8000", "cache_size=-32000", "secure_delete=FAST")
"""A batch of records fits into the cache, and several into the WAL, so that each page is written once; pages that become free
are not written again to blank them.
"""
_SUFFIXES = ("-wal", "-shm", "", unflushed.SUFFIX)

_NAME = re.compile(r"feed\.([0-9]+)\.db")


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One generation, open for writing."""

    name: str
    engine: AsyncEngine


class FeedFiles:
    """The writer's side. One process at a time, which holds the projection's lock."""

    def __init__(self, state_dir: Path) -> None:
        self._directory = state_dir.absolute()
        self._unpublished: set[str] = set()
        self._opened: dict[str, AsyncEngine] = {}

    @whole
    async def open_current(self) -> FeedFile | None:
        """None when there is none, or one that is damaged, of another layout, or not to be trusted: it is of no use then."""
        name = current_name(self._directory)
        if name is None or not (self._directory / name).exists() or not unflushed.is_trusted(self._directory / name):
            return None
        engine = self._open(name)
        try:
            async with engine.begin() as connection:
                if (await connection.execute(text("PRAGMA user_version"))).scalar() == LAYOUT:
                    return FeedFile(name, engine)
        except DatabaseError as error:
            await engine.dispose()
            if is_damaged(error):
                return None
            raise
        await engine.dispose()
        return None

    @whole
    async def create(self) -> FeedFile:
        """An empty generation that nobody sees before it is published."""
        self.remove_unused()
        self._directory.mkdir(parents=True, exist_ok=True)
        numbers = [int(found[1]) for path in self._directory.iterdir() if (found := _NAME.match(path.name))]
        name = f"feed.{max(numbers, default=0) + 1}.db"
        self._unpublished.add(name)
        engine = self._open(name)
        file = FeedFile(name, engine)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
                await connection.execute(text(f"PRAGMA user_version={LAYOUT}"))
        except BaseException:
            await self.discard(file)
            raise
        return file

    async def close(self) -> None:
        """Close every file that was opened here, also one that nobody was told of, when what was written is on the disk."""
        for name, engine in self._opened.items():
            await engine.dispose()
            if (self._directory / name).exists():
                await asyncio.to_thread(unflushed.flush, self._directory / name)
        self._opened.clear()

    def publish(self, file: FeedFile) -> None:
        """Readers go to this file from their next transaction on."""
        prepared = self._directory / "feed.db.next"
        prepared.unlink(missing_ok=True)
        prepared.symlink_to(file.name)
        prepared.replace(feed_db_path(self._directory))
        flush_directory(self._directory)
        self._unpublished.discard(file.name)

    @whole
    async def discard(self, file: FeedFile) -> None:
        """Give up a generation that was not published."""
        await file.engine.dispose()
        self._unpublished.discard(file.name)
        self.remove_unused()

    def forget_current(self) -> None:
        """For a damaged file: readers find none, and the next writer makes one."""
        feed_db_path(self._directory).unlink(missing_ok=True)

    def remove_unused(self) -> None:
        """Remove what former processes and generations left, except files that somebody still reads."""
        current = current_name(self._directory)
        if current is not None:
            for suffix in ("-wal", "-shm"):  # of a feed.db that was itself the file, in former releases
                Path(f"{feed_db_path(self._directory)}{suffix}").unlink(missing_ok=True)
        for path in self._directory.glob("feed.*.db"):
            if _NAME.fullmatch(path.name) and path.name != current and path.name not in self._unpublished:
                self._remove(path)

    def _open(self, name: str) -> AsyncEngine:
        path, boot = self._directory / name, unflushed.boot_id()
        if boot is not None:
            unflushed.mark(path, boot)
        engine = open_writer(sqlite_url(path), synchronous="NORMAL" if boot is None else "OFF", more=_PRAGMAS)
        self._opened[name] = engine
        return engine

    def _remove(self, path: Path) -> None:
        lock = FileLock(lock_path(self._directory, path.name))
        if not lock.try_acquire():
            return
        for suffix in _SUFFIXES:
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        lock_path(self._directory, path.name).unlink(missing_ok=True)
        lock.release()


async def open_feed_db(state_dir: Path) -> AsyncEngine:
    """The writing engine of the current generation, made and published when there is none."""
    files = FeedFiles(state_dir)
    file = await files.open_current()
    if file is None:
        file = await files.create()
        files.publish(file)
    return file.engine


def feed_db_path(state_dir: Path) -> Path:
    """The link to the current generation."""
    return state_dir.absolute() / "feed.db"


def current_name(state_dir: Path) -> str | None:
    """The current generation's file name; None when there is none, or a file of a former release."""
    try:
        return os.readlink(state_dir / "feed.db")
    except OSError:
        return None


def lock_path(state_dir: Path, name: str) -> Path:
    return state_dir / "locks" / f"{name}.lock"
