"""Whether an acronym may be that of a name in another language, other order or with its compounds taken apart.

`BGH` is the Bouwgroep Hondsrug, whom a board calls Hondsrug Construction Group: each part of a name stands for the initials
that it has in either language, and the acronym must use every part but forms and places, each once.
"""

from __future__ import annotations

from hub.matching.employers.parts import SAINTS
from hub.matching.employers.words import Element, Words

Part = tuple[frozenset[str], bool]
"""What a part of a name may stand for in an acronym, and whether the acronym may leave it out."""
IDLE = frozenset({"legal", "stop", "place", "region", "umbrella"})
MOST_PARTS = 6
SHORTEST, LONGEST = 3, 6


def parts_of(elements: tuple[Element, ...], words: Words) -> tuple[Part, ...]:
    """Empty where a name has too few or too many parts to be an acronym."""
    content = [element for element in elements if element.kind != "stop" or element.surface in SAINTS]
    if not 2 <= len(content) <= MOST_PARTS:
        return ()
    return tuple((_initials(element, words), element.kind in IDLE) for element in content)


def may_stand_for(acronym: str, parts: tuple[Part, ...]) -> bool:
    """Whether the letters are initials of the parts, in any order."""
    if not SHORTEST <= len(acronym) <= LONGEST or not parts:
        return False
    return _fits(acronym, parts)


def _fits(rest: str, parts: tuple[Part, ...]) -> bool:
    if not rest:
        return all(is_idle for _, is_idle in parts)
    return any(
        rest.startswith(letters) and _fits(rest[len(letters) :], (*parts[:at], *parts[at + 1 :]))
        for at, (initials, _) in enumerate(parts)
        for letters in initials
    )


def _initials(element: Element, words: Words) -> frozenset[str]:
    if element.kind == "stop":
        return frozenset({element.surface[0]})
    if element.kind != "free":
        return words.letters.get((element.kind, element.concept), frozenset()) | {element.surface[0]}
    joints = words.meanings.parts(element.surface)
    ways = [frozenset({part[0], *words.meanings.letters(part)}) for part in joints]
    combined = {""}
    for way in ways:
        combined = {start + letter for start in combined for letter in way}
    whole = {element.surface} if len(element.surface) < SHORTEST else set()
    return frozenset({*combined, element.surface[0], *whole})
