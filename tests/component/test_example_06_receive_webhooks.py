"""Example 06 takes what couriers send, and nobody else's word."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest
from aiohttp import ClientSession
from fakes.delivery_world import DeliveryWorld
from fakes.feed_records import opportunity

PROGRAM = Path(__file__).parents[2] / "examples" / "06_receive_webhooks" / "run.py"


@pytest.fixture
async def world(tmp_path):
    async with DeliveryWorld(tmp_path) as world:
        world.clock.move_to(time.time_ns() // 1_000_000)
        yield world


@pytest.fixture
async def receiver(world, free_ports):
    """The example, running with its subscription's secret; its port, its lines, its subscription."""
    port = free_ports(1)
    id_ = await world.subscribe(f"http://127.0.0.1:{port}/hook")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        str(port),
        env={**os.environ, "WEBHOOK_SECRET": world.secret},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(90):
        while not await listens(port):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
    yield port, process.stdout, id_
    process.kill()
    await process.wait()


async def listens(port):
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def lines(output, count):
    async with asyncio.timeout(90):
        return [(await output.readline()).decode().strip() for _ in range(count)]


async def test_it_takes_every_change_and_keeps_what_is_live(world, receiver):
    _, output, id_ = receiver
    world.start(id_)
    await world.write(opportunity(1), opportunity(2))
    assert sorted(await lines(output, 2)) == ["opportunity.updated: 1 live", "opportunity.updated: 2 live"]
    await world.write(opportunity(1, state="closed"))
    assert await lines(output, 1) == ["opportunity.closed: 1 live"]
    await world.until_idle()
    assert (await world.state(id_)).failures == 0


async def test_it_refuses_what_is_not_signed(receiver):
    port, _, _ = receiver
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,eA=="}
    async with ClientSession() as session, session.post(f"http://127.0.0.1:{port}/", data=b"{}", headers=headers) as response:
        assert response.status == 401
