"""Compares two read titles: by words in one language, by concepts across languages, and their levels, departments and numbers.

Similarity by concepts is the geometric mean of the two shares of (squared) weight that the other title covers. With one
sense a word it is the cosine of the concept vectors; with several it takes, for each word, the sense that the two titles
share, which a cosine of mixed senses would water down. All arithmetic is on integers and symmetrical.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt
from typing import NamedTuple

from rapidfuzz import fuzz

from hub.matching.titles.form import TitleForm, Wording
from hub.matching.titles.signs import HEAVY

NEAR, CLOSE, WEAK = 90, 75, 60
CONCEPT_HIGH, CONCEPT_MIDDLE, CONCEPT_LOW = 90, 60, 40
_TYPING_ERROR = 86
_TYPING_ERROR_LENGTH = 6
_PAIRS_KEPT = 1 << 11
"""Whoever sifts pairs keeps the levels of far more in less room; here they are kept until the pair is compared in full."""
_MANAGER = "role/manager"
_HEAD = frozenset(("head",))
_SORTS = frozenset(("shift", "district", "language"))
_NOTHING: frozenset[str] = frozenset()
_ROLE = 9
"""Squared weight from which an atom says something of its own, if only a role."""


class TitleComparison(NamedTuple):
    """`level`: equal, near, close, weak, different, or concept_high, _middle, _low, _none; `similarity`: 0–100."""

    level: str
    similarity: int


_EQUAL = TitleComparison("equal", 100)
_ORDER = "equal near concept_high close concept_middle concept_low weak different concept_none"
_RANKS = {level: rank for rank, level in enumerate(_ORDER.split())}
"""Of what a title may be read as, the reading that agrees most with the other title counts."""


def compare_titles(first: TitleForm, second: TitleForm) -> TitleComparison:
    """Compare the cores of two titles; symmetrical. Levels, departments and numbers have comparisons of their own."""
    if first.also is None and second.also is None:
        return compare_wordings(first.wording, second.wording)
    found = [compare_wordings(a, b) for a in first.wordings for b in second.wordings]
    return min(found, key=lambda one: (_RANKS[one.level], -one.similarity))


def compare_wordings(a: Wording, b: Wording) -> TitleComparison:
    """As `compare_titles`."""
    if a is b or a.core == b.core or a.tokens == b.tokens or (a.atoms == b.atoms and a.atoms):
        return _EQUAL
    return _compare(a, b) if (a.core, a.language) <= (b.core, b.language) else _compare(b, a)


@lru_cache(maxsize=_PAIRS_KEPT)
def _compare(a: Wording, b: Wording) -> TitleComparison:
    if a.language != b.language and not a.unknown and not b.unknown and a.meanings.isdisjoint(b.meanings):
        return TitleComparison("concept_none", 0)
    shared = _similarity(a, b)
    only_a, only_b = _own(a.atoms, b.atoms, a.unknown | b.unknown)
    if not (only_a or only_b) or not any(_own(a.tokens, b.tokens, a.unknown | b.unknown)) or _is_spaced_otherwise(a, b):
        return TitleComparison("near", max(NEAR, int(fuzz.token_sort_ratio(a.core, b.core))))
    if a.language != b.language:
        return TitleComparison(_concept_level(shared), shared)
    own_a, own_b = _says_more(a, b, HEAVY), _says_more(b, a, HEAVY)
    if shared >= CONCEPT_HIGH and not _says_more(a, b, _ROLE) and not _says_more(b, a, _ROLE):
        return TitleComparison("concept_high", shared)
    similarity = int(fuzz.token_sort_ratio(a.core, b.core))
    if not only_a or not only_b:
        similarity = max(similarity, CLOSE if shared >= CONCEPT_MIDDLE else WEAK)
    if own_a and own_b:
        similarity = min(similarity, CLOSE - 1)
    return TitleComparison(_word_level(similarity), similarity)


def concept_similarity(a: TitleForm, b: TitleForm) -> int:
    """0–100: geometric mean of the weight of `a` that `b` covers and the weight of `b` that `a` covers."""
    return _similarity(a.wording, b.wording)


def _similarity(a: Wording, b: Wording) -> int:
    if not a.norm or not b.norm:
        return 0
    return isqrt(_covered(a, b) * _covered(b, a) * 10_000 // (a.norm * b.norm))


def _covered(a: Wording, b: Wording) -> int:
    meanings = b.meanings
    return sum([weight for concepts, weight in a.units if not concepts.isdisjoint(meanings)])


def _says_more(a: Wording, b: Wording, least: int) -> bool:
    """Whether `a` names something of squared weight `least` or more that `b` does not."""
    meanings = b.meanings
    return any(weight >= least and concepts.isdisjoint(meanings) for concepts, weight in a.units)


def _own(a: tuple[str, ...], b: tuple[str, ...], unknown: frozenset[str]) -> tuple[list[str], list[str]]:
    """Words that only one title has; pairs that differ by a typing error, one of them unknown, count as shared."""
    only_a = [atom for atom in a if atom not in b]
    only_b = [atom for atom in b if atom not in a]
    for atom in tuple(only_a):
        twin = next((other for other in only_b if (atom in unknown or other in unknown) and _is_typing_error(atom, other)), None)
        if twin is not None:
            only_a.remove(atom)
            only_b.remove(twin)
    return only_a, only_b


def _is_spaced_otherwise(a: Wording, b: Wording) -> bool:
    """Whether a slip put a space elsewhere (`salesm anager`): as many words, some unknown, the same letters in a row."""
    if len(a.tokens) != len(b.tokens) or not (a.unknown or b.unknown):
        return False
    return a.core.replace(" ", "") == b.core.replace(" ", "")


def _is_typing_error(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= _TYPING_ERROR_LENGTH and a[0] == b[0] and fuzz.ratio(a, b) >= _TYPING_ERROR


def _word_level(similarity: int) -> str:
    return "close" if similarity >= CLOSE else "weak" if similarity >= WEAK else "different"


def _concept_level(similarity: int) -> str:
    if similarity >= CONCEPT_HIGH:
        return "concept_high"
    return "concept_middle" if similarity >= CONCEPT_MIDDLE else "concept_low" if similarity >= CONCEPT_LOW else "concept_none"


def compare_levels(a: TitleForm, b: TitleForm) -> str:
    """same, none (neither names one), one_sided (one names none, or only some of the other's), other.

    Whoever is head of a field manages it.
    """
    if a.levels == b.levels:
        return "same" if a.levels else "none"
    return _compare_sets(_levels_beside(a, b), _levels_beside(b, a))


def _levels_beside(a: TitleForm, b: TitleForm) -> frozenset[str]:
    """Levels of `a` that `b` might name as well."""
    if "head" in a.levels and "head" not in b.levels and _MANAGER in b.wording.meanings:
        return a.levels - _HEAD
    return a.levels


def compare_numbers(a: TitleForm, b: TitleForm) -> str:
    """same, none, one_sided or other, for years, codes and months."""
    return _compare_sets(a.numbers, b.numbers)


def compare_departments(a: TitleForm, b: TitleForm) -> str:
    """same, none, one_sided or other, by concept; a department that the other title names among its words counts as the same."""
    if a.department is None and b.department is None:
        return "none"
    if a.department is not None and b.department is not None:
        is_one_language = a.language == b.language
        found = _compare_named(a.department.split("+"), b.department.split("+"), is_one_language)
        if found != "other":
            return found
        one, other = _apart(a, b), _apart(b, a)
        return _compare_named(one, other, is_one_language) if one and other else "one_sided"
    named, meant = (a, b) if a.department is not None else (b, a)
    parts = (named.department or "").split("+")
    return "same" if all(not meant.wording.meanings.isdisjoint(part.split("|")) for part in parts) else "one_sided"


def _apart(a: TitleForm, b: TitleForm) -> list[str]:
    """Departments of `a`, without those that belong to the name of an occupation which `b` names too: a psychiatrist's
    psychiatry stands beside no other department."""
    named = dict(a.within)
    return [
        part
        for part in (a.department.split("+") if a.department else ())
        if named.get(part, _NOTHING).isdisjoint(b.wording.meanings)
    ]


def compare_units(a: tuple[str, ...], b: tuple[str, ...], is_one_language: bool) -> str:
    """Departments as in `TitleForm.department`, several of each side: same where some of `a` is one of `b`, other where none is
    and all are of one language, else none: what one lexicon's entries call two fields may be one."""
    if not a or not b:
        return "none"
    found = {_compare_named(one.split("+"), other.split("+"), is_one_language) for one in a for other in b}
    return "same" if "same" in found else "other" if is_one_language and found == {"other"} else "none"


def _compare_named(a: list[str], b: list[str], is_one_language: bool) -> str:
    """A unit named more closely is the same; two that share a part (the outpatient clinic) but not the rest are not. Units,
    shifts, districts and languages are compared each with their like."""
    found = set()
    for sort in {_sort(part) for part in a} & {_sort(part) for part in b}:
        own, others = [part for part in a if _sort(part) == sort], [part for part in b if _sort(part) == sort]
        if _names_all(own, others) or _names_all(others, own):
            found.add("same")
        elif is_one_language or _are_other(own, others):
            found.add("other")
    return "other" if "other" in found else "same" if "same" in found else "one_sided"


def _are_other(a: list[str], b: list[str]) -> bool:
    """Across languages a word that no table knows may be anything, and fields that share one are two wordings of one."""
    rest = [part for one, other in ((a, b), (b, a)) for part in one if not _names_all(other, [part])]
    if len(rest) == len(a) + len(b):
        return not any(part.startswith("word/") for part in rest)
    return all(part.startswith("department/") for part in rest)


def _sort(part: str) -> str:
    kind = part.partition("/")[0]
    return kind if kind in _SORTS else "unit"


def _names_all(a: list[str], b: list[str]) -> bool:
    """Whether each part of `b` is one of `a` in some sense: `housing` stands for living as well as for premises."""
    return all(any(not set(part.split("|")).isdisjoint(other.split("|")) for other in a) for part in b)


def _compare_sets(a: frozenset[str], b: frozenset[str]) -> str:
    if a == b:
        return "same" if a else "none"
    return "one_sided" if not a or not b or a & b else "other"
