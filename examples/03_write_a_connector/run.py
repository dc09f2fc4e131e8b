"""Write a connector: serve a partner's files here, read them with the connector beside this file, print what comes out.

    .venv/bin/python examples/03_write_a_connector/run.py

`noorderzorg/` is all that a fifth partner of a known format takes: a manifest and a short mapping. The code below does
what ingest and canonicalise do in the hub: run the source, parse each raw record, map it, park what cannot be used.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import orjson
from yarl import URL

from hub.sdk import Checkpoint, Complete, MappingContext, RawRecord, RecordRejectedError, SourceContext
from hub.sdk.connector import Connector, load_connector
from hub.sdk.http_client import AiohttpClient

HERE = Path(__file__).parent


class Partner(SimpleHTTPRequestHandler):
    """A file server; the list's address leads to the file."""

    def translate_path(self, path: str) -> str:
        return super().translate_path("/offers.json" if path.startswith("/api/offers") else path)

    def log_message(self, *_: object) -> None:
        """Quiet."""


async def read(connector: Connector, base_url: URL) -> None:
    async with AiohttpClient(connector.manifest, contact="you@example.org") as http:
        source = connector.source_type(SourceContext(connector.manifest, base_url, http))
        async for event in source.run(Checkpoint()):
            match event:
                case RawRecord():
                    print(describe(connector, event))
                case Complete():
                    print("complete: what is absent now may be asked after")


def describe(connector: Connector, record: RawRecord) -> str:
    context = MappingContext(connector.name, record.native_id, record.url, fetched_at=0)
    try:
        posting = connector.to_posting(connector.parse(orjson.dumps(dict(record.parts))), context)
    except RecordRejectedError as error:
        return f"{record.native_id}  rejected: {error.reason} at {error.field}"
    title = posting.title.nl or posting.title.en
    assert title is not None
    employer = posting.organisation.name if posting.organisation else "–"
    place = posting.locations[0].place if posting.locations else "–"
    return f"{record.native_id}  {posting.kind}: {title.text} ({employer}, {place})"


def serve(port: int) -> ThreadingHTTPServer:
    """The partner, answering in a thread of its own; port 0 takes a free one."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Partner, directory=str(HERE / "site")))
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(arguments: list[str]) -> None:
    sys.path.insert(0, str(HERE))
    server = serve(int(arguments[1]) if arguments[:1] == ["--serve"] else 0)
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        asyncio.run(read(load_connector("noorderzorg"), URL(address)))
        if arguments[:1] == ["--serve"]:
            input(f"the partner answers on {address} until you press Enter ")
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main(sys.argv[1:])
