"""`python -m ops.match_report [--quick] [--gate] [--show N]`: measure, print, and write docs/matching-quality.md."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console

from ops.match_report import document, terminal
from ops.match_report.aims import missed_aims
from ops.match_report.measuring import FULL, QUICK, measure
from ops.match_report.stored import ROOT

DOCUMENT = ROOT / "docs" / "matching-quality.md"


def main() -> int:
    options = _options()
    console = Console(width=150, highlight=False)
    started = time.monotonic()
    measurement = measure(QUICK if options.quick else FULL, lambda what: console.print(f"[dim]{what} …[/dim]"))
    terminal.show(console, measurement, mistakes=options.show, reveal=options.reveal)
    if not options.quick:
        path = Path(options.out)
        path.write_text(document.written(measurement), encoding="utf-8")
        console.print(f"written: {path}")
    console.print(f"[dim]{time.monotonic() - started:.0f} s[/dim]")
    missed = missed_aims(measurement)
    for line in missed:
        console.print(f"[red]missed[/red]: {line}")
    if not missed:
        console.print("[green]every aim is met[/green]")
    return 1 if options.gate and missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.match_report", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest worlds and the hard pairs only; writes no document")
    parser.add_argument("--gate", action="store_true", help="end with 1 when an aim is missed")
    parser.add_argument("--show", type=int, default=3, metavar="N", help="errors to print of each world, with their explanation")
    parser.add_argument("--reveal", action="store_true", help="print errors of the held-out parts too: not while tuning")
    parser.add_argument("--out", default=str(DOCUMENT), help="where the document goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
