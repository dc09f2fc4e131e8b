"""The four inputs of unify as changes of the engine, and what one bad record among them does: it alone is parked."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from hub import topics
from hub.broker.outbox import OutRecord
from hub.domain.keys import split_pair_key
from hub.domain.opportunity import Opportunity
from hub.domain.records import ClockTick, MatchOverride, PostingOverride
from hub.errors import RecordRejectedError
from hub.matching import Change, ClockChange, Engine, MatchChange, OverrideChange, PostingChange
from hub.streams.batch import Incoming
from hub.streams.breath import Breath
from hub.streams.dead_letter import park

INPUTS = (topics.ENRICHED, topics.MATCH_OVERRIDE, topics.POSTING_OVERRIDE, topics.CLOCK)
AT_ONCE = 100
"""Records that the engine takes as one change."""


def to_change(record: Incoming) -> Change:
    """One record of an input topic as a change. Raises RecordRejectedError."""
    try:
        key = (record.key or b"").decode()
        value = record.value
        if record.topic == topics.ENRICHED:
            if not value:
                raise RecordRejectedError("missing_field", "an enriched record without a value")
            return PostingChange(key, value)
        if record.topic == topics.CLOCK:
            return ClockChange(ClockTick.model_validate_json(value or b"").at)
        if record.topic == topics.POSTING_OVERRIDE:
            return OverrideChange(key, PostingOverride.model_validate_json(value) if value else None)
        return MatchChange(*split_pair_key(key), MatchOverride.model_validate_json(value) if value else None)
    except (ValidationError, UnicodeDecodeError) as error:
        raise RecordRejectedError("wrong_type", str(error)[:500]) from error


async def apply_records(engine: Engine, records: Sequence[Incoming]) -> tuple[list[Opportunity], list[OutRecord]]:
    """Apply records to the engine: `(what may look different now, dead letters)`; breathes in between."""
    changed: list[Opportunity] = []
    parked: list[OutRecord] = []
    breath = Breath()
    for start in range(0, len(records), AT_ONCE):
        some_changed, some_parked = _apply_some(engine, records[start : start + AT_ONCE])
        changed += some_changed
        parked += some_parked
        await breath.take()
    return changed, parked


def _apply_some(engine: Engine, records: Sequence[Incoming]) -> tuple[list[Opportunity], list[OutRecord]]:
    """All at once; if that fails, one by one, so that only what is bad is parked."""
    try:
        return engine.apply([to_change(record) for record in records]), []
    except Exception:
        changed: list[Opportunity] = []
        parked: list[OutRecord] = []
        for record in records:
            try:
                changed += engine.apply([to_change(record)])
            except Exception as error:
                parked.append(park("unify", record, error))
        return changed, parked
