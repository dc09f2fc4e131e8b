"""The proof that what an engine says is a pure function of what stands, as one check of one history.

`prove(history, new_engine)` plays the history in several ways and raises AssertionError with the fact that broke. What an
engine says is everything a reader could see: every opportunity in full and what becomes of every id ever given.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from fakes.histories import History
from fakes.logs import compacted, orderless
from fakes.openings import PLATFORM_HOSTS, Shape, told
from fakes.postings import BASE

from hub.domain.keys import opportunity_id
from hub.domain.opportunity import Opportunity
from hub.domain.posting import EnrichedPosting, Status
from hub.domain.records import MatchOverride, PostingOverride
from hub.errors import RecordRejectedError
from hub.matching import (
    Change,
    ClockChange,
    Engine,
    MatchChange,
    MatchModel,
    OverrideChange,
    PostingChange,
    default_parts,
)

NewEngine = Callable[[], Engine]
LINK_OR_SEPARATE: tuple[Literal["link", "separate"], ...] = ("link", "separate")
UNKNOWN = PostingChange("a:99", told("a:99", Shape(), Status.ACTIVE, BASE, BASE))
FAR = ClockChange(BASE * 2)
UNREADABLE = PostingChange("z:1", b'{"kind": "ship"}')


@lru_cache(maxsize=1)
def narrow_model() -> MatchModel:
    """The hub's own model with a window of two, so that small blocks are wider than it already."""
    parts = dict(default_parts())
    parts["weights"] = re.sub(r"(?m)^window = \d+", "window = 2", parts["weights"])
    return MatchModel(parts)


def new_engine() -> Engine:
    return Engine(PLATFORM_HOSTS, narrow_model())


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
    end = said(live.engine, keys)
    shuffler = random.Random(history.seed)
    parts = chunks(history.log, shuffler) if history.seed % 4 else [history.log]
    assert said(_loaded(new, parts), keys) == end, "other batches say something else"
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


def _played(history: History, keys: Sequence[str], new: NewEngine) -> tuple[Live, Seen, list[bytes]]:
    """Batch by batch, with a bad record at the cut; what `apply` returns must add up to what the engine says."""
    live = Live(new())
    engine = live.engine
    seen = Seen(marks=set(history.marks))
    homes: dict[str, str] = {}
    known: set[str] = set()
    at_cut: list[bytes] = []
    for number, batch in enumerate(history.batches, 1):
        live.apply(*batch)
        known |= {change.key for change in batch if isinstance(change, PostingChange)}
        homes = _watch(engine, sorted(known), homes, seen)
        if number == history.cut:
            at_cut = said(engine, keys)
            _prove_refusal(engine, history, keys, at_cut)
            live.compare(sorted(known))
    live.compare(keys)
    _prove_partition(engine, keys)
    _look(engine, keys, seen)
    return live, seen, at_cut


def _watch(engine: Engine, known: Iterable[str], homes: dict[str, str], seen: Seen) -> dict[str, str]:
    """Count merges (two that stood apart stand together) and splits (two that stood together stand apart)."""
    if "supported" not in seen.marks and _is_supported(engine):
        seen.marks.add("supported")
    now = {key: engine.id_of(key) or "" for key in known}
    old = [key for key in now if key in homes]
    ways = {(homes[key], now[key]) for key in old}
    seen.merges += len(ways) - len({after for _, after in ways})
    seen.splits += len(ways) - len({before for before, _ in ways})
    seen.largest = max([seen.largest, *(len(engine.members_of(id_)) for id_ in set(now.values()))])
    return now


def _is_supported(engine: Engine) -> bool:
    """Some pair links by a third posting's word, and would not without it."""
    sole, entries, edges = engine.model.weights.sole, engine.matcher.entries, engine.matcher.edges()
    weak = [key for key, entry in entries.items() if any(total < sole for total in (entry.pairs or {}).values())]
    return any(total < sole for key in weak for _, total in edges.strong(key))


def _look(engine: Engine, keys: Sequence[str], seen: Seen) -> None:
    """What the history brought into play: a block wider than its window on both sides, a match without address or number."""
    if engine.matcher.blocks.largest > 2 * engine.model.weights.window:
        seen.marks.add("wide")
    shared = [key for key in keys if len(engine.members_of(engine.id_of(key) or "")) > 1]
    for key in shared[:2]:
        matched = [join for join in engine.explain.how(key)["joins"] if join["by"] == "match"]
        if matched:
            told = engine.explain.why(matched[0]["first"], matched[0]["second"])["evidence"]
            levels = {row["field"]: row["level"] for row in told}
            seen.marks.add("named" if {levels["address"], levels["reference"]} & {"equal", "page"} else "unnamed")


