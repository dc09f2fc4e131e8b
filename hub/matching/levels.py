"""Levels: what each field says of a pair, as one word. Symmetrical in the two postings; no weights here.

A level is a finding ("equal", "near", "different") or says that nothing can be said ("missing", "none"). Which words a
field knows, and what each is worth, stands in the match model's weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from hub.domain.posting import Kind
from hub.matching.addresses import compare_addresses
from hub.matching.bodies import LONG_BODY, Body, common_share
from hub.matching.employers import EmployerForm, compare_employers
from hub.matching.entry import Entry, Units
from hub.matching.facts import compare_facts
from hub.matching.gatherings import start, venue
from hub.matching.marks import BYTES_A_MARK, in_common
from hub.matching.slots import refilled
from hub.matching.titles import TitleForm, compare_departments, compare_levels, compare_numbers, compare_units

Levels = dict[str, str]
"""Field → level."""

NEAR_KM = 15.0
EARTH_KM = 6_371.0
CLOSING_NEAR, CLOSING_FAR = 1, 30
"""What closes "before the first" closes "until the thirtieth"; two or three days apart are two days."""
PUBLISHED = ((0, "same_day"), (2, "at_once"), (7, "near"), (14, "fortnight"), (60, "apart"))
"""Most days of each level. Who advertises on several boards does so in one go; later as many other advertisements appear."""
PAY_SLACK = 20
Scale = tuple[tuple[str, int, int], ...]
FIGURES: Scale = (("all", 5, 95), ("few_all", 2, 95), ("most", 2, 75), ("half", 1, 50), ("few", 1, 0), ("none", 0, 0))
ONLY_FIGURE: Scale = (("only", 1, 0), ("only_none", 0, 0))
"""Where one of the two has a single number."""
NAMES: Scale = (("all", 3, 90), ("most", 2, 60), ("some", 1, 0), ("none", 0, 0))
"""Level, least number of marks in common, least share of the fewer in per cent."""
FACTS = ("missing", "one", "two", "many")
"""By how many kinds agree, where none does not."""
SLOTS = ("none", "one", "several")
BODY = ((900, "whole"), (780, "most"), (650, "much"), (500, "half"), (300, "some"), (50, "little"), (0, "none"))
"""Least containment per mille of each level. A platform's copy keeps nearly all; the employer's next advertisement keeps half."""
SHORT_BODY = ((900, "short_whole"), (780, "short_most"), (500, "short_half"), (0, "short_little"))
"""The same where the shorter body has fewer than `LONG_BODY` shingles: a few sentences stand in many advertisements."""
COPIED = {level: f"copied_{level}" for _, level in (*BODY, *SHORT_BODY)}
"""The same where no name says that both are of one employer, whose next advertisement would be alike too: who has a text in
common then has it from the other."""
ALIKE = (frozenset({Kind.VACANCY, Kind.TRAINEESHIP}), frozenset({Kind.INTERNSHIP, Kind.GRADUATION_INTERNSHIP}))
ALIKE_LEVELS = frozenset({"intern", "graduation"})
"""What platforms call one another."""
IMPLIED_LEVELS: dict[Kind, frozenset[str]] = {
    Kind.TRAINEESHIP: frozenset({"trainee", "junior", "apprentice"}),
    Kind.INTERNSHIP: frozenset({"intern"}),
    Kind.GRADUATION_INTERNSHIP: frozenset({"intern", "graduation"}),
    Kind.SIDE_JOB: frozenset({"side_job", "holiday_job", "assistant"}),
}
"""What both postings are by their kind: whether a title says it too is a matter of wording."""
AGREEING_EMPLOYER = frozenset({"same", "acronym", "domain", "translated", "fuzzy", "part", "consortium"})


class Context:
    """What of the current set a comparison needs; the engine knows."""

    platforms: frozenset[str] = frozenset()
    """Hosts of the platforms themselves: two pages there are two listings, and prove nothing."""

    def is_void_address(self, key: str) -> bool:
        """Two live postings of one source state this address, so it names no single job."""
        raise NotImplementedError

    def is_void_reference(self, key: str) -> bool:
        """The same of a reference number with its employer."""
        raise NotImplementedError

    def template_size(self, entry: Entry) -> int:
        """How many current postings share employer, title and source with `entry`."""
        raise NotImplementedError

    def employers(self, first: EmployerForm | None, second: EmployerForm | None) -> str:
        """As `compare_employers`, remembered."""
        return compare_employers(first, second)


def address(first: Entry, second: Entry, context: Context) -> str:
    if not first.job_keys and not second.job_keys:
        return "none"
    is_shared = False
    for key in first.job_keys:
        if key in second.job_keys or key in second.page_keys:
            if not context.is_void_address(key):
                return "equal" if key in second.job_keys else "page"
            is_shared = True
    for key in second.job_keys:
        if key in first.page_keys and not context.is_void_address(key):
            return "page"
    if is_shared:
        return "shared"
    return compare_addresses(first.job_keys, second.job_keys, context.platforms) if first.job_keys and second.job_keys else "none"


def reference(first: Entry, second: Entry, employer: str, context: Context) -> str:
    if first.reference is None or second.reference is None:
        return "none"
    if first.reference != second.reference:
        return "different" if _numbering(first.reference) == _numbering(second.reference) else "other_numbering"
    if employer not in AGREEING_EMPLOYER:
        return "other_employer"
    keys = reference_key(first), reference_key(second)
    return "shared" if any(key is not None and context.is_void_reference(key) for key in keys) else "equal"


@lru_cache(maxsize=4096)
def _numbering(reference: str) -> str:
    """Letters that it begins with: an agency, and a board of its own, number openings in their own way."""
    return reference[: next((place for place, sign in enumerate(reference) if sign.isdigit()), None)]


def reference_key(entry: Entry) -> str | None:
    """Block of a reference number with its employer: two employers may well use the same one."""
    if entry.reference is None or entry.employer is None or entry.family == "event":
        return None
    return f"{entry.reference}|{entry.employer.key}"


def employer(first: Entry, second: Entry, context: Context) -> str:
    found = context.employers(first.employer, second.employer)
    if found != "different":
        return found
    if (first.consortium or second.consortium) and _partners(first) & _partners(second):
        return "consortium"
    if first.intermediary is not None or second.intermediary is not None:
        return "intermediary"
    return found


def _partners(entry: Entry) -> set[str]:
    forms = (*entry.consortium, entry.employer) if entry.employer is not None else entry.consortium
    return {form.key for form in forms}


def municipality(first: Entry, second: Entry) -> str:
    if not first.municipalities or not second.municipalities:
        return "remote" if first.is_remote or second.is_remote else "missing"
    if any(place in second.municipalities for place in first.municipalities):
        return "same"
    if first.is_remote or second.is_remote:
        return "remote"
    return "near" if _kilometres(first, second) < NEAR_KM else "different"


def _kilometres(first: Entry, second: Entry) -> float:
    """Great-circle distance (haversine); far when a point is missing."""
    if first.lat is None or first.lng is None or second.lat is None or second.lng is None:
        return EARTH_KM
    a, b = radians(first.lat), radians(second.lat)
    half = sin((a - b) / 2) ** 2 + cos(a) * cos(b) * sin(radians(first.lng - second.lng) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def kind(first: Entry, second: Entry) -> str:
    if any(first.kind in kinds and second.kind in kinds for kinds in ALIKE):
        return "alike"
    return "alike" if _says_kind(first, second.kind) or _says_kind(second, first.kind) else "different"


def _says_kind(entry: Entry, kind: Kind) -> bool:
    """What a platform that has no other kind calls a vacancy, its title calls by its name."""
    implied = IMPLIED_LEVELS.get(kind)
    return entry.kind is Kind.VACANCY and implied is not None and any(form.levels & implied for form in entry.titles)


def add_titles(pair: tuple[TitleForm, TitleForm] | None, title: str, levels: Levels) -> None:
    """Titles of one language where there are such, else across languages; level, department and numbers of the same pair."""
    levels["title"] = title
    if pair is None:
        levels |= {"level": "none", "department": "none", "number": "none"}
        return
    levels |= said_beside(*pair)


def said_beside(a: TitleForm, b: TitleForm) -> Levels:
    """Level, department and numbers of two titles."""
    level = compare_levels(a, b)
    return {
        "level": "one_sided" if level == "other" and a.levels | b.levels <= ALIKE_LEVELS else level,
        "department": compare_departments(a, b),
        "number": compare_numbers(a, b),
    }


def title_pair(first: Entry, second: Entry) -> tuple[TitleForm, TitleForm] | None:
    """The titles that are compared, without what the kind of both says already."""
    pair = _titles_in_common(first, second)
    kind = first.kind
    if pair is None or kind is Kind.VACANCY or kind is not second.kind:
        return pair
    return beyond_kind(pair[0], kind), beyond_kind(pair[1], kind)


def _titles_in_common(first: Entry, second: Entry) -> tuple[TitleForm, TitleForm] | None:
    if first.title_nl is not None and second.title_nl is not None:
        return first.title_nl, second.title_nl
    if first.title_en is not None and second.title_en is not None:
        return first.title_en, second.title_en
    a, b = first.title_nl or first.title_en, second.title_nl or second.title_en
    return (a, b) if a is not None and b is not None else None


@lru_cache(maxsize=4096)
def beyond_kind(form: TitleForm, kind: Kind) -> TitleForm:
    """A title without what its posting's kind says. An event's names no level and no department: `Open evening for nurses in
    training` is about them."""
    if kind is Kind.EVENT:
        return replace(form, levels=frozenset(), department=None)
    implied = IMPLIED_LEVELS.get(kind)
    return replace(form, levels=form.levels - implied) if implied and not implied.isdisjoint(form.levels) else form


def add_terms(first: Entry, second: Entry, levels: Levels) -> None:
    levels["hours"] = ranges(first.hours, second.hours, 0)
    levels["pay"] = ranges(first.pay, second.pay, PAY_SLACK)
    levels["contract"] = _equal(first.contract, second.contract)
    levels["education"] = education(first.education, second.education)


def education(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    if not a or not b:
        return "missing"
    if a == b:
        return "equal"
    return "overlap" if any(level in b for level in a) else "different"


def ranges(a: tuple[float, ...] | tuple[int, ...], b: tuple[float, ...] | tuple[int, ...], slack: int) -> str:
    """Two ranges, `(least, most)`: equal up to `slack`, at one end (boards keep the most or the least), overlapping or apart."""
    if not a or not b:
        return "missing"
    ends = (abs(a[0] - b[0]) <= slack) + (abs(a[1] - b[1]) <= slack)
    if ends:
        return "equal" if ends > 1 else "one_end"
    return "overlap" if a[0] <= b[1] and b[0] <= a[1] else "different"


def _equal(a: str | None, b: str | None) -> str:
    if a is None or b is None:
        return "missing"
    return "equal" if a == b else "different"


def add_dates(first: Entry, second: Entry, levels: Levels) -> None:
    if first.source == second.source:
        # A repost is published and closes anew: its dates say nothing.
        levels |= {"closing": "missing", "published": "missing", "lives": "none"}
        return
    if first.closes is None or second.closes is None:
        levels["closing"] = "missing"
    else:
        levels["closing"] = closing(abs(first.closes - second.closes))
    levels["published"] = published(abs(first.published - second.published))
    levels["lives"] = "overlap" if lives_overlap(first, second) else "disjoint"


def closing(days: int) -> str:
    """Level of two closing days that are so many days apart."""
    return "equal" if days == 0 else "near" if days <= CLOSING_NEAR else "far" if days > CLOSING_FAR else "apart"


def published(days: int) -> str:
    """Level of two days of publication that are so many days apart."""
    return next((level for most, level in PUBLISHED if days <= most), "far")


def add_event(first: Entry, second: Entry, levels: Levels) -> None:
    levels["start"] = start(first, second)
    levels["venue"] = venue(first, second)
    is_series = first.series is not None and first.series == second.series and first.occurrence == second.occurrence
    levels["series"] = "same" if is_series else "none"


def add_wording(first: Entry, second: Entry, levels: Levels) -> None:
    """Body by containment within one language; figures and names whatever the language."""
    levels["body"] = body(first, second)
    levels["figures"] = figures(first, second)
    levels["names"] = names(first, second)
    is_event = first.family == "event"
    levels["unit"] = "none" if is_event else unit(first, second, levels["department"])
    levels["facts"] = "missing" if is_event else facts(first, second)
    levels["slots"] = "none" if is_event else slots(first, second)


def body(first: Entry, second: Entry) -> str:
    shares = ((common_share(a, b), min(a.shingles, b.shingles)) for a, b in _in_one_language(first, second))
    share, shorter = max(shares, default=(-1, 0))
    if share < 0:
        return "missing"
    level = next(level for least, level in (BODY if shorter >= LONG_BODY else SHORT_BODY) if share >= least)
    return level if _may_have_one_author(first, second) else COPIED[level]


def _may_have_one_author(first: Entry, second: Entry) -> bool:
    """Some word of the employers' names, or of those who recruit for them, is in common: cheaper than comparing the names, and
    in doubt one author."""
    a, b = first.employer, second.employer
    if a is None or b is None:
        a, b = first.intermediary, second.intermediary
    if a is None or b is None:
        return False
    return a is b or bool(first.consortium or second.consortium) or any(key in b.block_keys for key in a.block_keys)


def figures(first: Entry, second: Entry) -> str:
    return _common_marks(first.figures, second.figures, FIGURES, ONLY_FIGURE)


def names(first: Entry, second: Entry) -> str:
    return _common_marks(first.names, second.names, NAMES)


def unit(first: Entry, second: Entry, department: str) -> str:
    """The site or department that the texts name, beside those of titles; titles that both name one have said it already.

    What cannot be told apart is no other: across languages a department is the same or nothing is known.
    """
    a, b = first.units, second.units
    if (a is None and b is None) or department not in ("none", "one_sided"):
        return "none"
    if a is not None and b is not None and a.sites and b.sites:
        return "other" if set(a.sites).isdisjoint(b.sites) else "same"
    said = set()
    for one, form in (("nl", first.title_nl), ("en", first.title_en)):
        for other, other_form in (("nl", second.title_nl), ("en", second.title_en)):
            found = compare_units(_departments(a, one, form), _departments(b, other, other_form), one == other)
            said.add(found)
    return "same" if "same" in said else "other" if "other" in said else "none"


def _departments(units: Units | None, language: str, form: TitleForm | None) -> tuple[str, ...]:
    """Departments that the text names in a language, else the title's."""
    named: tuple[str, ...] = getattr(units, language) if units is not None else ()
    return named or ((form.department,) if form is not None and form.department else ())


