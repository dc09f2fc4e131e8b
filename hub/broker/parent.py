"""A child that dies with its parent, even when the parent is killed with SIGKILL (Linux).

The kernel sends the death signal when the *thread* that forked ends, so call `Popen` from a thread that lives as long
as the process: in practice the main thread.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
# Loaded here, not in the child: between fork and exec nothing may allocate or import.
_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> Callable[[], None]:
    """A `preexec_fn`. A group of its own keeps the terminal's Ctrl-C from the child: its parent tells it when to stop."""
    parent = os.getpid()

    def before_exec() -> None:
        os.setpgid(0, 0)
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return before_exec
