"""Says of a database that nobody waits for the disk with it, so that it is not believed after the machine went down.

What a process has written outlives its own death, not that of the machine: a file that was never flushed may then hold
pages of different times, and look whole. So a mark beside it, itself flushed before the first write, names the boot of
the machine (`/proc/sys/kernel/random/boot_id`, proc(5)) in which it is written. It is taken away when the file has been
closed and flushed; a mark of another boot says that the file is to be made anew.
"""

from __future__ import annotations

import os
from pathlib import Path

from hub.store.durable import flush_directory

SUFFIX = "-unflushed"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str | None:
    """None where the system does not say: files must be flushed as they are written there."""
    try:
        return BOOT_ID.read_text().strip() or None
    except OSError:
        return None


def mark(path: Path, boot: str) -> None:
    """Before the first write to the file."""
    with _mark(path).open("w") as file:
        file.write(boot)
        file.flush()
        os.fsync(file.fileno())
    flush_directory(path.parent)


def is_trusted(path: Path) -> bool:
    """Flushed when it was closed, or written since the machine came up."""
    try:
        return _mark(path).read_text() == boot_id()
    except FileNotFoundError:
        return True


def flush(path: Path) -> None:
    """After the last write: the file and its WAL are on the disk, and need no mark any more."""
    for file in (path, Path(f"{path}-wal")):
        if file.exists():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
    flush_directory(path.parent)
    _mark(path).unlink(missing_ok=True)


def _mark(path: Path) -> Path:
    return Path(f"{path}{SUFFIX}")
