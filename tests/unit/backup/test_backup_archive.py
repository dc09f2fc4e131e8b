"""The file of a backup: what is not whole, not ours or not harmless is refused before it is believed."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from fakes.backup_files import make_archive
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.backup.archive import SILENT, ArchiveWriter, peek_head, read_archive
from hub.backup.manifest import HEAD, MANIFEST, VERSION, BackupError, Head, Manifest

FILES = {"hub.db": b"h" * 3000, "kafka/log/feed-0/00000000000000000000.log": bytes(range(256)) * 100, "ops.token": b""}


def head_of(files: dict[str, bytes], **more: Any) -> Head:
    size = sum(map(len, files.values()))
    given = {
        "version": VERSION,
        "created_at": "2026-11-22T03:15:00.000Z",
        "release": "0.1.0",
        "kafka": "4.3.1",
        "cluster_id": "c",
        "taken": "running",
        "bytes": size,
        "files": len(files),
        "not_included": [],
    }
    return Head.model_validate({**given, **more})


def write_archive(path: Path, files: dict[str, bytes] = FILES) -> bytes:
    with path.open("wb") as file, ArchiveWriter(file, head_of(files), 0) as archive:
        for name, data in files.items():
            archive.add(name, io.BytesIO(data), len(data), SILENT)
        archive.finish()
    return path.read_bytes()


class Kept(io.BytesIO):
    """Remembers what was written when it is closed."""

    def __init__(self, into: dict[str, bytes], name: str) -> None:
        super().__init__()
        self._into, self._name = into, name

    def close(self) -> None:
        self._into[self._name] = self.getvalue()
        super().close()


def read_all(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    found: dict[str, bytes] = {}
    manifest = read_archive(path, lambda name: Kept(found, name), on_head=lambda _: None, watcher=SILENT)
    return manifest, found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A scratch path, and the bytes of a whole backup."""
    folder = tmp_path_factory.mktemp("archive")
    return folder / "changed", write_archive(folder / "whole")


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    write_archive(tmp_path / "b")
    manifest, found = read_all(tmp_path / "b")
    assert found == FILES
    assert {entry.name: entry.sha256 for entry in manifest.files} == {
        name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()
    }


def test_the_head_is_read_without_the_rest(tmp_path: Path) -> None:
    write_archive(tmp_path / "b")
    assert peek_head(tmp_path / "b").cluster_id == "c"


@settings(max_examples=150)
@given(data=st.data())
def test_a_flipped_bit_never_passes_for_something_else(whole: tuple[Path, bytes], data: st.DataObject) -> None:
    path, content = whole
    place = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    path.write_bytes(changed)
    try:
        _, found = read_all(path)
    except BackupError:
        return
    assert found == FILES  # the bit said how to unpack, and it is unpacked to the same


@settings(max_examples=100)
@given(data=st.data())
def test_a_file_that_was_cut_short_is_refused(whole: tuple[Path, bytes], data: st.DataObject) -> None:
    path, content = whole
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(BackupError):
        read_all(path)


def test_bytes_behind_the_end_are_refused(whole: tuple[Path, bytes]) -> None:
    path, content = whole
    path.write_bytes(content + b"x")
    with pytest.raises(BackupError, match="damaged"):
        read_all(path)


