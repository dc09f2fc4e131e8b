"""The file format: a tar of plain files in one zstd frame; the head first, the manifest with all sums last.

Without the manifest a file counts for nothing, so one that was cut short is never taken for whole. Reading trusts no
name and no size: only plain files below the state directory, each once, no more bytes than the head has announced.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, cast

import zstandard

from hub.backup.manifest import (
    DAMAGED,
    HEAD,
    MANIFEST,
    STATE,
    BackupError,
    FileSum,
    Head,
    Manifest,
    checked_name,
    is_safe,
    read_head,
    read_manifest,
)

LEVEL = 3
CHUNK = 2**20
MOUTHFUL = 4096
"""Compressed bytes taken at once: hostile ones grow thirty-thousandfold, and what they become is held in memory."""
LARGEST_WINDOW = 2**23
LARGEST_HEAD = 2**20
LARGEST_MANIFEST = 2**28


class Writable(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class Watcher:
    """Is told how far the work is, in bytes of the state; this one tells nobody."""

    def begin(self, total: int) -> None:
        """`total`: at most so many will come."""

    def advance(self, count: int) -> None:
        """So many more are through."""


SILENT = Watcher()
Sink = Callable[[str], AbstractContextManager[Writable]]
"""Path below the state directory → where its bytes go."""


class ArchiveWriter:
    """Write the head, then files, then `finish`, within a `with`; `file` is left open."""

    def __init__(self, file: BinaryIO, head: Head, mtime: int) -> None:
        self._head = head
        self._mtime = mtime
        self._sums: list[FileSum] = []
        self._zstd = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(file, closefd=False)
        self._tar = tarfile.open(  # noqa: SIM115 — closed in __exit__
            fileobj=cast(IO[bytes], self._zstd), mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK
        )
        self._tar.copybufsize = CHUNK  # type: ignore[attr-defined]  # typeshed lacks it
        self._add(HEAD, io.BytesIO(data := head.to_bytes()), len(data))

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_: object) -> None:
        # After `finish` this does nothing; before it, what is there already is worth nothing, nor is a fault in closing it.
        with suppress(OSError, zstandard.ZstdError):
            self._tar.close()

    def add(self, name: str, source: IO[bytes], size: int, watcher: Watcher) -> None:
        """`name`: path below the state directory. Raises OSError when `source` has fewer than `size` bytes."""
        if not is_safe(name):
            raise BackupError(f"{name!r} is no name that a backup can hold: rename that file of the state directory")
        summing = _Summing(source, watcher)
        self._add(STATE + name, cast(IO[bytes], summing), size)
        self._sums.append(FileSum(name=name, size=size, sha256=summing.sum.hexdigest()))

    def finish(self) -> Manifest:
        manifest = Manifest(head=self._head, files=self._sums)
        self._add(MANIFEST, io.BytesIO(data := manifest.to_bytes()), len(data))
        self._tar.close()
        self._zstd.close()  # type: ignore[no-untyped-call]
        return manifest

    def _add(self, name: str, source: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._mtime, 0o600
        self._tar.addfile(info, source)


def read_archive(path: Path, sink: Sink, *, on_head: Callable[[Head], None], watcher: Watcher) -> Manifest:
    """Read all of it, compare every sum, and return what it holds. Raises BackupError, and whatever `on_head` raises.

    The bytes that `sink` took are good only once this has returned.
    """
    with _opened(path) as (frame, tar):
        members = iter(tar)
        head = _head_of(tar, members)
        on_head(head)
        found: dict[str, FileSum] = {}
        room = head.bytes
        for member in members:
            if member.name == MANIFEST:
                manifest = read_manifest(_content(tar, member, LARGEST_MANIFEST))
                _compare(head, manifest, found, is_last=next(members, None) is None)
                frame.drain()
                return manifest
            name = checked_name(member.name)
            room -= member.size
            if not _is_plain(member) or name in found or room < 0:
                raise BackupError(DAMAGED)
            found[name] = _copy(tar, member, name, sink, watcher)
    raise BackupError(DAMAGED)


def peek_head(path: Path) -> Head:
    """The head alone. Raises BackupError."""
    with _opened(path) as (_, tar):
        return _head_of(tar, iter(tar))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[_Frame, tarfile.TarFile]]:
    with path.open("rb") as file:
        frame = _Frame(file)
        try:
            with tarfile.open(fileobj=frame, mode="r|", bufsize=CHUNK) as tar:
                yield frame, tar
        except (tarfile.TarError, zstandard.ZstdError, EOFError, UnicodeError) as error:
            raise BackupError(DAMAGED if frame.begun else f"{path} is no backup of a hub; name another file") from error


def _head_of(tar: tarfile.TarFile, members: Iterator[tarfile.TarInfo]) -> Head:
    first = next(members, None)
    if first is None or first.name != HEAD:
        raise BackupError("this is no backup of a hub; name another file")
    return read_head(_content(tar, first, LARGEST_HEAD))


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo, largest: int) -> bytes:
    if not _is_plain(member) or member.size > largest:
        raise BackupError(DAMAGED)
    file = tar.extractfile(member)
    assert file is not None  # a plain file has content
    return file.read()


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.isreg() and not member.issparse()


def _copy(tar: tarfile.TarFile, member: tarfile.TarInfo, name: str, sink: Sink, watcher: Watcher) -> FileSum:
    source = tar.extractfile(member)
    assert source is not None
    summing, left = _Summing(source, watcher), member.size
    with sink(name) as target:
        while left:
            data = summing.read(min(CHUNK, left))
            if not data:
                raise BackupError(DAMAGED)
            target.write(data)
            left -= len(data)
    return FileSum(name=name, size=member.size, sha256=summing.sum.hexdigest())


def _compare(head: Head, manifest: Manifest, found: dict[str, FileSum], *, is_last: bool) -> None:
    told = {entry.name: entry for entry in manifest.files}
    if manifest.head != head or told != found or len(told) != len(manifest.files) or not is_last:
        raise BackupError(DAMAGED)


class _Summing(io.RawIOBase):
    def __init__(self, source: IO[bytes], watcher: Watcher) -> None:
        super().__init__()
        self.sum = hashlib.sha256()
        self._source = source
        self._watcher = watcher

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self.sum.update(data)
        self._watcher.advance(len(data))
        return data


class _Frame(io.RawIOBase):
    """The bytes of one zstd frame. Unlike `stream_reader` it notices a frame that does not end, and one that goes on."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.begun = False
        self._file = file
        self._frame = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW).decompressobj()
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        while not self._rest and not self._frame.eof:
            data = self._file.read(MOUTHFUL)
            if not data:
                raise EOFError
            self._rest = self._frame.decompress(data)
            self.begun = True
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given

    def drain(self) -> None:
        """To the end, where zstd's own sum stands. Raises EOFError when the file ends before or goes on behind it."""
        while self.read(CHUNK):
            pass
        if self._frame.unused_data or self._file.read(1):
            raise EOFError
