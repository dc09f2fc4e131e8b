"""How alike two employers are, as one of a few named levels.

Agreement is sought from the certain to the uncertain; towns and kinds of organisation are judged before spelling, because
in one region "Gemeente", "Provincie" and "GGD" of one town share most letters and are three employers.
"""

from __future__ import annotations

from itertools import product

from hub.matching.employers.abbreviation import is_abbreviated
from hub.matching.employers.acronyms import may_stand_for
from hub.matching.employers.facing import compare_faces, is_elsewhere, is_other_kind
from hub.matching.employers.form import NOBODY, EmployerForm
from hub.matching.employers.parts import SHORTEST_BESIDE

LEVELS = ("same", "acronym", "domain", "fuzzy", "part", "translated", "intermediary", "missing", "unsure", "different")
SHORTEST_CUT = 9
CUT_MARKS = ("…", "..")
AGREED = frozenset({"same", "translated", "fuzzy", "part"})


def compare_employers(a: EmployerForm | None, b: EmployerForm | None) -> str:
    """The level of agreement, one of `LEVELS`; symmetrical."""
    if a is None or b is None:
        return "missing"
    level = _compare(a, b)
    return "missing" if level in ("different", "unsure") and (a.is_doubted or b.is_doubted) else level


def _compare(a: EmployerForm, b: EmployerForm) -> str:
    if a.is_intermediary or b.is_intermediary:
        return "intermediary"
    if a.kvk and a.kvk == b.kvk:
        return "same"
    if a.key == b.key:
        return _equal_keys(a, b)
    if a.domain and a.domain == b.domain:
        return "domain" if _compare_spellings(a, b) in ("missing", "different") and not _is_acronym(a, b) else "same"
    if a.origin == "alias" and b.origin == "alias":
        return "part" if _is_of(a, b) or _is_of(b, a) else "different"
    if _is_acronym(a, b):
        return "acronym"
    if _is_named_by_domain(a, b) or _is_named_by_domain(b, a):
        return "domain"
    return _by_name(a, b)


def _by_name(a: EmployerForm, b: EmployerForm) -> str:
    level = _compare_spellings(a, b)
    if level not in AGREED and (a.parents or b.parents) and (_is_of(a, b) or _is_of(b, a)):
        return "part"
    if level not in ("different", "unsure") or not a.faces or not b.faces:
        return level
    is_cut = any(form.text.rstrip(" )").endswith(CUT_MARKS) for form in (a, b))
    if not is_cut and is_abbreviated(a.text, b.text) and not is_other_kind(a.faces[0], b.faces[0]):
        return "acronym"
    return level if level == "unsure" else _doubted(a, b)


def _doubted(a: EmployerForm, b: EmployerForm) -> str:
    """What is left of `different` where a name is cut short or is but an acronym that neither table nor name spells out."""
    first, second = a.faces[0], b.faces[0]
    if {a.origin, b.origin} != {"rule"} or is_elsewhere(first, second) or is_other_kind(first, second):
        return "different"
    short, long = sorted((a, b), key=lambda form: (len(form.faces[0].full), form.faces[0].full))
    if len(short.faces[0].full) >= SHORTEST_CUT and long.faces[0].full.startswith(short.faces[0].full):
        return "part" if short.text.rstrip(" )").endswith(CUT_MARKS) or first.tokens & second.tokens else "unsure"
    bare = [form.stated_acronyms & face.tokens if not face.types else NOBODY for form, face in ((a, first), (b, second))]
    if bool(bare[0]) is bool(bare[1]):
        return "different"
    other = b if bare[0] else a
    return "acronym" if any(may_stand_for(acronym, other.parts) for acronym in bare[0] | bare[1]) else "unsure"


def _is_of(a: EmployerForm, b: EmployerForm) -> bool:
    """Whether what stands beside the name of `a` is the name of `b`: `Home (Group)` and `Group`."""
    return any(compare_faces(parent, face) in AGREED for parent in a.parents for face in b.faces)


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
    shared = (a.stated_acronyms & b.acronyms) | (b.stated_acronyms & a.acronyms)
    if not shared or (len(max(shared, key=len)) <= SHORTEST_BESIDE and not (a.types and a.types == b.types)):
        return False
    return not (is_elsewhere(a.faces[0], b.faces[0]) or is_other_kind(a.faces[0], b.faces[0]))


def _is_named_by_domain(a: EmployerForm, b: EmployerForm) -> bool:
    """Whether the domain of `a`, whose name says nothing of `b`, is the name of `b`."""
    if len(a.label) < 3 or b.domain:
        return False
    return a.label in b.acronyms or any(a.label in (face.solid, face.core) for face in b.faces)


def _compare_spellings(a: EmployerForm, b: EmployerForm) -> str:
    if len(a.faces) == len(b.faces) == 1:
        return compare_faces(a.faces[0], b.faces[0])
    levels = [compare_faces(left, right) for left, right in product(a.faces, b.faces)]
    return next((level for level in ("same", "translated", "fuzzy", "part", "missing") if level in levels), levels[0])
