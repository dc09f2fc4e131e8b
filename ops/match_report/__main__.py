"""`python -m ops.match_report`: measure, print, and write docs/matching-quality.md.

While tuning: `--quick`, or `--world sandbox --size 3000 --seed 1 --show 20`, with `--model FILE` for another match model.
Only a run over everything with the model that ships writes the document.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console

from hub.matching import MatchModel, default_model
from ops.match_report import document, terminal
from ops.match_report.aims import missed_aims
from ops.match_report.measuring import FULL, QUICK, WORLDS, Sizes, measure
from ops.match_report.stored import ROOT

DOCUMENT = ROOT / "docs" / "matching-quality.md"


def main() -> int:
    options = _options()
    console = Console(width=150, highlight=False)
    started = time.monotonic()
    is_whole = not (options.quick or options.world or options.size or options.model)
    measurement = measure(
        _sizes(options),
        MatchModel.from_bytes(Path(options.model).read_bytes()) if options.model else default_model(),
        lambda what: console.print(f"[dim]{what} …[/dim]"),
        names=[options.world] if options.world else WORLDS,
        is_reading_pairs=not (options.world or options.size),
    )
    terminal.show(console, measurement, mistakes=options.show, reveal=options.reveal)
    if is_whole:
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


def _sizes(options: argparse.Namespace) -> Sizes:
    if options.size:
        return ((options.size, (options.seed,)),)
    return QUICK if options.quick else FULL


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.match_report", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest worlds and the hard pairs only; writes no document")
    parser.add_argument("--world", choices=sorted(WORLDS), help="this kind of world only, without the hard pairs")
    parser.add_argument("--size", type=int, help="worlds of so many postings only, without the hard pairs")
    parser.add_argument("--seed", type=int, default=1, help="of the worlds of --size")
    parser.add_argument(
        "--model", metavar="FILE", help="a match model that `hub match model` wrote, instead of the one that ships"
    )
    parser.add_argument("--gate", action="store_true", help="end with 1 when an aim is missed")
    parser.add_argument("--show", type=int, default=3, metavar="N", help="errors to print of each world, with their explanation")
    parser.add_argument("--reveal", action="store_true", help="print errors of the held-out parts too: not while tuning")
    parser.add_argument("--out", default=str(DOCUMENT), help="where the document goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
