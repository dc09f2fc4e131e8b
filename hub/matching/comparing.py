"""Comparing: a pair's evidence as named levels, and their weights as whole milli-bits (Fellegi and Sunter, 1969).

Each field says one level; the model gives its bits. Evidence that repeats itself is capped by group, because
Fellegi–Sunter adds bits as if fields were independent. Everything is symmetrical in the two postings and sums exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.matching.bodies import common_share
from hub.matching.entry import Entry
from hub.matching.guards import guard
from hub.matching.levels import (
    Context,
    Levels,
    add_dates,
    add_event,
    add_terms,
    add_titles,
    address,
    employer,
    kind,
    municipality,
    reference,
    title_pair,
)
from hub.matching.model import Weights
from hub.matching.titles import compare_titles
from hub.matching.wording import BODY, add_wording

GROUPS = {
    "wording": ("body", "vocabulary", "names"),
    "figures": ("figures", "facts", "hours", "pay"),
    "terms": ("contract", "education"),
    "dates": ("closing", "published", "lives"),
}
DISAGREEING = frozenset({"different", "concept_none", "weak"})
ONE_START = frozenset({"equal", "moved", "day"})
"""Levels of `start` that are a fact for two events."""
ENOUGH_WORDING = BODY[3][0]
"""Containment from which a common text is a fact for a pair."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a pair's levels are worth. `total` = prior − template + the levels' bits + what the groups' caps take off."""

    levels: Levels
    total: int
    guard: str | None
    """Why so many bits are still not enough to link, if so."""


def compare(first: Entry, second: Entry, context: Context, weights: Weights) -> Evidence:
    """Evidence of a pair, every level named."""
    pair = title_pair(first, second)
    levels: Levels = {
        "address": address(first, second, context),
        "employer": employer(first, second, context),
        "municipality": municipality(first, second),
        "kind": "same" if first.kind is second.kind else kind(first, second),
    }
    if levels["employer"] == "consortium" and levels["municipality"] == "different":
        levels["municipality"] = "programme"
    levels["reference"] = reference(first, second, levels["employer"], context)
    add_titles(first, second, pair, compare_titles(*pair).level if pair is not None else "missing", levels)
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
    return Evidence(levels, total + sum(caps(levels, weights).values()), guard(levels))


def is_bare(first: Entry, second: Entry, levels: Levels) -> bool:
    """Titles that disagree with no fact for the pair, and no identity: never worth keeping, whatever the sum."""
    if levels["title"] not in DISAGREEING or levels.get("start") in ONE_START or levels["occupation"] == "named":
        return False
    return not (has_fact(first, second) or may_be_identified(first, second))


def has_fact(first: Entry, second: Entry) -> bool:
    """A closing day or pay in common, or some text."""
    if (first.closes is not None and first.closes == second.closes) or (first.pay and first.pay == second.pay):
        return True
    return is_worded_alike(first, second)


def is_worded_alike(first: Entry, second: Entry) -> bool:
    """Half of the shorter body stands in the other."""
    for a in first.bodies:
        for b in second.bodies:
            if a.language == b.language and common_share(a, b) >= ENOUGH_WORDING:
                return True
    return False


def may_be_identified(first: Entry, second: Entry) -> bool:
    """An address or a reference in common, void or not: what must be so for `is_identified`, and costs little to see."""
    if first.reference is not None and first.reference == second.reference:
        return True
    mine, others = first.job_keys, second.job_keys
    for key in mine:
        if key in others or key in second.page_keys:
            return True
    if others:
        pages = first.page_keys
        for key in others:
            if key in pages:
                return True
    return False


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
