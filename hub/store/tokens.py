"""Subscribers and their tokens in hub.db: `hub_<keyid>_<secret>`, of which only the SHA-256 of the secret is kept.

The secret has 256 random bits, so one round of SHA-256 is enough: there is nothing to guess that a slow hash would guard.
The key id is no secret; it finds the row, and the hashes are then compared in constant time. A new token is put together
once, in the answer of `add_subscriber` and `rotate`, and cannot be shown again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.errors import HubError
from hub.store.hub_db import subscriber, token

SCOPES = {"read": "read the feed at the higher limit", "push": "have the feed sent by webhooks"}
"""What a token may allow. An operation that asks for a scope names it in `hub.api.operation.Operation.scope`."""

NAME = re.compile(r"[a-z0-9][a-z0-9\-]{0,63}")
TOKEN = re.compile(r"hub_([0-9a-f]{10})_([0-9a-f]{64})")
NOTE_LENGTH = 500
KEPT_MS = 30 * 86_400_000
"""How long a token that has ended stays in the list."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. Times are unix ms; `last_used_at` lags by some minutes."""

    keyid: str
    subscriber: str
    secret_hash: bytes
    scopes: frozenset[str]
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None

    def is_secret(self, secret: str) -> bool:
        """In a time that tells nothing of where the two differ."""
        return hmac.compare_digest(hash_of(secret), self.secret_hash)

    def ended_at(self, now_ms: int) -> int | None:
        """When it was revoked or expired, if that is past."""
        ends = [at for at in (self.revoked_at, self.expires_at) if at is not None and at <= now_ms]
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Subscriber:
    name: str
    note: str
    created_at: int
    tokens: tuple[Token, ...] = ()


def hash_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def split(text: str) -> tuple[str, str] | None:
    """Key id and secret of a token; None for what cannot be one."""
    match = TOKEN.fullmatch(text)
    return (match[1], match[2]) if match else None


def require_name(name: str) -> None:
    """Raises HubError for what cannot be a subscriber's name."""
    if NAME.fullmatch(name) is None:
        raise HubError(f"{name!r} cannot be a subscriber's name: take small letters, digits and hyphens, at most 64")


async def add_subscriber(
    engine: AsyncEngine, name: str, note: str, scopes: Iterable[str], *, now_ms: int, expires_at: int | None = None
) -> str:
    """A new subscriber with a first token, which is the answer. Raises HubError for a name that is taken or unusable."""
    require_name(name)
    async with engine.begin() as connection:
        if await _find(connection, name) is not None:
            raise HubError(f"there is a subscriber {name} already; `hub subscriber rotate {name}` gives it a new token")
        await connection.execute(insert(subscriber).values(name=name, note=note[:NOTE_LENGTH], created_at=now_ms))
        return await _make(connection, name, scopes, now_ms, expires_at)


async def rotate(
    engine: AsyncEngine,
    name: str,
    *,
    now_ms: int,
    overlap_ms: int,
    expires_at: int | None = None,
    scopes: Iterable[str] | None = None,
) -> str:
    """A new token; those that are in force end after the overlap, at once without one. `scopes` None: as the newest has."""
    async with engine.begin() as connection:
        if await _find(connection, name) is None:
            raise _unknown(name)
        mine = token.c.subscriber == name
        if scopes is None:
            newest = select(token.c.scopes).where(mine).order_by(token.c.created_at.desc(), token.c.keyid).limit(1)
            scopes = ((await connection.execute(newest)).scalar() or "read").split()
        in_force = (mine, token.c.revoked_at.is_(None))
        if overlap_ms == 0:
            await connection.execute(update(token).where(*in_force).values(revoked_at=now_ms))
        else:
            later = or_(token.c.expires_at.is_(None), token.c.expires_at > now_ms + overlap_ms)
            await connection.execute(update(token).where(*in_force, later).values(expires_at=now_ms + overlap_ms))
        long_ago = or_(token.c.revoked_at < now_ms - KEPT_MS, token.c.expires_at < now_ms - KEPT_MS)
        await connection.execute(delete(token).where(mine, long_ago))
        return await _make(connection, name, scopes, now_ms, expires_at)


async def remove_subscriber(engine: AsyncEngine, name: str) -> None:
    """The subscriber and every token of it. Raises HubError when there is none of this name."""
    async with engine.begin() as connection:
        await connection.execute(delete(token).where(token.c.subscriber == name))
        if (await connection.execute(delete(subscriber).where(subscriber.c.name == name))).rowcount == 0:
            raise _unknown(name)


async def load_subscribers(engine: AsyncEngine) -> list[Subscriber]:
    """By name, tokens from the oldest to the newest."""
    async with engine.begin() as connection:
        tokens = [_to_token(row) for row in await connection.execute(select(token).order_by(token.c.created_at, token.c.keyid))]
        rows = (await connection.execute(select(subscriber).order_by(subscriber.c.name))).all()
    return [
        Subscriber(row.name, row.note, row.created_at, tuple(one for one in tokens if one.subscriber == row.name)) for row in rows
    ]


async def find_token(engine: AsyncEngine, keyid: str) -> Token | None:
    async with engine.begin() as connection:
        row = (await connection.execute(select(token).where(token.c.keyid == keyid))).first()
    return None if row is None else _to_token(row)


async def note_use(engine: AsyncEngine, used: Mapping[str, int]) -> None:
    """`used`: key id → unix ms. Several processes may note; the latest stays."""
    async with engine.begin() as connection:
        for keyid, at in used.items():
            earlier = or_(token.c.last_used_at.is_(None), token.c.last_used_at < at)
            await connection.execute(update(token).where(token.c.keyid == keyid, earlier).values(last_used_at=at))


async def _make(connection: AsyncConnection, name: str, scopes: Iterable[str], now_ms: int, expires_at: int | None) -> str:
    keyid, secret = secrets.token_hex(5), secrets.token_hex(32)
    row = {
        "keyid": keyid,
        "subscriber": name,
        "secret_hash": hash_of(secret),
        "scopes": " ".join(sorted(set(scopes))),
        "created_at": now_ms,
        "expires_at": expires_at,
    }
    await connection.execute(insert(token).values(row))
    return f"hub_{keyid}_{secret}"


async def _find(connection: AsyncConnection, name: str) -> Any:
    return (await connection.execute(select(subscriber.c.name).where(subscriber.c.name == name))).first()


def _to_token(row: Any) -> Token:
    return Token(
        row.keyid,
        row.subscriber,
        bytes(row.secret_hash),
        frozenset(row.scopes.split()),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
    )


def _unknown(name: str) -> HubError:
    return HubError(f"there is no subscriber {name}; `hub subscriber list` shows them")
