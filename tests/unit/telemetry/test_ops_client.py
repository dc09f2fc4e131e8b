"""The operator's side of the ops port: a result, a refusal's own sentence, or a sentence on what to look at."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.errors import HubError
from hub.settings import OpsSettings, Settings
from hub.telemetry.contact import load_token
from hub.telemetry.health import Health
from hub.telemetry.ops_client import RoleAwayError, RoleHangsError, call_role
from hub.telemetry.ops_server import OpsServer


async def _echo(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return dict(arguments)


async def _refuse(_: Mapping[str, Any]) -> None:
    raise HubError("superseded")


async def _break(_: Mapping[str, Any]) -> None:
    raise KeyError("x")


async def _no_audit(*_: object) -> None:
    return None


@pytest.fixture
def settings(tmp_path: Path, free_ports: Callable[[int], int]) -> Settings:
    return Settings(state_dir=tmp_path, ops=OpsSettings(port=free_ports(1)))


@pytest.fixture
def health() -> Health:
    """Of a role that has started."""
    health = Health()
    health.found("start")
    return health


@pytest.fixture
async def ask(settings: Settings, health: Health) -> AsyncIterator[Callable[[str], Any]]:
    """`await ask(command)` against a running ingest."""
    server = OpsServer(
        host="127.0.0.1",
        port=settings.ops.port,
        token=load_token(settings.state_dir),
        health=health,
        commands={"echo": _echo, "refuse": _refuse, "break": _break},
        audit=_no_audit,
    )
    await server.start()

    async def run(command: str) -> Any:
        return await asyncio.to_thread(call_role, settings, "ingest", command, {"x": 1}, who="anna", why="scam")

    yield run
    await server.stop()


async def test_the_result_comes_back_and_who_and_why_go_along(ask: Any) -> None:
    assert await ask("echo") == {"x": 1, "who": "anna", "why": "scam"}


async def test_a_refusal_keeps_its_sentence(ask: Any) -> None:
    with pytest.raises(HubError, match=r"^superseded$"):
        await ask("refuse")


async def test_a_fault_of_the_role_points_to_its_log(ask: Any) -> None:
    with pytest.raises(HubError, match="the role ingest answered 500: its log says why"):
        await ask("break")


def test_a_role_that_is_away_is_an_error_of_its_own(settings: Settings) -> None:
    with pytest.raises(RoleAwayError, match=f"ingest does not answer on port {settings.ops.port}"):
        call_role(settings, "ingest", "echo", {}, who="anna")


def test_a_role_that_hangs_is_told_from_one_that_is_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.telemetry.ops_client.ALIVE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", settings.ops.port)), pytest.raises(RoleHangsError, match="hangs or was stopped"):
        call_role(settings, "ingest", "echo", {}, who="anna")


async def test_a_role_that_is_starting_is_said_to_and_lacks_no_command(ask: Callable[[str], Any], health: Health) -> None:
    health.missing("start", "the role is starting")
    with pytest.raises(HubError, match="the role ingest is starting and does not take this command yet"):
        await ask("held.list")
