"""The small records beside the flow: dead letters, the clock, and the operators' word."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import Field

from hub.domain.model import Model

RAW_LIMIT = 256 * 1024
"""Largest raw record in bytes; a larger one is parked."""
RAW_KEPT = 64 * 1024
"""Bytes that a dead letter keeps of a record above the limit."""


class ClockTick(Model):
    """Event time, monotone; the value of `hub.clock.v1`. `at` is unix ms of a full minute."""

    at: int


class OwnerClaim(Model):
    """Value of `hub.unify.owner.v1`: which process claims the feed, and when (unix ms). Its offset is the term."""

    instance: str
    at: int


class RecordOrigin(Model):
    topic: str
    partition: int
    offset: int


class Rejection(Model):
    """A dead letter. `raw` is the record as UTF-8 text (undecodable bytes as `\\xNN`), cut at 64 KiB when over 256 KiB."""

    stage: Literal["ingest", "canonicalise", "enrich", "unify"]
    reason: str
    """A short code: `missing_id`, `missing_field`, `wrong_type`, `impossible_date`, `too_large`, `syntax`, `bug`."""
    field: str | None = None
    detail: str = ""
    source: str | None = None
    source_key: str | None = None
    seq: int | None = None
    raw: str = ""
    raw_length: int = 0
    raw_sha256: str = ""
    headers: dict[str, str] = {}
    origin: RecordOrigin | None = None
    attempt: int = 1
    at: int = 0
    """Unix ms of the rejected record (its `fetched_at` or broker timestamp), so that a repeat writes the same bytes."""

    @staticmethod
    def raw_fields(value: bytes) -> dict[str, Any]:
        """`raw`, `raw_length` (bytes) and `raw_sha256` of the record `value`."""
        kept = value if len(value) <= RAW_LIMIT else value[:RAW_KEPT]
        return {
            "raw": kept.decode("utf-8", "backslashreplace"),
            "raw_length": len(value),
            "raw_sha256": hashlib.sha256(value).hexdigest(),
        }


class OverrideBase(Model):
    who: str
    when: int
    why: str = ""
    previous: dict[str, Any] | None = None
    """The record that this one replaced; undo writes it back."""


class PostingOverride(OverrideBase):
    """Value of `hub.posting.override.v1`: the whole standing word on one posting (`hidden` and shown fields)."""

    hidden: bool = False
    fields: dict[str, Any] = Field(default_factory=dict)
    """Golden-record field → shown value; matching never sees it."""


class MatchOverride(OverrideBase):
    """Value of `hub.match.override.v1`; `none` is what an undo of a first word leaves."""

    op: Literal["link", "separate", "none"]
