"""Guard against silent loss: per partition the next batch starts where the last one ended, or compaction explains why not.

Compaction leaves gaps, but never in records younger than the topic's `min.compaction.lag.ms`. A gap whose left side is
younger than that is a loss, and the role stops loudly (faust.md §3.6).
"""

from __future__ import annotations

from collections.abc import Mapping

from hub.errors import FatalError
from hub.streams.batch import Batch
from hub.telemetry import metrics


class Continuity:
    """`compaction_lag_ms`: per topic; one that is not named may be compacted at once and is not judged."""

    def __init__(self, compaction_lag_ms: Mapping[str, int]) -> None:
        self._lag_ms = compaction_lag_ms
        self._last: dict[tuple[str, int], tuple[int, int]] = {}

    def forget(self) -> None:
        """Positions start anew after an assignment or a seek."""
        self._last.clear()

    def check(self, batch: Batch, now_ms: int) -> None:
        """Raises FatalError on a gap that compaction cannot have made."""
        place = (batch.topic, batch.partition)
        previous = self._last.get(place)
        first, last = batch.records[0], batch.records[-1]
        if last.offset - first.offset == len(batch.records) - 1 and (previous is None or first.offset == previous[0] + 1):
            # Offsets only rise, so as many as lie between the ends leave no gap: nearly every batch ends here.
            self._last[place] = (last.offset, last.timestamp)
            return
        for record in batch.records:
            if previous is not None and record.offset != previous[0] + 1:
                self._judge_gap(place, previous, record.offset, now_ms)
            previous = (record.offset, record.timestamp)
        if previous is not None:
            self._last[place] = previous

    def _judge_gap(self, place: tuple[str, int], left: tuple[int, int], right: int, now_ms: int) -> None:
        offset, timestamp = left
        if right <= offset:
            raise FatalError(f"{place[0]}[{place[1]}] went back from offset {offset} to {right}")
        metrics.STAGE_GAPS.labels(place[0]).inc()
        if now_ms - timestamp < self._lag_ms.get(place[0], 0):
            raise FatalError(
                f"{place[0]}[{place[1]}] lost records between the offsets {offset} and {right}: too young to be compacted away"
            )
