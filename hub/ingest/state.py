"""The checkpoint of one source: where its next run goes on, what is held, and how it fares (`hub.ingest.checkpoint.v1`).

What ingest knows of items is not here but in raw (`known.py`); losing a checkpoint costs a full read and a second
look, never a record.
"""

from __future__ import annotations

from typing import Any

from hub.broker.outbox import RECORD_BYTES
from hub.domain.model import Model
from hub.domain.opportunity import rfc3339

COUNTED = ("new", "changed", "returned", "unchanged", "overtaken")
"""Verdicts on items that a run reports and the metrics count."""

PARKED_LIMIT = 2_000
"""Most hashes of parked records that a checkpoint remembers."""


class CollectionState(Model):
    """The last run that read this collection to its end."""

    completed_at: int
    items: int


class Held(Model):
    """Withdrawals that wait for a person. `items`: native id → cause (`absence`, `proof`, `delete`)."""

    run: str
    since: int
    reason: str
    items: dict[str, str]


class Missing(Model):
    """A live item that the last complete runs did not list."""

    runs: int
    proven_alive: bool = False


class RunReport(Model):
    """One run in figures; `outcome` is `ok`, `unchanged`, `partial`, `held`, `throttled` or `failed`."""

    run: str
    started_at: int
    seconds: float = 0
    outcome: str
    cause: str | None = None
    detail: str = ""
    listed: int = 0
    new: int = 0
    changed: int = 0
    returned: int = 0
    unchanged: int = 0
    overtaken: int = 0
    withdrawn: int = 0
    held: int = 0
    waiting: int = 0
    rejected: int = 0
    requests: int = 0
    saved_requests: int = 0
    bytes: int = 0


class SourceState(Model):
    source: str
    cursors: dict[str, str] = {}
    validators: dict[str, Any] = {}
    collections: dict[str, CollectionState] = {}
    held: Held | None = None
    missing: dict[str, Missing] = {}
    returning: list[str] = []
    """Explicitly deleted items that one healthy run has listed again."""
    parked: dict[str, int] = {}
    """Hash of a record that was parked → when; an unchanged bad record is parked once."""
    last_run: RunReport | None = None
    last_success_at: int | None = None
    failing_since: int | None = None
    cause: str | None = None
    detail: str = ""
    failures: int = 0
    throttled_until: int | None = None
    disabled: bool = False

    def to_record(self) -> bytes:
        """What is written of it. A site of many thousand pages outgrows a record: then what only spares requests stays
        out, so that a new process reads all once more, and this one goes on with what it remembers."""
        for lighter in (self, self.model_copy(update={"validators": {}})):
            value = lighter.to_bytes()
            if len(value) <= RECORD_BYTES:
                return value
        return self.model_copy(update={"validators": {}, "cursors": {}}).to_bytes()

    def kind(self, now_ms: int) -> str:
        """`disabled`, `throttled`, `failing`, `held` or `ok`: the label of the metric."""
        if self.disabled:
            return "disabled"
        if self.throttled_until is not None and self.throttled_until > now_ms:
            return "throttled"
        if self.failing_since is not None:
            return "failing"
        return "held" if self.held is not None else "ok"

    def sentence(self, now_ms: int) -> str:
        """The state as people read it: `throttled until …`, `failing since … (timeout)`, `held: 41 withdrawals`."""
        kind = self.kind(now_ms)
        if kind == "throttled":
            return f"throttled until {rfc3339(self.throttled_until or 0)}"
        if kind == "failing":
            return f"failing since {rfc3339(self.failing_since or 0)} ({self.cause})"
        if kind == "held" and self.held is not None:
            return f"held: {len(self.held.items)} withdrawals"
        return kind


KINDS = ("ok", "throttled", "failing", "held", "disabled")


def load_state(source: str, value: bytes | None) -> SourceState:
    """A checkpoint that an older or newer hub wrote and this one cannot read counts as none."""
    if not value:
        return SourceState(source=source)
    try:
        return SourceState.model_validate_json(value)
    except ValueError:
        return SourceState(source=source)
