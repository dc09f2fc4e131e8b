"""What webhooks cost at least: `python -m ops.bench.bare_webhooks BODIES AT_ONCE URL…` posts each line of a file to each address.

`AT_ONCE` requests to each address are under way at a time, over kept connections, by aiohttp as `hub deliver` uses it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiohttp


async def main(bodies: list[bytes], at_once: int, urls: list[str]) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        await asyncio.gather(*(_post_all(session, url, bodies, at_once) for url in urls))


async def _post_all(session: aiohttp.ClientSession, url: str, bodies: list[bytes], at_once: int) -> None:
    left = iter(bodies)

    async def post() -> None:
        for body in left:
            async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
                response.raise_for_status()

    await asyncio.gather(*(post() for _ in range(at_once)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_bytes().splitlines(keepends=True), int(sys.argv[2]), sys.argv[3:]))
