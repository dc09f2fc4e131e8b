"""What the engine is told: one value per record of its four inputs. Order of arrival carries no meaning."""

from __future__ import annotations

from dataclasses import dataclass

from hub.domain.records import MatchOverride, PostingOverride


@dataclass(frozen=True, slots=True)
class PostingChange:
    """A version of one posting: `value` is an `EnrichedPosting` as UTF-8 JSON."""

    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class OverrideChange:
    """The operator's standing word on one posting; None takes it back."""

    key: str
    override: PostingOverride | None


@dataclass(frozen=True, slots=True)
class MatchChange:
    """The operator's standing word on a pair of postings."""

    first: str
    second: str
    override: MatchOverride | None


@dataclass(frozen=True, slots=True)
class ClockChange:
    """Event time in unix ms; an earlier one than the engine's is a no-op."""

    at: int


Change = PostingChange | OverrideChange | MatchChange | ClockChange
