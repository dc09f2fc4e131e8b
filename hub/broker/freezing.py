"""Holds a process still for a moment: what its files say then is what a kill at that moment would leave, and no later.

SIGSTOP alone is not enough: a thread that is inside a system call finishes it first. So all threads are looked at until
each of them stands (`proc_pid_stat(5)`, state `T`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from pathlib import Path

from hub.errors import RetryableError

STANDS = {"T", "Z", "X"}
LOOK_SECONDS = 0.002


async def freeze(pid: int, wait_seconds: float = 1.0) -> None:
    """Returns when every thread stands. Raises RetryableError, with the process going on, when they do not in time."""
    deadline = time.monotonic() + wait_seconds
    try:
        os.kill(pid, signal.SIGSTOP)
        while not all(state in STANDS for state in _thread_states(pid)):
            if time.monotonic() > deadline:
                raise RetryableError(f"process {pid} did not stand still within {wait_seconds:.0f} s: its disk is slow or busy")
            await asyncio.sleep(LOOK_SECONDS)
    except ProcessLookupError as error:
        raise RetryableError(f"process {pid} is gone") from error
    except BaseException:
        thaw(pid)
        raise


def thaw(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def _thread_states(pid: int) -> list[str]:
    states = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            # The name in brackets may hold anything, so what counts begins behind the last bracket.
            states.append((task / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0])
    return states
