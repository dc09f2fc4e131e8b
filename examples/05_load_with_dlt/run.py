"""Load the unified feed into a database with dlt and its own REST API source: the first run all of it, later ones what changed.

dlt keeps the cursor in its state. A closed item carries the hint that deletes it, so the table holds what is live, and the
hub's digest proves it. Nothing of dlt is written here but its configuration.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import dlt
from dlt.sources.rest_api import rest_api_source

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"  # nothing goes anywhere but to the hub
warnings.filterwarnings("ignore", "implicitly coercing SELECT object")  # what dlt writes for SQLAlchemy, which takes it


def source(hub: str, feed_id: str) -> Any:
    """Pages of the feed, each followed to the next, from the cursor of the last run."""
    found = rest_api_source(
        {
            "client": {"base_url": hub, "paginator": {"type": "json_link", "next_url_path": "next"}},
            "resources": [
                {
                    "name": "opportunities",
                    "primary_key": "id",
                    "write_disposition": "merge",
                    # Texts, places and sources stay together in one column each: a table a list would be a dozen tables.
                    "max_table_nesting": 0,
                    "columns": {
                        "is_closed": {"data_type": "bool", "hard_delete": True},
                        "cursor": {"dedup_sort": "desc"},  # an item may come twice in a walk: the later one counts
                        "content": {"data_type": "json"},
                    },
                    "endpoint": {
                        "path": "/v1/feed/pages",
                        "data_selector": "items",
                        "params": {"feed": feed_id, "limit": 500},
                        "incremental": {"start_param": "after", "cursor_path": "cursor", "initial_value": 0},
                    },
                }
            ],
        },
        name="hub",
    )
    found.opportunities.add_map(lambda item: {**item, "is_closed": item["state"] == "closed"})
    return found


def load(hub: str, feed_id: str, directory: Path) -> tuple[int, dict[str, str]]:
    """How many items were read, and id → version of what the table holds afterwards."""
    pipeline = dlt.pipeline(
        "talent_hub",
        destination=dlt.destinations.sqlalchemy(f"sqlite:///{directory / 'opportunities.db'}"),
        dataset_name="main",
        pipelines_dir=str(directory / "state"),
    )
    # Cursors of another feed id mean nothing: table and cursor are dropped together, and all is read anew.
    is_known = pipeline.first_run or pipeline.state["_local"].get("feed_id") == feed_id
    pipeline.run(source(hub, feed_id), refresh=None if is_known else "drop_sources")
    pipeline.set_local_state_val("feed_id", feed_id)
    rows = pipeline.last_trace.last_normalize_info.row_counts.get("opportunities", 0)
    with pipeline.sql_client() as client:
        return rows, dict(client.execute_sql("SELECT id, version FROM opportunities") or ())


def ask(hub: str) -> dict[str, Any]:
    """Feed id, cursor and digest, as the hub has them now."""
    with urlopen(f"{hub}/v1/feed/digest", timeout=30) as answer:
        said: dict[str, Any] = json.load(answer)
    return said


def judge(held: dict[str, str], before: dict[str, Any], after: dict[str, Any]) -> str:
    """What the hub said before and after the run, against id → version of what is held."""
    if digest(held.items()) == after["digest"]:
        return "complete"
    # Another cursor is no fault: the feed went on while dlt was at work, and the next run reads what changed.
    return "INCOMPLETE" if before["cursor"] == after["cursor"] else "the feed has gone on meanwhile: run it again"


def digest(live: Iterable[tuple[str, str]]) -> str:
    buckets = [0] * 256
    for id_, version in live:
        value = hashlib.sha256((id_ + version).encode()).digest()
        buckets[hashlib.sha256(id_.encode()).digest()[0]] += int.from_bytes(value, "big")
    return hashlib.sha256(b"".join((bucket % 2**256).to_bytes(32, "big") for bucket in buckets)).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hub", default="http://127.0.0.1:8080", help="the hub over HTTP (default: %(default)s)")
    parser.add_argument("--directory", type=Path, default=Path("talent-hub-dlt"), help="keeps all (default: %(default)s)")
    arguments = parser.parse_args()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    before = ask(arguments.hub)
    rows, held = load(arguments.hub, before["feed_id"], arguments.directory.resolve())
    print(f"{rows} items read, {len(held)} live opportunities held: {judge(held, before, ask(arguments.hub))}")


if __name__ == "__main__":
    main()
