"""A lock between processes of one machine: `flock` on a file, let go by the kernel when its holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FileLock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def try_acquire(self) -> bool:
        """True when this process holds the lock now; never waits."""
        if self._handle is not None:
            return True
        return self._acquire(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def try_share(self) -> bool:
        """True when this process holds the lock now beside others that share it; nobody can acquire it meanwhile."""
        return self._handle is not None or self._acquire(fcntl.LOCK_SH | fcntl.LOCK_NB)

    def acquire(self) -> None:
        """Wait until the lock is ours. Blocks the thread: for short critical sections only."""
        if self._handle is None:
            self._acquire(fcntl.LOCK_EX)

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> FileLock:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _acquire(self, operation: int) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, operation)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True
