"""Listen to the feed's changes with the standard library alone: Server-Sent Events, from a snapshot on, proven by the digest.

An event's id is all that a listener has to keep: sent back as `Last-Event-ID`, it leads on from exactly there, after a
break of any length. Events may come again, so the last word of each id is what counts.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Listener:
    def __init__(self, hub: str) -> None:
        self.hub, self.live, self.last_event_id = hub, {}, ""

    def load_snapshot(self) -> None:
        with urlopen(f"{self.hub}/v1/feed/snapshot.ndjson.gz", timeout=60) as answer:
            head, *items = map(json.loads, gzip.decompress(answer.read()).splitlines())
        self.live = {item["id"]: item for item in items}
        self.last_event_id = f"{head['feed_id']}.{head['cursor']}"

    def listen(self) -> Iterator[bool]:
        """At each heartbeat: is what we hold what the hub holds? Ends when the connection does; listen again then."""
        request = Request(f"{self.hub}/v1/feed/stream", headers={"Last-Event-ID": self.last_event_id})
        try:
            answer = urlopen(request, timeout=60)  # four heartbeats long
        except HTTPError as error:
            if error.code != 410:
                raise
            self.load_snapshot()  # the feed was restored or replaced: begin anew
            return
        with answer:
            for event in events(answer):
                if event["event"] == "opportunity":
                    item = json.loads(event["data"])
                    if item["state"] == "live":
                        self.live[item["id"]] = item
                    else:
                        self.live.pop(item["id"], None)
                self.last_event_id = event.get("id", self.last_event_id)
                if event["event"] == "heartbeat":
                    yield json.loads(event["data"])["digest"] == self.digest()

    def digest(self) -> str:
        """256 sums of sha256(id ‖ version) by the first byte of sha256(id), and sha256 over them."""
        buckets = [0] * 256
        for item in self.live.values():
            id_, version = item["id"].encode(), item["version"].encode()
            buckets[hashlib.sha256(id_).digest()[0]] += int.from_bytes(hashlib.sha256(id_ + version).digest(), "big")
        return hashlib.sha256(b"".join((total % 2**256).to_bytes(32, "big") for total in buckets)).hexdigest()


def events(lines: Iterator[bytes]) -> Iterator[dict[str, str]]:
    """Fields of each event (HTML Living Standard, §9.2.6); the hub's have one data line."""
    fields: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield fields
            fields = {}
        else:
            fields = {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hub", default="http://127.0.0.1:8080")
    parser.add_argument("--heartbeats", type=int, default=0, help="stop after so many; 0: go on")
    arguments = parser.parse_args()
    listener, heard = Listener(arguments.hub), 0
    listener.load_snapshot()
    while True:
        for is_complete in listener.listen():
            heard += 1
            verdict = "complete" if is_complete else "DIFFERENT"
            print(f"{len(listener.live)} live opportunities, last event {listener.last_event_id}: {verdict}", flush=True)
            if heard == arguments.heartbeats:
                return


if __name__ == "__main__":
    main()
