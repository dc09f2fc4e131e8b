"""Follow the unified feed over HTTP with the standard library alone, and prove that the copy is complete.

Begin with the snapshot, then walk the pages from its cursor. The copy, its cursor and its feed id belong together:
keep them in one file or one transaction, and a kill at any moment costs nothing.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen


class Copy:
    def __init__(self, hub: str) -> None:
        self.hub, self.live, self.cursor, self.feed_id = hub, {}, 0, ""

    def load_snapshot(self, address: str = "") -> None:
        """All live items; the first line says from which cursor to go on, and in which feed."""
        with urlopen(address or f"{self.hub}/v1/feed/snapshot.ndjson.gz", timeout=60) as answer:
            head, *items = map(json.loads, gzip.decompress(answer.read()).splitlines())
        self.live = {item["id"]: item for item in items}
        self.cursor, self.feed_id = head["cursor"], head["feed_id"]

    def catch_up(self) -> dict[str, Any]:
        """Walk to the last page, which carries the digest of what is live at its cursor."""
        page: dict[str, Any] = {"next": f"{self.hub}/v1/feed/pages?after={self.cursor}&feed={self.feed_id}"}
        while page["next"]:
            try:
                with urlopen(page["next"], timeout=30) as answer:
                    page = json.load(answer)
            except HTTPError as error:
                if error.code != 410:
                    raise
                # Another feed, or one restored to an earlier state: our cursor means nothing there. Begin anew.
                self.load_snapshot(json.load(error)["snapshot"])
                return self.catch_up()
            for item in page["items"]:
                self.live.pop(item["id"], None)
                if item["state"] == "live":
                    self.live[item["id"]] = item
            self.cursor = page["cursor"]
        return page

    def digest(self) -> str:
        buckets = [0] * 256
        for id_, item in self.live.items():
            value = hashlib.sha256((id_ + item["version"]).encode()).digest()
            buckets[hashlib.sha256(id_.encode()).digest()[0]] += int.from_bytes(value, "big")
        return hashlib.sha256(b"".join((bucket % 2**256).to_bytes(32, "big") for bucket in buckets)).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hub", default="http://127.0.0.1:8080", help="the hub over HTTP (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often to look (default: %(default)s)")
    arguments = parser.parse_args()
    copy = Copy(arguments.hub)
    copy.load_snapshot()
    for round_ in range(arguments.rounds):
        time.sleep(5 if round_ else 0)
        said = copy.catch_up().get("digest")
        word = "complete" if copy.digest() == said else "INCOMPLETE"
        print(f"{len(copy.live)} live opportunities at cursor {copy.cursor}: {word}")


if __name__ == "__main__":
    main()
