"""A rebuild takes long: what ends its term ends it at once, and nothing is claimed any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hub.errors import FatalError
from hub.matching.model import default_model
from hub.settings import Settings
from hub.streams import unify_role
from hub.streams.reader import BatchReader, ReaderSettings
from hub.streams.unify_role import UnifyRole
from hub.telemetry.role import RoleContext

End = Callable[[RoleContext, BatchReader], Any]


@pytest.fixture
async def context(tmp_path: Path) -> RoleContext:
    return RoleContext("unify", Settings(state_dir=tmp_path))


@pytest.fixture
async def role(context: RoleContext) -> AsyncIterator[UnifyRole]:
    role = UnifyRole(context, {}, {}, default_model())
    role._add_commands()
    yield role
    await role._outbox.stop()


async def rebuild_until(end: End, role: UnifyRole, context: RoleContext, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What becomes of a rebuild that would take for ever when `end` comes in its middle."""
    begun, is_given_up = asyncio.Event(), asyncio.Event()

    async def rebuild(*_: Any) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            is_given_up.set()

    monkeypatch.setattr(unify_role, "rebuild_engine", rebuild)
    reader = BatchReader(ReaderSettings("unify", "127.0.0.1:1", "g", ("t",)), None, context.health)
    rebuilding = asyncio.create_task(role._rebuild_within_term(reader))
    await begun.wait()
    await asyncio.gather(*filter(asyncio.iscoroutine, [end(context, reader)]))
    try:
        async with asyncio.timeout(5):
            return await rebuilding
    finally:
        assert is_given_up.is_set()


@pytest.mark.parametrize(
    "end",
    [
        lambda context, _: context.stop.set(),
        lambda _, reader: reader.revoked.set(),
        lambda context, _: context.commands["replay.unify"]({}),
    ],
    ids=["the role is stopped", "the partitions are another's", "another rebuild is asked for"],
)
async def test_a_rebuild_is_given_up_with_its_term(
    end: End, role: UnifyRole, context: RoleContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await rebuild_until(end, role, context, monkeypatch) is None


async def test_a_failure_of_the_reader_ends_the_role_in_the_middle_of_a_rebuild(
    role: UnifyRole, context: RoleContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FatalError, match="away"):
        await rebuild_until(lambda _, reader: reader.fail(FatalError("the broker is away")), role, context, monkeypatch)
