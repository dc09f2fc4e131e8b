"""How far the projection is behind the log, and how long a record takes until readers have it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from hub.telemetry import metrics


class Meter:
    """`clock`: unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._reaches = clock()
        """Up to then what is served says what the log says; not before this process began, as far as it knows."""

    def written(self, timestamps: Sequence[int], *, is_complete: bool) -> None:
        """Records of these times, unix ms, became readable; `is_complete`: behind all that the log had when it was opened."""
        if not timestamps:
            return
        self._reaches = timestamps[-1] / 1000
        if is_complete:
            now = self._clock()
            for timestamp in timestamps:
                metrics.FEED_READABLE_SECONDS.observe(max(0.0, now - timestamp / 1000))

    def look(self, position: int, end: int) -> None:
        """To be called also while nothing comes through: a projection that stands still is the one that must be seen."""
        lag, now = max(0, end - position), self._clock()
        if not lag:
            self._reaches = now
        metrics.FEED_POSITION.set(position)
        metrics.FEED_LAG_RECORDS.set(lag)
        metrics.FEED_LAG_SECONDS.set(max(0.0, now - self._reaches))
