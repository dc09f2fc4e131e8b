"""Which subscribers have a Kafka user: a note in hub.db, so that `list` needs no broker and `remove` knows what to take away.

What the user may do, and its password, are Kafka's own and stand there alone (`hub.broker.partners`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.errors import HubError
from hub.store.hub_db import kafka_user, subscriber
from hub.store.tokens import NOTE_LENGTH, require_name


@dataclass(frozen=True, slots=True)
class KafkaUser:
    """`writes`: the source whose inbound topic it fills. Times are unix ms."""

    subscriber: str
    writes: str | None
    created_at: int
    password_at: int


async def require_no_kafka_user(engine: AsyncEngine, name: str) -> None:
    """Raises HubError for a name that is unusable, or that has a Kafka user already."""
    require_name(name)
    if name in await load_kafka_users(engine):
        raise HubError(
            f"{name} has a Kafka user already; `hub subscriber rotate {name} --kafka` gives it a new password, "
            f"`hub subscriber remove {name} --kafka` takes it away"
        )


async def require_kafka_user(engine: AsyncEngine, name: str) -> KafkaUser:
    found = (await load_kafka_users(engine)).get(name)
    if found is None:
        raise HubError(f"{name} has no Kafka user; `hub subscriber add {name} --kafka` makes one")
    return found


async def note_kafka_user(engine: AsyncEngine, name: str, note: str, writes: str | None, *, now_ms: int) -> None:
    """The user is there from now on, and the subscriber too if it was not."""
    async with engine.begin() as connection:
        if (await connection.execute(select(subscriber.c.name).where(subscriber.c.name == name))).first() is None:
            await connection.execute(insert(subscriber).values(name=name, note=note[:NOTE_LENGTH], created_at=now_ms))
        row = {"subscriber": name, "writes": writes, "created_at": now_ms, "password_at": now_ms}
        await connection.execute(insert(kafka_user).values(row))


async def note_password(engine: AsyncEngine, name: str, *, now_ms: int) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(kafka_user).where(kafka_user.c.subscriber == name).values(password_at=now_ms))


async def forget_kafka_user(engine: AsyncEngine, name: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(delete(kafka_user).where(kafka_user.c.subscriber == name))


async def load_kafka_users(engine: AsyncEngine) -> dict[str, KafkaUser]:
    """By the subscriber's name."""
    async with engine.begin() as connection:
        rows = (await connection.execute(select(kafka_user).order_by(kafka_user.c.subscriber))).all()
    return {row.subscriber: KafkaUser(row.subscriber, row.writes, row.created_at, row.password_at) for row in rows}
