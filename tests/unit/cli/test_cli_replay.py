"""`hub replay` says when a part of the input was not asked to be read again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import main
from hub.telemetry.contact import load_token
from hub.telemetry.health import Health
from hub.telemetry.ops_server import OpsServer


@pytest.mark.parametrize(("partitions", "code"), [(4, 0), (3, 1), (0, 1)])
async def test_a_share_that_no_worker_read_again_is_told(
    partitions: int, code: int, tmp_path: Path, free_ports: Callable[[int], int]
) -> None:
    async def replay(_: Mapping[str, Any]) -> dict[str, Any]:
        return {"stage": "enrich", "worker": 1, "partitions": partitions, "of": 4}

    async def audit(*_: Any) -> None: ...

    port = free_ports(3)
    worker = OpsServer(
        host="127.0.0.1",
        port=port + 1,
        token=load_token(tmp_path),
        health=Health(),
        commands={"replay.enrich": replay},
        audit=audit,
    )
    await worker.start()
    environment = {"HUB_STATE_DIR": str(tmp_path), "HUB_OPS__PORT": str(port)}
    result = await asyncio.to_thread(CliRunner().invoke, main, ["replay", "enrich"], env=environment)
    await worker.stop()
    assert result.exit_code == code, result.output
    assert (f"{4 - partitions} of 4 partitions are not read again" in result.output) is (code == 1)
