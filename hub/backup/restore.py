"""Restores a backup: unpack beside, verify, prepare, and only then move into place; or verify alone.

Unpacking goes into a folder of the state directory itself, which may be the root of a volume. Until every sum has been
compared nothing of what stands there is touched. While the parts are moved a mark stands in the state directory, with
which neither `hub up` nor the broker starts.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from hub.backup.archive import SILENT, Watcher, read_archive
from hub.backup.manifest import BackupError, Head, Manifest
from hub.backup.standstill import KafkaLock
from hub.backup.take import ROOM_BYTES
from hub.broker import jars
from hub.errors import ConfigError
from hub.settings import Settings
from hub.store.audit import audit_writer
from hub.store.durable import flush_directory
from hub.store.feed_identity import forget_identities
from hub.store.hub_db import hub_db_of
from hub.store.lock import FileLock
from hub.store.state_dir import ASIDE, HUB_LOCK, SCRATCH, UNFINISHED

LOCKS = (HUB_LOCK, "ingest.lock", "locks/projection.lock", "locks/deliver.lock", "locks/backup.lock")
"""What a running hub or one of its roles holds."""
STAYS = {HUB_LOCK, "ingest.lock", "locks", "lost+found", SCRATCH, UNFINISHED}


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    seconds: float
    aside: Path | None
    """Where what was there before lies now."""


def verify_backup(path: Path, *, watcher: Watcher = SILENT) -> Manifest:
    """Read all of it and compare every sum; nothing is written. Raises BackupError."""
    with open(os.devnull, "wb", buffering=0) as nowhere:
        return read_archive(
            path, lambda _: contextlib.nullcontext(nowhere), on_head=lambda head: watcher.begin(head.bytes), watcher=watcher
        )


def restore_backup(
    settings: Settings,
    path: Path,
    *,
    who: str,
    why: str = "",
    force: bool = False,
    watcher: Watcher = SILENT,
) -> Restored:
    """Put the backup's state into the state directory; with `force` what is there is moved into a folder beside.

    Raises ConfigError where it must not go, BackupError for a file that is not whole. Either way nothing was changed.
    """
    started = time.monotonic()
    state_dir = settings.state_dir.absolute()
    scratch = state_dir / SCRATCH

    def judge(head: Head) -> None:
        _refuse_unfit(settings, head)
        _refuse_full_disk(state_dir, head.bytes)
        watcher.begin(head.bytes)

    with _alone(state_dir):
        _refuse_full_directory(state_dir, force=force)
        _remove(scratch)
        try:
            scratch.mkdir(mode=0o700)
            manifest = read_archive(path, lambda name: _create(scratch, name), on_head=judge, watcher=watcher)
            arguments = {"file": str(path), "created_at": manifest.head.created_at, "force": force}
            asyncio.run(_prepare(settings, scratch, who, why, arguments))
            os.sync()
        except BaseException:
            _remove(scratch)
            raise
        aside = _move_into_place(state_dir, scratch)
    return Restored(manifest, time.monotonic() - started, aside)


# --- judging ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _alone(state_dir: Path) -> Iterator[None]:
    """No hub, role, backup or other restore works here while this lasts. Raises ConfigError."""
    locks: list[FileLock | KafkaLock] = [*(FileLock(state_dir / name) for name in LOCKS), KafkaLock(state_dir)]
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for lock in locks:
            if not lock.try_acquire():
                raise ConfigError(f"a hub is running on {state_dir}, or a backup of it is being taken; end it first")
        yield
    except PermissionError as error:
        raise ConfigError(f"{error.filename} cannot be written: {error.strerror}; restore as the hub's user") from error
    finally:
        for lock in locks:
            lock.release()


def _refuse_full_directory(state_dir: Path, *, force: bool) -> None:
    found = sorted(_standing(state_dir))
    if found and not force:
        shown = ", ".join(found[:4]) + (", …" if len(found) > 4 else "")
        raise ConfigError(f"{state_dir} is not empty ({shown}); --force moves what is there into a folder beside")


def _refuse_unfit(settings: Settings, head: Head) -> None:
    servers = settings.kafka.bootstrap_servers
    if head.kafka is not None and servers is not None:
        raise ConfigError(
            f"this backup holds Kafka's data, and the settings name a cluster at {servers}: unset HUB_KAFKA__BOOTSTRAP_SERVERS"
        )
    if head.kafka is None and servers is None:
        raise ConfigError(
            "this backup was taken beside a Kafka cluster and holds none of its data: set HUB_KAFKA__BOOTSTRAP_SERVERS to it"
        )
    if head.kafka is not None and _numbers(head.kafka) > _numbers(jars.VERSION):
        raise BackupError(
            f"this backup holds data of Kafka {head.kafka}, and this hub runs {jars.VERSION}: install release {head.release}"
        )


def _numbers(text: str) -> list[int]:
    return [int(part) if part.isdecimal() else 0 for part in text.split(".")]


def _refuse_full_disk(state_dir: Path, size: int) -> None:
    free, needed = shutil.disk_usage(state_dir).free, size + ROOM_BYTES
    if free < needed:
        raise ConfigError(
            f"only {free // 2**20} MiB are free at {state_dir}, and the restore needs {needed // 2**20}: make room or set "
            "HUB_STATE_DIR to another disk"
        )


# --- unpacking --------------------------------------------------------------------------------------------------------


def _create(scratch: Path, name: str) -> BinaryIO:
    path = scratch / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except (FileExistsError, NotADirectoryError) as error:
        raise BackupError(f"the backup holds {name!r} twice: it was tampered with or damaged; take another one") from error
    return os.fdopen(handle, "wb")


async def _prepare(settings: Settings, scratch: Path, who: str, why: str, arguments: Mapping[str, Any]) -> None:
    """hub.db gets its migrations, the feed another name, and the audit a line on it.

    What was written after the backup is gone, and its places in the log will be taken by other records: a cursor from
    then must not be taken for one of now.
    """
    there = settings if settings.hub_db_url is not None else settings.model_copy(update={"state_dir": scratch})
    async with hub_db_of(there) as engine:
        await forget_identities(engine)
    await audit_writer(there)(who, "restore", why, arguments)


# --- moving -----------------------------------------------------------------------------------------------------------


def _standing(state_dir: Path) -> set[str]:
    """What a restore must not mix with what it brings."""
    return {path.name for path in state_dir.iterdir() if path.name not in STAYS and not path.name.startswith(ASIDE)}


def _move_into_place(state_dir: Path, scratch: Path) -> Path | None:
    standing, aside = sorted(_standing(state_dir)), None
    if standing:
        aside = Path(tempfile.mkdtemp(prefix=time.strftime(f"{ASIDE}%Y%m%dT%H%M%SZ-", time.gmtime()), dir=state_dir))
    mark = state_dir / UNFINISHED
    mark.touch(mode=0o600)
    flush_directory(state_dir)
    if aside is not None:
        for name in standing:
            (state_dir / name).rename(aside / name)
    for path in sorted(scratch.iterdir()):
        if path.name not in STAYS:
            path.rename(state_dir / path.name)
    flush_directory(state_dir)
    _remove(scratch)
    mark.unlink()
    flush_directory(state_dir)
    return aside


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
