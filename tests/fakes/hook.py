"""A receiver of webhooks as a partner would write it: takes what is signed, keeps the last word of each id."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


class Hook:
    """`trust` it with the secret once that is known: what comes before waits. `got`: bodies in the order in which they came;
    `headers`: theirs; `live`: id → version.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._secret = ""
        self._knows = threading.Event()
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.live: dict[str, str] = {}
        self._turn = threading.Lock()

    def trust(self, secret: str) -> None:
        self._secret = secret
        self._knows.set()

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """Raises what the standard's library raises for a signature that is wrong."""
        self._knows.wait(90)
        Webhook(self._secret).verify(body, headers)
        told = json.loads(body)
        with self._turn:
            self.got.append(told)
            self.headers.append(headers)
            if told["type"] == "opportunity.updated":
                self.live[told["data"]["id"]] = told["data"]["version"]
            elif told["type"] == "opportunity.closed":
                self.live.pop(told["data"]["id"], None)


@contextmanager
def hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                made.take(dict(self.headers), body)
                self.send_response(204)
            except Exception:
                self.send_response(400)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Hook(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
