"""Guards and vetoes: what no sum of bits replaces, and what no evidence overcomes.

A veto says that two postings can never be one. A guard keeps a likely pair from linking until a person has seen it. Both
are few, named, and shown in every explanation.
"""

from __future__ import annotations

from collections.abc import Mapping

from hub.matching.addresses import compare_addresses
from hub.matching.employers import compare_employers
from hub.matching.entry import Entry
from hub.matching.gatherings import START_NEAR
from hub.matching.levels import AGREEING_EMPLOYER, beyond_kind, lives_overlap, pay, ranges
from hub.matching.titles import TitleForm, compare_departments, compare_levels, compare_numbers, compare_titles
from hub.matching.wording import common_wording, figures, sentences_apart

REPOST_CONTAINMENT = 900
REPOST_SENTENCES = 5
"""Sentences that stay, from which one that does not is a new first or last line. The next opening's text has more others."""
EVERY_FIGURE = frozenset({"all", "few_all"})
COMMON_TEXT = frozenset(
    {"whole", "most", "much", "short_whole", "short_most"}
    | {"copied_whole", "copied_most", "copied_much", "copied_half", "copied_short_whole", "copied_short_most"}
)
AGREEMENTS: dict[str, frozenset[str]] = {
    "employer": AGREEING_EMPLOYER,
    "municipality": frozenset({"same"}),
    "title": frozenset({"equal", "near", "close", "concept_high", "concept_middle"}),
    "occupation": frozenset({"named"}),
    "body": COMMON_TEXT,
    "reference": frozenset({"other_employer"}),
    "figures": frozenset({"all", "few_all", "only"}),
    "names": frozenset({"all", "most", "few_all", "translated_most"}),
    "facts": frozenset({"two", "many"}),
    "pay": frozenset({"equal"}),
    "hours": frozenset({"equal"}),
    "closing": frozenset({"equal", "near"}),
    "published": frozenset({"same_day"}),
    "start": frozenset({"equal", "moved", "day"}),
    "venue": frozenset({"same"}),
    "department": frozenset({"same"}),
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
    "unit": frozenset({"other"}),
    "facts": frozenset({"other", "mixed", "apart"}),
    "closing": frozenset({"far"}),
    "published": frozenset({"far"}),
    "start": frozenset({"other_time", "other_day"}),
    "venue": frozenset({"different"}),
}
FEWEST_AGREEMENTS, FEWEST_WITHOUT_TITLE, MOST_CONFLICTS = 3, 4, 1


def is_identified(levels: Mapping[str, str]) -> bool:
    return levels["address"] in ("equal", "page") or levels["reference"] == "equal"


def guard(levels: Mapping[str, str]) -> str | None:
    """What no sum of bits replaces: an address or a reference of the job, or enough that agrees and little that conflicts."""
    if is_identified(levels):
        return None
    if levels.get("start") == "other_day":
        return "another day"
    if levels["kind"] == "different":
        return "different kinds"
    conflicts = [field for field, level in levels.items() if level in CONFLICTS.get(field, ())]
    if len(conflicts) > MOST_CONFLICTS:
        return f"conflicts: {', '.join(conflicts)}"
    agreeing = [field for field, level in levels.items() if level in AGREEMENTS.get(field, ())]
    fewest = FEWEST_AGREEMENTS if "title" in agreeing or "occupation" in agreeing else FEWEST_WITHOUT_TITLE
    if len(agreeing) < fewest:
        return f"too little agrees: {', '.join(agreeing) or 'nothing'}"
    return None


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

    Employer, place, time and text alike, no other reference, level, department, terms or job of the same tenant, and lives
    that do not overlap or one job-specific address or reference. Who writes the advertisement anew for the same opening
    leaves its figures as they are, who copies it for the next one does not: where every figure stays, one sentence may be
    another, and so may the title.
    """
    if first.municipalities != second.municipalities or first.kind is not second.kind:
        return False
    names_one_job = _names_one_job(first, second)
    replaces = not lives_overlap(first, second)
    if not (names_one_job or replaces):
        return False
    said = figures(first, second)
    if not (names_one_job and replaces) and common_wording(first, second) < REPOST_CONTAINMENT:
        lost, kept = sentences_apart(first, second)
        if lost > 1 or kept < REPOST_SENTENCES or said not in EVERY_FIGURE:
            return False
    return not _is_told_apart(first, second, names_one_job, may_rename=names_one_job or said in EVERY_FIGURE or said == "only")


def _is_told_apart(first: Entry, second: Entry, names_one_job: bool, *, may_rename: bool) -> bool:
    """Something that two listings of one opening on one platform would share differs."""
    if first.reference and second.reference and first.reference != second.reference:
        return True
    if first.starts is not None and second.starts is not None and abs(first.starts - second.starts) > START_NEAR:
        return True
    if compare_addresses(_job_keys_elsewhere(first), _job_keys_elsewhere(second)) == "other_job":
        return True
    if _is_other_employer(first, second, may_lack=names_one_job):
        return True
    if "different" in (ranges(first.hours, second.hours), pay(first.pay, second.pay)):
        return True
    titles = zip((first.title_nl, first.title_en), (second.title_nl, second.title_en), strict=True)
    said = [(beyond_kind(a, first.kind), beyond_kind(b, second.kind)) for a, b in titles if a is not None and b is not None]
    return any(_are_told_apart(a, b, names_one_job, may_rename) for a, b in said)


def _is_other_employer(first: Entry, second: Entry, *, may_lack: bool) -> bool:
    """Not one employer as far as the names tell; `may_lack`: a name that is missing on one side tells nothing."""
    if first.employer is None and second.employer is None:
        return False
    found = compare_employers(first.employer, second.employer)
    return found not in AGREEING_EMPLOYER and not (may_lack and found == "missing")


def _job_keys_elsewhere(entry: Entry) -> tuple[str, ...]:
    """Without those on the host of the posting's own page: a platform that lists an opening anew numbers its own pages anew."""
    own = {key.partition("/")[0] for key in entry.page_keys}
    return tuple(key for key in entry.job_keys if key.partition("/")[0] not in own)


def _are_told_apart(a: TitleForm, b: TitleForm, names_one_job: bool, may_rename: bool) -> bool:
    """Of one job, what only one of two titles says is a matter of wording."""
    compared = (compare_levels(a, b), compare_departments(a, b), compare_numbers(a, b))
    if "other" in compared or ("one_sided" in compared and not names_one_job):
        return True
    if compare_titles(a, b).level in ("equal", "near"):
        return False
    return not may_rename or (not names_one_job and _is_narrower(a, b))


def _is_narrower(a: TitleForm, b: TitleForm) -> bool:
    """One title is the other with words added, as titles of two departments are; who renames a job finds other words."""
    return set(a.tokens) < set(b.tokens) or set(b.tokens) < set(a.tokens)


def _names_one_job(first: Entry, second: Entry) -> bool:
    """Both state one job-specific address or one reference."""
    if first.reference is not None and first.reference == second.reference:
        return True
    return any(key in second.job_keys for key in first.job_keys)
