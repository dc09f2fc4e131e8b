"""Restoring: all of it or nothing, never over a running hub, and the feed under another name."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from fakes.backup_files import KEPT, files_of

from hub.backup.manifest import BackupError
from hub.backup.restore import LOCKS, Restored, restore_backup
from hub.backup.take import take_backup
from hub.errors import ConfigError
from hub.settings import Settings
from hub.store.feed_identity import FeedIdentity, load_identity
from hub.store.hub_db import open_hub_db
from hub.store.lock import FileLock
from hub.supervisor.up import lock_state_dir


def restore(settings: Settings, path: Path, **more: Any) -> Restored:
    return restore_backup(settings, path, who="me", **more)


def kept_of(settings: Settings) -> dict[str, bytes]:
    """All files but hub.db, which a restore changes, and locks."""
    files = files_of(settings.state_dir)
    return {name: data for name, data in files.items() if not name.startswith("hub.db") and not name.endswith(".lock")}


def audit_of(settings: Settings) -> list[tuple[str, str]]:
    connection = sqlite3.connect(settings.state_dir / "hub.db")
    lines: list[tuple[str, str]] = connection.execute("SELECT who, what FROM audit ORDER BY id").fetchall()
    connection.close()
    return lines


async def identity_of(settings: Settings) -> FeedIdentity:
    engine = await open_hub_db(settings)
    try:
        return await load_identity(engine, "topic")
    finally:
        await engine.dispose()


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    return take_backup(settings, tmp_path / "b.tar.zst", who="me").path


@pytest.fixture
def damaged(backup: Path) -> Path:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    return backup


def test_a_new_machine_has_the_same_files(elsewhere: Settings, backup: Path) -> None:
    restore(elsewhere, backup)
    assert kept_of(elsewhere) == KEPT


def test_only_the_owner_may_read_them(elsewhere: Settings, backup: Path) -> None:
    restore(elsewhere, backup)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in elsewhere.state_dir.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_the_audit_goes_on_with_a_line_on_it(elsewhere: Settings, backup: Path) -> None:
    restore(elsewhere, backup)
    assert audit_of(elsewhere) == [("somebody", "posting.hide"), ("me", "backup"), ("me", "restore")]


def test_the_feed_gets_another_name_and_a_greater_base(settings: Settings, elsewhere: Settings, backup: Path) -> None:
    before = asyncio.run(identity_of(settings))
    restore(elsewhere, backup)
    after = asyncio.run(identity_of(elsewhere))
    assert after.epoch != before.epoch
    assert after.base > before.base


def test_nothing_but_the_state_is_left_behind(elsewhere: Settings, backup: Path) -> None:
    restore(elsewhere, backup)
    assert {path.name for path in elsewhere.state_dir.iterdir()} - {"hub.lock", "ingest.lock", "locks"} == {
        name.partition("/")[0] for name in [*KEPT, "hub.db"]
    }


# --- refused, and nothing changed -------------------------------------------------------------------------------------


def test_a_damaged_backup_changes_nothing(settings: Settings, damaged: Path) -> None:
    before = kept_of(settings)
    with pytest.raises(BackupError, match="damaged"):
        restore(settings, damaged, force=True)
    assert kept_of(settings) == before


def test_a_state_directory_that_is_not_empty_wants_force(settings: Settings, backup: Path) -> None:
    before = kept_of(settings)
    with pytest.raises(ConfigError, match="--force"):
        restore(settings, backup)
    assert kept_of(settings) == before


@pytest.mark.parametrize("name", LOCKS)
def test_a_running_hub_is_left_alone(settings: Settings, backup: Path, name: str) -> None:
    with FileLock(settings.state_dir / name), pytest.raises(ConfigError, match="end it first"):
        restore(settings, backup, force=True)


def test_a_disk_without_room_is_refused_before_anything_is_unpacked(
    elsewhere: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.backup.restore.ROOM_BYTES", 2**62)
    with pytest.raises(ConfigError, match="make room"):
        restore(elsewhere, backup)
    assert kept_of(elsewhere) == {}


def test_data_of_a_newer_kafka_name_the_release_to_install(
    elsewhere: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.broker.jars.VERSION", "3.9.9")
    with pytest.raises(BackupError, match=r"runs 3\.9\.9: install release"):
        restore(elsewhere, backup)


def test_kafka_s_data_are_not_restored_beside_a_cluster(elsewhere: Settings, backup: Path) -> None:
    kafka = elsewhere.kafka.model_copy(update={"bootstrap_servers": "k:9092"})
    with pytest.raises(ConfigError, match="unset HUB_KAFKA__BOOTSTRAP_SERVERS"):
        restore(elsewhere.model_copy(update={"kafka": kafka}), backup)


def test_a_backup_without_kafka_s_data_wants_the_cluster(settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    kafka = settings.kafka.model_copy(update={"bootstrap_servers": "k:9092"})
    path = take_backup(settings.model_copy(update={"kafka": kafka}), tmp_path / "c", who="me").path
    with pytest.raises(ConfigError, match="set HUB_KAFKA__BOOTSTRAP_SERVERS"):
        restore(elsewhere, path)


# --- over what is there -----------------------------------------------------------------------------------------------


def test_what_was_there_is_moved_aside_whole(settings: Settings, backup: Path) -> None:
    (settings.state_dir / "ops.token").write_bytes(b"newer")
    before = {name: data for name, data in kept_of(settings).items() if not name.startswith("before-restore-2026")}
    restored = restore(settings, backup, force=True)
    assert restored.aside is not None
    aside = files_of(restored.aside)
    assert {name: data for name, data in aside.items() if name in before} == before
    assert "hub.db" in aside
    assert (settings.state_dir / "ops.token").read_bytes() == KEPT["ops.token"]


def restore_ended_while_moving(settings: Settings, path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """As a kill would end it: the renames after the first so many do not come about, and nobody tidies up."""
    renames = iter(range(after))
    rename = Path.rename

    def some(self: Path, there: Path) -> Path:
        if next(renames, None) is None:
            raise KeyboardInterrupt
        return rename(self, there)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", some)
        with pytest.raises(KeyboardInterrupt):
            restore(settings, path, force=True)


@pytest.mark.parametrize("after", [0, 1, 5, 9])
def test_one_that_was_ended_while_it_moved_the_parts_keeps_the_hub_from_starting(
    settings: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    restore_ended_while_moving(settings, backup, monkeypatch, after)
    with pytest.raises(ConfigError, match="ended before its end"):
        lock_state_dir(settings.state_dir)
    with pytest.raises(ConfigError, match="ended before its end"):
        take_backup(settings, backup.with_name("other"), who="me")


@pytest.mark.parametrize("after", [0, 1, 5, 9])
def test_one_that_was_ended_heals_when_it_is_given_again(
    settings: Settings, backup: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    restore_ended_while_moving(settings, backup, monkeypatch, after)
    restore(settings, backup, force=True)
    found = {name: data for name, data in kept_of(settings).items() if not name.startswith("before-restore-")}
    assert found == KEPT
    lock_state_dir(settings.state_dir).release()
