"""What somebody changes by hand on a running hub's topics is told, and no more when it is mended."""

from __future__ import annotations

import asyncio

import pytest

from hub.broker import presence
from hub.errors import ConfigError, RetryableError
from hub.telemetry.health import Health


async def test_a_drift_that_loses_data_is_missing_until_it_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    drift = ConfigError("topics: hub.raw.vonk.v1: cleanup.policy is delete, it must be compact")
    answers: list[Exception | None] = [None, drift, RetryableError("the broker is away"), None]
    told: list[str | None] = []
    health = Health()

    async def require(*_: object) -> None:
        told.append(health.report()["missing"].get("topics"))
        if not answers:
            raise asyncio.CancelledError
        if (answer := answers.pop(0)) is not None:
            raise answer

    monkeypatch.setattr(presence, "require_topics", require)
    monkeypatch.setattr(presence, "WATCH_SECONDS", 0)
    with pytest.raises(asyncio.CancelledError):
        await presence.watch_topics("127.0.0.1:1", [], health)
    assert told == [None, None, str(drift), str(drift), None]
