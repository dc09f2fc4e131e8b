"""Comparing: a pair's evidence as named levels, and their weights as whole milli-bits (Fellegi and Sunter, 1969).

Each field says one level; the model gives its bits. Evidence that repeats itself is capped by group, because
Fellegi–Sunter adds bits as if fields were independent. Everything is symmetrical in the two postings and sums exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from hub.domain.posting import Kind
from hub.matching.addresses import compare_addresses
from hub.matching.bodies import containment
from hub.matching.employers import EmployerForm, compare_employers
from hub.matching.entry import BYTES_A_MARK, DAY_MS, Entry, marks_of
from hub.matching.model import Weights
from hub.matching.titles import TitleForm, compare_departments, compare_levels, compare_numbers, compare_titles

Levels = dict[str, str]

GROUPS = {
    "wording": ("body", "names"),
    "figures": ("figures", "hours", "pay"),
    "terms": ("contract", "education"),
    "dates": ("closing", "published", "lives"),
}
DISAGREEING = frozenset({"different", "concept_none", "weak"})
REPOST_CONTAINMENT = 900
NEAR_KM = 15.0
EARTH_KM = 6_371.0
CLOSING_NEAR, CLOSING_FAR = 3, 30
PUBLISHED_NEAR, PUBLISHED_FAR = 7, 60
START_NEAR, HOUR, DAY_MINUTES = 30, 60, 1_440
FEWEST_MARKS = 2
FIGURES = (("all", 5, 95), ("few_all", 2, 95), ("most", 2, 75), ("half", 1, 50), ("few", 1, 0), ("none", 0, 0))
NAMES = (("all", 3, 90), ("most", 2, 60), ("some", 1, 0), ("none", 0, 0))
"""Level, least number of marks in common, least share of the fewer in per cent."""
BODY = ((900, "whole"), (780, "most"), (650, "much"), (500, "half"), (300, "some"), (50, "little"), (0, "none"))
"""Least containment per mille of each level. A platform's copy keeps nearly all; the employer's next advertisement keeps half."""
ALIKE = (frozenset({Kind.VACANCY, Kind.TRAINEESHIP}), frozenset({Kind.INTERNSHIP, Kind.GRADUATION_INTERNSHIP}))
ALIKE_LEVELS = frozenset({"intern", "graduation"})
"""What platforms call one another."""
AGREEING_EMPLOYER = frozenset({"same", "acronym", "domain", "translated", "fuzzy", "part", "consortium"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a pair's levels are worth. `total` = prior − template + the levels' bits + what the groups' caps take off."""

    levels: Levels
    total: int
    guard: str | None
    """Why so many bits are still not enough to link, if so."""


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


def compare(first: Entry, second: Entry, context: Context, weights: Weights, *, is_full: bool = False) -> Evidence | None:
    """Evidence of a pair; None when it is not worth keeping, whatever the slow comparisons would say.

    `is_full`: never None, for an explanation.
    """
    pair = _title_pair(first, second)
    title = compare_titles(*pair).level if pair is not None else "missing"
    # Titles that disagree, with no fact for the pair, are the end of most comparisons unless an identity speaks for them.
    is_bare = not is_full and title in DISAGREEING and _has_no_fact(first, second)
    if is_bare and not _may_be_identified(first, second):
        return None
    levels: Levels = {
        "address": _address(first, second, context),
        "employer": _employer(first, second, context),
        "municipality": _municipality(first, second),
        "kind": "same" if first.kind is second.kind else _kind(first, second),
    }
    levels["reference"] = _reference(first, second, levels["employer"], context)
    _titles(pair, title, levels)
    if (is_bare and not _is_identified(levels)) or (not is_full and _is_hopeless(levels, weights)):
        return None
    if first.family == "event":
        _event(first, second, levels)
    else:
        _terms(first, second, levels)
        _dates(first, second, levels)
    _wording(first, second, levels)
    levels["repost"] = "yes" if first.source == second.source else "none"
    bits = weights.levels
    total = weights.prior - template_penalty(first, second, context)
    for field, level in levels.items():
        total += bits[field][level]
    total += sum(caps(levels, weights).values())
    return Evidence(levels, total, guard(levels))


