"""A client that is cancelled while it starts: what it has opened, it has in its hands before it is stopped."""

import asyncio

import pytest

from hub.broker import running as room
from hub.broker.running import running, start, stop


class Client:
    """Opens a connection in its start, and knows of it only at the end."""

    def __init__(self, *, is_answered=True, error=None):
        self.opened = asyncio.Event()
        self.answered = asyncio.Event()
        self.is_whole = self.is_stopped = self.was_cancelled = False
        self._error = error
        if is_answered:
            asyncio.get_running_loop().call_later(0.02, self.answered.set)

    async def start(self):
        self.opened.set()
        try:
            await self.answered.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        if self._error:
            raise self._error
        self.is_whole = True

    async def stop(self):
        self.is_stopped = True


async def cancelled_while_opening(client, work):
    task = asyncio.create_task(work)
    await client.opened.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def use(client):
    async with running(client):
        raise AssertionError("nobody asked for it any more")


async def test_a_start_that_is_cancelled_is_whole_before_the_client_is_stopped():
    client = Client()
    await cancelled_while_opening(client, use(client))
    assert (client.is_whole, client.was_cancelled, client.is_stopped) == (True, False, True)


async def test_a_start_that_takes_for_ever_is_let_go(monkeypatch):
    monkeypatch.setattr(room, "BOOTSTRAP_SECONDS", 0.01)
    client = Client(is_answered=False)
    await cancelled_while_opening(client, use(client))
    assert (client.was_cancelled, client.is_stopped) == (True, True)


async def test_an_error_of_a_start_that_was_cancelled_is_heard_by_nobody():
    client = Client(error=OSError("refused"))
    await cancelled_while_opening(client, start(client))
    assert not client.is_whole


async def test_a_client_that_cannot_start_is_stopped():
    client = Client(error=OSError("refused"))
    with pytest.raises(OSError, match="refused"):
        async with running(client):
            raise AssertionError("it did not start")
    assert client.is_stopped


class Connections:
    def __init__(self):
        self.is_closed = False

    async def close(self):
        self.is_closed = True


class Retrying(Client):
    """Its stop cancels a fetch that waits to be tried again, and lets that out. Some of it takes a moment."""

    def __init__(self):
        super().__init__()
        self._client = Connections()

    async def stop(self):
        self.opened.set()
        await asyncio.sleep(0.01)
        fetch = asyncio.create_task(asyncio.sleep(10))
        await asyncio.sleep(0)
        fetch.cancel()
        await fetch


async def test_a_fetch_that_a_stop_cancels_cancels_nobody_else():
    client = Retrying()
    await stop(client)
    assert client._client.is_closed


async def test_who_is_cancelled_while_a_client_stops_is_cancelled():
    client = Retrying()
    await cancelled_while_opening(client, stop(client))
    assert client._client.is_closed
