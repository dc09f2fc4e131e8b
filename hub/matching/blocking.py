"""Blocking: which pairs are worth comparing, as a union of cheap keys, and never by the order in which postings came.

A big block is kept sorted by content, and only neighbours within a rank distance are compared (Hernández and Stolfo, "The
merge/purge problem", 1995). Which pairs that are depends on what the block holds and on nothing else: an insertion that
pushes a pair apart takes it back, unless another key still holds it. No block is cut off by a count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter

import xxhash

from hub.matching.bodies import bands
from hub.matching.entry import Entry
from hub.matching.marks import BYTES_A_MARK

BY_DATE: Callable[[Entry], tuple[int, int, str, str]] = attrgetter("by_date")
BY_TITLE: Callable[[Entry], tuple[str, str, int, str]] = attrgetter("by_title")
BY_TITLE_BIT, NARROW_BIT = 1, 2
KINDS = {
    "place": BY_TITLE_BIT,
    "title": NARROW_BIT,
    "text": BY_TITLE_BIT | NARROW_BIT,
    "figures": NARROW_BIT,
    "reference": NARROW_BIT,
}
"""How the blocks of a kind are sorted and how far they look, where not by date and by the model's window."""
NARROW = 4
"""Many texts of a region share a band by way of their template: a quarter of the window brings all that the band would."""
OVERSIZED = 1_000
GROUPS = 3
LEAST_FIGURES = 2 * BYTES_A_MARK
LEAST_DIGITS = 3
"""A reference of fewer, `hr-12`, is many an employer's."""
MAIN_KEYS = 3
"""How many of an employer's keys the finer blocks take."""
ORDER = {"k:": 0, "t:": 1, "d:": 2, "n:": 3, "a:": 4, "p:": 5, "s:": 6}
DAY_MINUTES = 1_440
AHEAD_OF_UTC = 120
"""Minutes, in summer; in winter only the hour before midnight counts as the next day."""
Pair = tuple[str, str]
SMALL = 8
Block = Entry | tuple[Entry, ...] | list[Entry]
"""Most blocks are small, and a tuple weighs half of a list that has grown."""


def block_keys(entry: Entry) -> list[str]:
    """Names of the blocks that `entry` is in, distinct and in a fixed order; an erased posting is in none.

    `place`: employer and municipality. `work`: employer and occupation group. `employer`: alone, for titles that no lexicon
    knows. `text`: a band of the body's sketch. `area`: occupation group and municipality, for a missing or unknown employer;
    `due`: occupation group and closing day, for a missing place; `title`: its words alone, for both. `figures`: the two least
    hashes of the body's figures, which any language keeps (a sketch of two). `reference`: the number alone, for an employer
    whose names no rule joins. `day`: an event's day with its employer, municipality or title.
    """
    if entry.family == "event" and entry.starts is not None:
        return _event_keys(entry)
    employers, family = _employer_keys(entry), entry.family
    places = entry.municipalities or ("",)
    keys = [f"place|{family}|{employer}|{place}" for employer in employers for place in places]
    keys += [f"work|{family}|{employer}|{group}" for employer in main_keys(employers) for group in entry.groups[:GROUPS]]
    keys += [f"employer|{family}|{employer}" for employer in employers if employer.startswith("k:")]
    for body in entry.bodies:
        keys += [f"text|{body.language}|{number}|{band.hex()}" for number, band in enumerate(bands(body.sketch))]
    keys += [f"area|{family}|{group}|{place}" for group in entry.groups[:GROUPS] for place in places]
    if entry.closes is not None:
        keys += [f"due|{family}|{group}|{entry.closes}" for group in entry.groups[:GROUPS]]
    keys += [f"title|{family}|{form.core}" for form in entry.titles if form.core]
    if entry.reference is not None and sum(map(str.isdigit, entry.reference)) >= LEAST_DIGITS:
        keys.append(f"reference|{family}|{entry.reference}")
    if len(entry.figures) >= LEAST_FIGURES:
        keys.append(f"figures|{family}|{entry.figures[:LEAST_FIGURES].hex()}")
    return list(dict.fromkeys(keys))


