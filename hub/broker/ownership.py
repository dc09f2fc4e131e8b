"""One process of several may write: the one that Kafka gives the only partition of a topic to. The others stand by.

They are members of one group. The first to start stays the owner; when it leaves, or is silent for a session, the next
becomes it. A lock in a state directory cannot tell this, for another hub on the same broker has another directory.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError

from hub.broker.membership import held_up, member
from hub.broker.running import start_at, stop
from hub.errors import FatalError

LOOK_MS = 250


class Ownership(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """`topic` has one partition; nothing is read from it and no offset committed."""

    def __init__(self, servers: str, group: str, topic: str, *, session_seconds: float) -> None:
        self._servers = servers
        self._group = group
        self._topic = topic
        self._session = session_seconds
        self._consumer: AIOKafkaConsumer | None = None
        self._is_owner = False
        self._awake: float | None = None

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[None]:
        """A member of the group meanwhile. Raises FatalError when no broker answers."""
        self._consumer = consumer = member(
            self._servers, self._group, RangePartitionAssignor, session_seconds=self._session, auto_offset_reset="latest"
        )
        consumer.subscribe(topics=[self._topic], listener=self)
        await start_at(self._servers, consumer)
        try:
            yield
        finally:
            await stop(consumer)

    async def acquire(self, stop: asyncio.Event) -> bool:
        """Wait until this process is the owner, or `stop`; says which."""
        while not (self._is_owner or stop.is_set()):
            await self._look()
        return self._is_owner

    async def keep(self) -> None:
        """Until cancelled. Raises FatalError once another may be the owner."""
        while True:
            self.require()
            self._awake = time.monotonic()
            await self._look()

    def require(self) -> None:
        """Raises FatalError when another is the owner, or this process was held up for so long that it may be; who writes asks
        this just before. `keep` must run."""
        if not self._is_owner:
            raise FatalError(f"another process of the group {self._group} owns the topics now; this one ends and stands by")
        if self._awake is not None and (silent := held_up(self._awake, self._session)):
            raise FatalError(f"this process was held up for {silent:.0f} s; another of {self._group} may own the topics by now")

    async def _look(self) -> None:
        """Nothing comes, since the partition is paused; but a member that never asks is put out of its group."""
        assert self._consumer is not None
        try:
            await self._consumer.getmany(timeout_ms=LOOK_MS)
        except KafkaError as error:
            raise FatalError(f"Kafka refused the group {self._group}: {type(error).__name__}: {error}") from error

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Whoever joins makes all give back what they have: until it is dealt out again, nobody else has it."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        assert self._consumer is not None
        self._consumer.pause(*assigned)
        self._is_owner = bool(assigned)
