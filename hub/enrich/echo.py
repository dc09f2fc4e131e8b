"""What in a posting points back at the hub (R8): our own ids wherever they stand, and the addresses it names as its home."""

from __future__ import annotations

from collections.abc import Iterable

from hub.domain.keys import OPPORTUNITY_ID
from hub.domain.posting import AlternateUrl, EchoHints


def find_ids(text: str) -> list[str]:
    """Opportunity ids in a text or an address."""
    return OPPORTUNITY_ID.findall(text) if "opp-" in text else []


def to_hints(
    stated: EchoHints | None, canonical_url: str | None, alternates: Iterable[AlternateUrl], ids: Iterable[str]
) -> EchoHints | None:
    """The hints of a posting; `ids` were found in its texts. Unify, which knows the feed and the hosts, judges."""
    known_ids, known_urls = (stated.opportunity_ids, stated.urls) if stated else ([], [])
    urls = [canonical_url] if canonical_url else []
    urls += [alternate.url for alternate in alternates]
    all_ids, all_urls = sorted({*known_ids, *ids}), list(dict.fromkeys([*urls, *known_urls]))
    return EchoHints(opportunity_ids=all_ids, urls=all_urls) if all_ids or all_urls else None
