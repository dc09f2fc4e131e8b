"""Engines with one bug each, of the kinds that a matching engine really gets: the proof must find every one of them.

A proof that never fails shows nothing; each bug here once made an engine depend on something other than what stands.
"""

from __future__ import annotations

from collections.abc import Callable

from fakes.openings import PLATFORM_HOSTS

from hub.domain.posting import Status
from hub.matching import Engine
from hub.matching.entry import Entry


class _Reanchored(Engine):
    """Ties among the oldest members are broken by `_tie` instead of the key."""

    def _tie(self, key: str) -> int:
        raise NotImplementedError

    def _recluster(self, affected: set[str]) -> tuple[list[str], list[str]]:
        former = {self._anchor[key] for key in affected if key in self._anchor}
        anchors, _ = super()._recluster(affected)
        chosen = []
        for anchor in anchors:
            members = self._members.pop(anchor)
            first = min(self._entries[key].first_seen for key in members)
            best = min((key for key in members if self._entries[key].first_seen == first), key=self._tie)
            self._members[best] = members
            self._anchor |= dict.fromkeys(members, best)
            chosen.append(best)
        return sorted(chosen), sorted(key for key in former - set(chosen) if key in self._anchor)


class ArrivalBreaksTies(_Reanchored):
    """Of two postings seen first at one time, the one that came in first gives the id."""

    def __init__(self) -> None:
        super().__init__(PLATFORM_HOSTS)
        self._arrived: dict[str, int] = {}

    def _put(self, key: str, entry: Entry | None) -> Entry | None:
        self._arrived.setdefault(key, len(self._arrived))
        return super()._put(key, entry)

    def _tie(self, key: str) -> int:
        return self._arrived[key]


class HashBreaksTies(_Reanchored):
    """Of two postings seen first at one time, Python's `hash()` says which gives the id: another in each process."""

    def __init__(self) -> None:
        super().__init__(PLATFORM_HOSTS)

    def _tie(self, key: str) -> int:
        return hash(key)


class StaleVersionWins(Engine):
    """What comes last counts, whatever its `seq`."""

    def __init__(self) -> None:
        super().__init__(PLATFORM_HOSTS)

    def _is_newer(self, entry: Entry) -> bool:
        return True


class LostRetraction(Engine):
    """A new version adds its evidence and leaves the old one's where it was."""

    def __init__(self) -> None:
        super().__init__(PLATFORM_HOSTS)
        self._links.remove = lambda entry: None  # type: ignore[method-assign]


class GhostDropped(Engine):
    """What is withdrawn and not known yet is let go: a rebuild then misses what the running engine holds."""

    def __init__(self) -> None:
        super().__init__(PLATFORM_HOSTS)

    def _put(self, key: str, entry: Entry | None) -> Entry | None:
        is_ghost = entry is not None and entry.status is Status.WITHDRAWN and key not in self._entries
        return None if is_ghost else super()._put(key, entry)


PLANTED: dict[str, Callable[[], Engine]] = {
    "arrival order breaks a tie": ArrivalBreaksTies,
    "a stale version wins": StaleVersionWins,
    "a retraction is lost": LostRetraction,
    "a ghost is dropped": GhostDropped,
}
PLANTED_ACROSS_PROCESSES: dict[str, Callable[[], Engine]] = {"hash() breaks a tie": HashBreaksTies}