def _has_no_fact(first: Entry, second: Entry) -> bool:
    """Neither day nor pay in common, nor some text."""
    if (first.closes is not None and first.closes == second.closes) or (first.pay and first.pay == second.pay):
        return False
    if first.starts is not None and first.starts == second.starts:
        return False
    return common_wording(first, second) < BODY[3][0]


def _may_be_identified(first: Entry, second: Entry) -> bool:
    """An address or a reference in common, void or not: what must be so for `_is_identified`, and costs little to see."""
    if first.reference is not None and first.reference == second.reference:
        return True
    if any(key in second.job_keys or key in second.page_keys for key in first.job_keys):
        return True
    return any(key in first.page_keys for key in second.job_keys)


def _is_hopeless(levels: Levels, weights: Weights) -> bool:
    """Too few bits, whatever the rest may add."""
    quick = weights.prior + weights.most_of_rest
    for field, level in levels.items():
        quick += weights.levels[field][level]
    return quick < weights.possible


def caps(levels: Levels, weights: Weights) -> dict[str, int]:
    """Group → milli-bits that its cap takes off (or gives back, below zero); groups within their caps are left out."""
    taken: dict[str, int] = {}
    for group, fields in GROUPS.items():
        said = 0
        for field in fields:
            level = levels.get(field)
            if level is not None:
                said += weights.levels[field][level]
        cap = weights.caps[group]
        if said > cap:
            taken[group] = cap - said
        elif said < -cap:
            taken[group] = -cap - said
    return taken


def template_penalty(first: Entry, second: Entry, context: Context) -> int:
    """A title that n postings of an employer share on one platform says log2 n bits less, in whole bits."""
    most = max(context.template_size(first), context.template_size(second))
    return 1000 * (most.bit_length() - 1) if most > 1 else 0


def _is_identified(levels: Mapping[str, str]) -> bool:
    return levels["address"] in ("equal", "page") or levels["reference"] == "equal"


def guard(levels: Mapping[str, str]) -> str | None:
    """What no sum of bits replaces: an address or a reference of the job, or enough that agrees and little that conflicts."""
    if _is_identified(levels):
        return None
    if levels.get("start") == "other_day":
        return "another day"
    if levels["kind"] == "different":
        return "different kinds"
    conflicts = [field for field, level in levels.items() if level in CONFLICTS.get(field, ())]
    if len(conflicts) > MOST_CONFLICTS:
        return f"conflicts: {', '.join(conflicts)}"
    agreeing = [field for field, level in levels.items() if level in AGREEMENTS.get(field, ())]
    has_author = "employer" in agreeing or levels["body"] in ("whole", "most", "much") or levels["figures"] == "all"
    if not has_author:
        return "no word of the employer and no common text"
    fewest = FEWEST_AGREEMENTS if "title" in agreeing else FEWEST_WITHOUT_TITLE
    if len(agreeing) < fewest:
        return f"too little agrees: {', '.join(agreeing) or 'nothing'}"
    return None


AGREEMENTS: dict[str, frozenset[str]] = {
    "employer": AGREEING_EMPLOYER,
    "municipality": frozenset({"same"}),
    "title": frozenset({"equal", "near", "close", "concept_high", "concept_middle"}),
    "body": frozenset({"whole", "most", "much"}),
    "figures": frozenset({"all", "few_all"}),
    "names": frozenset({"all", "most"}),
    "pay": frozenset({"equal"}),
    "hours": frozenset({"equal"}),
    "closing": frozenset({"equal"}),
    "start": frozenset({"equal"}),
    "venue": frozenset({"same"}),
}
CONFLICTS: dict[str, frozenset[str]] = {
    "address": frozenset({"other_job"}),
    "reference": frozenset({"different"}),
    "municipality": frozenset({"different"}),
    "level": frozenset({"other"}),
    "department": frozenset({"other"}),
    "number": frozenset({"other"}),
    "hours": frozenset({"different"}),
    "pay": frozenset({"different"}),
    "contract": frozenset({"different"}),
    "education": frozenset({"different"}),
    "closing": frozenset({"far"}),
    "published": frozenset({"far"}),
    "lives": frozenset({"disjoint"}),
    "start": frozenset({"other_time", "other_day"}),
    "venue": frozenset({"different"}),
}
FEWEST_AGREEMENTS, FEWEST_WITHOUT_TITLE, MOST_CONFLICTS = 3, 4, 1


