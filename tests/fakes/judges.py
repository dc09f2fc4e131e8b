"""Judges that are programs of others outside Python: where they are, and what a test does without them.

In CI a missing judge fails the test; elsewhere the test is skipped, and says what to install.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

JUDGES = Path(__file__).parents[1] / "judges"


def command(name: str, package: str) -> str:
    """The path of a command, such as `node`; `package`: the Debian package that brings it."""
    found = shutil.which(name)
    return found or _without(f"{name} is not on the path; install: apt-get install {package}")


def chromium() -> str:
    """Debian's browser, for Playwright's `executable_path`."""
    return command("chromium", "chromium")


def node_module(name: str) -> Path:
    """The folder of a package of `tests/judges/package.json`."""
    found = JUDGES / "node_modules" / name
    return found if found.is_dir() else Path(_without(f"the judge {name} is not installed; run: make judges"))


def run_node(script: str, *arguments: str, package: str, seconds: float = 250) -> Any:
    """Run `tests/judges/<script>`, which needs `package`, and read the JSON that it prints."""
    node_module(package)
    ran = subprocess.run(
        [command("node", "nodejs"), str(JUDGES / script), *arguments], capture_output=True, text=True, timeout=seconds, cwd=JUDGES
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def _without(why: str) -> str:
    if os.environ.get("CI"):
        pytest.fail(why, pytrace=False)
    pytest.skip(why)
