"""Filters: which opportunities a reader wants, by the facets that every feed record carries. Pure.

A facet is a token, `sector:energy`. A filter is a list of clauses that must all hold, each a set of tokens of which one
is enough. Records and filters meet in one text form, ` kind:vacancy sector:energy `, so that SQL and Python ask alike.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from hub.domain.wanted import Wanted

FIELDS = ("kind", "sector", "municipality", "region", "audience", "dutch_required", "education", "source", "language")
"""Names of the query parameters (architecture §7)."""

_LISTS = {
    "sector": "sectors",
    "municipality": "municipalities",
    "region": "regions",
    "audience": "audiences",
    "education": "education",
    "source": "sources",
    "language": "languages",
}
_BLANKS = re.compile(r"\s+")


@lru_cache(maxsize=20_000)
def token_of(field: str, value: str) -> str:
    """A token never holds blanks: they part tokens in the stored text."""
    return f"{field}:{_BLANKS.sub('_', value)}"


def tokens_of(kind: str, facets: Mapping[str, Any], sources: Iterable[str]) -> tuple[str, ...]:
    """The tokens of a feed record, sorted. `facets`: as in `Facets`; `sources`: who shows it, or did."""
    found = {token_of("kind", kind), token_of("dutch_required", str(facets.get("dutch_required") or "unknown"))}
    for field, name in _LISTS.items():
        for value in sources if name == "sources" else facets.get(name) or ():
            found.add(token_of(field, str(value)))
    return tuple(sorted(found))


def stored(tokens: Iterable[str]) -> str:
    """As a column holds them: every token has a blank before and behind it."""
    return f" {' '.join(tokens)} "


@dataclass(frozen=True, slots=True)
class Filter:
    """`clauses`: all must hold, of each one token is enough. `excluded`: sources that are not enough by themselves."""

    clauses: tuple[frozenset[str], ...] = ()
    excluded: frozenset[str] = frozenset()

    @classmethod
    def of(cls, wanted: Mapping[str, Iterable[str]], exclude_source: Iterable[str] = ()) -> Filter:
        """`wanted`: field → values, any of which will do; a field without values asks for nothing."""
        clauses = [frozenset(token_of(field, value) for value in wanted.get(field) or ()) for field in FIELDS]
        return cls(tuple(clause for clause in clauses if clause), frozenset(exclude_source))

    @classmethod
    def from_wanted(cls, wanted: Wanted) -> Filter:
        """Of a query, or of a configured segment."""
        return cls.of({field: map(str, getattr(wanted, field)) for field in FIELDS}, wanted.exclude_source)

    def __and__(self, other: Filter) -> Filter:
        return Filter(self.clauses + other.clauses, self.excluded | other.excluded)

    @property
    def is_all(self) -> bool:
        return not self.clauses and not self.excluded

    @property
    def key(self) -> str:
        """One text for equal filters, whatever the order in which they were asked."""
        clauses = sorted({"|".join(sorted(clause)) for clause in self.clauses})
        return "&".join([*clauses, *(f"!{source}" for source in sorted(self.excluded))])

    @property
    def hidden_sources(self) -> tuple[str, ...]:
        """Each set of sources, joined as a record's row has it, that leaves nobody but excluded ones."""
        names = sorted(self.excluded)
        return tuple(",".join(some) for size in range(1, len(names) + 1) for some in combinations(names, size))

    def matches(self, tokens: Container[str], sources: Iterable[str]) -> bool:
        """`tokens` and `sources` of a record, live or closed."""
        named = set(sources)
        if named and not named - self.excluded:
            return False
        return all(any(token in tokens for token in clause) for clause in self.clauses)


EVERYTHING = Filter()