def veto(first: Entry, second: Entry) -> str | None:
    """Why two postings can never be one, whatever they share. Operators' links are not asked this."""
    if first.family != second.family:
        return "kinds of different families"
    if first.series and first.series == second.series and first.occurrence != second.occurrence and first.source == second.source:
        return "two occurrences of one series"
    if first.source == second.source and not is_repost(first, second):
        return "two postings of one platform"
    return None


def is_repost(first: Entry, second: Entry) -> bool:
    """The same opening listed again by its platform: nothing tells the two apart, and they replace each other.

    Place and text alike, no other reference, department, level or job of the same tenant, and lives that do not overlap
    or one job-specific address or reference.
    """
    if first.municipalities != second.municipalities or first.kind is not second.kind:
        return False
    names_one_job = _names_one_job(first, second)
    replaces = not _overlap(first, second)
    if not (names_one_job or replaces) or compare_addresses(first.job_keys, second.job_keys) == "other_job":
        return False
    if first.reference and second.reference and first.reference != second.reference:
        return False
    titles = list(zip((first.title_nl, first.title_en), (second.title_nl, second.title_en), strict=True))
    compared = [(a, b) for a, b in titles if a is not None and b is not None]
    for a, b in compared:
        if compare_levels(a, b) in ("other", "one_sided") or compare_departments(a, b) in ("other", "one_sided"):
            return False
        if compare_numbers(a, b) in ("other", "one_sided"):
            return False
    return (names_one_job and replaces) or common_wording(first, second) >= REPOST_CONTAINMENT


def _names_one_job(first: Entry, second: Entry) -> bool:
    """Both state one job-specific address or one reference."""
    if first.reference is not None and first.reference == second.reference:
        return True
    return any(key in second.job_keys for key in first.job_keys)


def _overlap(first: Entry, second: Entry) -> bool:
    (start_a, end_a), (start_b, end_b) = first.life, second.life
    return start_a < end_b and start_b < end_a


def _address(first: Entry, second: Entry, context: Context) -> str:
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


def _reference(first: Entry, second: Entry, employer: str, context: Context) -> str:
    if first.reference is None or second.reference is None:
        return "none"
    if first.reference != second.reference:
        return "different"
    if employer not in AGREEING_EMPLOYER:
        return "other_employer"
    keys = reference_key(first), reference_key(second)
    return "shared" if any(key is not None and context.is_void_reference(key) for key in keys) else "equal"


def reference_key(entry: Entry) -> str | None:
    """Block of a reference number with its employer: two employers may well use the same one."""
    if entry.reference is None or entry.employer is None or entry.family == "event":
        return None
    return f"{entry.reference}|{entry.employer.key}"


def _employer(first: Entry, second: Entry, context: Context) -> str:
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


def _municipality(first: Entry, second: Entry) -> str:
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


def _kind(first: Entry, second: Entry) -> str:
    return "alike" if any(first.kind in kinds and second.kind in kinds for kinds in ALIKE) else "different"


def _titles(pair: tuple[TitleForm, TitleForm] | None, title: str, levels: Levels) -> None:
    """Titles of one language where there are such, else across languages; level, department and numbers of the same pair."""
    levels["title"] = title
    if pair is None:
        levels |= {"level": "none", "department": "none", "number": "none"}
        return
    a, b = pair
    level = compare_levels(a, b)
    levels["level"] = "one_sided" if level == "other" and a.levels | b.levels <= ALIKE_LEVELS else level
    levels["department"] = compare_departments(a, b)
    levels["number"] = compare_numbers(a, b)


def _title_pair(first: Entry, second: Entry) -> tuple[TitleForm, TitleForm] | None:
    if first.title_nl is not None and second.title_nl is not None:
        return first.title_nl, second.title_nl
    if first.title_en is not None and second.title_en is not None:
        return first.title_en, second.title_en
    a, b = first.title_nl or first.title_en, second.title_nl or second.title_en
    return (a, b) if a is not None and b is not None else None