def _event_keys(entry: Entry) -> list[str]:
    """The day as clocks in the Netherlands count it, else one that lasts all day would stand a day before its hours do; and
    the days on which it was to be before it was moved."""
    days = [(starts + AHEAD_OF_UTC) // DAY_MINUTES for starts in (entry.starts or 0, *entry.previous_starts)]
    employers = _employer_keys(entry)
    keys = [f"day|{day}|{place}" for day in days for place in entry.municipalities or ("",)]
    keys += [f"day|{day}|{employer}" for day in days for employer in main_keys(employers)]
    keys += [f"day|{day}|{form.tokens[0]}" for day in days for form in entry.titles if form.tokens]
    keys += [f"event|{employer}|{form.core}" for employer in main_keys(employers) for form in entry.titles]
    return list(dict.fromkeys(keys))


def main_keys(employers: list[str]) -> list[str]:
    """Keys that the finer blocks take: of every employer its own, of the rest the most telling."""
    own = [key for key in employers if key.startswith("k:")]
    return own + [key for key in employers if not key.startswith("k:")][: MAIN_KEYS - 1]


def _employer_keys(entry: Entry) -> list[str]:
    """Keys under which two spellings of one employer meet, the most telling first."""
    forms = [entry.employer] if entry.employer is not None and not entry.employer.is_intermediary else []
    keys = dict.fromkeys(key for form in (*forms, *entry.consortium) for key in form.block_keys)
    return sorted(keys, key=lambda key: ORDER.get(key[:2], len(ORDER)))


class Blocks:
    """The index. A block of one is the entry itself; of more, a sequence sorted by content.

    `joined` and `parted` collect pairs that a change brought into or out of a window, among entries that did not change
    themselves.
    """

    def __init__(self, window: int) -> None:
        self.windows = window, max(1, window // NARROW)
        self.joined: set[tuple[Pair, int]] = set()
        """Pairs that came together in the block of this key."""
        self.parted: set[Pair] = set()
        """Pairs that are remembered and were pushed apart in some block."""
        self.oversized: dict[int, int] = {}
        """Blocks of more than `OVERSIZED` entries: key's hash → size. They are still compared whole window by window."""
        self._fresh: dict[Entry, list[int]] = {}
        """Keys of entries that came in and were not yet asked for their partners: worked out once for both."""
        self._blocks: dict[int, Block] = {}

    def __len__(self) -> int:
        return len(self._blocks)

    def add(self, entry: Entry) -> None:
        keys = self._fresh[entry] = hashes_of(entry)
        for key in keys:
            self._insert(key, entry)

    def remove(self, entry: Entry) -> None:
        for key in self._fresh.pop(entry, None) or hashes_of(entry):
            self._take_out(key, entry)

    def replace(self, former: Entry, entry: Entry) -> None:
        """As `remove` and `add`; where the new version stands where the old one stood, no other pair is disturbed."""
        keys = self._fresh[entry] = hashes_of(entry)
        old = self._fresh.pop(former, None) or (keys if _has_same_keys(former, entry) else hashes_of(former))
        stays = former.by_date == entry.by_date, former.by_title == entry.by_title
        kept = set(old).intersection(keys) if old is not keys else set(keys)
        for key in old:
            if key not in kept:
                self._take_out(key, former)
            elif not stays[key & BY_TITLE_BIT]:
                self._take_out(key, former)
                self._insert(key, entry)
            else:
                self._swap(key, former, entry)
        for key in keys:
            if key not in kept:
                self._insert(key, entry)

    def _insert(self, key: int, entry: Entry) -> None:
        block = self._blocks.get(key)
        if block is None:
            self._blocks[key] = entry
            return
        if isinstance(block, Entry):
            block = (block,)
        order = order_of(key)
        position = bisect_left(block, order(entry), key=order)
        for left, right in self._across(key, block, position):
            # What is not remembered need not be forgotten.
            if (left.pairs and right.key in left.pairs) or (left.possible and right.key in left.possible):
                self.parted.add(ordered(left.key, right.key))
        if isinstance(block, tuple):
            block = (*block[:position], entry, *block[position:])
            self._blocks[key] = block if len(block) <= SMALL else list(block)
        else:
            block.insert(position, entry)
        if len(block) > OVERSIZED:
            self.oversized[key] = len(block)

    def _take_out(self, key: int, entry: Entry) -> None:
        block = self._blocks[key]
        if isinstance(block, Entry):
            del self._blocks[key]
            return
        order = order_of(key)
        position = bisect_left(block, order(entry), key=order)
        if isinstance(block, tuple):
            block = (*block[:position], *block[position + 1 :])
            self._blocks[key] = block if len(block) > 1 else block[0]
        else:
            del block[position]
            if len(block) <= SMALL:
                self._blocks[key] = tuple(block)
        if key in self.oversized:
            self._shrunk(key, len(block))
        for left, right in self._across(key, block, position):
            self.joined.add((ordered(left.key, right.key), key))

    def _shrunk(self, key: int, size: int) -> None:
        if size > OVERSIZED:
            self.oversized[key] = size
        else:
            del self.oversized[key]

    def _swap(self, key: int, former: Entry, entry: Entry) -> None:
        block = self._blocks[key]
        if isinstance(block, Entry):
            self._blocks[key] = entry
            return
        if isinstance(block, tuple):
            self._blocks[key] = tuple([entry if one is former else one for one in block])
            return
        order = order_of(key)
        block[bisect_left(block, order(entry), key=order)] = entry

    def _across(self, key: int, block: Sequence[Entry], position: int) -> Iterable[tuple[Entry, Entry]]:
        """Pairs at just the window's distance across `position`: an entry there stands between them, or did."""
        window = self.windows[key >> 1 & 1]
        if len(block) <= window:
            return ()
        first = max(0, position - window)
        return zip(block[first:position], block[first + window :], strict=False)

    def block(self, key: int) -> tuple[str, list[Entry]]:
        """Name and entries of a block that is there, in its order."""
        held = self._blocks[key]
        entries = [held] if isinstance(held, Entry) else list(held)
        return next(name for name in block_keys(entries[0]) if key_of(name) == key), entries

    @property
    def largest(self) -> int:
        """Entries in the largest block. Looks at every block."""
        return max((1 if isinstance(block, Entry) else len(block) for block in self._blocks.values()), default=0)

    def partners(self, entry: Entry) -> set[Entry]:
        """Everybody whom some key and its window bring together with `entry`."""
        found: set[Entry] = set()
        windows = self.windows
        for key in self._fresh.pop(entry, None) or hashes_of(entry):
            block = self._blocks[key]
            if isinstance(block, Entry):
                continue
            window = windows[key >> 1 & 1]
            if len(block) > window + 1:
                order = BY_TITLE if key & BY_TITLE_BIT else BY_DATE
                position = bisect_left(block, order(entry), key=order)
                block = block[max(0, position - window) : position + window + 1]
            found.update(block)
        found.discard(entry)
        return found

    def holds(self, first: Entry, second: Entry) -> bool:
        """Some key still brings these two together."""
        return next(self.shared(first, second), None) is not None

    def shared(self, first: Entry, second: Entry) -> Iterator[str]:
        """Names of the keys that bring these two together, for an explanation."""
        others = set(block_keys(second))
        return (name for name in block_keys(first) if name in others and self.is_near(key_of(name), first, second))

    def is_near(self, key: int, first: Entry, second: Entry) -> bool:
        """The window of this block holds both."""
        block = self._blocks.get(key)
        return block is not None and not isinstance(block, Entry) and second in self._around(block, key, first)

    def _around(self, block: Sequence[Entry], key: int, entry: Entry) -> Sequence[Entry]:
        """The neighbours of `entry`; nobody where the block does not hold it."""
        window = self.windows[key >> 1 & 1]
        if len(block) <= window:
            return block if entry in block else []
        order = order_of(key)
        position = bisect_left(block, order(entry), key=order)
        if position == len(block) or block[position] is not entry:
            return []
        return block[max(0, position - window) : position + window + 1]


def hashes_of(entry: Entry) -> list[int]:
    """Keys of the blocks that `entry` is in."""
    return [key_of(name) for name in block_keys(entry)]


def _has_same_keys(first: Entry, second: Entry) -> bool:
    """Equal in all that `block_keys` reads."""
    return (
        first.employer is second.employer
        and first.closes == second.closes
        and first.starts == second.starts
        and first.previous_starts == second.previous_starts
        and first.title_nl is second.title_nl
        and first.title_en is second.title_en
        and first.municipalities == second.municipalities
        and first.groups == second.groups
        and first.family == second.family
        and first.consortium == second.consortium
        and first.bodies == second.bodies
        and first.figures == second.figures
        and first.reference == second.reference
    )


def key_of(name: str) -> int:
    """A block's key: 60 bits of XXH3, a third of what the name weighs; the last two say how it is sorted and how wide it looks.

    Two names that met would only cost comparisons. Python takes 32 bytes for 60 bits, and 48 for 64.
    """
    key: int = xxhash.xxh3_64_intdigest(name.encode()) >> 4
    return key & -4 | KINDS.get(name.partition("|")[0], 0)


def order_of(key: int) -> Callable[[Entry], tuple[int, int, str, str]] | Callable[[Entry], tuple[str, str, int, str]]:
    """A block of one employer's place, or of one wording, is sorted by title, so that the same title meets; others by date."""
    return BY_TITLE if key & BY_TITLE_BIT else BY_DATE


def hash_of(text: str) -> int:
    """Names a key in an alarm without telling it."""
    return xxhash.xxh3_64_intdigest(text.encode())


def ordered(first: str, second: str) -> Pair:
    return (first, second) if first < second else (second, first)
