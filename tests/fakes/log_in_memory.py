"""The feed's topic in memory, for what follows it."""

from __future__ import annotations

import asyncio

from fakes.feed_records import at_offset

from hub.errors import RetryableError
from hub.feed.log import TruncatedError


class LogInMemory:
    """`is_away` makes every question fail. A reader beside reads up to `gate` only; `beside_error` is what it raises."""

    def __init__(self, topic_id="topic", records=None):
        self.topic_id = topic_id
        self.records = [] if records is None else records
        self.is_away = False
        self.gate = None
        self.beside_error = None
        self._main = None
        self._position = 0

    def beside(self):
        other = LogInMemory(self.topic_id, self.records)
        other._main = self
        return other

    def write(self, *items):
        self.records += [at_offset(len(self.records) + n, item) for n, item in enumerate(items)]

    async def start(self):
        self._answer()

    async def stop(self):
        pass

    async def fetch_topic_id(self):
        self._answer()
        return self.topic_id

    async def fetch_bounds(self):
        self._answer()
        return 0, self.end

    @property
    def end(self):
        return len(self.records)

    def seek(self, position):
        self._position = position

    async def read(self):
        if self._position > self.end:
            raise TruncatedError("the log ends before")
        if self._main is not None and self._main.beside_error is not None:
            raise self._main.beside_error
        await asyncio.sleep(0)
        gate = self.end if self._main is None or self._main.gate is None else self._main.gate
        batch = self.records[self._position : min(self._position + 2, gate)]
        self._position += len(batch)
        return batch, self._position

    def _answer(self):
        if self.is_away:
            raise RetryableError("no Kafka broker answers")
