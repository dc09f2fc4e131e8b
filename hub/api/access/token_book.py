"""Tokens as a serving process knows them: read from hub.db, remembered for seconds, so that a revocation is soon obeyed.

Only tokens that are there are remembered. One that is not costs a look into hub.db, and whoever asks with many of those
is stopped before that (`gate.py`). When tokens were used is noted once a minute, not at every request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import DBAPIError

from hub.store.tokens import Token, split

KNOWN_MS = 3_000
NOTE_SECONDS = 60.0

log = structlog.get_logger()


class TokenError(Exception):
    """The token cannot be accepted; the message tells its holder why, and a stranger nothing."""


class TokenBook:
    """`find`: the token of a key id, from hub.db; `note`: key ids with when they were used."""

    def __init__(
        self,
        find: Callable[[str], Awaitable[Token | None]],
        note: Callable[[Mapping[str, int]], Awaitable[None]],
        now_ms: Callable[[], int],
    ) -> None:
        self._find = find
        self._note = note
        self._now_ms = now_ms
        self._known: dict[str, tuple[Token, int]] = {}
        self._used: dict[str, int] = {}

    async def recognise(self, text: str) -> Token:
        """The token that `text` is. Raises TokenError; why a token ended is told only to who has its secret."""
        parts = split(text)
        if parts is None:
            raise TokenError("this is no token of a hub: one has the form hub_<keyid>_<secret>")
        keyid, secret = parts
        now = self._now_ms()
        token = await self._load(keyid, now)
        if token is None or not token.is_secret(secret):
            raise TokenError("this token is not known here")
        ended_at = token.ended_at(now)
        if ended_at is not None:
            on = datetime.fromtimestamp(ended_at / 1000, UTC).strftime("%Y-%m-%d")
            raise TokenError(f"this token ended on {on}; ask the hub's operator for a new one")
        self._used[keyid] = now
        return token

    async def keep_noting(self) -> None:
        """Until cancelled: write when tokens were used, once a minute."""
        while True:
            await asyncio.sleep(NOTE_SECONDS)
            await self.note_use()

    async def note_use(self) -> None:
        used, self._used = self._used, {}
        if not used:
            return
        try:
            await self._note(used)
        except DBAPIError as error:
            log.warning("when tokens were used was not noted", error=str(error.orig))

    async def _load(self, keyid: str, now: int) -> Token | None:
        known = self._known.get(keyid)
        if known is not None and now < known[1]:
            return known[0]
        token = await self._find(keyid)
        if token is None:
            self._known.pop(keyid, None)
        else:
            self._known[keyid] = (token, now + KNOWN_MS)
        return token
