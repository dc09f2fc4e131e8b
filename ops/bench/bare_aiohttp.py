"""The reference beside the edge: bare aiohttp, which answers given bytes from memory. `python -m ops.bench.bare_aiohttp FOLDER`.

FOLDER holds one file for each answer; its name is the path's sha256 and its first line the headers as JSON. The port is
written to standard output. An If-None-Match that equals the answer's tag gets a 304, as at the edge.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from pathlib import Path

from aiohttp import web

KEPT = ("content-type", "content-encoding", "cache-control", "etag", "vary")


def name_of(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()


def save(folder: Path, path: str, headers: dict[str, str], body: bytes) -> None:
    kept = {name: text for name, text in headers.items() if name in KEPT}
    (folder / name_of(path)).write_bytes(json.dumps(kept).encode() + b"\n" + body)


def load(folder: Path) -> dict[str, tuple[dict[str, str], bytes]]:
    """What `save` wrote: name → headers and body."""
    answers = {}
    for file in folder.iterdir():
        head, _, body = file.read_bytes().partition(b"\n")
        answers[file.name] = (json.loads(head), body)
    return answers


async def serve(answers: dict[str, tuple[dict[str, str], bytes]]) -> None:

    async def handle(request: web.Request) -> web.Response:
        headers, body = answers[name_of(request.raw_path)]
        if request.headers.get("If-None-Match") == headers.get("etag"):
            return web.Response(status=304, headers={"ETag": headers["etag"]})
        return web.Response(body=body, headers=headers)

    app = web.Application()
    app.router.add_get("/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(load(Path(sys.argv[1]))))
