"""Which strata a pair of postings falls in, from what is true of both. A pair is in every stratum that it fits."""

from __future__ import annotations

import re

from ops.match_report.listed import Listed

EITHER = ("missing_employer", "missing_place", "intermediary", "changed", "look_alike", "multi_employer", "echo", "ghost")
"""A pair is in these when one of its postings is."""
KINDS = ("event", "traineeship", "internship")
STRATA = ("same_language", "cross_language", "alias", "repost", *EITHER, *KINDS)
_NOT_ALNUM = re.compile(r"[\W_]+")


def strata_of(first: Listed, second: Listed) -> list[str]:
    """Names of `STRATA`, in their order."""
    found = {"same_language" if first.languages & second.languages else "cross_language"}
    either = first.traits | second.traits
    found.update(trait for trait in (*EITHER, *KINDS) if trait in either)
    if first.source == second.source:
        found.add("repost")
    if first.employer == second.employer and _is_spelled_otherwise(first.shown_employer, second.shown_employer):
        found.add("alias")
    return [stratum for stratum in STRATA if stratum in found]


def _is_spelled_otherwise(first: str | None, second: str | None) -> bool:
    """More than case, spaces and punctuation differ."""
    return bool(first and second) and _plain(first or "") != _plain(second or "")


def _plain(name: str) -> str:
    return _NOT_ALNUM.sub("", name.casefold())
