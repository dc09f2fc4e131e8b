"""A member of a consumer group, and when it can no longer be sure that what it was given is still its own."""

from __future__ import annotations

import time
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor

SESSION_SHARE = 0.8
"""Of a session without a turn of the loop, after which what this process had may be another's: the last heartbeat is older
still."""


def member(
    servers: str, group: str, assignor: type[AbstractPartitionAssignor], *, session_seconds: float, **more: Any
) -> AIOKafkaConsumer:
    """A consumer that has yet to subscribe and start. `more` goes to aiokafka as it is; offsets are committed by hand only."""
    return AIOKafkaConsumer(
        bootstrap_servers=servers,
        group_id=group,
        # Range assignment sorts members by id, which begins with this: the first to start stays the owner.
        client_id=f"{group}-{int(time.time() * 1000):013d}",
        partition_assignment_strategy=(assignor,),
        enable_auto_commit=False,
        session_timeout_ms=int(session_seconds * 1000),
        heartbeat_interval_ms=int(session_seconds * 100),
        max_poll_interval_ms=900_000,
        **more,
    )


def held_up(awake: float, session_seconds: float) -> float:
    """Seconds since `awake`, the last turn of the loop (monotonic), once that is too long for the session; else 0."""
    silent = time.monotonic() - awake
    return silent if silent > SESSION_SHARE * session_seconds else 0.0
