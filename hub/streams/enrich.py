"""canonical → enriched: derived values with their rules, and the features that matching reads.

There is no clock here: `expires_at` is derived, unify's clock judges it. A withdrawn posting goes on as a ghost (identity,
codes and features without texts), an erased one bare.
"""

from __future__ import annotations

from collections.abc import Mapping

from hub import topics
from hub.broker.outbox import OutRecord
from hub.domain.posting import EnrichedPosting, Posting, Status
from hub.enrich import enrich, to_bare, to_ghost
from hub.matching import features_of
from hub.sdk.connector import Connector
from hub.streams.batch import Incoming
from hub.streams.canonicalise import key_of, output, stamp_of
from hub.streams.stage import Stage, Step


def create_stage(connectors: Mapping[str, Connector]) -> Stage:
    return Stage("enrich", topics.AGENT_ENRICH, create_step(connectors))


def create_step(connectors: Mapping[str, Connector]) -> Step:
    defaults = {name: connector.manifest.dutch_required_default for name, connector in connectors.items()}

    def step(record: Incoming) -> list[OutRecord]:
        key = key_of(record)
        posting = Posting.model_validate_json(record.value or b"")
        enriched = enrich_posting(posting, defaults.get(posting.source, "unknown"))
        return [output(topics.ENRICHED, key, enriched, stamp_of(record), record)]

    return step


def enrich_posting(posting: Posting, dutch_required_default: str) -> EnrichedPosting:
    if posting.status is Status.ERASED or not (posting.title.nl or posting.title.en):
        return to_bare(posting)
    enriched = enrich(posting, dutch_required_default=dutch_required_default)
    enriched = enriched.model_copy(update={"features": features_of(enriched)})
    return to_ghost(enriched) if posting.status is Status.WITHDRAWN else enriched
