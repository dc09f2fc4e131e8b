"""Liveness and readiness: what is missing, said in words an operator can act on."""

from __future__ import annotations


class Health:
    """A role is ready when nothing is missing. A partner being down is never a missing thing."""

    def __init__(self) -> None:
        self._missing: dict[str, str] = {"start": "the role is starting"}

    def missing(self, name: str, why: str) -> None:
        self._missing[name] = why

    def found(self, name: str) -> None:
        self._missing.pop(name, None)

    @property
    def is_ready(self) -> bool:
        return not self._missing

    @property
    def is_starting(self) -> bool:
        """Its parts, among them its commands, are not all there yet."""
        return "start" in self._missing

    def report(self) -> dict[str, object]:
        return {"ready": self.is_ready, "missing": dict(sorted(self._missing.items()))}
