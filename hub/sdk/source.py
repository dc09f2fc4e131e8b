"""The contract of a connector's `source.py`: how a partner is read. The runtime owns everything else.

The runtime creates `Source(context)` once per process, calls `run` on the schedule (one run at a time), `ask` after a
complete run for what has left it, and `inbound` for what was pushed. A source knows no Kafka and no clock, keeps no
state of its own besides `checkpoint.cursors`, and raises `SourceError` when an answer cannot be trusted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yarl import URL

from hub.errors import RecordRejectedError
from hub.sdk.http import HttpClient
from hub.sdk.manifest import Manifest
from hub.sdk.record import InboundRecord, KnownItem, Liveness, SourceEvent


@dataclass
class Checkpoint:
    """Where the next run goes on. `cursors` is the source's own (strings only); saved after a complete run."""

    cursors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceContext:
    """What a source is given: where to read and with what. `http` keeps rates, limits and conditional requests."""

    manifest: Manifest
    base_url: URL
    http: HttpClient
    credential: str | None = None


class Source(Protocol):
    def __init__(self, context: SourceContext) -> None: ...

    def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        """Read the partner once, from beginning to end. Raises SourceError; then nothing is withdrawn."""
        ...

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        """Ask for items singly: native id → what the answer proved. Items left out count as unknown.

        Still-listed items are mixed in as a control group; ask for all in the same way.
        """
        ...

    def inbound(self, record: InboundRecord) -> Iterable[SourceEvent]:
        """The items of one pushed payload. Raises RecordRejectedError when it is not in the partner's format."""
        ...


class PullOnly:
    """Base of the `Source` of a partner that pushes nothing."""

    def inbound(self, record: InboundRecord) -> Iterable[SourceEvent]:
        raise RecordRejectedError("wrong_type", "this partner pushes nothing, so nothing is made of what was sent")
