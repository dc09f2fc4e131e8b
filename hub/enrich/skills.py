"""Skills: the source's own terms under one code each, whatever their case, spaces and marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hub.domain.posting import Derived

RULE = "skills.stated"
MOST = 30
_GAP = re.compile(r"[^\w+#.]+")


def find(stated: Sequence[str]) -> list[Derived]:
    """One for each distinct term, in the source's order; the evidence is the term as stated."""
    found: dict[str, Derived] = {}
    for term in stated:
        code = code_of(term)
        if code and code not in found and "[" not in term:  # what stands in brackets took the place of contact data
            found[code] = Derived(code=code, rule=RULE, evidence=term)
    return list(found.values())[:MOST]


@lru_cache(maxsize=4096)
def code_of(term: str) -> str:
    """`Microsoft Excel ` → `microsoft_excel`; the marks of `C++`, `C#` and `.NET` are part of a name."""
    return _GAP.sub("_", term.casefold().rstrip(".")).strip("_")
