"""What a person sees of `hub up`: one readable line per event with the time since the start.

On a terminal a table below the lines shows every role as it is (`hub/supervisor/table.py`); elsewhere there are only lines.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Protocol


class Display(Protocol):
    def open(self, names: Iterable[str]) -> None: ...

    def say(self, name: str, text: str) -> None:
        """An event worth a line."""
        ...

    def update(self, name: str, state: str, detail: str = "") -> None:
        """The state of a role as it is now; repeats are free."""
        ...

    def close(self) -> None: ...


class LineDisplay:
    """Lines only: states that are not worth a line are not shown."""

    def __init__(self, write: Callable[[str], None] | None = None) -> None:
        self._write = write or _write
        self._start = time.monotonic()

    def open(self, names: Iterable[str]) -> None:
        self._width = max((len(name) for name in names), default=8)

    def say(self, name: str, text: str) -> None:
        self._write(f"{time.monotonic() - self._start:7.1f} s  {name:<{self._width}}  {text}")

    def update(self, name: str, state: str, detail: str = "") -> None:
        return

    def close(self) -> None:
        return


def _write(line: str) -> None:
    print(line, flush=True)
