"""The command line: `python -m hub` and the console script `hub`."""

from __future__ import annotations

from hub.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
