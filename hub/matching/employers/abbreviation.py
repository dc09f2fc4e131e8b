"""Names of which one is the other cut short word by word: `Helder Fac. Diensten`, `NZ Wind Service`, `PW Accountants`.

Words are laid side by side in their order, from any word on. A short one stands for the word of which it is the beginning,
or for several whose initials it is; what else there is must be equal, so that no more than spelling is bridged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hub.matching.employers.words import fold

LONGEST_INITIALS = 4
SHORTEST_EQUAL = 4
"""One word in full, of so many letters, must be equal: initials alone are a matter of acronyms."""
MOST_WORDS = 8
NAMES_KEPT = 1 << 15
_WORD = re.compile(r"[0-9a-z]+[./-]?")
_MARKS = "./-"
_IDLE = frozenset(
    """
    de het een en and the van der den of voor for bv nv vof cv ua stichting foundation group groep partners adviseurs advisers
    diensten services
    """.split()  # noqa: SIM905 -- a table of words reads better as one
)
"""Words that either name may have and the other leave out."""


def is_abbreviated(a: str, b: str) -> bool:
    """Whether one of two written names is the other with words cut short; symmetrical."""
    first, second = _words(a), _words(b)
    if not 2 <= len(first) <= MOST_WORDS or not 2 <= len(second) <= MOST_WORDS:
        return False
    if not any(len(word) >= SHORTEST_EQUAL for word in _plain(a).intersection(_plain(b))):
        return False
    return _stands_for(first, second) or _stands_for(second, first)


@lru_cache(maxsize=NAMES_KEPT)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(name)))


@lru_cache(maxsize=NAMES_KEPT)
def _plain(name: str) -> frozenset[str]:
    return frozenset(word.rstrip(_MARKS) for word in _words(name))


def _stands_for(short: Sequence[str], long: Sequence[str]) -> bool:
    plain = [word.rstrip(_MARKS) for word in long]
    return any(_fits((*short[at:], *short[:at]), plain, 0) for at in range(len(short)))


def _fits(short: Sequence[str], long: Sequence[str], cut: int) -> bool:
    """Whether all words find their counterpart; `cut` counts those that were cut short so far."""
    if not short:
        return cut > 0 and all(word in _IDLE for word in long)
    word = short[0].rstrip(_MARKS)
    if long and word == long[0]:
        return _fits(short[1:], long[1:], cut)
    if long and any(_fits(short[taken:], long[stood:], cut + 1) for taken, stood in _cuts(short, long)):
        return True
    if word in _IDLE and _fits(short[1:], long, cut):
        return True
    return bool(long) and long[0] in _IDLE and _fits(short, long[1:], cut)


def _cuts(short: Sequence[str], long: Sequence[str]) -> list[tuple[int, int]]:
    """(words of `short`, words of `long` that they stand for) at the beginning of both."""
    written, word = short[0], short[0].rstrip(_MARKS)
    found = []
    if long[0].startswith(word) and (written[-1] in "-/" if len(word) == 1 else written.endswith(".")):
        found.append((1, 1))
    if written.endswith(".") and len(short) > 1 and long[0].startswith(word) and long[0].endswith(short[1].rstrip(_MARKS)):
        found.append((2, 1))
    size = len(word)
    if 2 <= size <= LONGEST_INITIALS and len(long) >= size and all(long[at][0] == word[at] for at in range(size)):
        found.append((1, size))
    return found
