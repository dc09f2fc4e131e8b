"""Splits Dutch compounds into words that a vocabulary knows, and brings inflected forms back to the listed one.

No model is needed: Dutch writes a compound as its parts in a row with at most a linking s, e or en between them, so a depth-
first search over known words, longest first, finds the parts. It is a pure function of the word and the vocabulary: no
counts, no randomness. An unknown front part is allowed only before a known head ("kwispelmonteur"), because in Dutch the
head, which says what somebody does, always comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

SHORTEST_PART = 3
LONGEST_WORD = 60
LINKS = ("", "s", "e", "en", "n", "er")
_VOWELS = frozenset("aeiou")
_HARD = {"v": "f", "z": "s"}
_SOFT = {"f": "v", "s": "z"}
_FEMININE = (("trice", "teur"), ("trice", "tor"), ("euse", "eur"), ("ica", "icus"), ("ares", "aar"), ("eres", "er"), ("es", ""))
_ENGLISH_FEMININE = (("ress", "er"), ("ress", "or"), ("eress", "er"), ("ess", ""), ("woman", "man"), ("women", "man"))


def dutch_stems(word: str) -> Iterator[str]:
    """Forms from which `word` may be inflected, likeliest first: scholen → school, medewerkster → medewerker."""
    if word.endswith("heden"):
        yield word[:-5] + "heid"
    for ending in ("n", "en", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_PART:
            yield from _open_syllable(word[: -len(ending)])
    bare = word.removesuffix("s")
    if bare.endswith("ster") and len(bare) >= 4 + SHORTEST_PART:
        yield from _masculine(bare[:-4])
    for ending, other in _FEMININE:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_PART:
            yield word[: -len(ending)] + other


def _masculine(stem: str) -> Iterator[str]:
    """Words of which that in -ster is the feminine: werk → werker, beheer → beheerder, verleen → verlener, zet → zetter."""
    yield stem + "er"
    if stem.endswith("r"):
        yield stem + "der"
        yield stem
    last = stem[-1]
    soft = _SOFT.get(last, last)
    if stem[-2] == stem[-3]:
        yield stem[:-2] + soft + "er"
    elif stem[-2] in _VOWELS and last not in _VOWELS:
        yield stem + last + "er"
    if soft != last and stem[-2] != stem[-3]:
        yield stem[:-1] + soft + "er"


def _open_syllable(stem: str) -> Iterator[str]:
    yield stem
    last = stem[-1]
    if last == stem[-2] and last not in _VOWELS:
        yield stem[:-1]
    hard = _HARD.get(last, last)
    if stem[-2] in _VOWELS and last not in _VOWELS and stem[-3] not in _VOWELS:
        yield stem[:-2] + stem[-2] * 2 + hard
    if hard != last:
        yield stem[:-1] + hard


def english_stems(word: str) -> Iterator[str]:
    """Forms from which an English word may be inflected, likeliest first: facilities → facility, waitress → waiter."""
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        yield word[:-1]
    if word.endswith("es") and len(word) > 4:
        yield word[:-2]
    if word.endswith("men") and len(word) > 5:
        yield word[:-3] + "man"
    for ending, other in _ENGLISH_FEMININE:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_PART + 1:
            yield word[: -len(ending)] + other


def openings(words: Iterable[str]) -> frozenset[str]:
    """First three letters with which a word of a list, or a form inflected from it, may begin: raam, ramen → raa, ram."""
    found = {word[:3] for word in words}
    found.update(word[:2] + word[3] for word in words if len(word) > 3 and word[1] == word[2] and word[1] in _VOWELS)
    return frozenset(found)


def split_compound(
    word: str, part_of: Callable[[str], str | None], is_head: Callable[[str], bool], begins: Container[str] | None = None
) -> tuple[str, ...]:
    """Parts of `word` in their listed form, or `(word,)` when it falls into none.

    `part_of` gives the listed form of a part, or None; `is_head` says whether a listed word may end a compound whose
    front is unknown; `begins`, of `openings`, spares looking up what cannot be a part. A whole word that is known is a
    part like any other, so callers ask for known words first.
    """
    if not 2 * SHORTEST_PART <= len(word) <= LONGEST_WORD or not word.isalpha():
        return (word,)
    dead = set() if begins is None else {at for at in range(len(word)) if word[at : at + 3] not in begins}
    found = _parts_from(word, 0, part_of, dead)
    return found or _known_head(word, part_of, is_head) or (word,)


def _parts_from(word: str, start: int, part_of: Callable[[str], str | None], dead: set[int]) -> tuple[str, ...] | None:
    if start in dead:
        return None
    for end in range(len(word), start + SHORTEST_PART - 1, -1):
        if start == 0 and end == len(word):
            continue
        part = _part(word[start:end], part_of, is_last=end == len(word))
        if part is None:
            continue
        if end == len(word):
            return (part,)
        rest = _parts_from(word, end, part_of, dead)
        if rest is not None:
            return (part, *rest)
    dead.add(start)
    return None


def _part(piece: str, part_of: Callable[[str], str | None], *, is_last: bool) -> str | None:
    for link in LINKS if not is_last else ("",):
        if piece.endswith(link) and len(piece) - len(link) >= SHORTEST_PART:
            part = part_of(piece[: len(piece) - len(link)])
            if part is not None:
                return part
    return None


def _known_head(word: str, part_of: Callable[[str], str | None], is_head: Callable[[str], bool]) -> tuple[str, ...] | None:
    for start in range(SHORTEST_PART, len(word) - 3):
        head = part_of(word[start:])
        if head is not None and is_head(head):
            front = word[:start]
            bare = front[:-1] if front.endswith("s") and len(front) > SHORTEST_PART else front
            return (*split_compound(bare, part_of, _never), head)
    return None


def _never(_: str) -> bool:
    return False


def glued_spans(words: Sequence[str], is_closed: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Spans (start, end) of words, neighbours that a vocabulary knows as one word (`back end`) in one; three before two."""
    spans: list[tuple[int, int]] = []
    at, count = 0, len(words)
    while at < count:
        width = min(3, count - at)
        while width > 1 and not _is_glued("".join(words[at : at + width]), is_closed):
            width -= 1
        spans.append((at, at + width))
        at += width
    return spans


def _is_glued(joined: str, is_closed: Callable[[str], bool]) -> bool:
    return len(joined) >= 2 * SHORTEST_PART and is_closed(joined)
