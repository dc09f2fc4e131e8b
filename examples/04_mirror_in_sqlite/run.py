"""Mirror the unified feed in SQLite with the standard library alone, and prove that the mirror is complete.

The first run takes the snapshot, every run walks the pages from the cursor that it stored. Items and cursor change in one
transaction, so a run that is killed at any moment costs nothing: the next one goes on.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

TABLES = """
CREATE TABLE IF NOT EXISTS opportunity (id TEXT PRIMARY KEY, version TEXT, kind TEXT, title TEXT, url TEXT, record TEXT);
CREATE TABLE IF NOT EXISTS place (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), feed_id TEXT, cursor INTEGER);
"""


class Mirror:
    """`query`: a filter, such as `segment=internationals`; a mirror keeps to the one with which it began."""

    def __init__(self, hub: str, path: Path, query: str = "") -> None:
        self.hub, self.query = hub, f"&{query}" if query else ""
        self.db = sqlite3.connect(path)
        self.db.executescript(TABLES)

    def update(self) -> str | None:
        """Go on to the end of the feed; returns the digest that the hub states there, of what is live for this filter."""
        place = self.db.execute("SELECT feed_id, cursor FROM place").fetchone() or self.begin_anew()
        address = f"{self.hub}/v1/feed/pages?after={place[1]}&feed={place[0]}{self.query}"
        while True:
            try:
                with urlopen(address, timeout=60) as answer:
                    page = json.load(answer)
            except HTTPError as error:
                problem = json.load(error)
                if "snapshot" not in problem:  # such as a segment that has ended
                    raise SystemExit(problem["detail"]) from error
                # Another feed, or one restored to an earlier state: our cursor means nothing there.
                self.begin_anew(problem["snapshot"])
                return self.update()
            with self.db:  # both or neither
                self.take(page["items"])
                self.db.execute("UPDATE place SET cursor = ?", [page["cursor"]])
            if page["next"] is None:
                return str(page["digest"])
            address = page["next"]

    def begin_anew(self, address: str = "") -> tuple[str, int]:
        """All live items of the moment; the first line says from which cursor to go on, and in which feed."""
        address = address or f"{self.hub}/v1/feed/snapshot.ndjson.gz?{self.query[1:]}"
        with urlopen(address, timeout=60) as answer, gzip.open(answer) as lines, self.db:
            head = json.loads(next(lines))
            self.db.execute("DELETE FROM opportunity")
            self.take(map(json.loads, lines))
            self.db.execute("REPLACE INTO place VALUES (1, ?, ?)", [head["feed_id"], head["cursor"]])
        return head["feed_id"], head["cursor"]

    def take(self, items: Iterable[dict[str, Any]]) -> None:
        for item in items:
            if item["state"] == "live":
                content = item["content"]
                title = next((text["text"] for text in content.get("title", {}).values()), None)
                row = (item["id"], item["version"], item["kind"], title, content.get("canonical_url"), json.dumps(item))
                self.db.execute("REPLACE INTO opportunity VALUES (?, ?, ?, ?, ?, ?)", row)
            else:  # closed, or a stub: it has left the filter
                self.db.execute("DELETE FROM opportunity WHERE id = ?", [item["id"]])

    def digest(self) -> str:
        """256 buckets by the first byte of sha256(id), each the sum of sha256(id + version) modulo 2^256; then sha256 of all."""
        buckets = [0] * 256
        for id_, version in self.db.execute("SELECT id, version FROM opportunity"):
            value = hashlib.sha256((id_ + version).encode()).digest()
            buckets[hashlib.sha256(id_.encode()).digest()[0]] += int.from_bytes(value, "big")
        return hashlib.sha256(b"".join((bucket % 2**256).to_bytes(32, "big") for bucket in buckets)).hexdigest()

    def count(self) -> int:
        return int(self.db.execute("SELECT count(*) FROM opportunity").fetchone()[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hub", default="http://127.0.0.1:8080", help="the hub over HTTP (default: %(default)s)")
    parser.add_argument("--file", type=Path, default=Path("talent-hub.db"), help="the mirror (default: %(default)s)")
    parser.add_argument("--filter", default="", help="such as segment=internationals or kind=event&dutch_required=no")
    arguments = parser.parse_args()
    mirror = Mirror(arguments.hub, arguments.file, arguments.filter)
    try:
        said = mirror.update()
    except HTTPError as error:  # such as a filter that the hub does not know
        raise SystemExit(json.load(error)["detail"]) from error
    print(f"{mirror.count()} live opportunities: {'complete' if mirror.digest() == said else 'INCOMPLETE'}")
    mirror.db.close()


if __name__ == "__main__":
    main()
