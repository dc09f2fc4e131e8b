"""Liveness and readiness: what is missing, said in words an operator can act on."""

from __future__ import annotations

START = "start"
STARTING = "the role is starting"


class Health:
    """A role is ready when nothing is missing. A partner being down is never a missing thing."""

    def __init__(self) -> None:
        self._missing: dict[str, str] = {START: STARTING}

    def missing(self, name: str, why: str) -> None:
        self._missing[name] = why

    def found(self, name: str) -> None:
        self._missing.pop(name, None)

    def starts(self) -> None:
        self.missing(START, STARTING)

    def started(self) -> None:
        self.found(START)

    @property
    def is_ready(self) -> bool:
        return not self._missing

    @property
    def is_starting(self) -> bool:
        """Its parts, among them its commands, are not all there yet."""
        return START in self._missing

    def report(self) -> dict[str, object]:
        """That it starts is told only where it lacks nothing else."""
        missing = {name: why for name, why in sorted(self._missing.items()) if name != START or len(self._missing) == 1}
        return {"ready": self.is_ready, "missing": missing}