def _terms(first: Entry, second: Entry, levels: Levels) -> None:
    levels["hours"] = _range(first.hours, second.hours, 0)
    levels["pay"] = _range(first.pay, second.pay, 20)
    levels["contract"] = _equal(first.contract, second.contract)
    if not first.education or not second.education:
        levels["education"] = "missing"
    elif first.education == second.education:
        levels["education"] = "equal"
    else:
        levels["education"] = "overlap" if any(level in second.education for level in first.education) else "different"


def _range(a: tuple[float, ...] | tuple[int, ...], b: tuple[float, ...] | tuple[int, ...], slack: int) -> str:
    """Two ranges, `(least, most)`: equal up to `slack`, overlapping or apart."""
    if not a or not b:
        return "missing"
    if abs(a[0] - b[0]) <= slack and abs(a[1] - b[1]) <= slack:
        return "equal"
    return "overlap" if a[0] <= b[1] and b[0] <= a[1] else "different"


def _equal(a: str | None, b: str | None) -> str:
    if a is None or b is None:
        return "missing"
    return "equal" if a == b else "different"


def _dates(first: Entry, second: Entry, levels: Levels) -> None:
    if first.source == second.source:
        # A repost is published and closes anew: its dates say nothing.
        levels |= {"closing": "missing", "published": "missing", "lives": "none"}
        return
    if first.closes is None or second.closes is None:
        levels["closing"] = "missing"
    else:
        days = abs(first.closes - second.closes)
        levels["closing"] = "equal" if days == 0 else "near" if days <= CLOSING_NEAR else "far" if days > CLOSING_FAR else "apart"
    posted_a = first.posted if first.posted is not None else first.first_seen // DAY_MS
    posted_b = second.posted if second.posted is not None else second.first_seen // DAY_MS
    days = abs(posted_a - posted_b)
    levels["published"] = "near" if days <= PUBLISHED_NEAR else "far" if days > PUBLISHED_FAR else "apart"
    levels["lives"] = "overlap" if _overlap(first, second) else "disjoint"


def _event(first: Entry, second: Entry, levels: Levels) -> None:
    levels["start"] = _start(first, second)
    if first.venue is None or second.venue is None:
        levels["venue"] = "missing"
    else:
        same = first.venue == second.venue or first.venue in second.venue or second.venue in first.venue
        levels["venue"] = "same" if same else "different"
    is_series = first.series is not None and first.series == second.series and first.occurrence == second.occurrence
    levels["series"] = "same" if is_series else "none"


def _start(first: Entry, second: Entry) -> str:
    if first.starts is None or second.starts is None:
        return "missing"
    minutes = abs(first.starts - second.starts)
    if first.is_all_day or second.is_all_day:
        return "day" if minutes < DAY_MINUTES else "other_day"
    if minutes <= START_NEAR:
        return "equal"
    if first.starts in second.previous_starts or second.starts in first.previous_starts:
        return "moved"
    if minutes in (HOUR, 2 * HOUR):
        return "shifted"
    return "other_time" if minutes < DAY_MINUTES // 2 else "other_day"


def _wording(first: Entry, second: Entry, levels: Levels) -> None:
    """Body by containment within one language; figures and names whatever the language."""
    levels["body"] = "missing"
    if any(a[0] == b[0] for a in first.bodies for b in second.bodies):
        share = common_wording(first, second)
        levels["body"] = next(level for least, level in BODY if share >= least)
    levels["figures"] = _marks(first.figures, second.figures, FIGURES)
    levels["names"] = _marks(first.names, second.names, NAMES)


def _marks(a: bytes, b: bytes, scale: tuple[tuple[str, int, int], ...]) -> str:
    """Level of the marks that two bodies share, by how many and by their share of the fewer."""
    fewer = min(len(a), len(b)) // BYTES_A_MARK
    if fewer < FEWEST_MARKS:
        return "missing"
    common = fewer if a == b else len(marks_of(a) & marks_of(b))
    return next(level for level, least, percent in scale if common >= least and common * 100 >= percent * fewer)


def common_wording(first: Entry, second: Entry) -> int:
    """Per mille of the shorter body that stands in the other, the best of the languages that both have; 0 without one."""
    best = 0
    for language, low, size in first.bodies:
        for other, other_low, other_size in second.bodies:
            if language == other:
                best = max(best, containment(low, size, other_low, other_size))
    return best
