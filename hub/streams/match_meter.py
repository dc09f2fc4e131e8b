"""What matching does and holds, as metrics: counters of what happened since the rebuild, and sizes as they are.

The engine tells how often it judged, merged and split since it began, the rebuild's load included; counters tell what
came after, since a rebuild repeats what readers know. The review list is walked through for its size, so only when the
clock ticked. What grew beyond its bound is logged once, by its key's hash.
"""

from __future__ import annotations

from collections import Counter

import structlog

from hub.matching import Engine
from hub.telemetry import metrics

log = structlog.get_logger()
DECISIONS = ("linked", "possible", "parted")
WHATS = ("block", "component")


class MatchMeter:
    """Counts from now on: made when the rebuild is through."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._counted = Counter(engine.tally)
        self._clock = -1
        self._alarmed: set[str] = set()
        metrics.MATCH_MODEL.clear()
        metrics.MATCH_MODEL.labels(engine.model.hash).set(1)

    def count(self) -> dict[str, int]:
        """Set the metrics; returns the engine's own counts, which take a look at every block."""
        counts = self._engine.counts
        self._count_events()
        metrics.MATCH_POSSIBLE.set(counts["possible"])
        metrics.MATCH_BLOCKS.set(counts["blocks"])
        for what in WHATS:
            metrics.MATCH_LARGEST.labels(what).set(counts[f"largest_{what}"])
        self._count_oversized()
        if counts["clock"] != self._clock:
            self._clock = counts["clock"]
            metrics.MATCH_REVIEW.set(self._engine.explain.review_size())
        return counts

    def _count_events(self) -> None:
        tally = Counter(self._engine.tally)
        fresh = tally - self._counted
        metrics.MATCH_MERGES.inc(fresh["merges"])
        metrics.MATCH_SPLITS.inc(fresh["splits"])
        for decision in DECISIONS:
            metrics.MATCH_DECISIONS.labels(decision).inc(fresh[decision])
        self._counted = tally

    def _count_oversized(self) -> None:
        alarms = self._engine.alarms()
        for what in WHATS:
            metrics.MATCH_OVERSIZED.labels(what).set(sum(1 for key in alarms if key.startswith(f"{what}:")))
        for key in sorted(alarms.keys() - self._alarmed):
            what, _, key_hash = key.partition(":")
            log.warning("beyond its bound; `hub match large` tells which", kind=what, key_hash=key_hash, count=alarms[key])
        self._alarmed = set(alarms)
