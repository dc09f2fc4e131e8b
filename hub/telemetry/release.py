"""The hub's version as it is installed."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

PACKAGE = "regional-talent-hub"


@cache
def release() -> str:
    """Looking it up reads every package's name, so it is done once, before any fork."""
    return version(PACKAGE)
