"""A connector's source behind a guard: whatever its code raises becomes a SourceError, so one partner ends no role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from traceback import extract_tb
from typing import Any

from hub.errors import RecordRejectedError, RetryableError, SourceError
from hub.sdk.connector import Connector
from hub.sdk.record import InboundRecord, KnownItem, Liveness, SourceEvent
from hub.sdk.source import Checkpoint, Source, SourceContext

SILENCE_SECONDS = 6 * 3600.0
"""A source that yields nothing for so long is given up. Each request has limits of its own, and at five a second this is
a hundred thousand pages without an item."""


class Partner:
    def __init__(self, connector: Connector, context: SourceContext) -> None:
        self._connector = connector
        self._context = context
        self._source: Source | None = None

    async def events(self, checkpoint: Checkpoint) -> AsyncGenerator[SourceEvent, None]:
        """One run. Raises SourceError only; close it when you leave it early."""
        try:
            iterator = self._open().run(checkpoint)
        except Exception as error:
            raise self._wrap(error) from error
        async with aclosing(_closable(iterator)) as events:
            while (event := await self._next(events)) is not None:
                yield event

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        try:
            return dict(await self._open().ask(items))
        except Exception as error:
            raise self._wrap(error) from error

    def inbound(self, record: InboundRecord) -> list[SourceEvent]:
        """Raises RecordRejectedError; a fault of the connector's code is one of the record (`bug`)."""
        try:
            return list(self._open().inbound(record))
        except RecordRejectedError:
            raise
        except Exception as error:
            raise RecordRejectedError("bug", f"{type(error).__name__}: {error}") from error

    def _open(self) -> Source:
        if self._source is None:
            self._source = self._connector.source_type(self._context)
        return self._source

    async def _next(self, events: AsyncIterator[SourceEvent]) -> SourceEvent | None:
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                return await anext(events)
        except StopAsyncIteration:
            return None
        except TimeoutError as error:
            raise SourceError("timeout", f"{self._connector.name}: {error or 'nothing came'}") from error
        except Exception as error:
            raise self._wrap(error) from error

    def _wrap(self, error: Exception) -> SourceError:
        if isinstance(error, SourceError):
            return error
        if isinstance(error, RetryableError):
            return SourceError("connection", str(error), retry_after_seconds=error.retry_after_seconds)
        return SourceError("bug", f"{self._connector.name}: {type(error).__name__} {_place(error)}; `hub connector try` shows it")


def _place(error: Exception) -> str:
    """Where it was raised. Not its message: that may quote a record, and a run's detail stands on the public page."""
    frames = extract_tb(error.__traceback__)
    return f"at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "at an unknown place"


def _closable(events: Any) -> Any:
    """`aclosing` wants `aclose`, which a plain async iterator lacks."""
    return events if hasattr(events, "aclose") else _relay(events)


async def _relay(events: AsyncIterator[SourceEvent]) -> AsyncIterator[SourceEvent]:
    async for event in events:
        yield event
