"""What a reader of the hub's page does: copy a command, paste it into a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def require(*programs: str) -> None:
    """In CI a missing program fails the test, elsewhere the test is skipped and says so."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"not on the path: {', '.join(missing)}; apt-get install {' '.join(missing)}")
    if missing:
        pytest.skip(f"not on the path: {', '.join(missing)}")


def paste(command: str, directory: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Into a shell whose `curl` writes the head of each answer to heads.txt."""
    require("bash", "curl")
    watched = f'curl() {{ command curl -D head.txt "$@" && cat head.txt >> heads.txt; }}\n{command}'
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", watched],
        cwd=directory,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        timeout=250,
    )
