"""Feed records as unify would write them, for tests of what reads the feed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.domain.keys import opportunity_id
from hub.domain.opportunity import Facets, Opportunity, OpportunitySource
from hub.domain.posting import Kind
from hub.feed.entry import LogRecord

FIRST = "2026-11-01T08:00:00.000Z"


def opportunity(
    number: int,
    version: str = "1",
    *,
    state: str = "live",
    kind: Kind = Kind.VACANCY,
    reason: str | None = None,
    into: str | None = None,
    redirects: tuple[str, ...] = (),
    title: str | None = None,
    source: str = "noorderlink",
) -> Opportunity:
    """Opportunity number `number`; equal arguments are equal bytes."""
    key = f"{source}:{number}"
    is_live = state == "live"
    return Opportunity(
        id=id_of(number, source),
        kind=kind,
        state=state,
        closed_reason=reason or (None if is_live else "withdrawn"),
        merged_into=into,
        version=f"v{version}",
        first_published=FIRST,
        last_changed=FIRST,
        content={"title": {"nl": {"text": title or f"Vacature {number}"}}} if is_live else None,
        sources=[OpportunitySource(source_key=key, source=source, first_seen=FIRST)],
        redirects=list(redirects),
    )


def faceted(number: int, version: str, sources: Sequence[str], **more: Any) -> Opportunity:
    """One with facets and sources, as unify writes it: a closed record names its sources among its facets alone."""
    named = ("sectors", "municipalities", "regions", "audiences", "dutch_required", "education", "languages")
    facets = Facets(sources=list(sources), **{name: more.pop(name) for name in named if name in more})
    made = opportunity(number, version, **more)
    shown = [made.sources[0].model_copy(update={"source": source}) for source in sources if made.state == "live"]
    return made.model_copy(update={"sources": shown, "facets": facets})


def id_of(number: int, source: str = "noorderlink") -> str:
    return opportunity_id(f"{source}:{number}")


def at_offset(offset: int, item: Opportunity, timestamp: int = 0) -> LogRecord:
    return LogRecord(offset, item.id, item.to_bytes(), timestamp)