def facts(first: Entry, second: Entry) -> str:
    """By how many kinds of facts both state, and whether they agree in each."""
    same, other = compare_facts(first.facts, second.facts)
    if other:
        return "apart" if other > 1 else "mixed" if same else "other"
    return FACTS[min(same, len(FACTS) - 1)]


def slots(first: Entry, second: Entry) -> str:
    return SLOTS[min(slots_apart(first, second), len(SLOTS) - 1)]


def slots_apart(first: Entry, second: Entry) -> int:
    """How many slots of their sentences both texts have with other fillings, in the language where these are most."""
    return max((refilled(a.slots, b.slots) for a, b in _in_one_language(first, second)), default=0)


def _common_marks(a: bytes, b: bytes, scale: Scale, of_one: Scale = ()) -> str:
    """Level of the marks that two bodies share, by how many and their share of the fewer; `of_one` where these are one."""
    fewer = min(len(a), len(b)) // BYTES_A_MARK
    if fewer == 1:
        scale = of_one
    if not fewer or not scale:
        return "missing"
    common = in_common(a, b)
    return next(level for level, least, percent in scale if common >= least and common * 100 >= percent * fewer)


def common_wording(first: Entry, second: Entry) -> int:
    """Per mille of the shorter body that stands in the other, the best of the languages that both have; 0 without one."""
    return max((common_share(a, b) for a, b in _in_one_language(first, second)), default=0)


def sentences_apart(first: Entry, second: Entry) -> tuple[int, int]:
    """How many sentences of the shorter body the other has not, and how many it has: of the language where most is in common."""
    found = []
    for a, b in _in_one_language(first, second):
        common = in_common(a.sentences, b.sentences)
        found.append((min(len(a.sentences), len(b.sentences)) // BYTES_A_MARK - common, common))
    return min(found, key=lambda one: one[0] - one[1], default=(0, 0))


def _in_one_language(first: Entry, second: Entry) -> Iterator[tuple[Body, Body]]:
    return ((a, b) for a in first.bodies for b in second.bodies if a.language == b.language)


def lives_overlap(first: Entry, second: Entry) -> bool:
    (start_a, end_a), (start_b, end_b) = first.life, second.life
    return start_a < end_b and start_b < end_a
