"""A process with one stage that forwards what it reads: `forwarder.py SERVERS GROUP INPUT OUTPUT FAIL_EVERY STEP_MS`.

It is built of the hub's own reader, stage and outbox, so that killing it tests them. Each output names its origin
(`partition:offset`). Every `FAIL_EVERY`th batch fails for good, as a refused record would (0: never); a step takes
`STEP_MS`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import gettempdir

from hub.broker.outbox import Outbox, OutRecord, Sending
from hub.errors import FatalError
from hub.streams.batch import Incoming
from hub.streams.faust_app import channel_of, create_app, start_app
from hub.streams.reader import BatchReader, ReaderSettings
from hub.streams.stage import Stage, attach
from hub.telemetry.health import Health

POISON = b"poison"


class FailingOutbox:
    """Fails every nth batch after half of it was acknowledged."""

    def __init__(self, outbox: Outbox, every: int) -> None:
        self._outbox = outbox
        self._every = every
        self._opened = 0

    def open(self) -> Sending:
        self._opened += 1
        is_bad = self._every and self._opened % self._every == 0
        return FailingSending(self._outbox) if is_bad else self._outbox.open()


class FailingSending(Sending):
    """Drops the second half of what it is given, as a broker that refuses it would."""

    async def add(self, records: Iterable[OutRecord]) -> None:
        records = list(records)
        await super().add(records[: len(records) // 2])

    async def acknowledged(self) -> list[int]:
        await super().acknowledged()
        raise FatalError("the broker refused a record (injected)")


async def main(servers: str, group: str, source: str, target: str, fail_every: int, step_ms: int) -> None:
    def step(record: Incoming) -> list[OutRecord]:
        if record.value == POISON:
            raise ZeroDivisionError
        time.sleep(step_ms / 1000)
        return [OutRecord(target, record.key, f"{record.partition}:{record.offset}".encode())]

    outbox = Outbox(servers, group, patience_seconds=150)
    await outbox.start()
    app = create_app(group, servers=servers, data_dir=Path(gettempdir()) / "hub-test-faust")
    channel = channel_of(app, 4)
    settings = ReaderSettings(
        stage="canonicalise",
        servers=servers,
        group=group,
        topics=(source,),
        batch_records=200,
        compaction_lag_ms={source: 3_600_000},
        session_seconds=6,
    )
    reader = BatchReader(settings, channel, Health())
    attach(app, Stage("canonicalise", "test.forward", (step,)), channel, FailingOutbox(outbox, fail_every), reader.fail)
    await start_app(app)
    await app.add_runtime_dependency(reader)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    waiting = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait([waiting, reader.failure], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    await app.stop()
    await outbox.stop()
    for future in done - {waiting}:
        future.result()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5], *map(int, sys.argv[5:])))  # type: ignore[arg-type]
