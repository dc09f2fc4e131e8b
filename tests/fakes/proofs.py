"""The proof that what an engine says is a pure function of what stands, as one check of one history.

`prove(history, new_engine)` plays the history in several ways and raises AssertionError with the fact that broke. What an
engine says is everything a reader could see: every opportunity in full and what becomes of every id ever given.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fakes.histories import History, compacted, orderless
from fakes.openings import PLATFORM_HOSTS, Shape, told
from fakes.postings import BASE

from hub.domain.keys import opportunity_id
from hub.domain.opportunity import Opportunity
from hub.domain.posting import EnrichedPosting, Status
from hub.domain.records import MatchOverride, PostingOverride
from hub.errors import RecordRejectedError
from hub.matching import Change, ClockChange, Engine, MatchChange, OverrideChange, PostingChange

NewEngine = Callable[[], Engine]
LINK_OR_SEPARATE: tuple[Literal["link", "separate"], ...] = ("link", "separate")
UNREADABLE = PostingChange("z:1", b'{"kind": "ship"}')


def new_engine() -> Engine:
    return Engine(PLATFORM_HOSTS)


@dataclass
class Seen:
    """What happened in a history, for the counts."""

    merges: int = 0
    splits: int = 0
    largest: int = 0
    marks: set[str] = field(default_factory=set)


def prove(history: History, new: NewEngine = new_engine) -> Seen:
    keys = sorted({change.key for change in history.log if isinstance(change, PostingChange)})
    live, seen, at_cut = _played(history, keys, new)
    end = said(live, keys)
    shuffler = random.Random(history.seed)
    assert said(_loaded(new, [history.log]), keys) == end, "all in one batch says something else"
    _prove_rebuild(history, keys, new, at_cut, end)
    _prove_order(history, keys, new, shuffler, end)
    _prove_detours(live, history, keys, shuffler)
    return seen


def said(engine: Engine, keys: Iterable[str]) -> list[bytes]:
    """Everything that readers can be told, by id."""
    shown = {one.id: one.to_bytes() for one in engine.opportunities()}
    own = [opportunity_id(key) for key in keys]
    return sorted(shown.values()) + [
        one.to_bytes() for id_ in own if id_ not in shown and (one := engine.opportunity(id_)) is not None
    ]


def digest(engine: Engine, keys: Iterable[str]) -> str:
    return hashlib.sha256(b"\n".join(said(engine, keys))).hexdigest()


def _loaded(new: NewEngine, batches: Iterable[Sequence[Change]]) -> Engine:
    engine = new()
    for batch in batches:
        engine.apply(batch)
    return engine


# --- as it arrives --------------------------------------------------------------------------------------------------------


def _played(history: History, keys: Sequence[str], new: NewEngine) -> tuple[Engine, Seen, list[bytes]]:
    """Batch by batch, with a bad record at the cut; what `apply` returns must add up to what the engine says."""
    engine, fold = new(), Fold()
    seen = Seen(marks=set(history.marks))
    homes: dict[str, str] = {}
    known: set[str] = set()
    at_cut: list[bytes] = []
    for number, batch in enumerate(history.batches, 1):
        fold.take(engine.apply(batch))
        known |= {change.key for change in batch if isinstance(change, PostingChange)}
        homes = _watch(engine, sorted(known), homes, seen)
        if number == history.cut:
            at_cut = said(engine, keys)
            _prove_refusal(engine, history, keys, at_cut)
            fold.compare(engine, sorted(known))
    fold.compare(engine, keys)
    _prove_partition(engine, keys)
    return engine, seen, at_cut


def _watch(engine: Engine, known: Iterable[str], homes: dict[str, str], seen: Seen) -> dict[str, str]:
    """Count merges (two that stood apart stand together) and splits (two that stood together stand apart)."""
    now = {key: engine.id_of(key) or "" for key in known}
    old = [key for key in now if key in homes]
    ways = {(homes[key], now[key]) for key in old}
    seen.merges += len(ways) - len({after for _, after in ways})
    seen.splits += len(ways) - len({before for before, _ in ways})
    seen.largest = max([seen.largest, *(len(engine.members_of(id_)) for id_ in set(now.values()))])
    return now


class Fold:
    """A reader of the feed: the last record of each id, and where a moved id leads (as `hub.feed.read_model` does it)."""

    def __init__(self) -> None:
        self.records: dict[str, Opportunity] = {}

    def take(self, changed: Iterable[Opportunity]) -> None:
        for opportunity in changed:
            self.records.pop(opportunity.id, None)
            self.records[opportunity.id] = opportunity

    def compare(self, engine: Engine, keys: Sequence[str]) -> None:
        now = {one.id: one for one in engine.opportunities()}
        assert {id_: self.records.get(id_) for id_ in now} == now, "what apply returned is not all that changed"
        stray = [id_ for id_, one in self.records.items() if one.closed_reason != "merged" and id_ not in now]
        assert stray == [], "an id that is none any more was never closed"
        for key in keys:
            home = engine.id_of(key) or ""
            assert now[home].state != "live" or self.lead(opportunity_id(key)) == home, "a moved id leads elsewhere"

    def lead(self, id_: str) -> str:
        for _ in range(len(self.records) + 1):
            record = self.records.get(id_)
            if record is not None and record.state == "live":
                return id_
            holders = [one for one in reversed(self.records.values()) if id_ in one.redirects]
            holders.sort(key=lambda one: one.state != "live")
            following = holders[0].id if holders else record.merged_into if record is not None else None
            if following is None:
                break
            id_ = following
        return id_


def _prove_refusal(engine: Engine, history: History, keys: Sequence[str], before: list[bytes]) -> None:
    """A batch with a record that cannot be read leaves everything as it was, its good records included."""
    good = [change for batch in history.batches[history.cut :] for change in batch]
    try:
        engine.apply([*good, ClockChange(BASE * 2), UNREADABLE])
    except RecordRejectedError:
        assert said(engine, keys) == before, "a refused batch left something behind"
        return
    raise AssertionError("what cannot be read was taken")


def _prove_partition(engine: Engine, keys: Sequence[str]) -> None:
    placed = sorted(key for opportunity in engine.opportunities() for key in engine.members_of(opportunity.id))
    assert placed == sorted(keys), "a posting is lost or stands twice"
    shown = {one.id: one for one in engine.opportunities()}
    for key in keys:
        own = engine.opportunity(opportunity_id(key))
        assert own is not None, "an id is forgotten"
        assert own == shown.get(own.id, own), "one id is told in two ways"
        assert own.id in shown or own.merged_into == engine.id_of(key), "a redirect leads elsewhere"


# --- in other ways --------------------------------------------------------------------------------------------------------


def _prove_rebuild(history: History, keys: Sequence[str], new: NewEngine, at_cut: list[bytes], end: list[bytes]) -> None:
    """Crash at the cut, load what compaction left, read the last batches before the cut once more, go on one by one."""
    before = tuple(change for batch in history.batches[: history.cut] for change in batch)
    engine = _loaded(new, [compacted(before)])
    assert said(engine, keys) == at_cut, "a rebuild from the compacted log says something else"
    for batch in history.batches[max(0, history.cut - 2) :]:
        for change in batch:
            engine.apply([change])
    assert said(engine, keys) == end, "what follows a rebuild comes out differently"


def _prove_order(history: History, keys: Sequence[str], new: NewEngine, shuffler: random.Random, end: list[bytes]) -> None:
    """Any order, any chunks, with repeats and late old versions."""
    changes = orderless(history.log)
    again = [change for change in changes if isinstance(change, (PostingChange, ClockChange))]
    shuffled = changes + shuffler.sample(again, len(again) // 2)
    shuffler.shuffle(shuffled)
    assert said(_loaded(new, chunks(shuffled, shuffler)), keys) == end, "another order says something else"


def chunks(changes: Sequence[Change], shuffler: random.Random) -> list[Sequence[Change]]:
    cuts = sorted(shuffler.sample(range(len(changes) + 1), min(4, len(changes) + 1)))
    return [changes[low:high] for low, high in zip([0, *cuts], [*cuts, len(changes)], strict=True)]


def _prove_detours(engine: Engine, history: History, keys: Sequence[str], shuffler: random.Random) -> None:
    """Change two postings and a pair, go back: what readers see is as if nothing had been, but for when it last changed."""
    before = _shown(engine, keys)
    words = {change.key: change for change in compacted(history.log) if isinstance(change, OverrideChange)}
    pairs = {(change.first, change.second) for change in history.log if isinstance(change, MatchChange)}
    standing = [
        EnrichedPosting.model_validate_json(change.value)
        for change in compacted(history.log)
        if isinstance(change, PostingChange)
    ]
    chosen = shuffler.sample(standing, min(2, len(standing)))
    seq = max(posting.seq for posting in standing) + 1
    for posting in chosen:
        engine.apply([_turned(posting, shuffler, seq)])
    first, second = shuffler.sample(keys, 2) if len(keys) > 1 else (keys[0], "z:1")
    if (first, second) not in pairs and (second, first) not in pairs:
        word = shuffler.choice(LINK_OR_SEPARATE)
        engine.apply([MatchChange(first, second, MatchOverride(op=word, who="o", when=BASE))])
        engine.apply([MatchChange(first, second, MatchOverride(op="none", who="o", when=BASE))])
    for posting in shuffler.sample(chosen, len(chosen)):
        engine.apply([OverrideChange(posting.source_key, PostingOverride(who="o", when=BASE, hidden=True))])
        back = posting.model_copy(update={"seq": seq + 1})
        engine.apply([PostingChange(posting.source_key, back.to_bytes())])
        engine.apply([words.get(posting.source_key, OverrideChange(posting.source_key, None))])
    assert _shown(engine, keys) == before, "there and back again is not where it began"


def _turned(posting: EnrichedPosting, shuffler: random.Random, seq: int) -> PostingChange:
    """Another version of a posting: withdrawn, erased, or telling of another opening."""
    status = shuffler.choice([Status.ACTIVE, Status.ACTIVE, Status.WITHDRAWN, Status.ERASED])
    shape = Shape(opening=shuffler.randrange(8), shown=shuffler.randrange(6))
    return PostingChange(posting.source_key, told(posting.source_key, shape, status, seq, posting.first_seen))


def _shown(engine: Engine, keys: Sequence[str]) -> list[bytes]:
    own = {opportunity_id(key) for key in keys}
    everything = {one.id: one for one in engine.opportunities()}
    everything |= {id_: one for id_ in own - everything.keys() if (one := engine.opportunity(id_)) is not None}
    return [one.model_copy(update={"last_changed": ""}).to_bytes() for _, one in sorted(everything.items())]
