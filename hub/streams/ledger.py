"""What the feed says, as unify knows it: a repeat of what stands is not written again.

A signature covers what makes a new record: state, reason, `merged_into`, version, sources, redirects, and why it is so
(joins and origins; the feed would else give reasons of long ago). Dates and the model's hash ride along. Two rules keep
closed records at rest: an id that was never live needs no closed record, and an erasure changes nothing of a record that
is closed already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import orjson

from hub.domain.opportunity import Opportunity


class Ledger:
    def __init__(self) -> None:
        self._signatures: dict[str, bytes] = {}
        self._live: set[str] = set()

    @property
    def live(self) -> frozenset[str]:
        return frozenset(self._live)

    @property
    def live_count(self) -> int:
        return len(self._live)

    def ids(self) -> list[str]:
        return sorted(self._signatures)

    def read(self, opportunity: Opportunity) -> None:
        """Take over what stands in the feed."""
        self._signatures[opportunity.id] = signature(opportunity)
        if opportunity.state == "live":
            self._live.add(opportunity.id)
        else:
            self._live.discard(opportunity.id)

    def says(self, opportunity: Opportunity) -> bool:
        """The feed says just this already."""
        return self._signatures.get(opportunity.id) == signature(opportunity)

    def differences(self, opportunities: Iterable[Opportunity]) -> list[Opportunity]:
        """Those that need a new record, in the order given. The ledger is not changed: see `read`."""
        return [opportunity for opportunity in opportunities if self._needs_record(opportunity)]

    def _needs_record(self, opportunity: Opportunity) -> bool:
        known = self._signatures.get(opportunity.id)
        if opportunity.state == "closed":
            if known is None:
                return False
            if opportunity.closed_reason == "erased" and opportunity.id not in self._live:
                return False
        return known != signature(opportunity)


def signature(opportunity: Opportunity) -> bytes:
    """16 bytes over what makes a new record."""
    said = (
        opportunity.state,
        opportunity.closed_reason,
        opportunity.merged_into,
        opportunity.version,
        [(source.source_key, source.url, source.attribution) for source in opportunity.sources],
        opportunity.redirects,
        [(join.by, join.first, join.second, join.bits) for join in opportunity.joins or ()],
        opportunity.field_origins,
    )
    return hashlib.blake2b(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()
