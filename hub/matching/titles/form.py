"""What a title says, once per distinct string: core words, level, department, numbers, concepts, occupation groups.

A form is a value: everything that a comparison needs is worked out here, so that comparing two forms costs a few set operations.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TitleForm:
    """A read title. All collections are sorted or sets; equal input gives an equal form in every process.

    `core`: folded words in order without decoration, level words and numbers; `tokens`: the same, sorted and distinct.
    `levels`: codes such as `junior`, `senior`, `graduation`. `department`: concepts or words of the unit that the title
    names, joined by `+`.
    `numbers`: years, codes, `m09` for a month. `concepts`: (concept, integer weight), sorted by concept.
    `groups`: at most three ISCO-08 unit groups or, beginning with `~`, a field of work, best first.
    """

    text: str
    language: str
    core: str
    tokens: tuple[str, ...]
    levels: frozenset[str]
    department: str | None
    numbers: frozenset[str]
    concepts: tuple[tuple[str, int], ...]
    groups: tuple[str, ...]
    atoms: tuple[str, ...] = field(default=(), repr=False)
    """Sorted distinct parts of the core words in their listed form: what `equal` means beyond spelling."""
    units: tuple[tuple[frozenset[str], int], ...] = field(default=(), repr=False)
    """Per atom: all concepts it may stand for, its squared weight."""
    norm: int = field(default=0, repr=False)
    """Sum of the squared weights."""
    meanings: frozenset[str] = field(default=frozenset(), repr=False)
    """All concepts of all units."""

    unknown: frozenset[str] = field(default=frozenset(), repr=False)
    """Words and atoms that the lexicon does not know: only these can be typing errors."""

    def __hash__(self) -> int:
        return hash(self.core)
