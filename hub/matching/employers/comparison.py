"""How alike two employers are, as one of a few named levels.

Agreement is sought from the certain to the uncertain; towns and kinds of organisation are judged before spelling, because
in one region "Gemeente", "Provincie" and "GGD" of one town share most letters and are three employers.
"""

from __future__ import annotations

from itertools import product

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from hub.matching.employers.abbreviation import is_abbreviated
from hub.matching.employers.form import EmployerForm, Face

LEVELS = ("same", "acronym", "domain", "fuzzy", "part", "translated", "intermediary", "missing", "unsure", "different")
FUZZY_RATIO = 90
SHORTEST_FUZZY = 5
"""Below this length one wrong letter is another name."""
LEAST_RATIO = 70
"""Less alike than one swap in the shortest name."""
SHORTEST_SLIP = 7
"""From this length on, one letter too many or too few is a slip."""
PROVINCES = frozenset({"groningen-province", "friesland", "drenthe"})
"""Regions that do not overlap: a town of one is not in another."""
LOOSE = frozenset({"finance", "food", "trade", "hospitality"})
"""Families of kinds that more often have a family's name in common than an owner."""
FAR_FROM_CARE = frozenset(
    {"technology", "building", "food", "transport", "trade", "hospitality", "energy", "chemistry", "finance"}
)
LONG_SLIP = 9
"""From this length on, any one letter for another is a slip of a known name."""
SHORTEST_CUT = 9
CUT_MARKS = ("…", "..")
SOLE = frozenset({"municipality", "province", "water-board", "safety-region", "public-health-service", "environment-agency"})
"""Kinds with one employer to a district, whose name is the district's."""
AGREED = frozenset({"same", "translated", "fuzzy", "part"})
ALIKE = ("aeiouy", "ckq", "sz", "fvw", "dt", "gh", "bp", "mn", "ij", "il1", "o0")


def compare_employers(a: EmployerForm | None, b: EmployerForm | None) -> str:
    """The level of agreement, one of `LEVELS`; symmetrical."""
    if a is None or b is None:
        return "missing"
    if a.is_intermediary or b.is_intermediary:
        return "intermediary"
    if a.kvk and a.kvk == b.kvk:
        return "same"
    if a.key == b.key:
        return _equal_keys(a, b)
    if a.domain and a.domain == b.domain:
        return "domain" if _compare_faces(a, b) in ("missing", "different") and not _is_acronym(a, b) else "same"
    if a.origin == "alias" and b.origin == "alias":
        return "different"
    if _is_acronym(a, b):
        return "acronym"
    if _is_named_by_domain(a, b) or _is_named_by_domain(b, a):
        return "domain"
    return _by_name(a, b)


def _by_name(a: EmployerForm, b: EmployerForm) -> str:
    level = _compare_faces(a, b)
    if level not in AGREED and (_is_of(a, b) or _is_of(b, a)):
        return "part"
    if level not in ("different", "unsure") or not a.faces or not b.faces:
        return level
    is_cut = any(form.text.rstrip(" )").endswith(CUT_MARKS) for form in (a, b))
    if not is_cut and is_abbreviated(a.text, b.text) and not _is_other_kind(a.faces[0], b.faces[0]):
        return "acronym"
    return level if level == "unsure" else _doubted(a, b)


def _doubted(a: EmployerForm, b: EmployerForm) -> str:
    """What is left of `different` where a name is cut short or is but an acronym that neither table nor name spells out."""
    first, second = a.faces[0], b.faces[0]
    if {a.origin, b.origin} != {"rule"} or _is_elsewhere(first, second) or _is_other_kind(first, second):
        return "different"
    short, long = sorted((a, b), key=lambda form: (len(form.faces[0].full), form.faces[0].full))
    if len(short.faces[0].full) >= SHORTEST_CUT and long.faces[0].full.startswith(short.faces[0].full):
        return "part" if short.text.rstrip(" )").endswith(CUT_MARKS) or first.tokens & second.tokens else "unsure"
    is_bare = [bool(form.stated_acronyms & face.tokens) and not face.types for form, face in ((a, first), (b, second))]
    return "unsure" if any(is_bare) and not all(is_bare) else "different"


def _is_of(a: EmployerForm, b: EmployerForm) -> bool:
    """Whether what stands beside the name of `a` is the name of `b`: `Home (Group)` and `Group`."""
    return any(_compare_pair(parent, face) in AGREED for parent in a.parents for face in b.faces)


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


def _equal_keys(a: EmployerForm, b: EmployerForm) -> str:
    origins = {a.origin, b.origin}
    if origins == {"rule"}:
        if not a.faces or a.faces[0].is_vague:
            return "missing"
        return "same" if a.faces[0].solid == b.faces[0].solid else "translated"
    if "domain" in origins:
        return "same" if a.tokens & b.tokens or _is_acronym(a, b) else "domain"
    return "fuzzy" if "typo" in origins and a.text.casefold() != b.text.casefold() else "same"


def _is_acronym(a: EmployerForm, b: EmployerForm) -> bool:
    if not (a.stated_acronyms & b.acronyms or b.stated_acronyms & a.acronyms):
        return False
    return not (_is_elsewhere(a.faces[0], b.faces[0]) or _is_other_kind(a.faces[0], b.faces[0]))


def _is_named_by_domain(a: EmployerForm, b: EmployerForm) -> bool:
    """Whether the domain of `a`, whose name says nothing of `b`, is the name of `b`."""
    if len(a.label) < 3 or b.domain:
        return False
    return a.label in b.acronyms or any(a.label in (face.solid, face.core) for face in b.faces)


def _compare_faces(a: EmployerForm, b: EmployerForm) -> str:
    if len(a.faces) == len(b.faces) == 1:
        return _compare_pair(a.faces[0], b.faces[0])
    levels = [_compare_pair(left, right) for left, right in product(a.faces, b.faces)]
    return next((level for level in ("same", "translated", "fuzzy", "part", "missing") if level in levels), levels[0])


def _compare_pair(a: Face, b: Face) -> str:
    if _is_other_kind(a, b) or _is_elsewhere(a, b):
        return "different"
    if a.is_vague or b.is_vague:
        return "missing"
    if a.solid == b.solid or a.full == b.full:
        return "same"
    if a.concepts == b.concepts or (a.everything == b.everything and (a.tokens or b.tokens)):
        return "translated"
    if _is_closed_up(a, b) and (a.types, a.trades, a.places) == (b.types, b.trades, b.places):
        return "same"
    if (a.tokens or b.tokens) and a.meaning == b.meaning and not _apart(a.trades, b.trades):
        is_whole = (a.types, a.places) == (b.types, b.places)
        return "translated" if is_whole else "unsure" if _is_namesake(a, b) else "part"
    if _is_closed_up(a, b):
        return "unsure" if _is_namesake(a, b) else "part"
    if not a.tokens or not b.tokens:
        return _compare_unnamed(a, b)
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


def _is_other_kind(a: Face, b: Face) -> bool:
    if not _apart(a.types, b.types):
        return False
    return _apart(a.families, b.families) or bool(a.types & SOLE and b.types & SOLE)


def _is_elsewhere(a: Face, b: Face) -> bool:
    return _apart(a.places, b.places) or _apart(a.regions, b.regions) or _apart(a.area & PROVINCES, b.area & PROVINCES)


def _apart(a: frozenset[str], b: frozenset[str]) -> bool:
    """Both say something and share nothing."""
    return bool(a and b) and not a & b
