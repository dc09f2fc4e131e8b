"""A stopped hub's state directory, small and by hand, and settings on it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.backup_files import KEPT, THROWN_AWAY, write_files

from hub.settings import Settings
from hub.store.audit import audit_writer
from hub.store.feed_identity import load_identity
from hub.store.hub_db import open_hub_db


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test cuts the power, and the machine's other writers need not be waited for."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture(scope="session")
def hub_db(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with all migrations, a line of audit and a feed's identity."""
    state = tmp_path_factory.mktemp("hub_db")
    asyncio.run(_make_hub_db(Settings(state_dir=state)))
    return (state / "hub.db").read_bytes()


@pytest.fixture
def settings(tmp_path: Path, hub_db: bytes, free_ports: Callable[[int], int]) -> Settings:
    """Of a stopped hub: nothing listens on its ports."""
    state = tmp_path / "state"
    write_files(state, {**KEPT, **THROWN_AWAY, "hub.db": hub_db})
    return Settings.model_validate({"state_dir": state, "ops": {"port": free_ports(8)}})


async def _make_hub_db(settings: Settings) -> None:
    await audit_writer(settings)("somebody", "posting.hide", "a scam", {})
    engine = await open_hub_db(settings)
    await load_identity(engine, "topic")
    await engine.dispose()


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    """The same settings on a state directory that is not there yet."""
    return settings.model_copy(update={"state_dir": tmp_path / "restored"})
