"""Small enriched postings, as the engine reads them."""

from __future__ import annotations

from typing import Any

from hub.domain.posting import Apply, EnrichedPosting, Organisation, Provenance, Status, Text, Title
from hub.matching import PostingChange, features_of

BASE = 1_790_000_000_000
"""Unix ms of the tests' first moment."""


def posting(key: str, **fields: Any) -> EnrichedPosting:
    """A live vacancy unless `fields` say otherwise; `title`, `employer`, `apply_url` and `rank` are short forms."""
    source, _, native = key.partition(":")
    apply_url = fields.pop("apply_url", None)
    values: dict[str, Any] = {
        "title": Title(nl=Text(text=fields.pop("title", "Verpleegkundige"))),
        "organisation": Organisation(name=fields.pop("employer", "Ziekenhuis Noord")),
        "apply": Apply(method="url", url=apply_url) if apply_url else None,
        "provenance": Provenance(url=f"https://{source}.example/vacature/{native}", rank=fields.pop("rank", 5)),
        "source": source,
        "source_key": key,
        "seq": BASE,
        "first_seen": BASE,
        **fields,
    }
    if values.get("status") is Status.ERASED:
        return EnrichedPosting(**{name: values[name] for name in ("source", "source_key", "seq", "first_seen", "status")})
    enriched = EnrichedPosting(**values)
    enriched = enriched.model_copy(update={"features": features_of(enriched)})
    if enriched.status is Status.WITHDRAWN:
        return enriched.model_copy(update={"title": Title(), "apply": None})
    return enriched


def change(key: str, **fields: Any) -> PostingChange:
    return PostingChange(key, posting(key, **fields).to_bytes())
