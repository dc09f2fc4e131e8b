"""Follows the read model and tells each change once to all who asked for the same selection.

A channel is a selection with the position up to which its readers have been told. A look at the read model's stamp costs
microseconds, so it is looked at every few milliseconds; only when something was committed are changes read, once a channel
and not once a reader. A reader joins at the channel's position and not before: until then it reads for itself.
"""

from __future__ import annotations

import asyncio
import time

import structlog

from hub.api.streaming.reader import StreamReader
from hub.errors import RetryableError
from hub.feed.projection import Standing
from hub.feed.read_model import ReadModel
from hub.feed.selection import Selection
from hub.feed.sse import change_events, gone_event, heartbeat_event

LOOK_SECONDS = 0.02
HEARTBEAT_SECONDS = 15.0
BATCH = 500

log = structlog.get_logger()


class Channel:
    """`position`: what stands before it in the log has been told to every reader."""

    def __init__(self, selection: Selection, standing: Standing) -> None:
        self.selection = selection
        self.feed_id = selection.feed_id(standing)
        self.position = standing.position
        self.readers: set[StreamReader] = set()

    def tell(self, chunk: bytes) -> None:
        for reader in self.readers:
            reader.offer(chunk)

    def end(self, last_word: bytes = b"") -> None:
        for reader in self.readers:
            if last_word:
                reader.offer(last_word)
            reader.close()


class Broadcast:
    """`snapshot`: path at which readers begin anew when the feed has become another one."""

    def __init__(self, read_model: ReadModel, snapshot: str, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self.heartbeat_seconds = heartbeat_seconds
        self._read_model = read_model
        self._snapshot = snapshot
        self._channels: dict[str, Channel] = {}
        self._is_ending = False

    @property
    def readers(self) -> int:
        return sum(len(channel.readers) for channel in self._channels.values())

    def channel(self, selection: Selection, standing: Standing) -> Channel:
        """The selection's channel, which begins where `standing` says if nobody listens yet."""
        found = self._channels.get(selection.key)
        if found is not None and found.feed_id == selection.feed_id(standing):
            return found
        if found is not None:
            self._end_for_good(found)
        return Channel(selection, standing)

    def join(self, channel: Channel, first_word: bytes = b"") -> StreamReader:
        reader = StreamReader()
        if first_word:
            reader.offer(first_word)
        if self._is_ending:
            reader.close()
        channel.readers.add(reader)
        self._channels[channel.selection.key] = channel
        return reader

    def leave(self, channel: Channel, reader: StreamReader) -> None:
        channel.readers.discard(reader)
        if not channel.readers and self._channels.get(channel.selection.key) is channel:
            del self._channels[channel.selection.key]

    def end(self) -> None:
        """Close every stream; readers come again, to this process or another."""
        self._is_ending = True
        for channel in self._channels.values():
            channel.end()

    def _end_for_good(self, channel: Channel) -> None:
        if self._channels.get(channel.selection.key) is channel:
            del self._channels[channel.selection.key]
        channel.end(gone_event(self._snapshot, channel.selection))

    async def run(self) -> None:
        """Until cancelled."""
        seen, beaten_at = None, time.monotonic()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            stamp = self._read_model.stamp()
            is_beat = time.monotonic() - beaten_at >= self.heartbeat_seconds
            if is_beat:
                beaten_at = time.monotonic()
            if not self._channels or (not is_beat and stamp is not None and stamp == seen):
                continue
            seen = stamp
            for channel in list(self._channels.values()):
                try:
                    await self._advance(channel, with_heartbeat=is_beat)
                except RetryableError as error:
                    log.warning("readers of the stream wait", error=str(error))
                    seen = None

    async def _advance(self, channel: Channel, *, with_heartbeat: bool) -> None:
        """Tell what is new, all of it."""
        selection = channel.selection
        while True:
            standing, changes = await self._read_model.load_after(
                channel.position, BATCH, selection.filter, with_digest=with_heartbeat
            )
            if selection.feed_id(standing) != channel.feed_id or standing.position < channel.position:
                self._end_for_good(channel)
                return
            channel.tell(change_events(channel.feed_id, changes))
            if len(changes) < BATCH:
                channel.position = standing.position
                if with_heartbeat:
                    channel.tell(heartbeat_event(standing, selection))
                return
            channel.position = changes[-1].cursor
