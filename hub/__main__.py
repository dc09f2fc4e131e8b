"""The command line: `python -m hub` and the console script `hub`."""

from __future__ import annotations

import gc

from hub import cli


def main() -> None:
    # What a start reads and a role holds lives long and seldom forms cycles: looking through it took a fifth of the time.
    gc.set_threshold(50_000, 20, 20)
    cli.main()


if __name__ == "__main__":
    main()
