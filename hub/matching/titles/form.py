"""What a title says, once per distinct string: core words, level, department, numbers, concepts, occupation groups.

A form is a value: everything that a comparison needs is worked out here, so that comparing two forms costs a few set operations.
What comes of the core words alone is a `Wording`, which all titles of these words share, however they are decorated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Wording:
    """The core of a title in one language. All collections are sorted or sets."""

    language: str
    core: str
    tokens: tuple[str, ...]
    concepts: tuple[tuple[str, int], ...]
    groups: tuple[str, ...]
    atoms: tuple[str, ...] = field(repr=False)
    """Sorted distinct parts of the core words in their listed form: what `equal` means beyond spelling."""
    units: tuple[tuple[frozenset[str], int], ...] = field(repr=False)
    """Per atom: all concepts it may stand for, its squared weight."""
    norm: int = field(repr=False)
    """Sum of the squared weights."""
    meanings: frozenset[str] = field(repr=False)
    """All concepts of all units."""
    unknown: frozenset[str] = field(repr=False)
    """Words and atoms that the lexicon does not know: only these can be typing errors."""

    def __hash__(self) -> int:
        return hash(self.core)


@dataclass(frozen=True, slots=True)
class TitleForm:
    """A read title. All collections are sorted or sets; equal input gives an equal form in every process.

    `levels`: codes such as `junior`, `senior`, `graduation`. `department`: concepts or words of the unit that the title
    names, joined by `+`, several senses of one word by `|`. `numbers`: years, codes, `m09` for a month.
    """

    text: str
    levels: frozenset[str]
    department: str | None
    numbers: frozenset[str]
    wording: Wording
    also: Wording | None = None
    """What else the title may be read as: without the unit that it sets apart, or with the employer's name where nothing but a
    level is left without it."""
    within: tuple[tuple[str, frozenset[str]], ...] = ()
    """Departments that are a part of an occupation's name: concept, the occupations ("psychiatric nurse" is one as well)."""

    @property
    def language(self) -> str:
        return self.wording.language

    @property
    def core(self) -> str:
        """Folded words in order without decoration, level words and numbers."""
        return self.wording.core

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words of `core`, sorted and distinct."""
        return self.wording.tokens

    @property
    def concepts(self) -> tuple[tuple[str, int], ...]:
        """(concept, integer weight), sorted by concept."""
        return self.wording.concepts

    @property
    def groups(self) -> tuple[str, ...]:
        """At most three ISCO-08 unit groups or, beginning with `~`, a field of work, best first."""
        return self.wording.groups

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """All that the title may be read as."""
        return (self.wording,) if self.also is None else (self.wording, self.also)

    def __hash__(self) -> int:
        return hash(self.wording.core)


@lru_cache(maxsize=4096)
def told_by_both(first: TitleForm, second: TitleForm) -> tuple[TitleForm, TitleForm]:
    """Two titles of one posting: a level, a department or a number that one of them names is the other's as well."""
    levels, numbers = first.levels | second.levels, first.numbers | second.numbers
    return (
        _told(first, levels, numbers, first.department or second.department),
        _told(second, levels, numbers, second.department or first.department),
    )


def _told(form: TitleForm, levels: frozenset[str], numbers: frozenset[str], department: str | None) -> TitleForm:
    if (form.levels, form.numbers, form.department) == (levels, numbers, department):
        return form
    return replace(form, levels=levels, numbers=numbers, department=department)
