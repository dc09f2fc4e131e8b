"""One role's process: started so that it dies with its parent, its output in a log file, stopped tidily or killed."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path

from hub.broker.embedded import last_error
from hub.store.state_dir import is_full
from hub.supervisor.forking import Launch, Process
from hub.supervisor.plan import RoleSpec

LOG_BYTES = 10 * 2**20
LOGS_KEPT = 3


class ChildProcess:
    def __init__(self, spec: RoleSpec, *, log_file: Path, environment: Mapping[str, str], launch: Launch) -> None:
        self.spec = spec
        self.log_file = log_file
        self._environment = dict(environment)
        self._launch = launch
        self._process: Process | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def is_running(self) -> bool:
        return self.pid is not None

    def spawn(self) -> int:
        """Start it and return the pid. Main thread only."""
        rotate(self.log_file)
        with self.log_file.open("ab") as log:
            self._log_start = log.tell()
            self._process = self._launch(self.spec.arguments, self._environment, log)
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs; below zero: ended by that signal."""
        return self._process.poll() if self._process is not None else None

    def terminate(self) -> None:
        if self.is_running and self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """It ends when the kernel lets it, which may be late: what waits for a disk cannot be ended."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def wait(self) -> None:
        if self._process is not None:
            self._process.wait()

    def last_sentence(self) -> str:
        """What the role said last of itself (`hub: …`) since it started, else the last error of the program that it became,
        else the last line of its log.

        On a full disk it could not say anything, and what stands in a log is of an earlier start: that is said for it.
        """
        with self.log_file.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode("utf-8", "replace").splitlines()
        said = [line.removeprefix("hub: ") for line in lines if line.startswith("hub: ")]
        if not said and is_full(self.log_file.parent):
            said = [f"the disk of {self.log_file.parent} is full; make room or set HUB_STATE_DIR"]
        elif not said and self.spec.own_log is not None:
            said = [f"{last_error(self.spec.own_log)}; see {self.spec.own_log}"]
        written = [line for line in lines if line.strip()]
        return (said or written or ["it wrote nothing"])[-1][:600]


def rotate(log_file: Path) -> None:
    """Move a large log aside before a start: `x.log.1` is the newest of three old ones."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    if not log_file.is_file() or log_file.stat().st_size < LOG_BYTES:
        return
    for number in range(LOGS_KEPT, 1, -1):
        older = log_file.with_name(f"{log_file.name}.{number - 1}")
        if older.is_file():
            older.replace(log_file.with_name(f"{log_file.name}.{number}"))
    log_file.replace(log_file.with_name(f"{log_file.name}.1"))
