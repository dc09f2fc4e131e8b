"""Levels: what each field says of a pair, as one word. Symmetrical in the two postings; no weights here.

A level is a finding ("equal", "near", "different") or says that nothing can be said ("missing", "none"). Which words a
field knows, and what each is worth, stands in the match model's weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from operator import eq
from string import ascii_lowercase

from hub.domain.posting import Kind
from hub.matching.addresses import compare_addresses
from hub.matching.employers import EmployerForm, compare_employers
from hub.matching.entry import Entry
from hub.matching.gatherings import start, venue
from hub.matching.titles import TitleForm, compare_departments, compare_levels, compare_numbers, stands_in

Levels = dict[str, str]
"""Field → level."""
Range = tuple[float, ...] | tuple[int, ...]

NEAR_KM = 15.0
EARTH_KM = 6_371.0
CLOSING_NEAR, CLOSING_FAR = 1, 30
"""What closes "before the first" closes "until the thirtieth"; two or three days apart are two days."""
OWN_TERMS = frozenset({30, 60, 90})
"""Days for which platforms show what has no closing day of its own."""
PUBLISHED = ((0, "same_day"), (2, "at_once"), (7, "near"), (14, "fortnight"), (60, "apart"))
"""Most days of each level. Who advertises on several boards does so in one go; later as many other advertisements appear."""
FULL_TIME, HOURS_ROUNDED = 36, 4
"""Hours a week: full time is 36 to one employer and 40 to the next platform, and forms offer steps of four or eight."""
PAY_SLACK = 20
PAY_ROUNDED = (100, 50)
"""Euros: what somebody earns from month to month, or with a year's sum divided; and what platforms round scales to."""
SECONDMENT = "secondment"
ALIKE = (frozenset({Kind.VACANCY, Kind.TRAINEESHIP}), frozenset({Kind.INTERNSHIP, Kind.GRADUATION_INTERNSHIP}))
PARTING_LEVELS = frozenset({"trainee"})
"""What no platform leaves out, where it drops `junior` or `medior`: it is another opening."""
ALIKE_LEVELS = frozenset({"intern", "graduation"})
"""What platforms call one another."""
IMPLIED_LEVELS: dict[Kind, frozenset[str]] = {
    Kind.TRAINEESHIP: frozenset({"trainee", "junior", "apprentice"}),
    Kind.INTERNSHIP: ALIKE_LEVELS,
    Kind.GRADUATION_INTERNSHIP: ALIKE_LEVELS,
    Kind.SIDE_JOB: frozenset({"side_job", "holiday_job", "assistant"}),
}
"""What both postings are by their kind: whether a title says it too is a matter of wording."""
SIDE_JOB_HOURS = 16
"""Most hours a week of what somebody does beside a study."""
AGREEING_EMPLOYER = frozenset({"same", "acronym", "domain", "translated", "fuzzy", "part", "consortium", "site", "titled"})


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
        is_one_list = _numbering(first.reference) == _numbering(second.reference)
        return "different" if is_one_list and _number(first.reference) != _number(second.reference) else "other_numbering"
    if employer not in AGREEING_EMPLOYER:
        return "other_employer"
    keys = reference_key(first), reference_key(second)
    return "shared" if any(key is not None and context.is_void_reference(key) for key in keys) else "equal"


@lru_cache(maxsize=4096)
def _numbering(reference: str) -> str:
    """Letters that it begins with: an agency, and a board of its own, number openings in their own way."""
    return reference[: next((place for place, sign in enumerate(reference) if sign.isdigit()), None)]


@lru_cache(maxsize=4096)
def _number(reference: str) -> str:
    """Without letters behind the number: `RG9167-DE` may be another language's page, or another place of one opening."""
    return reference.rstrip(ascii_lowercase)


def reference_key(entry: Entry) -> str | None:
    """Block of a reference number with its employer: two employers may well use the same one."""
    if entry.reference is None or entry.employer is None or entry.family == "event":
        return None
    return f"{entry.reference}|{entry.employer.key}"


def employer(first: Entry, second: Entry, context: Context) -> str:
    found = context.employers(first.employer, second.employer)
    if found in ("different", "unsure") and first.site is not None and first.site == second.site:
        return "site" if first.site not in context.platforms else found
    if found in ("different", "unsure") and (_is_in_title(first, second) or _is_in_title(second, first)):
        return "titled"
    if found != "different":
        return found
    if (first.consortium or second.consortium) and _partners(first) & _partners(second):
        return "consortium"
    if first.intermediary is not None or second.intermediary is not None:
        return "intermediary"
    return found


def _is_in_title(named: Entry, other: Entry) -> bool:
    """The employer's name stands in the other's title, as that of a programme of several employers does."""
    name = named.employer.text if named.employer is not None else ""
    return any(stands_in(name, form.text) for form in other.titles)


def _partners(entry: Entry) -> set[str]:
    forms = (*entry.consortium, entry.employer) if entry.employer is not None else entry.consortium
    return {form.key for form in forms}


def municipality(first: Entry, second: Entry) -> str:
    if not first.municipalities or not second.municipalities:
        return "remote" if first.is_remote or second.is_remote else "missing"
    if any(place in second.municipalities for place in first.municipalities):
        return "same"
    if _kilometres(first, second) < NEAR_KM:
        return "near"
    if not (first.is_remote or second.is_remote):
        return "different"
    return "remote" if first.family == "event" else "remote_elsewhere"


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
    if _says_kind(first, second.kind) or _says_kind(second, first.kind):
        return "alike"
    return "unsaid" if {first.kind, second.kind} == {Kind.VACANCY, Kind.SIDE_JOB} else "different"


