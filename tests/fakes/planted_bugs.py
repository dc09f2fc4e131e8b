"""Engines with one bug each, of the kinds that a matching engine really gets: the proof must find every one of them.

A proof that never fails shows nothing; each bug here makes an engine depend on something other than what stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fakes.proofs import new_engine

from hub.domain.posting import Status
from hub.matching import Engine
from hub.matching.edges import Best, Edges
from hub.matching.engine import Undo
from hub.matching.entry import Entry
from hub.matching.matcher import Matcher
from hub.matching.version import Version


class _FirstComeEdges(Edges):
    """Of two partners that are as good, the one that was scored first is the best."""

    def _find_best(self, key: str) -> dict[tuple[str, bool], Best]:
        order = list(self._entries[key].pairs or ()) if key in self._entries else []
        return _with_ties(self, key, super()._find_best(key), order.index)


class _HashedEdges(Edges):
    """Of two partners that are as good, Python's `hash()` says which is the best: another one in each process."""

    def _find_best(self, key: str) -> dict[tuple[str, bool], Best]:
        return _with_ties(self, key, super()._find_best(key), hash)


def _with_ties(
    edges: Edges, key: str, found: dict[tuple[str, bool], Best], rank: Callable[[str], int]
) -> dict[tuple[str, bool], Best]:
    pairs = edges._entries[key].pairs if found else None
    for kind, best in found.items():
        equal = [other for other, total in (pairs or {}).items() if total == best.total and edges._class(other) == kind]
        equal = [other for other in equal if not edges._links.is_separated(key, other)]
        found[kind] = replace(best, key=min(equal, key=rank))
    return found


class _ArrivalBreaksTies(Matcher):
    def edges(self) -> Edges:
        return _FirstComeEdges(self.entries, self.links, self.model.weights, self._is_live)


class _HashBreaksTies(Matcher):
    def edges(self) -> Edges:
        return _HashedEdges(self.entries, self.links, self.model.weights, self._is_live)


class _LostRetraction(Matcher):
    """A pair that others push out of each window stays."""

    def is_candidate(self, first: Entry, second: Entry) -> bool:
        return True


class _StaleVersionWins(Engine):
    """What comes last counts, whatever its `seq`."""

    def _take_posting(self, version: Version, known: Entry | None, undo: list[Undo], touched: set[str]) -> None:
        if known is not None:
            known.record = replace(known.record, seq=0)
        super()._take_posting(version, known, undo, touched)


class _GhostDropped(Engine):
    """What is withdrawn and not known yet is let go: a rebuild then misses what the running engine holds."""

    def _take_posting(self, version: Version, known: Entry | None, undo: list[Undo], touched: set[str]) -> None:
        if version.head.status is not Status.WITHDRAWN or known is not None:
            super()._take_posting(version, known, undo, touched)


def _planted(engine_class: type[Engine] = Engine, matcher_class: type[Matcher] = Matcher) -> Callable[[], Engine]:
    def new() -> Engine:
        engine = new_engine()
        engine.__class__ = engine_class
        engine.matcher.__class__ = matcher_class
        return engine

    return new


PLANTED: dict[str, Callable[[], Engine]] = {
    "arrival order breaks a tie": _planted(matcher_class=_ArrivalBreaksTies),
    "a stale version wins": _planted(_StaleVersionWins),
    "a retraction is lost": _planted(matcher_class=_LostRetraction),
    "a ghost is dropped": _planted(_GhostDropped),
}
PLANTED_ACROSS_PROCESSES: dict[str, Callable[[], Engine]] = {"hash() breaks a tie": _planted(matcher_class=_HashBreaksTies)}
