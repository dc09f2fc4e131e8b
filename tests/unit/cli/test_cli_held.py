"""`hub held` against a running ops server, as a person and as a script would use it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.ingest.audit import Audit
from hub.ingest.clock import Clock
from hub.ingest.commands import Commands
from hub.ingest.schedule import Schedule
from hub.telemetry.contact import OPS_OFFSET, load_token
from hub.telemetry.health import Health
from hub.telemetry.ops_server import OpsServer
from tests.fakes.ingest_world import World


@pytest.fixture
async def world() -> World:
    """Two withdrawals are held."""
    world = World()
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("1", "2")
    await world.run()
    return world


@pytest.fixture
async def hub(world: World, tmp_path: Path, free_ports: Callable[[int], int]) -> AsyncIterator[Callable[..., Any]]:
    """`await hub("held", "list")`: the command line against the role; `audited` holds who said what and why."""
    runners = {"fake": world.runner}
    schedules = {"fake": Schedule(world.runner, 3600, _nothing, Random(1))}
    commands = Commands(runners, schedules, {}, Clock(world.log), Audit("", world.log, runners), lambda: world.time)
    port = free_ports(3)
    audited: list[tuple[str, str]] = []

    async def audit(who: str, what: str, why: str, arguments: Any) -> None:
        audited.append((what, why))

    server = OpsServer(
        host="127.0.0.1", port=port, token=load_token(tmp_path), health=Health(), commands=commands.table(), audit=audit
    )
    await server.start()
    environment = {"HUB_STATE_DIR": str(tmp_path), "HUB_OPS__PORT": str(port)}

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment)

    run.audited, run.port = audited, port  # type: ignore[attr-defined]
    yield run
    await server.stop()


async def _nothing(_: Any) -> None:
    return None


async def test_what_ingest_holds_is_told_and_a_unify_that_hangs_is_no_empty_one(hub: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("hub.telemetry.ops_client.ALIVE_SECONDS", 0.2)
    unify = socket.create_server(("127.0.0.1", hub.port + OPS_OFFSET["unify"]))
    result = await hub("held", "list")
    unify.close()
    assert (result.exit_code, "fake: 2 withdrawals" in result.output, "unify" in result.output) == (1, True, True)


async def test_list_says_how_many_and_why(hub: Any) -> None:
    result = await hub("held", "list")
    assert result.exit_code == 0
    assert result.output.startswith("fake: 2 withdrawals held, of 2 live, since 2027-01-15T")
    assert "an empty list after a non-empty one" in result.output


async def test_list_as_json_is_one_object_a_line(hub: Any) -> None:
    (entry,) = [orjson.loads(line) for line in (await hub("held", "list", "--json")).output.splitlines()]
    assert (entry["source"], entry["count"]) == ("fake", 2)


async def test_show_names_every_item_with_its_page(hub: Any) -> None:
    lines = (await hub("held", "show", "fake")).output.splitlines()
    assert lines[1:] == [f"    fake:{n}  absence  https://partner.example/{n}".removeprefix("  ") for n in (1, 2)]


async def test_release_withdraws_and_is_audited_with_its_reason(hub: Any, world: World) -> None:
    result = await hub("held", "release", "fake", "--why", "the partner closed")
    assert (result.exit_code, result.output) == (0, "fake: 2 released\n")
    assert world.live == set()
    assert hub.audited == [("held.release", "the partner closed")]
    assert (await hub("held", "list")).output == "nothing is held\n"


async def test_discard_forgets_what_is_held_and_withdraws_nothing(hub: Any, world: World) -> None:
    assert "2 forgotten" in (await hub("held", "discard", "fake")).output
    assert world.live == {"1", "2"}


async def test_refusal_is_one_sentence_and_a_code(hub: Any) -> None:
    result = await hub("held", "release", "nobody")
    said = "no source 'nobody' runs here; running: fake. What was added or enabled since runs once the hub is started again"
    assert (result.exit_code, result.output) == (1, f"hub: {said}\n")


async def test_role_that_is_away_is_named_with_its_port(tmp_path: Path, free_ports: Callable[[int], int]) -> None:
    port = free_ports(1)
    result = CliRunner().invoke(main, ["held", "list"], env={"HUB_STATE_DIR": str(tmp_path), "HUB_OPS__PORT": str(port)})
    assert result.exit_code == 1
    assert f"the role ingest does not answer on port {port}" in result.output
