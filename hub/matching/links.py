"""Certain links: an address that names one job, a reference number with its employer, an echo, the operator's word.

A key that two *live* postings of one source carry does not name one opening (a careers home page, a pool number): it is
void for everybody. That rule reads the current set only, so it does not depend on the order of arrival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from hub.domain.keys import pair_key, split_pair_key
from hub.matching.entry import OWN, STATED, Entry

LINK, ECHO, CERTAIN = 0, 1, 2
"""Ranks of edges: the operator's word comes first, then echoes, then certain links."""

Edge = tuple[int, str, str]


class Links:
    """The index of what postings share. Knows no liveness of its own: `is_live` is asked."""

    def __init__(self, is_live: Callable[[Entry], bool]) -> None:
        self._is_live = is_live
        self._holders: defaultdict[str, dict[str, tuple[Entry, str]]] = defaultdict(dict)
        self._echoes: defaultdict[str, set[str]] = defaultdict(set)
        self._by_id: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._linked: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, entry: Entry) -> None:
        for key, role in entry.link_keys:
            self._holders[key].setdefault(entry.key, (entry, role))
        for echo in entry.echo_ids:
            self._echoes[echo].add(entry.key)
        self._by_id[entry.id] = entry.key

    def remove(self, entry: Entry) -> None:
        for key, _ in entry.link_keys:
            holders = self._holders[key]
            holders.pop(entry.key, None)
            if not holders:
                del self._holders[key]
        for echo in entry.echo_ids:
            self._echoes[echo].discard(entry.key)

    def set_word(self, first: str, second: str, op: str | None) -> None:
        """The operator's standing word on a pair: `link`, `separate` or None."""
        pair = pair_key(first, second)
        self._linked[first].discard(second)
        self._linked[second].discard(first)
        if op is None:
            self._words.pop(pair, None)
            return
        self._words[pair] = op
        if op == "link":
            self._linked[first].add(second)
            self._linked[second].add(first)

    def word(self, first: str, second: str) -> str | None:
        return self._words.get(pair_key(first, second))

    def owner_of(self, opportunity_id: str) -> str | None:
        """The posting that owns an id, if the engine knows it."""
        return self._by_id.get(opportunity_id)

    def is_separated(self, first: str, second: str) -> bool:
        return self._words.get(pair_key(first, second)) == "separate"

    def is_void(self, key: str) -> bool:
        seen: set[str] = set()
        for entry, role in self._holders.get(key, {}).values():
            if role == STATED and self._is_live(entry):
                if entry.source in seen:
                    return True
                seen.add(entry.source)
        return False

    def has_page(self, key: str, source: str) -> bool:
        """Some posting of another source stands on this page."""
        return any(role == OWN and entry.source != source for entry, role in self._holders.get(key, {}).values())

    def holders(self, key: str) -> Iterable[str]:
        return self._holders.get(key, {}).keys()

    def neighbours(self, entry: Entry) -> Iterator[str]:
        """Every posting that shares a key which is not void, an echo or the operator's word with `entry`."""
        for key, _ in entry.link_keys:
            holders = self._holders.get(key, {})
            if len(holders) > 1 and not self.is_void(key):
                yield from holders
        for echo in entry.echo_ids:
            if echo in self._by_id:
                yield self._by_id[echo]
        yield from self._echoes.get(entry.id, ())
        yield from self._linked.get(entry.key, ())

    def edges(self, component: dict[str, Entry]) -> list[Edge]:
        """All links inside a component, in the order in which clustering takes them."""
        edges: set[Edge] = set()
        for key in {key for entry in component.values() for key, _ in entry.link_keys}:
            holders = self._holders.get(key, {})
            if len(holders) < 2 or self.is_void(key):
                continue
            for (first, first_role), (second, second_role) in combinations([holders[k] for k in sorted(holders)], 2):
                if self._may_link(first, second, {first_role, second_role}):
                    edges.add((CERTAIN, first.key, second.key))
        for entry in component.values():
            for echo in entry.echo_ids:
                owner = self._by_id.get(echo)
                if owner is not None and owner in component and owner != entry.key:
                    edges.add((ECHO, min(owner, entry.key), max(owner, entry.key)))
            for other in self._linked.get(entry.key, ()):
                if other in component:
                    edges.add((LINK, *split_pair_key(pair_key(entry.key, other))))
        return sorted(edges)

    def _may_link(self, first: Entry, second: Entry, roles: set[str]) -> bool:
        if first.family != second.family or roles == {OWN}:
            return False
        if first.source != second.source:
            return True
        # Of one source only a posting and the ghost of its predecessor, and only by what both state themselves.
        return roles == {STATED} and not (self._is_live(first) and self._is_live(second))
