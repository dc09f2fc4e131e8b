"""Raw records as the connectors make them of the sandbox's world, with ingest's stamps; the same for the same size.

The real runners of ingest read the simulated platforms over HTTP; only the log is a list.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence

from hub.broker.outbox import OutRecord
from hub.ingest.log import LogRecord
from hub.ingest.sources import create_runner
from hub.ingest.state import SourceState
from hub.sandbox.run import Sandbox
from hub.sdk.connector import load_connectors
from hub.settings import ConnectorSettings, SandboxSettings, Settings

SPARE = 1.25
"""The world makes some more records than the platforms list."""


class ListLog:
    """Ingest's log, in memory; nothing of it is ever read."""

    def __init__(self) -> None:
        self.records: list[OutRecord] = []

    async def produce(self, records: Sequence[OutRecord]) -> list[int]:
        self.records += records
        return [-1] * len(records)

    async def read(self, topic: str, start: int = 0) -> AsyncIterator[LogRecord]:
        none: list[LogRecord] = []
        for record in none:
            yield record

    async def read_back(self, topic: str, offsets: Collection[int]) -> dict[int, LogRecord]:
        return {}


async def raw_records(count: int) -> list[OutRecord]:
    """`count` raw records of distinct postings of all four sources, mixed as their platforms' sizes are."""
    sandbox = await Sandbox.start(SandboxSettings(port=0, records=int(count * SPARE), speed=0))
    try:
        settings = Settings(
            connectors={name: ConnectorSettings(base_url=url, enabled=True) for name, url in sandbox.urls.items()}
        )
        by_source = [await records_of(name, settings) for name in sorted(sandbox.urls)]
    finally:
        await sandbox.stop()
    return _mixed(by_source, count)


async def records_of(name: str, settings: Settings) -> list[OutRecord]:
    """Raw records of one run of a source against the platforms that `settings` name."""
    log = ListLog()
    runner, http = create_runner(load_connectors()[name], settings, log, SourceState(source=name))
    try:
        await runner.load()
        report = await runner.run()
    finally:
        await http.close()
    if report.outcome != "ok":
        raise RuntimeError(f"{name} could not be read: {report.cause} {report.detail}")
    return [record for record in log.records if record.topic.startswith("hub.raw.")]


def _mixed(by_source: list[list[OutRecord]], count: int) -> list[OutRecord]:
    """Each source's share of `count`, so that any size has the same mixture."""
    total = sum(map(len, by_source))
    if total < count:
        raise RuntimeError(f"the world gave {total} records, {count} are needed")
    chosen = [record for records in by_source for record in records[: len(records) * count // total]]
    rest = [record for records in by_source for record in records[len(records) * count // total :]]
    return [*chosen, *rest[: count - len(chosen)]]
