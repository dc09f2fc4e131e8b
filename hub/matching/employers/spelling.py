"""Whether two spellings differ by a typing error only: how alike, and which letters are taken for one another."""

from __future__ import annotations

import xxhash
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

FUZZY_RATIO = 90
SHORTEST_FUZZY = 5
"""Below this length one wrong letter is another name."""
LEAST_RATIO = 70
"""Less alike than one swap in the shortest name."""
SHORTEST_SLIP = 7
"""From this length on, one letter too many or too few is a slip."""
LONG_SLIP = 9
"""From this length on, any one letter for another is a slip of a known name."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {letter: (row, column) for row, letters in enumerate(_ROWS) for column, letter in enumerate(letters)}
ALIKE = ("aeiouy", "ckq", "sz", "fvw", "dt", "gh", "bp", "mn", "ij", "il1", "o0")


def is_typo(a: str, b: str) -> bool:
    """Whether two names without spaces differ by a typing error: nine tenths alike, or one slip in a name long enough."""
    a, b = a.replace("ij", "y"), b.replace("ij", "y")
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1 + min(len(a), len(b)) // 10 or min(len(a), len(b)) < SHORTEST_FUZZY:
        return False
    if fuzz.ratio(a, b, score_cutoff=LEAST_RATIO) == 0 or [c for c in a if c.isdigit()] != [c for c in b if c.isdigit()]:
        return False
    is_swap = sorted(a) == sorted(b) and OSA.distance(a, b, score_cutoff=1) <= 1
    if is_swap or _without_doubles(a) == _without_doubles(b):
        return True
    edits = Levenshtein.editops(a, b)
    if any(edit.tag == "replace" and not _sound_alike(a[edit.src_pos], b[edit.dest_pos]) for edit in edits):
        return False
    return fuzz.ratio(a, b) >= FUZZY_RATIO or (len(edits) == 1 and min(len(a), len(b)) >= SHORTEST_SLIP and a[0] == b[0])


def is_beside(a: str, b: str) -> bool:
    """Whether two long names of one length differ in one letter, behind the first, whose key is next to the other's."""
    differing = [at for at in range(1, len(a)) if a[at] != b[at]] if len(a) == len(b) and a[:1] == b[:1] else []
    if len(differing) != 1 or len(a) < LONG_SLIP:
        return False
    first, second = (_KEYS.get(text[differing[0]]) for text in (a, b))
    return first is not None and second is not None and abs(first[0] - second[0]) + abs(first[1] - second[1]) == 1


def is_slip(written: str, right: str) -> bool:
    """Whether a word is a known one but for one letter, the first too; of another letter than it should be, a longer word."""
    if OSA.distance(written, right, score_cutoff=1) > 1 or [*filter(str.isdigit, written)] != [*filter(str.isdigit, right)]:
        return False
    is_replaced = len(written) == len(right) and sorted(written) != sorted(right)
    return min(len(written), len(right)) >= (LONG_SLIP if is_replaced else SHORTEST_SLIP - 1)


def _sound_alike(a: str, b: str) -> bool:
    """Letters that are taken for one another; `Noorderveld` and `Noordenveld` are two names, `Noorderfeld` a slip."""
    return any(a in group and b in group for group in ALIKE)


def _without_doubles(text: str) -> str:
    return "".join(c for i, c in enumerate(text) if i == 0 or text[i - 1] != c)


def less_one(text: str) -> list[str]:
    """The text, and the text less any one letter."""
    return [text, *(text[:at] + text[at + 1 :] for at in range(len(text)) if text[at] != " ")]


def letters_hash(text: str) -> int:
    """60 bits of XXH3, which fit Python's smaller sizes. What it brings together by chance is no slip of one another."""
    return xxhash.xxh3_64_intdigest(text.encode()) >> 4
