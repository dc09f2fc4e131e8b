"""The entry of the unified feed: what a cluster of postings describes (architecture §7)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

import orjson

from hub.domain.model import Model
from hub.domain.posting import Kind

ClosedReason = Literal["withdrawn", "expired", "filled", "merged", "hidden", "erased"]


@lru_cache(maxsize=4_096)
def rfc3339(unix_ms: int) -> str:
    """Unix milliseconds → `2026-11-22T02:34:53.123Z`."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class OpportunitySource(Model):
    source_key: str
    source: str
    url: str | None = None
    first_seen: str
    attribution: str | None = None


class Alternative(Model):
    """What another source states where the content shows something else."""

    value: Any
    source_key: str


class Join(Model):
    """Why two postings of an opportunity are one: found alike (`match`), one repeats the other (`echo`), or told so."""

    by: Literal["match", "echo", "operator"]
    first: str
    second: str
    bits: float | None = None
    """Log2 odds that both are one opening, of a match."""


class Facets(Model):
    """What the feed's filters ask for; kept on a closed record, so that filtered readers see the removal."""

    sectors: list[str] = []
    municipalities: list[str] = []
    regions: list[str] = []
    """`scheme:code`."""
    audiences: list[str] = []
    dutch_required: Literal["yes", "no", "unknown"] = "unknown"
    education: list[str] = []
    languages: list[str] = []
    sources: list[str] = []


class Opportunity(Model):
    """`content` is the golden record: the posting's fields that the hub shows, by survivorship (matching.md §7).

    `version` is the hash of kind, state, content and alternatives, so what reads alike has equal versions on every surface.
    """

    id: str
    kind: Kind
    state: Literal["live", "closed"]
    closed_reason: ClosedReason | None = None
    merged_into: str | None = None
    version: str
    first_published: str
    last_changed: str
    content: dict[str, Any] | None = None
    sources: list[OpportunitySource] = []
    field_origins: dict[str, str] = {}
    alternatives: dict[str, list[Alternative]] | None = None
    """Path in `content` → other values that its sources state; absent when they agree. Beside the content, so that whoever
    reads the content need not tell them apart; in the version, so that a disagreement that comes or goes reaches the feed.
    """
    joins: list[Join] | None = None
    """Why its postings are one, when there are several; as of when this was written, like the dates."""
    facets: Facets = Facets()
    redirects: list[str] = []
    model: str = ""

    def to_bytes(self) -> bytes:
        """As every model's, in two thirds of the time: most of it is content, which is plain JSON already."""
        values = self.__dict__
        stated = {name: values[name] for name in _FIELDS if values[name] is not None}
        return orjson.dumps(stated, default=_without_nulls)


_FIELDS = tuple(Opportunity.model_fields)


def _without_nulls(part: Model) -> dict[str, Any]:
    return {name: value for name, value in part.__dict__.items() if value is not None}
