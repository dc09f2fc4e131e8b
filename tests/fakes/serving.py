"""`hub serve` in processes of their own, and how a test asks them."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import orjson

from hub.feed.digest import Digest

PATIENCE = 120


@dataclass
class Serving:
    """One `hub serve` process and how to ask it."""

    process: asyncio.subprocess.Process
    port: int
    log: Path
    session: aiohttp.ClientSession

    async def get(self, path):
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as response:
            return response.status, orjson.loads(await response.read() or b"null")

    async def reach(self, cursor):
        """The digest once the projection stands there."""
        return await until(lambda: self.get("/v1/feed/digest"), lambda found: found[0] == 200 and found[1]["cursor"] >= cursor)

    async def walk(self, after=0, feed=""):
        items, path = {}, f"/v1/feed/pages?limit=500&after={after}{feed}"
        while path:
            _, page = await self.get(path)
            items |= {item["id"]: item for item in page["items"]}
            path = (page["next"] or "").partition(f":{self.port}")[2]
        return items, page

    async def kill(self):
        self.process.kill()
        await self.process.wait()


async def until(ask, is_good):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found = await ask()
        except (aiohttp.ClientError, OSError) as error:
            found = (0, str(error))
        if found[0] and is_good(found):
            return found[1]
        assert time.monotonic() < deadline, f"not reached within {PATIENCE} s: {str(found)[:300]}"
        await asyncio.sleep(0.02)


def starter(state, free_ports):
    """`async with serve(servers) as serving`: a process on this state directory; several may run at once."""

    @asynccontextmanager
    async def serve(servers, **settings):
        port = free_ports(12)
        environment = {**environment_of(state, servers, port + 1), "HUB_HTTP__PORT": str(port), **settings}
        said = state.parent / f"serve-{port}.log"
        with said.open("wb") as log:
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "hub", "serve", env=environment, stderr=log)
        async with aiohttp.ClientSession() as session:
            try:
                yield Serving(process, port, said, session)
            finally:
                if process.returncode is None:
                    process.send_signal(signal.SIGTERM)
                await asyncio.wait_for(process.wait(), PATIENCE)

    return serve


def environment_of(state, servers, ops_port):
    """Of a process on this state directory and broker."""
    own = {"HUB_STATE_DIR": str(state), "HUB_KAFKA__BOOTSTRAP_SERVERS": servers, "HUB_OPS__PORT": str(ops_port)}
    return {**os.environ, **own}


async def hub(*arguments, state, servers, ops_port=9):
    """A command's exit code and output."""
    environment = environment_of(state, servers, ops_port)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", *arguments, env=environment, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return process.returncode, output


def stored_position(state):
    """Where the projection stands, read past the process that writes it."""
    try:
        with closing(sqlite3.connect(f"file:{state}/feed.db?mode=ro", uri=True)) as database:
            return (database.execute("SELECT position FROM projection").fetchone() or (0,))[0]
    except sqlite3.OperationalError:
        return 0


def expected(items):
    """The fold of what was written: id → (version, state), and the digest of the live ones."""
    fold = {item.id: (item.version, item.state) for item in items}
    return fold, Digest.of((id_, version) for id_, (version, state) in fold.items() if state == "live").hex
