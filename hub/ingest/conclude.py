"""The end of a run: what has left the source, what must be asked after, what is held, what stays open. Pure.

`conclude` plans, `Conclusion.prove` takes answers, `settle` applies the brake to what is left. An item that a push
changed after the run began is no business of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.ingest.brake import AbsencePlan, Absent, Brake, CollectionRead, Proof, hold_reason, plan_absences
from hub.ingest.diff import Verdict, is_stale_delete
from hub.ingest.known import KnownItems
from hub.ingest.reading import Reading
from hub.ingest.state import CollectionState, Held, Missing, SourceState
from hub.topics import HOUR_MS

Closing = tuple[str, str, int | None]
"""Native id, cause, the source's own date of a deletion."""


@dataclass
class Conclusion:
    plan: AbsencePlan
    reads: Mapping[str, CollectionRead]
    missing: dict[str, Missing]
    """Live items that this run did not list."""
    returning: set[str]
    closed_recently: int
    deletes: list[Closing] = field(default_factory=list)
    kept_held: dict[str, str] = field(default_factory=dict)
    """Held earlier, in collections that this run did not judge, or deleted explicitly and not listed since."""
    proven: list[Closing] = field(default_factory=list)
    closing: list[Closing] = field(default_factory=list)
    unproven: int = 0

    def prove(self, proof: Proof) -> None:
        """Take what asking singly proved of one collection."""
        self.proven += [(item.native_id, "proof", None) for item in proof.gone]
        self.unproven += len(proof.unknown)
        for item in proof.alive:
            self.missing[item.native_id] = Missing(runs=self.missing[item.native_id].runs, proven_alive=True)

    def settle(self, brake: Brake, *, live: int, closed_recently: int) -> None:
        """The last word: everything that would close now, whatever its cause, goes below the brake or waits."""
        closing = [(item.native_id, "absence", None) for item in self.plan.gone] + self.proven
        closing += [one for one in self.deletes if one[0] not in {id_ for id_, _, _ in closing}]
        if brake.holds(live=live, closed_recently=closed_recently, closing=len(closing)):
            self.plan.held.update({native_id: cause for native_id, cause, _ in closing})
            self.plan.reason = self.plan.reason or hold_reason(len(closing), closed_recently, live)
            return
        self.closing = closing
        for native_id, _, _ in closing:
            self.missing.pop(native_id, None)

    @property
    def is_settled(self) -> bool:
        """Nothing is left that a next run must see in full."""
        return not (self.plan.held or self.kept_held or self.plan.wait or self.unproven or self.returning)

    def held(self, before: Held | None, run: str, now_ms: int, known: KnownItems) -> Held | None:
        """What is held from now on; what this run saw listed again, or what is no longer live, has left it."""
        items = {}
        for native_id, cause in {**self.kept_held, **self.plan.held}.items():
            item = known.get(native_id)
            if item is not None and item.is_live:
                items[native_id] = cause
        if not items:
            return None
        reason = self.plan.reason or (before.reason if before is not None else "")
        return Held(run=run, since=before.since if before is not None else now_ms, reason=reason, items=items)

    def completed(self, now_ms: int) -> dict[str, CollectionState]:
        return {name: CollectionState(completed_at=now_ms, items=read.read) for name, read in self.reads.items()}


def conclude(
    *,
    reading: Reading,
    known: KnownItems,
    state: SourceState,
    verdicts: Mapping[str, Verdict],
    begun_at: int,
    brake: Brake,
    by_absence: bool,
    now_ms: int,
) -> Conclusion:
    """Judge a run that was read without a fault. `begun_at`: the knowledge's revision when it began."""
    reads = dict(reading.reads())
    for name in reading.not_modified():
        before = state.collections.get(name)
        reads[name] = CollectionRead(name, max(1, before.items if before is not None else 1))
    absent = _absent(reading, known, state, reads, begun_at) if by_absence else []
    closed_recently = known.closings_since(now_ms - HOUR_MS)
    plan = plan_absences(reads, absent, brake, live=known.live_by_collection(), closed_recently=closed_recently)
    judged = {one.item.native_id for one in absent}
    kept = _unjudged_held(reading, known, state, reads) if by_absence else _standing_deletes(reading, known, state)
    return Conclusion(
        plan=plan,
        reads=reads,
        missing={
            **{id_: one for id_, one in state.missing.items() if not _is_judged(known, reads, id_)},
            **{one.item.native_id: Missing(runs=one.runs, proven_alive=one.proven_alive) for one in absent},
        },
        returning=_returning(reading, state, verdicts),
        closed_recently=closed_recently,
        deletes=_deletes(reading, known, begun_at),
        kept_held={native_id: cause for native_id, cause in kept.items() if native_id not in judged},
    )


def _absent(
    reading: Reading, known: KnownItems, state: SourceState, reads: Mapping[str, CollectionRead], begun_at: int
) -> list[Absent]:
    not_modified = reading.not_modified()
    found = []
    for item in known.live():
        if item.collection not in reads or item.native_id in reading.listed or item.revision > begun_at:
            continue
        before = state.missing.get(item.native_id)
        if item.collection in not_modified and before is None:
            continue  # an unchanged list lacks only what it lacked before
        found.append(Absent(item, (before.runs if before else 0) + 1, before.proven_alive if before else False))
    return found


def _is_judged(known: KnownItems, reads: Mapping[str, CollectionRead], native_id: str) -> bool:
    item = known.get(native_id)
    return item is None or not item.is_live or item.collection in reads


def _unjudged_held(
    reading: Reading, known: KnownItems, state: SourceState, reads: Mapping[str, CollectionRead]
) -> dict[str, str]:
    """What stays held: live items of collections that this run did not read, and explicit deletions."""
    standing = _standing_deletes(reading, known, state)
    for native_id, cause in state.held.items.items() if state.held is not None else ():
        if cause != "delete" and not _is_judged(known, reads, native_id):
            standing[native_id] = cause
    return standing


def _standing_deletes(reading: Reading, known: KnownItems, state: SourceState) -> dict[str, str]:
    """Held deletions stand until two runs have listed the item again."""
    found = {}
    for native_id, cause in state.held.items.items() if state.held is not None else ():
        item = known.get(native_id)
        returned = native_id in reading.listed and native_id in state.returning
        if cause == "delete" and item is not None and item.is_live and not returned:
            found[native_id] = cause
    return found


def _returning(reading: Reading, state: SourceState, verdicts: Mapping[str, Verdict]) -> set[str]:
    """Explicitly deleted items that this run was the first to list again."""
    once = {native_id for native_id, verdict in verdicts.items() if verdict is Verdict.WAITING}
    deletes = {id_ for id_, cause in state.held.items.items() if cause == "delete"} if state.held is not None else set()
    once |= {native_id for native_id in deletes if native_id in reading.listed and native_id not in state.returning}
    if reading.is_complete:
        return once
    return once | set(state.returning)


def _deletes(reading: Reading, known: KnownItems, begun_at: int) -> list[Closing]:
    found: list[Closing] = []
    for deleted in reading.deleted.values():
        item = known.get(deleted.native_id)
        if item is not None and item.is_live and item.revision <= begun_at and not is_stale_delete(item, deleted.changed_at):
            found.append((deleted.native_id, "delete", deleted.changed_at))
    return found
