"""The matcher: current postings in, clusters out, incrementally and as a pure function of what it holds.

A change marks what it may touch; `settle` then scores the marked pairs, finds the components of strong edges that the
marked postings are in now, and clusters these anew. Nothing else is looked at, and nothing is remembered but the
postings, the pairs that are worth remembering, and the clusters — each of which follows from the postings alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hub.matching.blocking import Blocks
from hub.matching.clustering import ECHO, LINK, MATCH, Edge, Refusal, cluster
from hub.matching.comparing import Evidence, compare, is_bare
from hub.matching.edges import Edges
from hub.matching.employers import EmployerForm, compare_employers
from hub.matching.entry import Entry
from hub.matching.guards import veto
from hub.matching.levels import Context, lives_overlap
from hub.matching.links import ADDRESS, REFERENCE, Links, link_keys
from hub.matching.model import MatchModel
from hub.matching.ruling_out import Doorkeeper
from hub.matching.templates import Templates

NOTABLE_COMPONENT = 5
EMPLOYER_PAIRS = 1 << 16
LARGEST_COMPONENT = 200
"""A component of more postings is clustered all the same, and reported."""


@dataclass(frozen=True, slots=True)
class Settled:
    """`anchors`: of clusters that may look different. `gone`: former anchors that are none any more."""

    anchors: frozenset[str]
    gone: frozenset[str]


class Matcher(Context):
    """`is_live`: by source, clock and operator. `is_echo`: repeats what another platform or the hub says."""

    def __init__(
        self,
        model: MatchModel,
        is_live: Callable[[Entry], bool],
        is_echo: Callable[[Entry], bool],
        platforms: frozenset[str] = frozenset(),
    ) -> None:
        self.model = model
        self.platforms = platforms
        self.entries: dict[str, Entry] = {}
        self.blocks = Blocks(model.weights.window)
        self.links = Links(is_live)
        self.templates = Templates()
        self.anchor: dict[str, str] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self.tally: Counter[str] = Counter()
        """How often pairs were judged and clusters merged or split, for metrics: history, not state."""
        self.component_sizes: dict[str, int] = {}
        """Anchors of clusters from components of note → the component's size."""
        self.possible_count = 0
        self._doorkeeper = Doorkeeper(model.weights, self)
        self._is_live = is_live
        self._is_echo = is_echo
        self._employers: dict[int, str] = {}
        self._unscored: set[str] = set()
        self._stirred: set[str] = set()
        self._restated: set[str] = set()
        """Postings that may be an echo now, or one no more: shown anew even where no cluster changes its members."""

    # --- changes --------------------------------------------------------------------------------------------------

    def put(self, key: str, entry: Entry | None) -> Entry | None:
        """Make `entry` the current version of `key` (None: it was never there); returns the former one."""
        former = self.entries.get(key)
        voids = self._voids(former, entry)
        if former is not None:
            self._unpair(former)
            if entry is None:
                self.blocks.remove(former)
            self.links.remove(former)
            self._count_template(former, -1)
            del self.entries[key]
        if entry is not None:
            self.entries[key] = entry
            self.links.add(entry)
            if former is None:
                self.blocks.add(entry)
            else:
                self.blocks.replace(former, entry)
            self._count_template(entry, 1)
            self._unscored.add(key)
        elif former is not None:
            self.links.forget(former)
        self._stirred.add(key)
        self._mark_flipped(voids)
        for one in (former, entry):
            if one is not None:
                self._stir_echoes(one)
        return former

    def flip(self, keys: Iterable[str], change: Callable[[], object]) -> None:
        """Run `change`, which may make these postings live or not."""
        known = [self.entries[key] for key in keys if key in self.entries]
        voids = self._voids(*known)
        change()
        self._mark_flipped(voids)
        for entry in known:
            self._stirred.add(entry.key)
            self._stirred.update(entry.pairs or ())
            self._stirred.update(entry.possible or ())

    def set_word(self, first: str, second: str, op: str | None) -> None:
        self.links.set_word(first, second, op)
        self._stirred.update((first, second))

    def _voids(self, *entries: Entry | None) -> dict[str, bool]:
        """Keys of these postings that others share too → whether they are void now."""
        keys = {key for entry in entries if entry is not None for key in link_keys(entry)}
        return {key: self.links.is_void(key) for key in keys if self.links.holders(key)}

    def _mark_flipped(self, before: dict[str, bool]) -> None:
        """Who holds a key that became void, or ceased to be, must be scored anew."""
        for key, was_void in before.items():
            if self.links.is_void(key) != was_void:
                keys = [one.key for one in self.links.holders(key)]
                self._unscored.update(keys)
                # Also of pairs that no key brings together: clustering asks for the evidence against them.
                self._stirred.update(keys)

    def _stir_echoes(self, entry: Entry) -> None:
        """Whoever stands on, or points at, a page of `entry` may be an echo now, or one no more."""
        for page in (*entry.page_keys, *entry.job_keys):
            near = [one.key for one in self.links.holders(ADDRESS + page)]
            self._stirred.update(near)
            self._restated.update(near)
        self._stirred.update(self.links.echoed(entry))
        self._stirred.update(self.links.linked(entry.key))

    def _count_template(self, entry: Entry, step: int) -> None:
        keys = [one.key for one in self.templates.count(entry, step)]
        self._unscored.update(keys)
        self._stirred.update(keys)

    def _unpair(self, entry: Entry) -> None:
        for other in (*(entry.pairs or ()), *(entry.possible or ())):
            partner = self.entries[other]
            self._forget(partner, entry.key)
            self._stirred.add(other)
        self.possible_count -= len(entry.possible or ())
        entry.pairs = entry.possible = None

    # --- what comparisons ask -------------------------------------------------------------------------------------

    def is_void_address(self, key: str) -> bool:
        return self.links.is_void(ADDRESS + key)

    def is_void_reference(self, key: str) -> bool:
        return self.links.is_void(REFERENCE + key)

    def employers(self, first: EmployerForm | None, second: EmployerForm | None) -> str:
        """The model holds one form a name for as long as it lives, so a form's identity names it here."""
        pair = id(first) << 64 | id(second)  # one number weighs half of a tuple of two
        known = self._employers.get(pair)
        if known is None:
            if len(self._employers) >= EMPLOYER_PAIRS:
                self._employers.clear()
            known = self._employers[pair] = compare_employers(first, second)
        return known

    def template_size(self, entry: Entry) -> int:
        return self.templates.size(entry)

    # --- settling -------------------------------------------------------------------------------------------------

    def settle(self) -> Settled:
        """Bring pairs and clusters up to what the postings say now."""
        self._score()
        return self._recluster()

    def _score(self) -> None:
        unscored = {key for key in self._unscored if key in self.entries}
        self._score_disturbed(unscored)
        done: set[Entry] = set()
        for key in unscored:
            entry = self.entries[key]
            self._score_one(entry, self.partners(entry), done)
            done.add(entry)
        self._unscored.clear()

    def _score_one(self, entry: Entry, partners: set[Entry], done: set[Entry]) -> None:
        """Judge the pairs of `entry`, but those with `done`, who looked at theirs; forget those that no key brings any more."""
        waiting = partners - done
        kept = {one: self.judge(entry, one) for one in self._doorkeeper.sift(entry, waiting)}
        for other in (*(entry.pairs or ()), *(entry.possible or ())):
            partner = self.entries[other]
            if partner not in partners or (partner in waiting and partner not in kept):
                self._set_pair(entry, partner, None)
        for partner, evidence in kept.items():
            self._set_pair(entry, partner, evidence)

    def _score_disturbed(self, unscored: set[str]) -> None:
        """Pairs that others' coming and going brought together or apart; who is unscored looks at all its pairs anyway."""
        joined = {pair for pair, key in self.blocks.joined if self._is_joined(pair, key)}
        for first, second in joined | self.blocks.parted:
            if first not in unscored and second not in unscored and first in self.entries and second in self.entries:
                a, b = self.entries[first], self.entries[second]
                is_candidate = (first, second) in joined or self.is_candidate(a, b)
                is_worth_it = is_candidate and self._doorkeeper.sift(a, (b,))
                self._set_pair(a, b, self.judge(a, b) if is_worth_it else None)
        self.blocks.joined.clear()
        self.blocks.parted.clear()

    def _is_joined(self, pair: tuple[str, str], key: int) -> bool:
        """The block still has both in its window: else this step parted them again, and nothing is new."""
        first, second = self.entries.get(pair[0]), self.entries.get(pair[1])
        return first is not None and second is not None and self.blocks.is_near(key, first, second)

    def partners(self, entry: Entry) -> set[Entry]:
        """Candidate pairs of `entry`. A set of objects: its order must never be seen."""
        return self.blocks.partners(entry) | self.links.partners(entry)

    def is_candidate(self, first: Entry, second: Entry) -> bool:
        return self.blocks.holds(first, second) or next(self.links.shared(first, second), None) is not None

    def judge(self, first: Entry, second: Entry) -> Evidence | None:
        """Evidence worth keeping: no veto, enough for the review list at least, and more than a sum of bits."""
        if veto(first, second) is not None:
            return None
        evidence = compare(first, second, self, self.model.weights)
        is_kept = evidence.total >= self.model.weights.possible and not is_bare(first, second, evidence.levels)
        return evidence if is_kept else None

    def _set_pair(self, first: Entry, second: Entry, evidence: Evidence | None) -> None:
        if evidence is None and not first.pairs and not first.possible:
            return  # most pairs by far: nothing is said of them, and nothing was
        can_link = evidence is not None and evidence.guard is None and evidence.total >= self.model.weights.support
        total = evidence.total if evidence is not None else None
        held = (first.pairs or {}).get(second.key), (first.possible or {}).get(second.key)
        wanted = (total if can_link else None, None if can_link else total)
        if held == wanted:
            return
        self.possible_count += (wanted[1] is not None) - (held[1] is not None)
        for one, other in ((first, second.key), (second, first.key)):
            self._forget(one, other)
            if total is None:
                continue
            if can_link:
                one.pairs = {} if one.pairs is None else one.pairs
                one.pairs[other] = total
            else:
                one.possible = {} if one.possible is None else one.possible
                one.possible[other] = total
        self._stirred.update((first.key, second.key))
        self.tally["linked" if can_link else "possible" if total is not None else "parted"] += 1

    def _forget(self, entry: Entry, other: str) -> None:
        if entry.pairs is not None and entry.pairs.pop(other, None) is not None and not entry.pairs:
            entry.pairs = None
        if entry.possible is not None and entry.possible.pop(other, None) is not None and not entry.possible:
            entry.possible = None

    # --- clusters -------------------------------------------------------------------------------------------------

    def edges(self) -> Edges:
        return Edges(self.entries, self.links, self.model.weights, self._is_live)

    def certain(self, entry: Entry) -> list[tuple[int, str]]:
        """`(rank, partner)`: what binds `entry` without a score."""
        bound = [(LINK, key) for key in self.links.linked(entry.key) if key in self.entries]
        bound += [(ECHO, key) for key in self.links.echoed(entry) if key in self.entries]
        if self._is_echo(entry):
            bound += [(ECHO, one.key) for page in entry.job_keys for one in self.links.owners_of_page(page, entry.source)]
        for page in entry.page_keys:
            for other in self.links.holders(ADDRESS + page):
                if other is not entry and other.source != entry.source and page in other.job_keys and self._is_echo(other):
                    bound.append((ECHO, other.key))
        return bound

    def _bonds(self, key: str, edges: Edges) -> list[tuple[int, str]]:
        """As `certain`, remembered within a step."""
        known = edges.certain.get(key)
        if known is None:
            known = edges.certain[key] = self.certain(self.entries[key])
        return known

    def component(self, seeds: Iterable[str], edges: Edges) -> set[str]:
        """Everybody whom strong edges and certain links reach from `seeds`."""
        seen = {key for key in seeds if key in self.entries}
        waiting = list(seen)
        while waiting:
            key = waiting.pop()
            reached = [other for _, other in self._bonds(key, edges)]
            reached += [other for other, _ in edges.strong(key)]
            fresh = [other for other in reached if other not in seen]
            seen.update(fresh)
            waiting += fresh
        return seen

    def edges_within(self, component: Iterable[str], edges: Edges) -> list[Edge]:
        found: set[Edge] = set()
        for key in component:
            for rank, other in self._bonds(key, edges):
                found.add(Edge(rank, 0, *sorted((key, other))))
            for other, total in edges.strong(key):
                found.add(Edge(MATCH, -total, *sorted((key, other))))
        return sorted(found)

    def split(self, component: Iterable[str], edges: Edges) -> tuple[list[tuple[str, ...]], list[Refusal]]:
        return cluster(
            {key: self.entries[key] for key in component},
            self.edges_within(component, edges),
            is_counted=lambda entry: self._is_live(entry) and not self._is_echo(entry),
            is_separated=self.links.is_separated,
            is_opposed=self._is_opposed,
        )

    def _is_opposed(self, first: Entry, second: Entry) -> bool:
        known = (first.pairs or {}).get(second.key) or (first.possible or {}).get(second.key)
        if known is not None:
            return False
        if first.source == second.source:
            # Of two that count clustering asks itself. What a platform listed at once is two, also when one has gone since.
            return lives_overlap(first, second) and veto(first, second) is not None
        return compare(first, second, self, self.model.weights).total <= self.model.weights.opposed

    def _recluster(self) -> Settled:
        """The components of everything stirred and of its partners: any edge that is new or gone has an end there."""
        stirred = {key for key in self._stirred if key in self.entries}
        lost = self._stirred - stirred
        self._stirred.clear()
        edges = self.edges()
        seeds = stirred | {other for key in stirred for other in self.entries[key].pairs or ()}
        components = self._components(seeds, edges)
        affected = set().union(lost, *components)
        anchored = {key: self.anchor.pop(key) for key in affected if key in self.anchor}
        before = {anchor: self.members.pop(anchor) for anchor in set(anchored.values())}
        for anchor in before:
            self.component_sizes.pop(anchor, None)
        changed: set[str] = set()
        for component in components:
            for members in self.split(component, edges)[0] if len(component) > 1 else [tuple(component)]:
                anchor = min(members, key=lambda key: (self.entries[key].first_seen, key))
                self.members[anchor] = members
                self.anchor.update(dict.fromkeys(members, anchor))
                if before.get(anchor) != members:
                    changed.add(anchor)
                if len(component) >= NOTABLE_COMPONENT:
                    self.component_sizes[anchor] = len(component)
        self.tally["splits"] += sum(1 for anchor in changed if anchored.get(anchor, anchor) != anchor)
        gone = frozenset(anchor for anchor in before if anchor not in self.members and anchor in self.anchor)
        self.tally["merges"] += len(gone)
        changed.update(self.anchor[key] for key in self._restated if key in self.anchor)
        self._restated.clear()
        return Settled(frozenset(changed), gone)

    def _components(self, seeds: set[str], edges: Edges) -> list[set[str]]:
        found: list[set[str]] = []
        seen: set[str] = set()
        for seed in seeds:
            if seed not in seen:
                component = self.component([seed], edges)
                seen |= component
                found.append(component)
        return found
