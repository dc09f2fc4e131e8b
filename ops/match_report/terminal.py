"""The report in a terminal: tables, and the worst mistakes of what was tuned on."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from ops.match_report import figures
from ops.match_report.judging import HELD_OUT, TUNED
from ops.match_report.measuring import Measured, Measurement
from ops.match_report.verdicts import verdicts_of


def show(console: Console, measurement: Measurement, *, mistakes: int, reveal: bool) -> None:
    """`mistakes`: of each world and kind. Those of held-out parts only with `reveal`."""
    console.print(f"match model {measurement.model}")
    for table in figures.tables(measurement):
        console.print(_drawn(table))
    for part in (TUNED, HELD_OUT) if reveal else (TUNED,):
        for world in measurement.worlds:
            _show_mistakes(console, world, part, mistakes)
        for one in verdicts_of(measurement.pairs, part):
            if one.same != one.said:
                console.print(f"[bold]hard pair {one.id}[/bold] is {'one' if one.same else 'two'}: {escape(one.why)}")
                evidence = [
                    f"{row['field']} {row['level']} {row['bits'] / 1000:+g}" for row in one.told["evidence"] if row["bits"]
                ]
                decision = (
                    f"{one.told['total'] / 1000:+.1f} bits, {one.told['decision']}, {one.told['guard'] or one.told['veto'] or ''}"
                )
                console.print(f"  {escape(decision)}: {escape(', '.join(evidence))}")


def _show_mistakes(console: Console, world: Measured, part: str, number: int) -> None:
    for name, kept in (("false merge", world.false.get(part, ())), ("miss", world.missed.get(part, ()))):
        for mistake in kept[:number]:
            console.print(f"[bold]{name}[/bold], {world.world} {world.size:,}, {part}")
            for line in figures.told_of(mistake):
                console.print(f"  {escape(line)}")


def _drawn(table: figures.Table) -> RichTable:
    drawn = RichTable(title=table.title, title_justify="left", show_edge=False, padding=(0, 1))
    for name in table.head:
        drawn.add_column(
            name,
            justify="left" if name in ("world", "part", "matcher", "stratum", "cause", "error", "levels") else "right",
            no_wrap=True,
        )
    for row in table.rows:
        drawn.add_row(*row)
    return drawn
