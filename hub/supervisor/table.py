"""The display on a terminal: lines above, a live table of the roles below.

Apart from `display`, since it is what loads rich.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from hub.supervisor.display import LineDisplay

STYLES = {"ready": "green", "starting": "yellow", "waiting": "dim", "unready": "yellow", "ended": "red", "stopped": "dim"}


class TableDisplay(LineDisplay):
    """Lines above, a live table of the roles below. It has no thread of its own: roles are forks of this process."""

    def __init__(self) -> None:
        # Lines are never wrapped or coloured by content: they are read by people and by grep.
        self._console = Console(highlight=False, markup=False, soft_wrap=True)
        super().__init__(self._print)

    def open(self, names: Iterable[str]) -> None:
        names = list(names)
        super().open(names)
        self._states: dict[str, tuple[str, str]] = dict.fromkeys(names, ("waiting", ""))
        self._live = Live(get_renderable=self._table, console=self._console, auto_refresh=False, transient=True)
        self._live.start()

    def update(self, name: str, state: str, detail: str = "") -> None:
        if self._states.get(name) != (state, detail):
            self._states[name] = (state, detail)
            self._live.refresh()

    def close(self) -> None:
        self._live.stop()

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False)

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, show_header=False)
        for name, (state, detail) in self._states.items():
            table.add_row(name, Text(state, STYLES.get(state, "")), Text(detail, "dim", overflow="ellipsis", no_wrap=True))
        return table
