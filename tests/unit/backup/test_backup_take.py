"""Taking a backup of a stopped hub: what is in it, where it may go, and that no half file gets its name."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.backup_files import KEPT

from hub.backup import target
from hub.backup.archive import peek_head
from hub.backup.collecting import Collection
from hub.backup.restore import verify_backup
from hub.backup.take import Taken, take_backup
from hub.errors import ConfigError, HubError
from hub.settings import Settings
from hub.store.lock import FileLock
from hub.supervisor.doctor import examine


def take(settings: Settings, path: Path, **more: Any) -> Taken:
    return take_backup(settings, path, who="me", **more)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


def test_everything_that_cannot_be_made_anew_is_in_it_and_nothing_else(settings: Settings, shelf: Path) -> None:
    take(settings, shelf / "b")
    manifest = verify_backup(shelf / "b")
    assert {entry.name for entry in manifest.files} == {*KEPT, "hub.db"}


def test_only_its_owner_may_read_it(settings: Settings, shelf: Path) -> None:
    take(settings, shelf / "b")
    assert stat.S_IMODE((shelf / "b").stat().st_mode) == 0o600


def test_the_head_says_what_it_is(settings: Settings, shelf: Path) -> None:
    take(settings, shelf / "b")
    head = peek_head(shelf / "b")
    assert (head.taken, head.cluster_id) == ("stopped", KEPT["kafka/cluster.id"].decode())


def test_the_audit_in_it_has_the_line_on_it(settings: Settings, shelf: Path) -> None:
    take(settings, shelf / "b", why="nightly")
    with sqlite3.connect(settings.state_dir / "hub.db") as connection:
        lines = connection.execute("SELECT who, what, why FROM audit ORDER BY id").fetchall()
    connection.close()
    assert lines[-1] == ("me", "backup", "nightly")


def test_files_that_the_settings_name_elsewhere_are_told(settings: Settings, shelf: Path, tmp_path: Path) -> None:
    chosen = {"vonk": {"webhook_secret_file": tmp_path / "vonk.secret"}}
    settings = Settings.model_validate({**settings.model_dump(), "connectors": chosen})
    assert any(str(tmp_path / "vonk.secret") in line for line in take(settings, shelf / "b").manifest.head.not_included)


def test_beside_a_cluster_kafka_s_data_are_left_out_and_that_is_said(settings: Settings, shelf: Path) -> None:
    kafka = settings.kafka.model_copy(update={"bootstrap_servers": "k:9092"})
    taken = take(settings.model_copy(update={"kafka": kafka}), shelf / "b")
    assert not [entry.name for entry in taken.manifest.files if entry.name.startswith("kafka/")]
    assert taken.manifest.head.kafka is None
    assert "k:9092, which has its own backup" in taken.manifest.head.not_included[0]


def test_in_a_directory_it_is_named_by_its_time(settings: Settings, shelf: Path) -> None:
    taken = take(settings, shelf)
    assert target._STAMPED.fullmatch(taken.path.name)


def test_the_doctor_tells_how_old_the_last_one_is(settings: Settings, shelf: Path) -> None:
    before = [finding.state for finding in examine(settings) if finding.subject == "backup"]
    take(settings, shelf / "b")
    (after,) = [finding for finding in examine(settings) if finding.subject == "backup"]
    assert before == ["warn"]
    assert (after.state, after.detail) == ("ok", f"the last one is 0 days and 0 hours old: {shelf / 'b'}")


def test_a_backup_is_whole_also_where_nothing_can_be_noted_of_it(settings: Settings, shelf: Path) -> None:
    (settings.state_dir / "backup.last").mkdir()
    assert take(settings, shelf / "b").manifest == verify_backup(shelf / "b")


def test_the_doctor_warns_of_an_old_one(settings: Settings) -> None:
    (settings.state_dir / "backup.last").write_text("2026-01-01T00:00:00.000Z\n/backup/b\n")
    (found,) = [finding for finding in examine(settings) if finding.subject == "backup"]
    assert (found.state, found.advice) == ("warn", "hub backup FILE, every night: docs/backup.md")


# --- where it must not go ---------------------------------------------------------------------------------------------


def test_a_file_that_is_there_is_replaced_only_when_asked(settings: Settings, shelf: Path) -> None:
    (shelf / "b").write_bytes(b"mine")
    with pytest.raises(ConfigError, match="--replace"):
        take(settings, shelf / "b")
    assert (shelf / "b").read_bytes() == b"mine"
    take(settings, shelf / "b", replace=True)
    verify_backup(shelf / "b")


def test_the_state_directory_itself_is_refused(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="outside"):
        take(settings, settings.state_dir / "b")


def test_a_state_directory_without_a_hub_is_refused_and_not_made(elsewhere: Settings, shelf: Path) -> None:
    with pytest.raises(ConfigError, match="there is no hub in"):
        take(elsewhere, shelf / "b")
    assert not elsewhere.state_dir.exists()


def test_a_disk_without_room_is_refused_before_anything_is_written(
    settings: Settings, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.backup.take.ROOM_BYTES", 2**62)
    with pytest.raises(ConfigError, match="make room"):
        take(settings, shelf / "b")
    assert names(shelf) == []


# --- no half file -----------------------------------------------------------------------------------------------------


def test_a_disk_that_fills_up_leaves_no_file(settings: Settings, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("hub.backup.archive._Summing.read", full)
    with pytest.raises(HubError, match=r"no backup was written.*No space left"):
        take(settings, shelf / "b")
    assert names(shelf) == []


def test_what_a_killed_backup_left_is_removed_by_the_next_and_what_another_writes_is_not(settings: Settings, shelf: Path) -> None:
    (shelf / ".b.aaaa.partial").write_bytes(b"half")
    with (shelf / ".b.bbbb.partial").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        take(settings, shelf / "b")
    assert names(shelf) == [".b.bbbb.partial", "b"]


def test_two_at_once_are_refused(settings: Settings, shelf: Path) -> None:
    with FileLock(settings.state_dir / "locks" / "backup.lock"), pytest.raises(HubError, match="another backup"):
        take(settings, shelf / "b")


# --- keeping some -----------------------------------------------------------------------------------------------------


def test_older_ones_of_this_hub_are_removed_and_nothing_else(settings: Settings, shelf: Path) -> None:
    older = [take(settings, shelf / f"hub-2026010{day}T000000Z.tar.zst").path for day in (1, 2, 3)]
    (shelf / "hub-20250101T000000Z.tar.zst").write_bytes(b"somebody's")
    (settings.state_dir / "kafka" / "cluster.id").write_text("another")
    take(settings, shelf / "hub-20250102T000000Z.tar.zst")
    (settings.state_dir / "kafka" / "cluster.id").write_bytes(KEPT["kafka/cluster.id"])
    taken = take(settings, shelf, keep=2)
    assert sorted(taken.removed) == older[:2]
    assert names(shelf) == ["hub-20250101T000000Z.tar.zst", "hub-20250102T000000Z.tar.zst", older[2].name, taken.path.name]


def test_the_newest_stays_even_when_the_clock_went_back(settings: Settings, shelf: Path) -> None:
    later = take(settings, shelf / "hub-29990101T000000Z.tar.zst").path
    taken = take(settings, shelf, keep=1)
    assert names(shelf) == [taken.path.name, later.name]


# --- files of a Kafka that goes on ------------------------------------------------------------------------------------


@pytest.fixture
def collected(settings: Settings) -> Callable[[], dict[str, bytes]]:
    """Opens everything of a running Kafka now; what it gives back reads it later."""
    collection = Collection()
    collection.open_all(settings.state_dir, with_kafka=True, is_live=True)

    def read() -> dict[str, bytes]:
        found = {file.name: os.pread(file.handle, file.size, 0) for file in collection.files}
        collection.close()
        return found

    return read


LOG = "kafka/log/feed-0/00000000000000000100.log"


def test_of_a_log_that_grows_there_is_what_was_there(settings: Settings, collected: Callable[[], dict[str, bytes]]) -> None:
    with (settings.state_dir / LOG).open("ab") as log:
        log.write(b"later")
    assert collected()[LOG] == KEPT[LOG]


def test_a_log_that_is_removed_is_still_read(settings: Settings, collected: Callable[[], dict[str, bytes]]) -> None:
    (settings.state_dir / LOG).rename(settings.state_dir / f"{LOG}.deleted")
    (settings.state_dir / f"{LOG}.deleted").unlink()
    assert collected()[LOG] == KEPT[LOG]


def test_indexes_of_a_partition_s_last_segment_are_left_to_kafka(collected: Callable[[], dict[str, bytes]]) -> None:
    found = [name for name in collected() if name.endswith("index")]
    assert found == ["kafka/log/feed-0/00000000000000000000.index"]
