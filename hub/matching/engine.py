"""The engine: which postings are one opportunity, what it shows, and under which id.

    engine = Engine()
    changed = engine.apply([PostingChange(key, value), ClockChange(at)])

`value` is an `EnrichedPosting` as JSON; what the enrich stage made of it for matching (`features`) is made here where it
is missing.

Clusters, ids and content are a pure function of (current postings, the operator's words, clock, model); so `apply` in
any order, with any repeats, ends in the same state, and a rebuild from compacted topics equals the live engine. No
clock, no randomness, no I/O. A change is applied whole or not at all: what cannot be read is refused before anything is
touched.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from hub.domain.keys import pair_key
from hub.domain.opportunity import Opportunity
from hub.domain.records import MatchOverride, PostingOverride
from hub.matching.blocking import hash_of
from hub.matching.changes import Change, ClockChange, MatchChange, PostingChange
from hub.matching.entry import Entry
from hub.matching.explain import Explainer
from hub.matching.matcher import LARGEST_COMPONENT, Matcher
from hub.matching.model import MatchModel, default_model
from hub.matching.reading import to_entry
from hub.matching.render import View, render, render_merged
from hub.matching.version import Record, Version, digest_of, read_version

Undo = Callable[[], object]


class Engine:
    """`platform_hosts`: authority (`host` or `host:port`) of each platform's own pages → source; with or without `www.`."""

    def __init__(self, platform_hosts: Mapping[str, str] | None = None, model: MatchModel | None = None) -> None:
        self.model = model or default_model()
        self._platform_hosts = {host.removeprefix("www."): source for host, source in (platform_hosts or {}).items()}
        self._overrides: dict[str, PostingOverride] = {}
        self._words: dict[str, MatchOverride] = {}
        self.matcher = Matcher(self.model, self.is_live, self.is_echo, frozenset(self._platform_hosts))
        self._entries = self.matcher.entries
        self._clock = 0
        self._timers: list[tuple[int, str]] = []

    # --- changes --------------------------------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> list[Opportunity]:
        """Apply changes as one step; returns every opportunity that may look different now, new ids before old ones.

        Raises RecordRejectedError, with nothing applied, when a posting cannot be read.
        """
        undo: list[Undo] = []
        touched: set[str] = set()
        try:
            for change in changes:
                self._take(change, undo, touched)
            if not undo:
                return []
            settled = self.matcher.settle()
            anchors = {self.matcher.anchor[key] for key in touched if key in self.matcher.anchor} | settled.anchors
            shown = [self._render(anchor) for anchor in sorted(anchors)]
            return shown + [self._merged(key) for key in sorted(settled.gone)]
        except Exception:
            for step in reversed(undo):
                step()
            self.matcher.settle()
            raise

    def load(self, changes: Iterable[Change]) -> None:
        """As `apply`, without looking at what the opportunities show; the quickest way to fill an engine.

        Raises RecordRejectedError at a posting that cannot be read, with what came before it applied.
        """
        try:
            for change in changes:
                self.take(change)
        finally:
            self.settle()

    def take(self, change: Change) -> None:
        """Take one change in without settling what follows from it; `settle` must come before anything is asked."""
        self._take(change, [], set())

    def settle(self) -> None:
        self.matcher.settle()

    def what_if(self, first: str, second: str, op: Literal["link", "separate"] | None) -> list[Opportunity]:
        """A dry run: what `apply` would return for this word on a pair. The engine is as before."""
        former, tally = self.word_on(first, second), self.matcher.tally.copy()
        changed = self.apply([MatchChange(first, second, MatchOverride(who="", when=0, op=op or "none"))])
        self._set_word(first, second, former)
        self.matcher.settle()
        self.matcher.tally = tally
        return changed

    def _take(self, change: Change, undo: list[Undo], touched: set[str]) -> None:
        """Apply one change to the inputs and note how to take it back."""
        if isinstance(change, PostingChange):
            known = self._entries.get(change.key)
            # Equal bytes need not even be parsed.
            if known is None or known.record.digest != digest_of(change.value):
                self._take_posting(read_version(change.key, change.value), known, undo, touched)
        elif isinstance(change, ClockChange):
            if change.at > self._clock:
                self._set_clock(change.at, undo, touched)
        elif isinstance(change, MatchChange):
            former = self.word_on(change.first, change.second)
            undo.append(partial(self._set_word, change.first, change.second, former))
            self._set_word(change.first, change.second, change.override)
            touched.update((change.first, change.second))
        else:
            undo.append(partial(self._set_override, change.key, self._overrides.get(change.key)))
            self._set_override(change.key, change.override)
            touched.add(change.key)

    def _take_posting(self, version: Version, known: Entry | None, undo: list[Undo], touched: set[str]) -> None:
        if known is not None and version.record.seq < known.record.seq:
            return  # the greatest `seq` is current, of equal ones the later in the log
        touched.add(version.key)
        if known is not None and known.evidence == version.evidence:
            undo.append(partial(_set_record, known, known.record))
            known.record = version.record
            return
        entry = to_entry(version, self.model)
        undo.append(partial(self.matcher.put, version.key, known))
        self.matcher.put(version.key, entry)
        self._set_timer(entry)

    def _set_timer(self, entry: Entry) -> None:
        """For the next moment at which the clock alone changes what is said of `entry`; the one after it is set then."""
        moments = [at for at in (entry.expires_at, entry.stale_at, *entry.turns_at) if at is not None and at > self._clock]
        if moments and entry.is_current:
            heapq.heappush(self._timers, (min(moments), entry.key))

    def _set_word(self, first: str, second: str, word: MatchOverride | None) -> None:
        pair = pair_key(first, second)
        self._words.pop(pair, None)
        if word is not None:
            self._words[pair] = word
        self.matcher.set_word(first, second, word.op if word is not None and word.op != "none" else None)

    def _set_override(self, key: str, override: PostingOverride | None) -> None:
        def change() -> None:
            self._overrides.pop(key, None)
            if override is not None:
                self._overrides[key] = override

        self.matcher.flip([key], change)

    def _set_clock(self, at: int, undo: list[Undo], touched: set[str]) -> None:
        """Postings whose timers the clock passes may be live no more, stale, or at their next date."""
        due: list[tuple[int, str]] = []
        while self._timers and self._timers[0][0] <= at:
            due.append(heapq.heappop(self._timers))
        keys = sorted({key for _, key in due})
        undo.append(partial(self._turn_back, self._clock, due, keys))
        touched.update(keys)
        self.matcher.flip(keys, partial(setattr, self, "_clock", at))
        for key in keys:
            if key in self._entries:
                self._set_timer(self._entries[key])

    def _turn_back(self, at: int, due: Sequence[tuple[int, str]], keys: Sequence[str]) -> None:
        for timer in due:
            heapq.heappush(self._timers, timer)
        self.matcher.flip(keys, partial(setattr, self, "_clock", at))

    # --- judgement ------------------------------------------------------------------------------------------------

    def is_live(self, entry: Entry) -> bool:
        """Active by its source, not past its date, not hidden by the operator."""
        if not entry.is_current or (entry.expires_at is not None and entry.expires_at <= self._clock):
            return False
        override = self._overrides.get(entry.key) if self._overrides else None
        return override is None or not override.hidden

    def is_live_key(self, key: str) -> bool:
        """Whether posting `key` is live: what `is_live` says of its entry, and no echo."""
        entry = self._entries.get(key)
        return entry is not None and self.is_live(entry) and not self.is_echo(entry)

    def is_echo(self, entry: Entry) -> bool:
        """R8: carries one of our ids, or stands on another platform's page that we know."""
        if entry.echo_ids:
            return True
        if entry.canonical_host is None:
            return False
        owner = self._platform_hosts.get(entry.canonical_host)
        if owner is None or owner == entry.source:
            return False
        return any(self.matcher.links.owners_of_page(key, entry.source) for key in entry.job_keys)

    # --- views ----------------------------------------------------------------------------------------------------

    def opportunity(self, opportunity_id: str) -> Opportunity | None:
        """What the hub says of an id now: its opportunity, where it went (`merged`), or None if it knows no such posting."""
        key = self.owner_of(opportunity_id)
        if key is None:
            return None
        return self._render(key) if self.matcher.anchor[key] == key else self._merged(key)

    def opportunities(self) -> Iterator[Opportunity]:
        """Every cluster, live or closed, in the order of its anchor's key."""
        for anchor in sorted(self.matcher.members):
            yield self._render(anchor)

    def clusters(self) -> Iterator[tuple[str, ...]]:
        """Every cluster as its members' keys, in the order of its anchor's key; without content."""
        for anchor in sorted(self.matcher.members):
            yield self.matcher.members[anchor]

    def members_of(self, opportunity_id: str) -> tuple[str, ...]:
        key = self.owner_of(opportunity_id)
        return self.matcher.members[self.matcher.anchor[key]] if key is not None else ()

    def id_of(self, key: str) -> str | None:
        """The id under which posting `key` is shown now."""
        anchor = self.matcher.anchor.get(key)
        return self._entries[anchor].id if anchor is not None else None

    def owner_of(self, opportunity_id: str) -> str | None:
        """The posting that owns an id."""
        key = self.matcher.links.owner_of(opportunity_id)
        return key if key in self._entries else None

    def override_of(self, key: str) -> PostingOverride | None:
        return self._overrides.get(key)

    def word_on(self, first: str, second: str) -> MatchOverride | None:
        """The operator's standing word on a pair of postings."""
        return self._words.get(pair_key(first, second))

    def stated(self, key: str) -> dict[str, Any] | None:
        """A posting as it came in."""
        entry = self._entries.get(key)
        return entry.stated() if entry is not None else None

    @property
    def explain(self) -> Explainer:
        """Why postings are one or not: see `Explainer`."""
        return Explainer(self.matcher, self.is_live, self.is_echo)

    @property
    def counts(self) -> dict[str, int]:
        matcher = self.matcher
        return {
            "postings": len(self._entries),
            "clusters": len(matcher.members),
            "clock": self._clock,
            "blocks": len(matcher.blocks),
            "largest_block": matcher.blocks.largest,
            "largest_component": max(matcher.component_sizes.values(), default=0),
            "possible": matcher.possible_count,
        }

    @property
    def tally(self) -> Mapping[str, int]:
        """How often pairs were `linked`, `possible` or `parted`, clusters had `merges` or `splits`, since this engine began."""
        return self.matcher.tally

    def alarms(self) -> dict[str, int]:
        """Blocks and components beyond their bounds: hash of the key → size. They are matched like all others."""
        components = {hash_of(anchor): size for anchor, size in self.matcher.component_sizes.items() if size > LARGEST_COMPONENT}
        return {
            **{f"block:{key:016x}": size for key, size in sorted(self.matcher.blocks.oversized.items())},
            **{f"component:{key:016x}": size for key, size in sorted(components.items())},
        }

    def _view(self, entries: list[Entry]) -> View:
        echoes = frozenset(entry.key for entry in entries if self.is_echo(entry))
        live = [one for one in entries if self.is_live(one) and one.record.republish != "no" and one.key not in echoes]
        return View(
            live=live,
            echoes=echoes,
            overrides={entry.key: self._overrides[entry.key] for entry in entries if entry.key in self._overrides},
            clock=self._clock,
            platform_hosts=self._platform_hosts,
            model=self.model.hash,
            joins=self.explain.joins([entry.key for entry in entries]) if live else [],
        )

    def _render(self, anchor: str) -> Opportunity:
        entries = [self._entries[key] for key in self.matcher.members[anchor]]
        return render(self._entries[anchor], entries, self._view(entries))

    def _merged(self, key: str) -> Opportunity:
        return render_merged(self._entries[key], self._entries[self.matcher.anchor[key]].id, self.model.hash)


def _set_record(entry: Entry, record: Record) -> None:
    entry.record = record
