"""How many files and connections a process may have open: as many as the system lets it, not the few it begins with."""

from __future__ import annotations

import resource


def allow_many_open_files() -> None:
    """Shells and service managers begin with 1,024, which some hundred readers of the stream and their files reach."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
