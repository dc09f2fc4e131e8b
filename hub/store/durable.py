"""Writing that outlives a power cut, where the file system needs to be told."""

from __future__ import annotations

import os
from pathlib import Path


def flush_directory(path: Path) -> None:
    """So that a rename in it outlives a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
