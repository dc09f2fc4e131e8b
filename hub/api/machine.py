"""What this machine may run short of: room on its disk, and days of the certificate that partners of Kafka are shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from hub.broker.door import door_of, fetch_end
from hub.settings import Settings
from hub.store.state_dir import free_bytes
from hub.telemetry import metrics

LOOK_SECONDS = 60.0

log = structlog.get_logger()


@dataclass(slots=True)
class Machine:
    """As it was last looked at. None: not known, or there is none."""

    free_bytes: int | None = None
    certificate_ends_ms: int | None = None

    async def watch(self, settings: Settings) -> None:
        """Until cancelled."""
        while True:
            await self.look(settings)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, settings: Settings) -> None:
        try:
            self.free_bytes = free_bytes(settings.state_dir)
            metrics.DISK_FREE.set(self.free_bytes)
        except OSError as error:
            log.warning("the disk was not looked at", error=str(error))
        door = door_of(settings.kafka)
        end = await fetch_end(*door, settings.kafka.public_host or "") if door else None
        if end is not None:  # a broker that is away still has the certificate that it showed
            self.certificate_ends_ms = int(end.timestamp() * 1_000)
            metrics.CERTIFICATE_END.set(end.timestamp())