class Live:
    """An engine and a reader of its feed: the last record of each id, and where a moved id leads (as `hub.feed` does it)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.records: dict[str, Opportunity] = {}

    def apply(self, *changes: Change) -> list[Opportunity]:
        changed = self.engine.apply(changes)
        for opportunity in changed:
            self.records.pop(opportunity.id, None)
            self.records[opportunity.id] = _as_kept(opportunity)
        return changed

    def compare(self, keys: Sequence[str]) -> None:
        now = {id_: _as_kept(one) for id_, one in _shown(self.engine).items()}
        assert {id_: self.records.get(id_) for id_ in now} == now, "what apply returned is not all that changed"
        stray = [id_ for id_, one in self.records.items() if one.closed_reason != "merged" and id_ not in now]
        assert stray == [], "an id that is none any more was never closed"
        for key in keys:
            home = self.engine.id_of(key) or ""
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


def _as_kept(opportunity: Opportunity) -> Opportunity:
    """Without why its postings are one: that is told as of when a record is written, and makes none by itself."""
    return opportunity.model_copy(update={"joins": None})


def _prove_refusal(engine: Engine, history: History, keys: Sequence[str], before: list[bytes]) -> None:
    """A batch that fails, at a record that cannot be read or while it is shown, leaves everything as it was."""
    good = [change for batch in history.batches[history.cut :] for change in batch]
    for batch, cause in (([*good, FAR, UNREADABLE], RecordRejectedError), ([*good, FAR, UNKNOWN], _ShowError)):
        engine._render = _fail  # type: ignore[method-assign]
        try:
            engine.apply(batch)
        except cause:
            del engine._render
            assert said(engine, keys) == before, f"{cause.__name__} left something behind"
        else:
            raise AssertionError(f"no {cause.__name__}")


class _ShowError(Exception):
    """What goes wrong while an opportunity is rendered."""


def _fail(anchor: str) -> Opportunity:
    raise _ShowError(anchor)


def _shown(engine: Engine) -> dict[str, Opportunity]:
    return {one.id: one for one in engine.opportunities()}


def _prove_partition(engine: Engine, keys: Sequence[str]) -> None:
    shown = _shown(engine)
    placed = sorted(key for id_ in shown for key in engine.members_of(id_))
    assert placed == sorted(keys), "a posting is lost or stands twice"
    for key in keys:
        own = engine.opportunity(opportunity_id(key))
        assert own is not None, "an id is forgotten"
        assert own == shown.get(own.id, own), "one id is told in two ways"
        assert own.id in shown or own.merged_into == engine.id_of(key), "a redirect leads elsewhere"


# --- in other ways --------------------------------------------------------------------------------------------------------


def _prove_rebuild(history: History, keys: Sequence[str], new: NewEngine, at_cut: list[bytes], end: list[bytes]) -> None:
    """Crash at the cut, load what compaction left, read the last batches before the cut once more, go on one by one."""
    before = tuple(change for batch in history.batches[: history.cut] for change in batch)
    engine = new()
    engine.load(compacted(before))
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


def _prove_detours(live: Live, history: History, keys: Sequence[str], shuffler: random.Random) -> None:
    """Change a pair and two postings, go back: what readers see is as if nothing had been, but for when it last changed."""
    before = _undated(live.engine, keys)
    standing = compacted(history.log)
    words = {change.key: change for change in standing if isinstance(change, OverrideChange)}
    postings = [EnrichedPosting.model_validate_json(change.value) for change in standing if isinstance(change, PostingChange)]
    chosen = shuffler.sample(postings, min(2, len(postings)))
    hidden = [posting.source_key for posting in shuffler.sample(postings, min(4, len(postings)))]
    seq = max(posting.seq for posting in postings) + 1
    first, second = shuffler.sample(keys, 2) if len(keys) > 1 else (keys[0], "z:1")
    former = live.engine.word_on(first, second)
    op = shuffler.choice(LINK_OR_SEPARATE)
    foretold = live.engine.what_if(first, second, op)
    assert _undated(live.engine, keys) == before, "a dry run left something behind"
    assert live.apply(MatchChange(first, second, MatchOverride(op=op, who="o", when=BASE))) == foretold, "a dry run was wrong"
    for posting in chosen:
        live.apply(_turned(posting, shuffler, seq))
    live.compare(keys)
    for posting in shuffler.sample(chosen, len(chosen)):
        back = posting.model_copy(update={"seq": seq + 1})
        live.apply(PostingChange(posting.source_key, back.to_bytes()))
    live.apply(MatchChange(first, second, former))
    live.apply(*(OverrideChange(key, PostingOverride(who="o", when=BASE, hidden=True)) for key in hidden))
    live.compare(keys)
    live.apply(*(words.get(key, OverrideChange(key, None)) for key in hidden))
    live.compare(keys)
    assert _undated(live.engine, keys) == before, "there and back again is not where it began"


def _turned(posting: EnrichedPosting, shuffler: random.Random, seq: int) -> PostingChange:
    """Another version of a posting: withdrawn, erased, or telling of another opening."""
    status = shuffler.choice([Status.ACTIVE, Status.ACTIVE, Status.WITHDRAWN, Status.ERASED])
    shape = Shape(opening=shuffler.randrange(8), shown=shuffler.randrange(6))
    return PostingChange(posting.source_key, told(posting.source_key, shape, status, seq, posting.first_seen))


def _undated(engine: Engine, keys: Sequence[str]) -> list[Opportunity]:
    """As `said`, but for when it last changed."""
    shown = _shown(engine)
    own = [opportunity_id(key) for key in keys]
    others = [one for id_ in own if id_ not in shown and (one := engine.opportunity(id_)) is not None]
    return [one.model_copy(update={"last_changed": ""}) for one in (*shown.values(), *others)]
