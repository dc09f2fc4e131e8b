"""The catalogue: every topic, agent and consumer group by name (architecture §3). Names outlive code.

A snapshot test guards these names: a renamed group would orphan its offsets, a renamed topic its data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

CHECKPOINT = "hub.ingest.checkpoint.v1"
CANONICAL = "hub.posting.canonical.v1"
ENRICHED = "hub.posting.enriched.v1"
REJECTED = "hub.posting.rejected.v1"
POSTING_OVERRIDE = "hub.posting.override.v1"
MATCH_OVERRIDE = "hub.match.override.v1"
OWNER = "hub.unify.owner.v1"
CLOCK = "hub.clock.v1"
FEED = "hub.opportunity.feed.v1"

GROUP_INGEST = "hub-ingest"
GROUP_INGEST_OWNER = "hub-ingest-owner"
GROUP_CANONICALISE = "hub-canonicalise"
GROUP_ENRICH = "hub-enrich"
GROUP_UNIFY = "hub-unify"

AGENT_CANONICALISE = "hub.canonicalise"
AGENT_ENRICH = "hub.enrich"
AGENT_UNIFY = "hub.unify"

CLOCK_KEY = "minute"
OWNER_KEY = "owner"


def raw(source: str) -> str:
    return f"hub.raw.{source}.v1"


def inbound(source: str) -> str:
    return f"hub.inbound.{source}.v1"


@dataclass(frozen=True)
class Topic:
    """One topic as it must be. `loses_data`: settings whose drift makes roles refuse to start."""

    name: str
    key: str
    value: str
    partitions: int
    cleanup: Literal["compact", "delete"]
    config: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """Topic configuration as the broker is told."""
        return {"cleanup.policy": self.cleanup, "max.message.bytes": "2097152", **self.config}


_STAGE = {"segment.ms": str(HOUR_MS), "min.compaction.lag.ms": str(HOUR_MS), "max.compaction.lag.ms": str(DAY_MS)}
_THIRTY_DAYS = {"retention.ms": str(30 * DAY_MS)}
_FLUSHED = {"flush.messages": "1"}


def catalogue(sources: Iterable[str]) -> list[Topic]:
    """Every topic of a hub with these sources, in the order of the flow."""
    topics: list[Topic] = []
    for source in sorted(sources):
        topics += [
            Topic(inbound(source), "any", "payload", 1, "delete", _THIRTY_DAYS),
            Topic(
                raw(source),
                "source key",
                "raw parts",
                1,
                "compact",
                {"min.compaction.lag.ms": str(7 * DAY_MS), "max.compaction.lag.ms": str(8 * DAY_MS)},
            ),
        ]
    return [
        *topics,
        Topic(CHECKPOINT, "source", "SourceState", 1, "compact"),
        Topic(CANONICAL, "source key", "Posting", 4, "compact", _STAGE),
        Topic(ENRICHED, "source key", "EnrichedPosting", 1, "compact", _STAGE),
        Topic(REJECTED, "source key or none", "Rejection", 1, "delete", _THIRTY_DAYS),
        Topic(POSTING_OVERRIDE, "source key", "PostingOverride", 1, "compact", _FLUSHED),
        Topic(MATCH_OVERRIDE, "both source keys", "MatchOverride", 1, "compact", _FLUSHED),
        Topic(OWNER, OWNER_KEY, "OwnerClaim", 1, "compact"),
        Topic(CLOCK, CLOCK_KEY, "ClockTick", 1, "compact"),
        Topic(FEED, "opportunity id", "Opportunity", 1, "compact", {**_STAGE, **_FLUSHED}),
    ]


def compaction_lags(topics: Iterable[Topic]) -> dict[str, int]:
    """Per topic the age below which compaction takes nothing (ms); topics that may be compacted at once are left out."""
    return {topic.name: int(lag) for topic in topics if (lag := topic.config.get("min.compaction.lag.ms"))}
