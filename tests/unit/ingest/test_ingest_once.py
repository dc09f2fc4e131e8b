"""One run by hand: whether a source runs is the running ingest's to say, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.errors import ConfigError, HubError
from hub.ingest.once import run_once
from hub.ingest.run import lock_of
from hub.sdk.connector import load_connector
from hub.settings import OpsSettings, Settings

CONNECTORS = {"noorderlink": load_connector("hub.connectors.noorderlink")}


async def test_a_running_ingest_is_asked_also_for_a_source_that_is_disabled_here(
    tmp_path: Path, free_ports: Callable[[int], int]
) -> None:
    running = lock_of(tmp_path)
    assert running.try_acquire()
    with pytest.raises(HubError, match="another ingest holds"):
        await run_once(Settings(state_dir=tmp_path, ops=OpsSettings(port=free_ports(1))), "noorderlink", CONNECTORS)
    running.release()


async def test_without_a_running_ingest_a_disabled_source_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="noorderlink is disabled: set HUB_CONNECTORS__NOORDERLINK__ENABLED=true"):
        await run_once(Settings(state_dir=tmp_path), "noorderlink", CONNECTORS)
    lock = lock_of(tmp_path)
    assert lock.try_acquire(), "the refused run still holds the lock"
    lock.release()
