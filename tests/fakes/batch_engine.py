"""What a fresh engine makes of the topics as they are now: `python -m fakes.batch_engine`, a process of its own.

It reads the inputs of unify once, in one batch, with the settings of the environment (`HUB_*`), and tells the live opportunities:
standard output is JSON, one `[id, version, [source keys]]` each.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

from hub.app import match_model, platform_hosts
from hub.broker.log_reader import LogReader
from hub.errors import RecordRejectedError
from hub.matching import Change, Engine
from hub.sdk.connector import load_connectors
from hub.settings import load_settings
from hub.streams.inputs import INPUTS, to_change
from hub.supervisor.plan import sandbox_environment


async def read_changes(servers: str) -> list[Change]:
    changes = []
    async for records in LogReader(servers, INPUTS).read():
        for record in records:
            try:
                changes.append(to_change(record))
            except RecordRejectedError:
                continue
    return changes


def main() -> None:
    connectors = load_connectors()
    os.environ.update(sandbox_environment(load_settings(), connectors, None))
    settings = load_settings()
    engine = Engine(platform_hosts(settings, connectors), match_model(settings))
    engine.load(asyncio.run(read_changes(settings.kafka.servers)))
    live = [one for one in engine.opportunities() if one.state == "live"]
    json.dump([[one.id, one.version, [source.source_key for source in one.sources]] for one in live], sys.stdout)


if __name__ == "__main__":
    main()
