"""What in a posting points back at the hub (R8): our own ids wherever they stand, and the addresses it names as its home."""

from __future__ import annotations

from collections.abc import Iterable

from hub.domain.keys import OPPORTUNITY_ID
from hub.domain.posting import EchoHints, Posting


def find_ids(text: str) -> list[str]:
    """Opportunity ids in a text or an address."""
    return OPPORTUNITY_ID.findall(text) if "opp-" in text else []


def to_hints(posting: Posting, ids: Iterable[str]) -> EchoHints | None:
    """The hints of `posting`; `ids` were found in its texts. Unify, which knows the feed and the hosts, judges."""
    stated = posting.echo or EchoHints()
    urls = [posting.canonical_url] if posting.canonical_url else []
    urls += [alternate.url for alternate in posting.alternate_urls]
    hints = EchoHints(
        opportunity_ids=sorted({*stated.opportunity_ids, *ids}),
        urls=list(dict.fromkeys([*urls, *stated.urls])),
    )
    return hints if hints.opportunity_ids or hints.urls else None
