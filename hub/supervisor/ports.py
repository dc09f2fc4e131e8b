"""Which of a plan's ports cannot be listened on, and what a person is told: for `hub up` and `hub doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.broker.probe import TAKEN, why_not_free
from hub.supervisor.plan import Port


@dataclass(frozen=True, slots=True)
class Barred:
    """A port on which this process cannot listen now."""

    port: Port
    why: str

    @property
    def is_taken(self) -> bool:
        """By another process, so that it may be free in a moment; what else forbids it stays."""
        return self.why == TAKEN

    @property
    def said(self) -> str:
        port = self.port
        if self.is_taken:
            return f"port {port.number} for {port.owner} is taken"
        return f"{port.owner} cannot listen on {port.host}:{port.number} ({self.why})"

    @property
    def advice(self) -> str:
        setting = self.port.setting
        return f"end the other process or set {setting}" if self.is_taken else f"set {setting} or the host beside it"


def find_barred(ports: Iterable[Port]) -> list[Barred]:
    """In the order of the plan. A port 0 is any free one."""
    return [Barred(port, why) for port in ports if port.number and (why := why_not_free(port.number, port.host))]
