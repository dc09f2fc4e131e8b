"""The file that a backup becomes: written under another name, flushed to the disk, and renamed when it is whole.

The other name carries a lock, so that what a killed backup left is told from what another one is writing.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hub.backup.archive import peek_head
from hub.errors import ConfigError, HubError
from hub.store.durable import flush_directory

SUFFIX = ".tar.zst"
_STAMPED = re.compile(r"hub-[0-9]{8}T[0-9]{6}Z\.tar\.zst")


def target_path(given: Path, created_at: str) -> Path:
    """`given`, or in a directory `hub-<time>.tar.zst`. `created_at`: RFC 3339."""
    if not given.is_dir():
        return given
    stamp = re.sub(r"[-:]|\.\d+", "", created_at)
    return given / f"hub-{stamp}{SUFFIX}"


def refuse_unfit(path: Path, state_dir: Path, *, replace: bool) -> None:
    """Raises ConfigError for a place where a backup must not go."""
    if path.resolve().is_relative_to(state_dir.resolve()):
        raise ConfigError(f"{path} lies in the state directory itself; name a place outside of it, best on another disk")
    if not path.parent.is_dir():
        raise ConfigError(f"there is no directory {path.parent}; make it or name another place")
    if path.exists() and not replace:
        raise ConfigError(f"{path} is there already; name another file or give --replace")


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, readable by its owner only; it gets its name when the block ends without an exception."""
    _remove_left_over(path)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
            partial.replace(path)
        flush_directory(path.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def remove_older(newest: Path, keep: int, cluster_id: str | None) -> list[Path]:
    """Keep so many of this hub's backups in the directory of `newest`, that one among them. Returns what was removed.

    Only files whose name and head say that they are backups of this cluster count; anything else stays.
    """
    ours = sorted(
        (path for path in newest.parent.iterdir() if _STAMPED.fullmatch(path.name) and _is_of(path, cluster_id)), reverse=True
    )
    older = [path for path in ours[keep:] if path != newest]
    for path in older:
        path.unlink()
    return older


def _is_of(path: Path, cluster_id: str | None) -> bool:
    try:
        return peek_head(path).cluster_id == cluster_id
    except (HubError, OSError):
        return False


def _remove_left_over(path: Path) -> None:
    for partial in path.parent.glob(f".{glob.escape(path.name)}.*.partial"):
        with contextlib.suppress(OSError), partial.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            partial.unlink()
