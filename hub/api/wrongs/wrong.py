"""One line of the page's table of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is not as it should be. `owner`: `hub`, `operator`, `subscriber` or the partner's name. `detail`: what was
    seen; `advice`: what to do."""

    owner: str
    what: str
    since_ms: int | None = None
    advice: str = ""
    detail: str = ""
