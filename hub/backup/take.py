"""Takes a backup: hub.db first, then all files as they are at one moment, then their bytes.

hub.db says what is done (which webhooks the broker has acknowledged, what an operator has commanded), so it is the
older of the two: what it calls done is in the log. Why the rest holds together stands in docs/adr.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from hub.backup import target
from hub.backup.archive import SILENT, ArchiveWriter, Watcher
from hub.backup.collecting import Collection, OpenFile
from hub.backup.manifest import VERSION, Head, Manifest
from hub.backup.standstill import opened_at_one_moment
from hub.broker import jars
from hub.domain.opportunity import rfc3339
from hub.errors import ConfigError, HubError
from hub.settings import Settings
from hub.store.audit import audit_writer
from hub.store.lock import FileLock
from hub.store.state_dir import HUB_DB, LAST_BACKUP, kafka_dir, refuse_unfinished_restore
from hub.telemetry.release import release

COMPRESSES_TO = 0.5
"""Share of the state for which there must be room: the logs of a living hub come to a tenth."""
ROOM_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Taken:
    path: Path
    bytes: int
    seconds: float
    manifest: Manifest
    removed: list[Path]


def take_backup(
    settings: Settings,
    given: Path,
    *,
    who: str,
    why: str = "",
    replace: bool = False,
    keep: int | None = None,
    watcher: Watcher = SILENT,
) -> Taken:
    """Write the backup to `given`, a file, or a directory in which it gets a name by its time.

    Raises ConfigError for a place or a state directory that will not do, HubError when it cannot be taken now. Blocks.
    """
    now = time.time()
    path = target.target_path(given, rfc3339(int(now * 1000)))
    _refuse_missing_state(settings)
    target.refuse_unfit(path, settings.state_dir, replace=replace)
    lock = FileLock(settings.state_dir / "locks" / "backup.lock")
    if not lock.try_acquire():
        raise HubError("another backup of this hub is being taken; wait for its end")
    collection = Collection()
    try:
        asyncio.run(_audit(settings, who, why, {"file": str(path), "keep": keep}))
        hub_db = _copy_hub_db(settings)
        with opened_at_one_moment(settings, collection) as was_running:
            head = _head(settings, collection, hub_db, was_running=was_running, at=now)
            _refuse_full_disk(path, head.bytes)
            watcher.begin(head.bytes)
            with target.written_whole(path) as file:
                manifest = _write(file, head, hub_db, collection, int(now), watcher)
    except OSError as error:
        raise HubError(f"no backup was written: {error}") from error
    finally:
        collection.close()
        lock.release()
    with contextlib.suppress(OSError):  # for `hub doctor`, and the backup is whole without: a full disk is why it is taken
        (settings.state_dir / LAST_BACKUP).write_text(f"{head.created_at}\n{path.absolute()}\n", encoding="utf-8")
    removed = target.remove_older(path, keep, head.cluster_id) if keep is not None else []
    return Taken(path, path.stat().st_size, time.time() - now, manifest, removed)


def _refuse_missing_state(settings: Settings) -> None:
    """Raises ConfigError where there is nothing to back up, or only half of it."""
    state_dir = settings.state_dir
    refuse_unfinished_restore(state_dir)
    if not (state_dir / HUB_DB).is_file() and not kafka_dir(state_dir).is_dir():
        raise ConfigError(f"there is no hub in {state_dir.absolute()}; set HUB_STATE_DIR to the one that is meant")


def outside(settings: Settings) -> list[str]:
    """Sentences on what a machine needs besides the backup."""
    sentences = []
    if settings.kafka.bootstrap_servers is not None:
        sentences.append(f"Kafka's data: they are the cluster's at {settings.kafka.bootstrap_servers}, which has its own backup")
    if settings.hub_db_url is not None:
        sentences.append("hub.db: hub_db_url names another database, which has its own backup")
    matching = settings.matching
    files = [matching.model_file, matching.employers_file, matching.occupations_file]
    for connector in settings.connectors.values():
        files += [connector.credential_file, connector.webhook_secret_file]
    state_dir = settings.state_dir.resolve()
    named = sorted({str(file) for file in files if file is not None and not file.resolve().is_relative_to(state_dir)})
    sentences += [f"{name}: the settings name it, and it lies outside of the state directory" for name in named]
    return [*sentences, "the settings themselves: hub.toml and the environment"]


async def _audit(settings: Settings, who: str, why: str, arguments: dict[str, Any]) -> None:
    await audit_writer(settings)(who, "backup", why, arguments)


def _copy_hub_db(settings: Settings) -> bytes | None:
    """hub.db as one transaction sees it, by SQLite's online backup; None when there is none here."""
    path = settings.state_dir.absolute() / HUB_DB
    if settings.hub_db_url is not None or not path.is_file():
        return None
    try:
        address = f"{path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as source, closing(sqlite3.connect(":memory:")) as copy:
            source.backup(copy)
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise HubError(f"{path} is damaged, so it was not backed up: `hub restore` an older backup")
            return copy.serialize()
    except sqlite3.Error as error:
        raise HubError(f"{path} cannot be read ({error}), so nothing was backed up") from error


def _head(settings: Settings, collection: Collection, hub_db: bytes | None, *, was_running: bool, at: float) -> Head:
    identity = kafka_dir(settings.state_dir) / "cluster.id"
    has_kafka = settings.kafka.bootstrap_servers is None
    return Head(
        version=VERSION,
        created_at=rfc3339(int(at * 1000)),
        release=release(),
        kafka=jars.VERSION if has_kafka else None,
        cluster_id=identity.read_text(encoding="ascii").strip() if has_kafka and identity.is_file() else None,
        taken="running" if was_running else "stopped",
        bytes=collection.bytes + len(hub_db or b""),
        files=len(collection.files) + (hub_db is not None),
        not_included=outside(settings),
    )


def _refuse_full_disk(path: Path, size: int) -> None:
    free, needed = shutil.disk_usage(path.parent).free, int(size * COMPRESSES_TO) + ROOM_BYTES
    if free < needed:
        raise ConfigError(
            f"only {free // 2**20} MiB are free at {path.parent}, and a backup may need {needed // 2**20}: make room or name "
            "another disk"
        )


def _write(
    file: BinaryIO,
    head: Head,
    hub_db: bytes | None,
    collection: Collection,
    mtime: int,
    watcher: Watcher,
) -> Manifest:
    with ArchiveWriter(file, head, mtime) as archive:
        if hub_db is not None:
            archive.add(HUB_DB, io.BytesIO(hub_db), len(hub_db), watcher)
        for one in collection.files:
            _add(archive, one, watcher)
        return archive.finish()


def _add(archive: ArchiveWriter, one: OpenFile, watcher: Watcher) -> None:
    with os.fdopen(os.dup(one.handle), "rb") as source:
        if not one.is_index:
            archive.add(one.name, source, one.size, watcher)
            return
        # At most ten MiB. One that was shortened since is no longer what it was at that moment, and Kafka can do without.
        data = source.read(one.size)
        if len(data) == one.size and not one.has_changed_size():
            archive.add(one.name, io.BytesIO(data), one.size, watcher)
