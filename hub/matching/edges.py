"""Edges: of all pairs that could link, those that are the best for both ends towards the other's platform.

Connected components of every likely pair chain openings together; best matches do not. A vetoed or separated pair never
competes, so that it makes room for the right one. Live postings and ghosts compete apart: a ghost must not take the place
of the posting that replaced it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hub.matching.entry import Entry
from hub.matching.links import Links
from hub.matching.model import Weights

Class = tuple[str, bool]
"""Platform and whether live: what a posting has one best partner in."""


@dataclass(frozen=True, slots=True)
class Best:
    key: str
    total: int
    runner_up: int | None


class Edges:
    """Answers for one state of the engine; it remembers within a step and is thrown away after it."""

    def __init__(self, entries: Mapping[str, Entry], links: Links, weights: Weights, is_live: Callable[[Entry], bool]) -> None:
        self._entries = entries
        self._links = links
        self._weights = weights
        self._is_live = is_live
        self._best: dict[str, dict[Class, Best]] = {}
        self._strong: dict[str, list[tuple[str, int]]] = {}
        self.certain: dict[str, list[tuple[int, str]]] = {}
        """What binds a posting without a score, as far as it was asked in this step."""

    def best(self, key: str) -> dict[Class, Best]:
        """Best partner by platform; ties go to the smaller key."""
        known = self._best.get(key)
        if known is None:
            known = self._best[key] = self._find_best(key)
        return known

    def _find_best(self, key: str) -> dict[Class, Best]:
        entry = self._entries.get(key)
        if entry is None or not entry.pairs:
            return {}
        found: dict[Class, list[tuple[int, str]]] = {}
        for other, total in entry.pairs.items():
            self._collect(found, key, other, total)
        best = {kind: min(rows) for kind, rows in found.items()}
        for other, total in (entry.possible or {}).items():
            self._collect(found, key, other, total)
        result: dict[Class, Best] = {}
        for kind, (negative, other) in best.items():
            # What is likely a former round of the best is no rival of it.
            rounds = self._entries[other].pairs or {}
            rest = [-total for total, name in found[kind] if name != other and name not in rounds]
            result[kind] = Best(other, -negative, max(rest, default=None))
        return result

    def _collect(self, found: dict[Class, list[tuple[int, str]]], key: str, other: str, total: int) -> None:
        if not self._links.is_separated(key, other):
            found.setdefault(self._class(other), []).append((-total, other))

    def _class(self, key: str) -> Class:
        entry = self._entries[key]
        return entry.source, self._is_live(entry)

    def strong(self, key: str) -> list[tuple[str, int]]:
        """`(partner, total)` of the edges at `key`."""
        known = self._strong.get(key)
        if known is None:
            known = self._strong[key] = list(self._find_strong(key))
        return known

    def _find_strong(self, key: str) -> Iterator[tuple[str, int]]:
        mine = self.best(key)
        if not mine:
            return
        own = self._class(key)
        for kind, best in mine.items():
            back = self.best(best.key).get(own)
            if back is not None and back.key == key and self._is_enough(best, back, is_live=own[1] and kind[1]):
                yield best.key, best.total

    def _is_enough(self, there: Best, back: Best, *, is_live: bool) -> bool:
        """Who has other likely partners is less likely to have found the right one, so more is asked of such a pair."""
        weights = self._weights
        if there.total >= weights.link:
            return True
        runners = [one.runner_up for one in (there, back) if one.runner_up is not None]
        if any(there.total - runner < weights.margin for runner in runners):
            return False
        if there.total >= self.least(is_live=is_live, is_sole=not runners):
            return True
        return there.total >= weights.support and self.supporter(there.key, back.key) is not None

    def supporter(self, first: str, second: str) -> str | None:
        """A third posting, on a platform of its own, that is the best of both and finds both best: chance does that seldom."""
        entries = self._entries
        mine, others = entries[first].pairs or {}, entries[second].pairs or {}
        platforms = entries[first].source, entries[second].source
        for third in sorted(mine.keys() & others.keys()):
            if entries[third].source not in platforms and self._are_best(first, third) and self._are_best(second, third):
                return third
        return None

    def _are_best(self, first: str, second: str) -> bool:
        """Each is the other's best on its platform."""
        there, back = self.best(first).get(self._class(second)), self.best(second).get(self._class(first))
        return there is not None and back is not None and (there.key, back.key) == (second, first)

    def least(self, *, is_live: bool, is_sole: bool) -> int:
        """Total from which the best for both ends link, in milli-bits.

        A ghost must be surer: what it was may be advertised anew, and joining it shows no reader anything.
        """
        weights = self._weights
        return (weights.sole if is_sole else weights.mutual) + (0 if is_live else weights.ghost)
