"""When a stage ends: no broker at its start, or nothing committed while records wait and its gate is open."""

from __future__ import annotations

import pytest

from hub.errors import FatalError
from hub.streams.reader import BatchReader, ReaderSettings
from hub.telemetry.health import Health


def reader(*, is_gated: bool) -> BatchReader:
    settings = ReaderSettings("unify", "127.0.0.1:1", "g", ("t",), is_gated=is_gated, stalled_seconds=-1)
    made = BatchReader(settings, None, Health())
    made.lag = 5
    return made


async def test_records_that_wait_without_a_commit_end_the_stage() -> None:
    with pytest.raises(FatalError, match="while 5 records wait"):
        reader(is_gated=False).judge_progress()


async def test_a_rebuild_or_a_held_one_is_waited_for() -> None:
    reader(is_gated=True).judge_progress()


async def test_nothing_that_waits_needs_no_commit() -> None:
    idle = reader(is_gated=False)
    idle.lag = 0
    idle.judge_progress()


async def test_a_start_without_a_broker_says_what_to_do() -> None:
    with pytest.raises(FatalError, match=r"Kafka at 127.0.0.1:1 does not answer .*: is `hub broker` running\?"):
        await reader(is_gated=False).on_start()
