"""The engine: which postings are one opportunity, what it shows, and under which id.

    engine = Engine()
    changed = engine.apply([PostingChange(key, value), ClockChange(at)])

Clusters, ids and content are a pure function of (current postings, the operator's words, clock, model); so `apply` in
any order, with any repeats, ends in the same state, and a rebuild from compacted topics equals the live engine. No
clock, no randomness, no I/O. A change is applied whole or not at all: what cannot be read is refused before anything is
touched.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from hub.domain.opportunity import Opportunity
from hub.domain.records import PostingOverride
from hub.matching.changes import Change, ClockChange, MatchChange, OverrideChange, PostingChange
from hub.matching.clustering import cluster
from hub.matching.entry import Entry, digest_of, read_entry
from hub.matching.links import Links
from hub.matching.render import View, render, render_merged


class Engine:
    """`platform_hosts`: authority (`host` or `host:port`) of each platform's own pages → source."""

    def __init__(self, platform_hosts: Mapping[str, str] | None = None) -> None:
        self._platform_hosts = dict(platform_hosts or {})
        self._entries: dict[str, Entry] = {}
        self._overrides: dict[str, PostingOverride] = {}
        self._links = Links(self.is_live)
        self._clock = 0
        self._timers: list[tuple[int, str]] = []
        self._anchor: dict[str, str] = {}
        self._members: dict[str, tuple[str, ...]] = {}

    # --- changes --------------------------------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> list[Opportunity]:
        """Apply changes as one step; returns every opportunity that may look different now, new ids before old ones.

        Raises RecordRejectedError, with nothing applied, when a posting cannot be read.
        """
        planned = [change for change in changes if not self._is_repeat(change)]
        read = {id(change): read_entry(change.key, change.value) for change in planned if isinstance(change, PostingChange)}
        due = self._due(planned)
        touched = self._touched_by(planned, read) | {key for _, key in due}
        affected = self._closure(touched)
        link_keys = {key for entry in (*self._known(touched), *read.values()) for key, _ in entry.link_keys}
        void_before = {key for key in link_keys if self._links.is_void(key)}
        undo: list[Callable[[], object]] = [partial(setattr, self, "_clock", self._clock)]
        undo += [partial(heapq.heappush, self._timers, timer) for timer in due]
        try:
            for change in planned:
                undo.append(self._take(change, read.get(id(change))))
            for key in link_keys:
                if (key in void_before) != self._links.is_void(key):
                    affected.update(self._links.holders(key))
            affected = self._closure(affected)
            anchors, gone = self._recluster(affected)
            return [self._render(anchor) for anchor in anchors] + [self._merged(key) for key in gone]
        except Exception:
            for step in reversed(undo):
                step()
            self._recluster(self._closure(affected))
            raise

    def _touched_by(self, changes: Sequence[Change], read: Mapping[int, Entry]) -> set[str]:
        touched: set[str] = set()
        for change in changes:
            if isinstance(change, PostingChange):
                if self._is_newer(read[id(change)]):
                    touched.add(change.key)
            elif isinstance(change, OverrideChange):
                touched.add(change.key)
            elif isinstance(change, MatchChange):
                touched.update((change.first, change.second))
        return touched

    def _due(self, changes: Sequence[Change]) -> list[tuple[int, str]]:
        """Take the timers that the clock of these changes passes."""
        clock = max([self._clock, *(change.at for change in changes if isinstance(change, ClockChange))])
        due: list[tuple[int, str]] = []
        while self._timers and self._timers[0][0] <= clock:
            due.append(heapq.heappop(self._timers))
        return due

    def _is_repeat(self, change: Change) -> bool:
        """Equal bytes for a posting need not even be parsed."""
        if not isinstance(change, PostingChange):
            return False
        known = self._entries.get(change.key)
        return known is not None and known.digest == digest_of(change.value)

    def _is_newer(self, entry: Entry) -> bool:
        """The greatest `seq` is current, of equal ones the later in the log."""
        known = self._entries.get(entry.key)
        return known is None or entry.seq >= known.seq

    def _take(self, change: Change, entry: Entry | None) -> Callable[[], object]:
        """Apply one change to the inputs; returns how to take it back."""
        if isinstance(change, ClockChange):
            self._clock = max(self._clock, change.at)
        elif isinstance(change, MatchChange):
            former = self._links.word(change.first, change.second)
            word = change.override.op if change.override else None
            self._links.set_word(change.first, change.second, None if word == "none" else word)
            return partial(self._links.set_word, change.first, change.second, former)
        elif isinstance(change, OverrideChange):
            return partial(self._set_override, change.key, self._set_override(change.key, change.override))
        elif entry is not None and self._is_newer(entry):
            return partial(self._put, entry.key, self._put(entry.key, entry))
        return _nothing

    def _set_override(self, key: str, override: PostingOverride | None) -> PostingOverride | None:
        former = self._overrides.pop(key, None)
        if override is not None:
            self._overrides[key] = override
        return former

    def _put(self, key: str, entry: Entry | None) -> Entry | None:
        """Make `entry` the current version of `key` (None: forget it); returns the former one."""
        former = self._entries.pop(key, None)
        if former is not None:
            self._links.remove(former)
        if entry is None:
            return former
        self._entries[key] = entry
        self._links.add(entry)
        if entry.is_current:
            for at in (entry.expires_at, entry.stale_at):
                if at is not None and at > self._clock:
                    heapq.heappush(self._timers, (at, key))
        return former

    # --- clusters -------------------------------------------------------------------------------------------------

    def _closure(self, keys: set[str]) -> set[str]:
        """All postings reachable from `keys` by links: what has to be clustered anew together."""
        seen = set(keys)
        waiting = list(keys)
        while waiting:
            entry = self._entries.get(waiting.pop())
            if entry is not None:
                fresh = [key for key in self._links.neighbours(entry) if key not in seen]
                seen.update(fresh)
                waiting += fresh
        return seen

    def _recluster(self, affected: set[str]) -> tuple[list[str], list[str]]:
        """Cluster these postings anew: `(anchors now, former anchors that are none any more)`."""
        component = {key: self._entries[key] for key in affected if key in self._entries}
        former = {self._anchor.pop(key) for key in affected if key in self._anchor}
        for anchor in former:
            self._members.pop(anchor, None)
        clusters = cluster(
            component,
            self._links.edges(component),
            is_counted=lambda entry: self.is_live(entry) and not self._is_echo(entry),
            is_separated=self._links.is_separated,
        )
        anchors: list[str] = []
        for members in clusters:
            anchor = min(members, key=lambda key: (component[key].first_seen, key))
            self._members[anchor] = members
            anchors.append(anchor)
            for key in members:
                self._anchor[key] = anchor
        return sorted(anchors), sorted(key for key in former - set(anchors) if key in self._anchor)

    def _known(self, keys: Iterable[str]) -> Iterator[Entry]:
        return (self._entries[key] for key in keys if key in self._entries)

    # --- judgement ------------------------------------------------------------------------------------------------

    def is_live(self, entry: Entry) -> bool:
        """Active by its source, not past its date, not hidden by the operator."""
        if not entry.is_current or (entry.expires_at is not None and entry.expires_at <= self._clock):
            return False
        override = self._overrides.get(entry.key)
        return override is None or not override.hidden

    def _is_echo(self, entry: Entry) -> bool:
        """R8: carries one of our ids, or stands on another platform's page that we know."""
        if entry.echo_ids:
            return True
        owner = self._platform_hosts.get(entry.canonical_host or "")
        if owner is None or owner == entry.source:
            return False
        return any(self._links.has_page("a:" + key, entry.source) for key in entry.job_keys)

    # --- views ----------------------------------------------------------------------------------------------------

    def opportunity(self, opportunity_id: str) -> Opportunity | None:
        """What the hub says of an id now: its opportunity, where it went (`merged`), or None if it knows no such posting."""
        key = self._links.owner_of(opportunity_id)
        if key is None:
            return None
        return self._render(key) if self._anchor[key] == key else self._merged(key)

    def opportunities(self) -> Iterator[Opportunity]:
        """Every cluster, live or closed, in the order of its anchor's key."""
        for anchor in sorted(self._members):
            yield self._render(anchor)

    def members_of(self, opportunity_id: str) -> tuple[str, ...]:
        key = self._links.owner_of(opportunity_id)
        return self._members[self._anchor[key]] if key is not None else ()

    def id_of(self, key: str) -> str | None:
        """The id under which posting `key` is shown now."""
        anchor = self._anchor.get(key)
        return self._entries[anchor].id if anchor is not None else None

    def owner_of(self, opportunity_id: str) -> str | None:
        """The posting that owns an id."""
        return self._links.owner_of(opportunity_id)

    def override_of(self, key: str) -> PostingOverride | None:
        return self._overrides.get(key)

    def stated(self, key: str) -> dict[str, Any] | None:
        """A posting as it came in."""
        entry = self._entries.get(key)
        return entry.stated() if entry is not None else None

    @property
    def counts(self) -> dict[str, int]:
        return {"postings": len(self._entries), "clusters": len(self._members), "clock": self._clock}

    def _view(self, entries: list[Entry]) -> View:
        return View(
            live=[entry for entry in entries if self.is_live(entry) and entry.republish != "no" and not self._is_echo(entry)],
            echoes=frozenset(entry.key for entry in entries if self._is_echo(entry)),
            overrides={entry.key: self._overrides[entry.key] for entry in entries if entry.key in self._overrides},
            clock=self._clock,
            platform_hosts=self._platform_hosts,
        )

    def _render(self, anchor: str) -> Opportunity:
        entries = [self._entries[key] for key in self._members[anchor]]
        return render(self._entries[anchor], entries, self._view(entries))

    def _merged(self, key: str) -> Opportunity:
        return render_merged(self._entries[key], self._entries[self._anchor[key]].id)


def _nothing() -> None:
    """How to take back a change that changed nothing."""
