"""How alike two spellings of employers are, each taken apart: towns and kinds of organisation before meaning and letters."""

from __future__ import annotations

from hub.matching.employers.form import Face
from hub.matching.employers.spelling import SHORTEST_FUZZY, SHORTEST_SLIP, is_beside, is_typo

PROVINCES = frozenset({"groningen-province", "friesland", "drenthe"})
"""Regions that do not overlap: a town of one is not in another."""
LOOSE = frozenset({"finance", "food", "trade", "hospitality"})
"""Families of kinds that more often have a family's name in common than an owner."""
FAR_FROM_CARE = frozenset(
    {"technology", "building", "food", "transport", "trade", "hospitality", "energy", "chemistry", "finance"}
)
SOLE = frozenset({"municipality", "province", "water-board", "safety-region", "public-health-service", "environment-agency"})
"""Kinds with one employer to a district, whose name is the district's."""


def compare_faces(a: Face, b: Face) -> str:
    """`same`, `translated`, `fuzzy`, `part`, `unsure`, `missing` or `different`; symmetrical."""
    if is_other_kind(a, b) or is_elsewhere(a, b):
        return "different"
    if a.is_vague or b.is_vague:
        return "missing"
    return _with_one_meaning(a, b) or (_compare_unnamed(a, b) if not a.tokens or not b.tokens else _compare_named(a, b))


def _with_one_meaning(a: Face, b: Face) -> str | None:
    """The level where the proper names are one by letters or by meaning, in either language."""
    if a.solid == b.solid or a.full == b.full:
        return "same"
    is_closed_up = _is_closed_up(a, b)
    if is_closed_up and (a.types, a.trades, a.places) == (b.types, b.trades, b.places):
        return "same"
    if a.concepts == b.concepts or (a.everything == b.everything and (a.tokens or b.tokens)):
        return "translated"
    if (a.tokens or b.tokens) and a.meaning == b.meaning and not _apart(a.trades, b.trades):
        is_whole = (a.types, a.places) == (b.types, b.places)
        return "translated" if is_whole else "unsure" if _is_namesake(a, b) else "part"
    if is_closed_up:
        return "unsure" if _is_namesake(a, b) else "part"
    return None


def _compare_named(a: Face, b: Face) -> str:
    """Of two proper names that differ in letters and in meaning."""
    if _apart(a.words, b.words):
        return "different"
    if a.tokens != b.tokens and is_typo(a.core, b.core):
        return "fuzzy"
    if _is_part(a, b) or _is_part(b, a) or _is_more(a, b) or _is_more(b, a):
        return "unsure" if _is_namesake(a, b) else "part"
    if _is_mistyped(a, b):
        return "part"
    shared = a.tokens & b.tokens
    is_long = any(len(token) >= SHORTEST_SLIP for token in shared)
    if is_beside(a.core, b.core):
        return "fuzzy" if a.types == b.types else "unsure"
    is_thin = a.rare & b.rare or is_long or ((a.rare or b.rare) and shared and not (a.types and b.types))
    return "unsure" if is_thin else "different"


def _compare_unnamed(a: Face, b: Face) -> str:
    """Of two names, one at least without a proper name: `Museum Assen` may well be the museum of any other name."""
    if not a.tokens and not b.tokens:
        is_one = (a.words, a.types) == (b.words, b.types) and (a.words or (a.types and a.regions == b.regions))
        return "part" if is_one else "different"
    bare, named = (b, a) if a.tokens else (a, b)
    return "unsure" if bare.types and bare.types <= named.types and not bare.types & SOLE else "different"


def _is_namesake(a: Face, b: Face) -> bool:
    """Whether two firms with one name have trades that only sometimes go together, such as insurance and estate agency."""
    if _apart(a.types, b.types):
        return a.families & b.families <= LOOSE
    return _is_only_care(a, b) or _is_only_care(b, a)


def _is_only_care(a: Face, b: Face) -> bool:
    """Whether `a` is of care and of nothing else, and `b` of quite another business: `Hamrik Zorg` and `Hamrik ICT`."""
    return "care" in a.trades and not a.types and bool(b.families & FAR_FROM_CARE) and "care" not in b.families


def _is_part(a: Face, b: Face) -> bool:
    """Whether `b` is `a` and more; with other distinctive words in `b`, nothing of `a` may be lacking there."""
    if not any(len(token) >= 3 and token.isalpha() for token in a.tokens):
        return False
    return a.tokens == b.tokens or (a.tokens < b.tokens and a.words <= b.words and a.types <= b.types)


def _is_more(a: Face, b: Face) -> bool:
    """Whether `b` is the rare name of `a` with more ordinary words."""
    return bool(a.rare) and a.rare == b.rare and a.meaning <= b.meaning and a.trades <= b.trades


def _is_closed_up(a: Face, b: Face) -> bool:
    """Whether two proper names have the same letters and only their spaces differ."""
    return a.name == b.name and len(a.name) >= SHORTEST_FUZZY and bool(a.tokens or b.tokens) and not _apart(a.trades, b.trades)


def _is_mistyped(a: Face, b: Face) -> bool:
    """Whether the one rare word of each is the other's but for a slip, and one has no ordinary word that the other lacks."""
    if len(a.rare) != 1 or len(b.rare) != 1 or a.rare == b.rare or not (a.trades <= b.trades or b.trades <= a.trades):
        return False
    (first,), (second,) = a.rare, b.rare
    rest, other = a.meaning - a.rare, b.meaning - b.rare
    return min(len(first), len(second)) >= SHORTEST_SLIP and (rest <= other or other <= rest) and is_typo(first, second)


def is_other_kind(a: Face, b: Face) -> bool:
    if not _apart(a.types, b.types):
        return False
    return _apart(a.families, b.families) or bool(a.types & SOLE and b.types & SOLE)


def is_elsewhere(a: Face, b: Face) -> bool:
    return _apart(a.places, b.places) or _apart(a.regions, b.regions) or _apart(a.area & PROVINCES, b.area & PROVINCES)


def _apart(a: frozenset[str], b: frozenset[str]) -> bool:
    """Both say something and share nothing."""
    return bool(a and b) and not a & b