def _says_kind(entry: Entry, kind: Kind) -> bool:
    """What a platform that has no other kind calls a vacancy, its title calls by its name; a side job also has few hours."""
    implied = IMPLIED_LEVELS.get(kind)
    if entry.kind is not Kind.VACANCY or implied is None:
        return False
    is_small = kind is Kind.SIDE_JOB and bool(entry.hours) and entry.hours[1] <= SIDE_JOB_HOURS
    return is_small or any(form.levels & implied for form in entry.titles)


def add_titles(first: Entry, second: Entry, pair: tuple[TitleForm, TitleForm] | None, title: str, levels: Levels) -> None:
    """Titles of one language where there are such, else across languages; level, department and numbers of the same pair."""
    levels["title"] = title
    if pair is None:
        levels |= {"level": "none", "department": "none", "number": "none"}
        return
    levels |= said_beside(*pair, first.levels, second.levels)


def said_beside(a: TitleForm, b: TitleForm, told_a: frozenset[str], told_b: frozenset[str]) -> Levels:
    """Level, department and numbers of two titles; `told`: the levels that the texts name."""
    level = compare_levels(a, b)
    if level == "other" and a.levels | b.levels <= ALIKE_LEVELS:
        level = "one_sided"
    if level == "one_sided" and a.levels - b.levels <= told_b and b.levels - a.levels <= told_a:
        level = "told"  # one title leaves out what its text says
    if level == "one_sided" and not PARTING_LEVELS.isdisjoint(a.levels ^ b.levels):
        level = "other"
    return {"level": level, "department": compare_departments(a, b), "number": compare_numbers(a, b)}


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
    levels["hours"] = hours(first.hours, second.hours)
    levels["pay"] = pay(first.pay, second.pay)
    levels["contract"] = contract(first.contract, second.contract)
    levels["education"] = education(first.education, second.education)


def education(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    if not a or not b:
        return "missing"
    if a == b:
        return "equal"
    return "overlap" if any(level in b for level in a) else "different"


def hours(a: tuple[float, ...], b: tuple[float, ...]) -> str:
    """As `ranges`; of two that are apart also whether a platform may have rounded one of them: `rounded`."""
    level = ranges(a, b)
    if level != "different":
        return level
    is_full = a[0] >= FULL_TIME and b[0] >= FULL_TIME
    return "rounded" if is_full or max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= HOURS_ROUNDED else level


def ranges(a: Range, b: Range, are_one: Callable[[float, float], bool] = eq) -> str:
    """Two ranges, `(least, most)`: equal, at one end (boards keep the most or the least), overlapping or apart."""
    if not a or not b:
        return "missing"
    ends = are_one(a[0], b[0]) + are_one(a[1], b[1])
    if ends:
        return "equal" if ends > 1 else "one_end"
    return "overlap" if a[0] <= b[1] and b[0] <= a[1] else "different"


def pay(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    """As `ranges`, in euros a month."""
    return ranges(a, b, _are_one_sum)


def _are_one_sum(a: float, b: float) -> bool:
    apart = abs(a - b)
    return apart <= PAY_SLACK or any(apart <= step / 2 and not (a % step and b % step) for step in PAY_ROUNDED)


def contract(a: str | None, b: str | None) -> str:
    """What an agency calls secondment is, to the employer, whatever follows it."""
    if a is None or b is None or (a != b and SECONDMENT in (a, b)):
        return "missing"
    return "equal" if a == b else "different"


def add_dates(first: Entry, second: Entry, levels: Levels) -> None:
    if first.source == second.source:
        # A repost is published and closes anew: its dates say nothing.
        levels |= {"closing": "missing", "published": "missing", "lives": "none"}
        return
    levels["closing"] = closing(first, second)
    levels["published"] = published(abs(first.published - second.published))
    levels["lives"] = "overlap" if lives_overlap(first, second) else "disjoint"


def closing(first: Entry, second: Entry) -> str:
    if first.closes is None or second.closes is None:
        return "missing"
    level = closing_days(abs(first.closes - second.closes))
    return "own_term" if level in ("apart", "far") and (has_own_term(first) or has_own_term(second)) else level


def closing_days(days: int) -> str:
    """Level of two closing days that are so many days apart."""
    return "equal" if days == 0 else "near" if days <= CLOSING_NEAR else "far" if days > CLOSING_FAR else "apart"


def has_own_term(entry: Entry) -> bool:
    """Closes a round term after its publication: the platform's own term, as far as one can tell."""
    return entry.closes is not None and entry.closes - entry.published in OWN_TERMS


def published(days: int) -> str:
    """Level of two days of publication that are so many days apart."""
    return next((level for most, level in PUBLISHED if days <= most), "far")


def add_event(first: Entry, second: Entry, levels: Levels) -> None:
    levels["start"] = start(first, second)
    levels["venue"] = venue(first, second)
    is_series = first.series is not None and first.series == second.series and first.occurrence == second.occurrence
    levels["series"] = "same" if is_series else "none"


def lives_overlap(first: Entry, second: Entry) -> bool:
    (start_a, end_a), (start_b, end_b) = first.life, second.life
    return start_a < end_b and start_b < end_a
