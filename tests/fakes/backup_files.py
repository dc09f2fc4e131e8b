"""Files of a small stopped hub, and backups that somebody else might have made."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import zstandard

KEPT = {
    "ops.token": b"secret",
    "secrets/vonk.webhook": b"whsec_1",
    "models/abc.json": b"{}" * 1000,
    "kafka/cluster.id": b"MkU3OEVBNTcwNTJENDM2Qg",
    "kafka/log/meta.properties": b"version=1",
    "kafka/log/.kafka_cleanshutdown": b"",
    "kafka/log/feed-0/00000000000000000000.log": b"first" * 10_000,
    "kafka/log/feed-0/00000000000000000000.index": b"i",
    "kafka/log/feed-0/00000000000000000100.log": b"second" * 10_000,
    "kafka/log/feed-0/00000000000000000100.index": b"j",
    "kafka/log/feed-0/00000000000000000100.timeindex": b"k",
    "kafka/log/feed-0/00000000000000000050.log.swap": b"half of the cleaner's work",
}
THROWN_AWAY = {
    "feed.1.db": b"x",
    "feed.db-wal": b"x",
    "run.json": b"{}",
    "logs/serve.log": b"x",
    "snapshot/whole.gz": b"x",
    "faust/v1/x": b"x",
    "kafka/kafka.log": b"x",
    "kafka/server.properties": b"x",
    "kafka/log/.lock": b"",
    "kafka/log/feed-0/00000000000000000000.log.deleted": b"x",
    "before-restore-20260101T000000Z-ab/hub.db": b"x",
}


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def make_archive(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """A backup by somebody who may put anything into it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, data in members:
            info.size = len(data) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(data))
    path.write_bytes(zstandard.ZstdCompressor(write_checksum=True).compress(buffer.getvalue()))
    return path
