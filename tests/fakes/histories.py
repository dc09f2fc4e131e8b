"""Random histories of the engine's four inputs: what platforms, operators and the clock may say, in any order.

A history is a log cut into the batches in which it arrives, made by a generator that knows what stands, so that merges,
splits, withdrawals, returns and late versions are frequent. `history.story` says in words what each batch does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from fakes.openings import SHOWN, Shape, told
from fakes.postings import BASE
from hypothesis import strategies as st

from hub.domain.posting import Status
from hub.domain.records import MatchOverride, PostingOverride
from hub.matching import Change, ClockChange, MatchChange, OverrideChange, PostingChange

DAY = 86_400_000
SOURCES = "abcd"
KEYS = tuple(f"{source}:{number}" for number in range(1, 7) for source in SOURCES)
CROWD = tuple(f"{source}:{number}" for number in range(1, 10) for source in SOURCES)

Batch = tuple[Change, ...]
Word = Literal["link", "separate", "none"]


@dataclass(frozen=True, repr=False)
class History:
    """`marks`: what kinds of steps it has; `cut`: how many batches lie before the crash; `seed`: of every shuffle."""

    batches: tuple[Batch, ...]
    story: tuple[str, ...]
    marks: frozenset[str]
    cut: int
    seed: int

    def __repr__(self) -> str:
        return f"History(cut={self.cut}, seed={self.seed},\n  " + "\n  ".join(self.story) + ")"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis shows the story, not the bytes."""
        printer.text(repr(self))

    @property
    def log(self) -> tuple[Change, ...]:
        return tuple(change for batch in self.batches for change in batch)


@dataclass
class Version:
    shape: Shape
    status: Status
    seq: int
    first_seen: int


@dataclass
class _Draft:
    """What stands while a history is made."""

    draw: st.DrawFn
    keys: tuple[str, ...]
    now: int = 0
    clock: int = 0
    versions: dict[str, list[Version]] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    plans: list[Callable[[], tuple[Change, str]]] = field(default_factory=list)
    """Steps that make sense one after the other; others may come between."""

    def any(self, *values: object) -> object:
        return self.draw(st.sampled_from(values))

    def number(self, most: int) -> int:
        return self.draw(st.integers(0, most))

    def known(self) -> str:
        return sorted(self.versions)[self.number(len(self.versions) - 1)]

    def put(self, key: str, shape: Shape, status: Status, *, seq: int | None = None) -> tuple[Change, str]:
        """The next version of `key`, unless `seq` says otherwise."""
        known = self.versions.get(key)
        if seq is None:
            self.now += 1
            seq = BASE + self.now * 60_000
        anew = known is None or known[-1].status is Status.ERASED
        first_seen = BASE + self.number(2) if anew or known is None else known[-1].first_seen
        version = Version(shape, status, seq, first_seen)
        if known is None or seq >= known[-1].seq:
            self.versions.setdefault(key, []).append(version)
        return PostingChange(key, told(key, shape, status, seq, first_seen)), f"{key} {status.value} seq+{seq - BASE} {shape}"


