"""What every corpus gives the report: postings with their truth, apart from where they come from.

A posting is kept as the JSON of an `EnrichedPosting` without features: features belong to the matching model, are made
anew whenever that changes, and are no part of a world.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from hub.domain.posting import Posting

HELD_OUT_SHARE = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """One posting with what is true of it. `opening`: postings that share it are one opportunity."""

    key: str
    opening: str
    employer: str
    """The true employer, whatever the posting calls it."""
    occupation: str
    shown_employer: str | None
    shown_place: str | None
    shown_title: str
    languages: frozenset[str]
    traits: frozenset[str]
    """Words on this posting from which strata of pairs follow: `intermediary`, `multi_employer`, `event`, …"""
    value: bytes
    template: str = ""

    @classmethod
    def of(
        cls,
        posting: Posting,
        value: bytes,
        *,
        opening: str,
        employer: str,
        occupation: str,
        languages: Iterable[str],
        traits: Iterable[str],
    ) -> Listed:
        """`posting` as its board shows it, `value` as the hub enriched it."""
        title = posting.title.nl or posting.title.en
        return cls(
            key=posting.source_key,
            opening=opening,
            employer=employer,
            occupation=occupation,
            shown_employer=posting.organisation.name if posting.organisation else None,
            shown_place=posting.locations[0].place if posting.locations else None,
            shown_title=title.text if title else "",
            languages=frozenset(languages),
            traits=frozenset(traits),
            value=value,
        )

    @property
    def source(self) -> str:
        return self.key.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Corpus:
    name: str
    listed: list[Listed]
    platform_hosts: dict[str, str]
    clock: int = 0
    """Unix ms: what has closed by then is no longer live."""
    held_out: frozenset[str] = field(default_factory=frozenset)
    """Keys of the postings that nobody tuned to."""


def is_held_out(kind: str, key: str) -> bool:
    """A third of everything, by a hash that was fixed before the first measurement: `sha256(kind:key)[0] % 3 == 0`."""
    return hashlib.sha256(f"{kind}:{key}".encode()).digest()[0] % HELD_OUT_SHARE == 0


def held_out_keys(listed: Iterable[Listed]) -> frozenset[str]:
    """Postings whose employer, occupation or text template is held out."""
    return frozenset(
        one.key
        for one in listed
        if is_held_out("employer", one.employer)
        or is_held_out("title", one.occupation)
        or (one.template and is_held_out("template", one.template))
    )