def members(
    files: list[tuple[tarfile.TarInfo, bytes]], *, head: bytes | None = None, manifest: bytes | None = None
) -> list[tuple[tarfile.TarInfo, bytes]]:
    """What a whole backup of `files` would have, sums and all."""
    found = head_of({info.name: data for info, data in files})
    sums = [
        {"name": info.name.removeprefix("state/"), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for info, data in files
    ]
    told = orjson.dumps({"head": found.model_dump(), "files": sums})
    first = (tarfile.TarInfo(HEAD), found.to_bytes() if head is None else head)
    return [first, *files, (tarfile.TarInfo(MANIFEST), told if manifest is None else manifest)]


def test_one_by_hand_is_read_when_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    make_archive(tmp_path / "b", members([(tarfile.TarInfo("state/ops.token"), b"x")]))
    assert read_all(tmp_path / "b")[1] == {"ops.token": b"x"}


@pytest.mark.parametrize(
    "name",
    [
        "state/../outside",
        "state/a/../../outside",
        "/etc/cron.d/x",
        "state//etc/x",
        "outside",
        "../state/x",
        "state/.",
        "state/a/./b",
        "state/a\x01b",
        "state/a\\b",
        "state/" + "a" * 2000,
        "State/x",
    ],
)
def test_a_name_that_leads_out_of_the_state_directory_is_refused(tmp_path: Path, name: str) -> None:
    make_archive(tmp_path / "b", members([(tarfile.TarInfo(name), b"x")]))
    with pytest.raises(BackupError, match="take another one"):
        read_all(tmp_path / "b")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_anything_but_a_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("state/x")
    info.type, info.linkname = kind, "/etc/passwd"
    make_archive(tmp_path / "b", members([(info, b"")]))
    with pytest.raises(BackupError, match="damaged"):
        read_all(tmp_path / "b")


def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    twice = [(tarfile.TarInfo("state/x"), b"1"), (tarfile.TarInfo("state/x"), b"1")]
    make_archive(tmp_path / "b", members(twice))
    with pytest.raises(BackupError, match="damaged"):
        read_all(tmp_path / "b")


def test_more_bytes_than_the_head_announces_are_refused(tmp_path: Path) -> None:
    lying = head_of({"x": b"1"}).to_bytes()
    make_archive(tmp_path / "b", members([(tarfile.TarInfo("state/x"), b"12")], head=lying))
    with pytest.raises(BackupError, match="damaged"):
        read_all(tmp_path / "b")


def test_a_sum_that_differs_is_refused(tmp_path: Path) -> None:
    head = head_of({"x": b"1"})
    told = orjson.dumps({"head": head.model_dump(), "files": [{"name": "x", "size": 1, "sha256": "0" * 64}]})
    make_archive(tmp_path / "b", members([(tarfile.TarInfo("state/x"), b"1")], manifest=told))
    with pytest.raises(BackupError, match="damaged"):
        read_all(tmp_path / "b")


def test_a_file_that_the_manifest_does_not_name_is_refused(tmp_path: Path) -> None:
    head = head_of({"x": b"1"})
    told = orjson.dumps({"head": head.model_dump(), "files": []})
    make_archive(tmp_path / "b", members([(tarfile.TarInfo("state/x"), b"1")], manifest=told))
    with pytest.raises(BackupError, match="damaged"):
        read_all(tmp_path / "b")


def test_a_member_behind_the_manifest_is_refused(tmp_path: Path) -> None:
    make_archive(tmp_path / "b", [*members([]), (tarfile.TarInfo("state/x"), b"")])
    with pytest.raises(BackupError, match="damaged"):
        read_all(tmp_path / "b")


def test_a_newer_version_names_the_release_to_install(tmp_path: Path) -> None:
    newer = orjson.dumps({"version": VERSION + 1, "release": "9.9", "all": "else is different"})
    make_archive(tmp_path / "b", members([], head=newer))
    with pytest.raises(BackupError, match=r"release 9\.9.*install that release"):
        read_all(tmp_path / "b")


@pytest.mark.parametrize("content", [b"", b"no zstd at all", b"PK\x03\x04"])
def test_another_kind_of_file_is_said_to_be_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(BackupError, match="no backup of a hub; name another file"):
        read_all(tmp_path / "b")


def test_a_stranger_s_tar_is_said_to_be_no_backup(tmp_path: Path) -> None:
    make_archive(tmp_path / "b", [(tarfile.TarInfo("readme.txt"), b"hello")])
    with pytest.raises(BackupError, match="no backup of a hub; name another file"):
        read_all(tmp_path / "b")


def test_a_source_that_is_shorter_than_it_was_is_an_error(tmp_path: Path) -> None:
    with (tmp_path / "b").open("wb") as file, ArchiveWriter(file, head_of({"x": b"12"}), 0) as archive:  # noqa: SIM117
        with pytest.raises(OSError, match="unexpected end of data"):
            archive.add("x", io.BytesIO(b"1"), 2, SILENT)
