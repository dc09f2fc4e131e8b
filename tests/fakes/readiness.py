"""Whether a process with an operations port is ready."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import urlopen


def is_ready(url: str) -> bool:
    """`url` answers 200. A refusal is closed: it holds its connection, and one that is left to the collector is a warning in
    whichever test comes next."""
    try:
        with urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except HTTPError as refusal:
        refusal.close()
        return False
    except OSError:
        return False
