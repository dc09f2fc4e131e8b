"""Comparing: a pair's evidence as named levels, and their weights as whole milli-bits (Fellegi and Sunter, 1969).

Each field says one level; the model gives its bits. Evidence that repeats itself is capped by group, because
Fellegi–Sunter adds bits as if fields were independent. Everything is symmetrical in the two postings and sums exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.matching.entry import Entry
from hub.matching.guards import guard, is_identified
from hub.matching.levels import (
    BODY,
    Context,
    Levels,
    add_dates,
    add_event,
    add_terms,
    add_titles,
    add_wording,
    address,
    common_wording,
    employer,
    kind,
    municipality,
    reference,
    title_pair,
)
from hub.matching.model import Weights
from hub.matching.titles import compare_titles

GROUPS = {
    "wording": ("body", "names"),
    "figures": ("figures", "hours", "pay"),
    "terms": ("contract", "education"),
    "dates": ("closing", "published", "lives"),
}
DISAGREEING = frozenset({"different", "concept_none", "weak"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a pair's levels are worth. `total` = prior − template + the levels' bits + what the groups' caps take off."""

    levels: Levels
    total: int
    guard: str | None
    """Why so many bits are still not enough to link, if so."""


def compare(first: Entry, second: Entry, context: Context, weights: Weights, *, is_full: bool = False) -> Evidence | None:
    """Evidence of a pair; None when it is not worth keeping, whatever the slow comparisons would say.

    `is_full`: never None, for an explanation.
    """
    pair = title_pair(first, second)
    title = compare_titles(*pair).level if pair is not None else "missing"
    # Titles that disagree, with no fact for the pair, are the end of most comparisons unless an identity speaks for them.
    is_bare = not is_full and title in DISAGREEING and _has_no_fact(first, second)
    if is_bare and not _may_be_identified(first, second):
        return None
    levels: Levels = {
        "address": address(first, second, context),
        "employer": employer(first, second, context),
        "municipality": municipality(first, second),
        "kind": "same" if first.kind is second.kind else kind(first, second),
    }
    if levels["employer"] == "consortium" and levels["municipality"] == "different":
        levels["municipality"] = "programme"
    levels["reference"] = reference(first, second, levels["employer"], context)
    add_titles(pair, title, levels)
    if (is_bare and not is_identified(levels)) or (not is_full and _is_hopeless(levels, weights)):
        return None
    if first.family == "event":
        add_event(first, second, levels)
    else:
        add_terms(first, second, levels)
        add_dates(first, second, levels)
    add_wording(first, second, levels)
    levels["repost"] = "yes" if first.source == second.source else "none"
    bits = weights.levels
    total = weights.prior - template_penalty(first, second, context)
    for field, level in levels.items():
        total += bits[field][level]
    total += sum(caps(levels, weights).values())
    # A guard holds back what would link; of anything less only an explanation asks.
    return Evidence(levels, total, guard(levels) if is_full or total >= weights.mutual else None)


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
