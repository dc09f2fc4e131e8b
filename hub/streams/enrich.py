"""canonical → enriched: derived values with their rules, and the features that matching reads.

There is no clock here: `expires_at` is derived, unify's clock judges it. A withdrawn posting goes on as a ghost (identity,
codes and features without texts), an erased one bare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub import topics
from hub.broker.outbox import OutRecord
from hub.domain.posting import EnrichedPosting, Posting, Status
from hub.enrich import enrich, to_bare, to_ghost
from hub.matching import features_of
from hub.sdk.connector import Connector
from hub.streams.batch import Incoming
from hub.streams.posting_record import key_of, output, stamp_of
from hub.streams.stage import Phase, Stage


@dataclass(slots=True)
class _Work:
    """A record on its way through the phases; `enriched` is None before it is derived."""

    record: Incoming
    key: str
    posting: Posting
    enriched: EnrichedPosting | None = None

    @property
    def is_bare(self) -> bool:
        return self.posting.status is Status.ERASED or not (self.posting.title.nl or self.posting.title.en)


def create_stage(connectors: Mapping[str, Connector]) -> Stage:
    return Stage("enrich", topics.AGENT_ENRICH, create_phases(connectors))


def create_phases(connectors: Mapping[str, Connector]) -> tuple[Phase, ...]:
    """The pure phases of this hop, for the connectors of this hub."""
    defaults = {name: connector.manifest.dutch_required_default for name, connector in connectors.items()}

    def derive(work: _Work) -> _Work:
        if not work.is_bare:
            default = defaults.get(work.posting.source, "unknown")
            work.enriched = enrich(work.posting, dutch_required_default=default)
        return work

    return _parse, derive, _describe, _write


def _parse(record: Incoming) -> _Work:
    return _Work(record, key_of(record), Posting.model_validate_json(record.value or b""))


def _describe(work: _Work) -> _Work:
    if work.enriched is not None:
        work.enriched = work.enriched.model_copy(update={"features": features_of(work.enriched)})
    return work


def _write(work: _Work) -> list[OutRecord]:
    enriched = work.enriched or to_bare(work.posting)
    if work.enriched is not None and work.posting.status is Status.WITHDRAWN:
        enriched = to_ghost(work.enriched)
    return [output(topics.ENRICHED, work.key, enriched, stamp_of(work.record), work.record)]
