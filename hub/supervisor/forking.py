"""Roles as forks of the supervisor: what they all use is loaded once, and lies once in memory until somebody writes on it.

The supervisor works in one thread, so a fork of it is whole: asyncio's own threads, while there are any, wait in the kernel
and hold no lock. The child leaves behind what belongs to its parent before anything else runs in it (signals,
descriptors, streams, environment), and then is told what `hub` is told on a command line. It never returns into the
parent's stack.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import IO, NoReturn, Protocol

from hub.broker.parent import die_with_parent
from hub.telemetry import metrics
from hub.telemetry.contact import EXIT_FAILED, EXIT_OK

Main = Callable[[Sequence[str]], None]
"""What `hub` does with its arguments; leaves by SystemExit."""
STANDARD_STREAMS = 3
_PR_SET_NAME = 15
_LIBC = ctypes.CDLL(None)


class Process(Protocol):
    """A child process, as `subprocess.Popen` has it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None:
        """Exit code, below zero a signal's number; None while it runs."""
        ...

    def send_signal(self, number: int, /) -> None: ...

    def kill(self) -> None: ...

    def wait(self) -> int: ...


Launch = Callable[[Sequence[str], Mapping[str, str], IO[bytes]], Process]
"""Starts a role by its arguments and environment, its output in the file. Main thread only."""


class Forked:
    """A child that this process alone waits for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        return self._look(os.WNOHANG)

    def wait(self) -> int:
        code = self._look(0)
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _look(self, options: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


def load_shared() -> None:
    """Load what nearly every role uses, and let the collector leave it alone: looking through it writes on each object."""
    import hub.broker.log_reader
    import hub.broker.outbox
    import hub.broker.presence
    import hub.domain.posting
    import hub.sdk.connector  # noqa: F401
    from hub.telemetry.release import release

    release()
    gc.collect()
    gc.freeze()


def forking(main: Main) -> Launch:
    """Launches roles as forks that do `main`."""

    def launch(arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]) -> Forked:
        sys.stdout.flush()
        sys.stderr.flush()
        become_a_child = die_with_parent()
        # Until the child has handlers of its own, a signal to it would be written into the pipe that wakes its parent.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            pid = os.fork()
            if pid == 0:
                _be(main, arguments, environment, log, become_a_child, mask)
            return Forked(pid)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    return launch


def _be(
    main: Main,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: IO[bytes],
    become_a_child: Callable[[], None],
    mask: Collection[int],
) -> NoReturn:
    code: object = EXIT_FAILED
    try:
        become_a_child()
        _LIBC.prctl(_PR_SET_NAME, f"hub {arguments[0]}".encode(), 0, 0, 0)  # what `top` and `ps -e` show
        metrics.READY.clear()  # the parent's, which speaks for the broker
        gc.freeze()  # collecting the parent's garbage here could close a descriptor that is in use again
        _leave_signals()
        _leave_files(log)
        os.environ.clear()
        os.environ.update(environment)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        main(arguments)
        code = EXIT_OK
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    finally:
        _end(code)


def _leave_signals() -> None:
    """Those that the supervisor takes, as a fresh process has them."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _leave_files(log: IO[bytes]) -> None:
    """Standard streams as the role's own; a display may have put others in their place. All other descriptors are closed."""
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    os.closerange(STANDARD_STREAMS, os.sysconf("SC_OPEN_MAX"))
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1, errors="backslashreplace") for number in (1, 2))


def _end(code: object) -> NoReturn:
    """As the interpreter ends a process by SystemExit, without what was prepared for the parent's own end."""
    try:
        if not isinstance(code, int | None):
            print(code, file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code if isinstance(code, int) else EXIT_FAILED if code is not None else 0)
