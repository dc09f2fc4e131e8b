"""Event time for the whole hub: full minutes, never going back, and never believed blindly after a jump.

A machine whose clock jumps (a bad battery, a restored snapshot) would expire every posting at once. So after a jump of
over an hour the clock waits until a partner's HTTP `Date`, seen after the jump, agrees within five minutes, or until an
operator releases it. A hub that was down for hours meets the same question, and its first answer settles it. A clock that
is behind by as much waits too, until it is set right or has caught up: no minute is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from hub import topics
from hub.broker.headers import cloud_event
from hub.broker.outbox import OutRecord
from hub.domain.opportunity import rfc3339
from hub.domain.records import ClockTick
from hub.errors import HubError
from hub.ingest.log import Log
from hub.telemetry import metrics

MINUTE_MS = 60_000
JUMP_MS = 3_600_000
AGREES_MS = 300_000
LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Witness:
    """A partner's `Date` header, and this machine's clock when it came in (unix ms)."""

    date: int
    received_at: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """`tick`: the minute to write; `waits`: why none may be written."""

    tick: int | None = None
    waits: str | None = None


def judge(now_ms: int, last: int | None, witness: Witness | None = None, *, is_released: bool = False) -> Judgement:
    """`last`: the minute written last. `witness`: what a partner said since the jump was seen."""
    minute = now_ms - now_ms % MINUTE_MS
    if last is None:
        return Judgement(tick=minute)
    if minute <= last:
        return Judgement(waits=_how_far(now_ms, last, "behind") if last - now_ms > JUMP_MS else None)
    if now_ms - last <= JUMP_MS or is_released or (witness is not None and _agrees(witness, now_ms)):
        return Judgement(tick=minute)
    return Judgement(waits=_how_far(now_ms, last, "ahead of"))


def _how_far(now_ms: int, last: int, side: str) -> str:
    return f"the clock is {abs(now_ms - last) / JUMP_MS:.1f} h {side} the last minute written, {rfc3339(last)}"


def _agrees(witness: Witness, now_ms: int) -> bool:
    """The partner agreed when asked, and the machine's clock has not jumped again since."""
    return abs(witness.date - witness.received_at) <= AGREES_MS and 0 <= now_ms - witness.received_at <= JUMP_MS


class Clock:
    """The shell: asks the judge at each beat and writes `hub.clock.v1`."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.last: int | None = None
        self.waits: str | None = None
        self._waiting_since = 0
        self._witness: Witness | None = None

    async def load(self) -> None:
        async for record in self._log.read(topics.CLOCK):
            try:
                self.last = max(self.last or 0, ClockTick.model_validate_json(record.value or b"").at)
            except ValidationError:
                LOG.warning("a record of the clock cannot be read and is passed over", offset=record.offset)

    def witness(self, date_ms: int, received_at_ms: int) -> None:
        self._witness = Witness(date_ms, received_at_ms)

    async def beat(self, now_ms: int) -> int | None:
        """Write this minute if it may be written; returns it."""
        return await self._act(judge(now_ms, self.last, self._fresh_witness()), now_ms)

    async def release(self, now_ms: int) -> int:
        """An operator vouches for the machine's clock. Raises HubError when nothing waits."""
        if self.waits is None:
            raise HubError("the clock does not wait")
        tick = await self._act(judge(now_ms, self.last, is_released=True), now_ms)
        if tick is None:
            raise HubError("the machine's clock is behind the last minute written; set it right first")
        return tick

    def _fresh_witness(self) -> Witness | None:
        witness = self._witness
        return witness if witness is not None and (self.waits is None or witness.received_at >= self._waiting_since) else None

    async def _act(self, judgement: Judgement, now_ms: int) -> int | None:
        if judgement.waits is not None and self.waits is None:
            self._waiting_since = now_ms
            LOG.warning("the clock waits", why=judgement.waits)
        self.waits = judgement.waits
        metrics.CLOCK_HELD.set(float(self.waits is not None))
        if judgement.tick is None:
            return None
        value = ClockTick(at=judgement.tick).to_bytes()
        headers = cloud_event(
            type_=topics.CLOCK,
            source="clock",
            id_=f"clock@{judgement.tick}",
            time_ms=judgement.tick,
            correlation_id=f"clock-{judgement.tick}",
        )
        await self._log.produce([OutRecord(topics.CLOCK, topics.CLOCK_KEY.encode(), value, headers)])
        self.last = judgement.tick
        metrics.CLOCK_TIMESTAMP.set(judgement.tick / 1000)
        return judgement.tick
