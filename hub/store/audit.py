"""The audit: who did what, why, with which arguments and when; append-only, written by any process of the hub."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from hub.errors import HubError
from hub.settings import Settings
from hub.store.hub_db import audit, hub_db_of

Audit = Callable[[str, str, str, Mapping[str, Any]], Awaitable[None]]
"""What an ops server asks for: `(who, what, why, arguments)`."""


def audit_writer(settings: Settings) -> Audit:
    """Audit lines go to hub.db, opened for each one: they are rare, and no role keeps a connection for them."""

    async def write(who: str, what: str, why: str, arguments: Mapping[str, Any]) -> None:
        line = {
            "at": time.time_ns() // 1_000_000,
            "who": who[:200],
            "what": what[:200],
            "why": why,
            "arguments": orjson.dumps(dict(arguments), default=str).decode(),
        }
        async with hub_db_of(settings) as engine:
            try:
                async with engine.begin() as connection:
                    await connection.execute(insert(audit).values(line))
            except DBAPIError as error:
                raise HubError(f"the audit in hub.db cannot be written ({error.orig}), so {what} was not run") from error

    return write
