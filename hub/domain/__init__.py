"""The canonical model: what a posting and an opportunity are, whatever their source. Pure: stdlib and pydantic."""

from hub.domain.keys import opportunity_id, source_key, source_of
from hub.domain.opportunity import Facets, Opportunity, OpportunitySource
from hub.domain.posting import EnrichedPosting, Posting
from hub.domain.records import ClockTick, MatchOverride, PostingOverride, Rejection

__all__ = [
    "ClockTick",
    "EnrichedPosting",
    "Facets",
    "MatchOverride",
    "Opportunity",
    "OpportunitySource",
    "Posting",
    "PostingOverride",
    "Rejection",
    "opportunity_id",
    "source_key",
    "source_of",
]
