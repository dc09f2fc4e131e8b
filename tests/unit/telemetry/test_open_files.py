"""A role takes as many open files as the system lets it have."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import resource
from hub.telemetry.open_files import allow_many_open_files
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
allow_many_open_files()
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard))
"""


def test_the_limit_that_a_shell_sets_is_raised_to_what_the_system_allows() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
