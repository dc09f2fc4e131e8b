"""A role in miniature for tests of the supervisor: an ops port and a script of what it does.

`fake_role.py PORT BEHAVIOUR…`, each behaviour one of:
    ready       answer /readyz with 200 (else 503, "waits for the test")
    config      say a sentence and end with code 2
    config:FILE as `config`, from when FILE is there
    crash       end with code 1 at once
    java        end with code 143 at SIGTERM
    stubborn    ignore SIGTERM
    mute        listen, and never answer
    note:FILE   append the pid to FILE at the start and "stopped PORT" at SIGTERM
"""

from __future__ import annotations

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import FrameType

port, behaviours = int(sys.argv[1]), sys.argv[2:]
notes = [Path(word.removeprefix("note:")) for word in behaviours if word.startswith("note:")]


def note(text: str) -> None:
    for path in notes:
        with path.open("a") as file:
            file.write(text + "\n")


class Ops(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_ready = "ready" in behaviours
        self.send_response(200 if is_ready else 503)
        self.end_headers()
        self.wfile.write(b'{"ready": true, "missing": {}}' if is_ready else b'{"missing": {"test": "waits for the test"}}')

    def log_message(self, *_: object) -> None:  # type: ignore[override]
        return


def leave(number: int, frame: FrameType | None) -> None:
    note(f"stopped {port}")
    os._exit(128 + number if "java" in behaviours else 0)


note(f"started {port} {os.getpid()}")
refusals = [Path(word.removeprefix("config:")) for word in behaviours if word.startswith("config:")]
if "config" in behaviours or any(path.exists() for path in refusals):
    sys.stderr.write("hub: the setting x is wrong; set HUB_X\n")
    sys.exit(2)
if "crash" in behaviours:
    sys.stderr.write("hub: it broke\n")
    sys.exit(1)
signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in behaviours else leave)
server = HTTPServer(("127.0.0.1", port), Ops)
while "mute" in behaviours:
    signal.pause()
server.serve_forever()
