"""What a person sees of `hub up`: one readable line per event with the time since the start.

On a terminal a table below the lines shows every role as it is; elsewhere there are only lines.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

STYLES = {"ready": "green", "starting": "yellow", "waiting": "dim", "unready": "yellow", "ended": "red", "stopped": "dim"}


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

    def __init__(self, console: Console | None = None) -> None:
        # Lines are never wrapped or coloured by content: they are read by people and by grep.
        self._console = console or Console(highlight=False, markup=False, soft_wrap=True)
        self._start = time.monotonic()

    def open(self, names: Iterable[str]) -> None:
        self._width = max((len(name) for name in names), default=8)

    def say(self, name: str, text: str) -> None:
        self._console.print(f"{time.monotonic() - self._start:7.1f} s  {name:<{self._width}}  {text}", markup=False)

    def update(self, name: str, state: str, detail: str = "") -> None:
        return

    def close(self) -> None:
        return


class TableDisplay(LineDisplay):
    """Lines above, a live table of the roles below."""

    def open(self, names: Iterable[str]) -> None:
        names = list(names)
        super().open(names)
        self._states: dict[str, tuple[str, str]] = dict.fromkeys(names, ("waiting", ""))
        self._live = Live(get_renderable=self._table, console=self._console, refresh_per_second=4, transient=True)
        self._live.start()

    def update(self, name: str, state: str, detail: str = "") -> None:
        self._states[name] = (state, detail)

    def close(self) -> None:
        self._live.stop()

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, show_header=False)
        for name, (state, detail) in self._states.items():
            table.add_row(name, Text(state, STYLES.get(state, "")), Text(detail, "dim", overflow="ellipsis", no_wrap=True))
        return table


def make_display() -> Display:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    return TableDisplay(console) if console.is_terminal and not console.is_dumb_terminal else LineDisplay(console)