shapes = st.builds(
    Shape,
    opening=st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7]),
    wording=st.sampled_from([0, 0, 1, 2]),
    alias=st.sampled_from([0, 0, 1, 2]),
    shown=st.integers(0, len(SHOWN) - 1),
    body=st.sampled_from([0, 0, 1, 2]),
    drift=st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]),
    note=st.sampled_from([0, 0, 1]),
)
likely = st.builds(
    Shape,
    opening=st.sampled_from([0, 0, 1]),
    wording=st.sampled_from([0, 0, 2, 1]),
    alias=st.sampled_from([0, 0, 1, 2]),
    shown=st.sampled_from([0, 1, 2, 3, 4]),
    body=st.sampled_from([0, 0, 1]),
    drift=st.sampled_from([0, 0, 0, 0, 2, 4]),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A first load of a few postings (now and then a crowd that shares employer and place), then ten or so steps."""
    is_crowd = draw(st.integers(0, 5)) == 5
    draft = _Draft(draw, CROWD if is_crowd else KEYS)
    steps = [
        _new(draft, likely if is_crowd else shapes) for _ in range(draw(st.integers(7, 13) if is_crowd else st.integers(2, 8)))
    ]
    batches: list[list[tuple[Change, str]]] = [steps]
    for _ in range(draw(st.integers(3, 8) if is_crowd else st.integers(5, 10))):
        step = draft.plans.pop(0)() if draft.plans and draft.number(1) else _STEPS[draft.number(len(_STEPS) - 1)](draft)
        if draw(st.integers(0, 3)) == 3:
            batches[-1].append(step)
        else:
            batches.append([step])
    return History(
        batches=tuple(tuple(change for change, _ in batch) for batch in batches),
        story=tuple(" | ".join(words for _, words in batch) for batch in batches),
        marks=frozenset(draft.marks | ({"crowd"} if is_crowd else set())),
        cut=draw(st.integers(1, len(batches))),
        seed=draw(st.integers(0, 2**16)),
    )


# --- steps ----------------------------------------------------------------------------------------------------------------


def _new(draft: _Draft, of: st.SearchStrategy[Shape] = shapes) -> tuple[Change, str]:
    free = [key for key in draft.keys if key not in draft.versions]
    if not free:
        return _reword(draft)
    key = free[draft.number(len(free) - 1)]
    shape = draft.draw(of)
    if draft.versions and draft.number(10) == 10:
        original = draft.known() if draft.number(1) else draft.keys[draft.number(7)]
        shape = shape.but(echo=f"{draft.any('id', 'page')}:{original}")
        draft.marks.add("echo")
        if key != original:
            draft.plans += [partial(_word, draft, key, original, "separate"), partial(_come_or_go, draft, original)]
    return draft.put(key, shape, Status.ACTIVE)


def _reword(draft: _Draft) -> tuple[Change, str]:
    """One thing changes: what is shown, the wording, the opening itself."""
    key = draft.known()
    shape, other = draft.versions[key][-1].shape, draft.draw(shapes)
    name = str(draft.any("opening", "opening", "shown", "drift", "drift", "wording", "alias", "body"))
    return draft.put(key, shape.but(**{name: getattr(other, name)}), Status.ACTIVE)


def _imitate(draft: _Draft) -> tuple[Change, str]:
    """A posting comes to tell what another one tells, or hardly more than its title: what stood apart may merge, and with
    little to show, often by a third posting's word only."""
    key, other = draft.known(), draft.known()
    shape = draft.versions[other][-1].shape
    shown = (shape.shown, shape.shown, len(SHOWN) - 1)[draft.number(2)]
    return draft.put(key, shape.but(wording=draft.number(2), alias=draft.number(2), shown=shown, echo=""), Status.ACTIVE)


def _depart(draft: _Draft) -> tuple[Change, str]:
    """A posting that tells what another one tells turns to another opening: what stood together may split."""
    opening_of = {key: versions[-1].shape.opening for key, versions in sorted(draft.versions.items())}
    shared = [key for key, opening in opening_of.items() if list(opening_of.values()).count(opening) > 1] or list(opening_of)
    key = shared[draft.number(len(shared) - 1)]
    shape = draft.versions[key][-1].shape
    return draft.put(key, shape.but(opening=(shape.opening + 1 + draft.number(6)) % 8), Status.ACTIVE)


def _annotate(draft: _Draft) -> tuple[Change, str]:
    """Only what matching doesn't weigh changes."""
    key = draft.known()
    last = draft.versions[key][-1]
    return draft.put(key, last.shape.but(note=(last.shape.note + 1) % 3), last.status)


def _revert(draft: _Draft) -> tuple[Change, str]:
    key = draft.known()
    return draft.put(key, draft.versions[key][draft.number(len(draft.versions[key]) - 1)].shape, Status.ACTIVE)


def _late(draft: _Draft) -> tuple[Change, str]:
    """An older version comes after a newer one, or another one of the same `seq`."""
    key = draft.known()
    age = (0, 0, 1, 2)[draft.number(3)]
    return draft.put(key, draft.draw(shapes), draft.draw(_ENDS), seq=draft.versions[key][-1].seq - age * 60_000)


def _repeat(draft: _Draft) -> tuple[Change, str]:
    """The very bytes of a version that came before: of the last, of a stale one, of another one with the last's `seq`."""
    rivals = [key for key, versions in sorted(draft.versions.items()) if len({one.seq for one in versions}) < len(versions)]
    key = rivals[draft.number(len(rivals) - 1)] if rivals else draft.known()
    versions = draft.versions[key]
    again = versions[max(0, len(versions) - 1 - draft.number(2))]
    if again.seq == versions[-1].seq:
        versions.append(again)
    value = told(key, again.shape, again.status, again.seq, again.first_seen)
    return PostingChange(key, value), f"{key} {again.status.value} seq+{again.seq - BASE} again"


def _withdraw(draft: _Draft) -> tuple[Change, str]:
    """Withdraw what is live; what is withdrawn returns."""
    key = draft.known()
    last = draft.versions[key][-1]
    if last.status is not Status.ACTIVE:
        draft.marks |= {"return"} if last.status is Status.WITHDRAWN else set()
        return draft.put(key, last.shape, Status.ACTIVE)
    return draft.put(key, last.shape, Status.WITHDRAWN)


def _return(draft: _Draft) -> tuple[Change, str]:
    gone = [key for key in sorted(draft.versions) if draft.versions[key][-1].status is Status.WITHDRAWN]
    if not gone:
        return _withdraw(draft)
    key = gone[draft.number(len(gone) - 1)]
    draft.marks.add("return")
    return draft.put(key, draft.versions[key][-1].shape, Status.ACTIVE)


def _end(draft: _Draft) -> tuple[Change, str]:
    key = draft.known()
    return draft.put(key, draft.versions[key][-1].shape, draft.draw(_ENDS))


def _hide(draft: _Draft) -> tuple[Change, str]:
    key, word = draft.known(), draft.number(3)
    draft.marks.add("override")
    draft.now += 1
    when = BASE + draft.now * 60_000
    override = (
        PostingOverride(who="o", when=when, hidden=True),
        None,
        PostingOverride(who="o", when=when),
        PostingOverride(who="o", when=when, fields={"title.nl.text": "Arts"}),
    )[word]
    return OverrideChange(key, override), f"{key} {('hide', 'no word', 'undo', 'show a title')[word]}"


def _pair(draft: _Draft) -> tuple[Change, str]:
    """Link, separate or take back; mostly on postings that the engine knows."""
    op: Word | None
    if draft.pairs and draft.number(1):
        first, second = draft.pairs[draft.number(len(draft.pairs) - 1)]
        op = (None, "none", "link", "separate", "separate")[draft.number(4)]
    else:
        first, second = draft.known(), draft.keys[draft.number(7)] if draft.number(7) == 7 else draft.known()
        op = ("link", "separate")[draft.number(1)]
    if first == second:
        return _tick(draft)
    return _word(draft, first, second, op)


def _word(draft: _Draft, first: str, second: str, op: Word | None) -> tuple[Change, str]:
    draft.marks.add("override")
    draft.pairs.append((first, second))
    word = MatchOverride(op=op, who="o", when=BASE) if op else None
    return MatchChange(first, second, word), f"{op} {first} {second}"


def _come_or_go(draft: _Draft, key: str) -> tuple[Change, str]:
    """What is known is erased or withdrawn; what is not comes in."""
    if key not in draft.versions:
        return draft.put(key, draft.draw(shapes), Status.ACTIVE)
    status = (Status.ERASED, Status.WITHDRAWN)[draft.number(1)]
    return draft.put(key, draft.versions[key][-1].shape, status)


def _tick(draft: _Draft) -> tuple[Change, str]:
    draft.clock += (1, 10, 31, 31, 35, 130)[draft.number(5)]
    draft.marks.add("tick")
    return ClockChange(BASE + draft.clock * DAY), f"clock day {draft.clock}"


_ENDS = st.sampled_from([Status.ACTIVE, Status.WITHDRAWN, Status.FILLED, Status.EXPIRED, Status.ERASED, Status.ERASED])
_WEIGHTS: dict[Callable[[_Draft], tuple[Change, str]], int] = {
    **{_new: 3, _reword: 2, _imitate: 3, _depart: 3, _revert: 2, _annotate: 1, _late: 1, _repeat: 2},
    **{_withdraw: 2, _return: 5, _end: 1, _hide: 2, _pair: 2, _tick: 2},
}
_STEPS = tuple(step for step, weight in _WEIGHTS.items() for _ in range(weight))
