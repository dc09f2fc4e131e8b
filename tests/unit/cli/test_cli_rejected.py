"""`hub rejected redrive` finds the worker that reads the record's partition."""

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


@pytest.mark.parametrize(
    ("outcomes", "code", "said"),
    [
        (["passed", None], 0, "noorderlink:1: passed (enrich)"),
        ([None, "passed"], 0, "noorderlink:1: passed (enrich)"),
        ([None, None], 1, "no worker among streams.workers (2) reads the record's partition now"),
    ],
)
async def test_the_workers_are_asked_until_one_reads_the_partition(
    outcomes: list[str | None], code: int, said: str, tmp_path: Path, free_ports: Callable[[int], int]
) -> None:
    port, token = free_ports(11), load_token(tmp_path)
    workers = [worker(outcome, ops_port, token) for outcome, ops_port in zip(outcomes, (port + 1, port + 10), strict=True)]
    for one in workers:
        await one.start()
    environment = {"HUB_STATE_DIR": str(tmp_path), "HUB_OPS__PORT": str(port), "HUB_STREAMS__WORKERS": "2"}
    result = await asyncio.to_thread(CliRunner().invoke, main, ["rejected", "redrive", "0"], env=environment)
    for one in workers:
        await one.stop()
    assert (result.exit_code, said in result.output) == (code, True), result.output


def worker(outcome: str | None, ops_port: int, token: str) -> OpsServer:
    async def redrive(_: Mapping[str, Any]) -> dict[str, Any]:
        return {"source_key": "noorderlink:1", "stage": "enrich", "outcome": outcome}

    async def audit(*_: Any) -> None: ...

    commands = {"rejected.redrive": redrive}
    return OpsServer(host="127.0.0.1", port=ops_port, token=token, health=Health(), commands=commands, audit=audit)
