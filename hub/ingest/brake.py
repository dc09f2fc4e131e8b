"""When an absence is a withdrawal, and when too many at once must wait for a person (R1). Pure.

Absence alone proves only when the partner states a total and one request brought the whole list. Else an item with an
address is asked after singly, among still-listed controls that must answer alive (a broken deploy answers 404 to
everything); an item without one must be absent from two complete, healthy runs in a row. Above the brake even what is
proven waits: it is held, shown and released by a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.ingest.known import Item
from hub.sdk.record import Liveness

CONTROLS = 3
MOST_GROUPS = 5
"""With more folders than this, a folder does not tell which kind of page it holds."""


@dataclass(frozen=True, slots=True)
class Brake:
    """Hold when more than `percent` and more than `min_items` of a source would close within an hour."""

    percent: float
    min_items: int

    def holds(self, *, live: int, closed_recently: int, closing: int) -> bool:
        """`live` includes the `closing` ones; `closed_recently` were live at the hour's beginning."""
        total = closed_recently + closing
        return closing > 0 and total > self.min_items and total * 100 > self.percent * (live + closed_recently)


@dataclass(frozen=True, slots=True)
class CollectionRead:
    """What one run learned of one collection that it read to its end."""

    collection: str
    read: int
    """Items read, those that could not be parsed and the unchanged ones included."""
    stated_total: int | None = None
    requests: int = 1
    unkeyable: int = 0
    """Records without an id: any absent item may be one of them."""

    @property
    def absence_proves(self) -> bool:
        return self.stated_total is not None and self.requests <= 1 and self.unkeyable == 0


@dataclass(frozen=True, slots=True)
class Absent:
    """A live item that a complete run did not list."""

    item: Item
    runs: int
    """Complete runs in a row without it, this one included."""
    proven_alive: bool = False
    """An earlier run asked for it singly and found it alive, so it is no news that the list lacks it."""


@dataclass
class AbsencePlan:
    """What is to be done about the absent items of one run."""

    held: dict[str, str] = field(default_factory=dict)
    """Native id → cause."""
    reason: str = ""
    gone: list[Item] = field(default_factory=list)
    ask: list[Item] = field(default_factory=list)
    wait: list[Item] = field(default_factory=list)

    def hold(self, absent: Iterable[Absent], reason: str) -> None:
        self.held.update({one.item.native_id: "absence" for one in absent})
        self.reason = "; ".join(filter(None, (self.reason, reason)))

    def sort(self, one: Absent, read: CollectionRead) -> None:
        """What proves that this item is gone: the list itself, its own address, or a second look."""
        if read.absence_proves:
            self.gone.append(one.item)
        elif one.item.url is not None:
            self.ask.append(one.item)
        elif one.runs >= 2:
            self.gone.append(one.item)
        else:
            self.wait.append(one.item)


def plan_absences(
    reads: Mapping[str, CollectionRead], absent: Sequence[Absent], brake: Brake, *, live: Mapping[str, int], closed_recently: int
) -> AbsencePlan:
    """`reads`: the collections that the run completed; `live`: live items by collection, the absent ones included.

    The brake is judged before anybody is asked, so that a half list costs the partner no thousand questions; and for
    each list by itself, because half a calendar may be a small part of its source.
    """
    plan = AbsencePlan()
    passed: list[Absent] = []
    total, all_news = sum(live.values()), [one for one in absent if not one.proven_alive]
    holds_all = brake.holds(live=total, closed_recently=closed_recently, closing=len(all_news))
    for name, read in reads.items():
        of_list = [one for one in absent if one.item.collection == name]
        news = [one for one in of_list if not one.proven_alive]
        if read.read == 0 and of_list:
            plan.hold(of_list, "an empty list after a non-empty one")
        elif not holds_all and brake.holds(live=live.get(name, 0), closed_recently=0, closing=len(news)):
            plan.hold(news, hold_reason(len(news), 0, live.get(name, 0), f" of the list {name}"))
            passed += [one for one in of_list if one.proven_alive]
        else:
            passed += of_list
    if holds_all:
        plan.hold(all_news, hold_reason(len(all_news), closed_recently, total))
        passed = [one for one in passed if one.proven_alive]
    for one in passed:
        plan.sort(one, reads[one.item.collection])
    return plan


def hold_reason(closing: int, closed_recently: int, live: int, where: str = "") -> str:
    earlier = f" after {closed_recently} in the last hour" if closed_recently else ""
    return f"{closing} of {live} live items{where} would close at once{earlier}"


def choose_controls(listed: Iterable[Item], salt: str, count: int = CONTROLS) -> list[Item]:
    """A few items that this run listed, others in each run, so that one odd page does not blind all proofs."""

    def order(item: Item) -> bytes:
        return hashlib.sha256(f"{salt}\x1f{item.native_id}".encode()).digest()

    return sorted((item for item in listed if item.url is not None), key=order)[:count]


def group_questions(asked: Sequence[Item]) -> list[list[Item]]:
    """Items of one collection whose addresses lie in one folder are asked after together.

    A platform may answer nonsense for one kind of page only; so the controls must be pages of that kind.
    """
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in asked:
        groups.setdefault((item.collection, folder_of(item)), []).append(item)
    if len(groups) <= MOST_GROUPS:
        return list(groups.values())
    merged: dict[str, list[Item]] = {}
    for item in asked:
        merged.setdefault(item.collection, []).append(item)
    return list(merged.values())


def folder_of(item: Item) -> str:
    """The item's address without its last part."""
    return (item.url or "").partition("?")[0].rstrip("/").rpartition("/")[0]


def alike(listed: Sequence[Item], asked: Sequence[Item]) -> list[Item]:
    """Of the listed items those in the folders of the asked ones, or all when there are none."""
    folders = {folder_of(item) for item in asked}
    return [item for item in listed if folder_of(item) in folders] or list(listed)


@dataclass(frozen=True, slots=True)
class Proof:
    """What asking singly proved. When a control did not answer alive nothing is: all that was asked is `unknown`."""

    gone: list[Item]
    alive: list[Item]
    unknown: list[Item]


def judge_proof(asked: Sequence[Item], controls: Sequence[Item], answers: Mapping[str, Liveness]) -> Proof:
    """Fewer than three controls are enough only where the run listed no more; none prove nothing."""
    valid = bool(controls) and all(answers.get(item.native_id) == Liveness.ALIVE for item in controls)
    if not valid:
        return Proof([], [], list(asked))
    by_answer: dict[Liveness, list[Item]] = {liveness: [] for liveness in Liveness}
    for item in asked:
        by_answer[answers.get(item.native_id, Liveness.UNKNOWN)].append(item)
    return Proof(by_answer[Liveness.GONE], by_answer[Liveness.ALIVE], by_answer[Liveness.UNKNOWN])
