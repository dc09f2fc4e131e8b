"""The comparable form of an employer's name: what is distinctive in it, apart from organisation words, places and legal forms."""

from __future__ import annotations

from dataclasses import dataclass, field

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Face:
    """One spelling, taken apart. All parts are folded; organisation words, trades and places are concepts of both languages.

    `solid` is everything but legal forms, untranslated, without spaces and in the order written.
    """

    tokens: frozenset[str]
    types: frozenset[str]
    families: frozenset[str]
    """What else an employer of these types may be."""
    words: frozenset[str]
    places: frozenset[str]
    regions: frozenset[str]
    area: frozenset[str]
    """The regions, those of the towns among them."""
    solid: str
    full: str
    """The same with legal forms and connecting words: `postnl` of `Post NL`."""
    core: str
    """The distinctive tokens in the order written, without spaces: what a typing error is sought in."""
    is_vague: bool
    """Names nobody: a bare place or a bare organisation word that no table knows as somebody's name."""

    meaning: frozenset[str] = NOBODY
    """What the proper name means: its words, compounds by their parts, and regions; no towns, trades or kinds."""
    everything: frozenset[str] = NOBODY
    """The same of every word but legal forms."""
    rare: frozenset[str] = NOBODY
    """Those of `meaning` that are no ordinary word."""
    trades: frozenset[str] = NOBODY
    name: str = ""
    """Everything but kinds, trades and towns in the order written, without spaces: `Es-hof` is `Eshof`."""

    @property
    def concepts(self) -> tuple[frozenset[str], ...]:
        """Everything that both languages share."""
        return self.tokens, self.types, self.words, self.places, self.regions


@dataclass(frozen=True, slots=True)
class EmployerForm:
    """An employer as one posting states it, ready for comparison. Made by `EmployerTable.form` alone."""

    text: str
    """As written."""
    key: str
    """Alias id where the name or the domain is known, else the sorted concepts of the name: equal keys, one employer."""
    domain: str | None
    """Registrable domain; never that of a board, an applicant tracking system or free mail."""
    kvk: str | None
    acronyms: frozenset[str]
    """Initials, acronyms in brackets, and the name itself where it is one."""
    tokens: frozenset[str]
    """Distinctive words of the name."""
    types: frozenset[str]
    """Kinds of organisation, as concepts: `municipality`, `hospital`, `care-group`."""
    is_intermediary: bool
    block_keys: tuple[str, ...]
    """At most five strings by which two spellings of one employer meet, sorted."""
    places: frozenset[str] = NOBODY
    words: frozenset[str] = NOBODY
    stated_acronyms: frozenset[str] = NOBODY
    """Those that the text itself shows as an acronym, not merely possible ones."""
    origin: str = "rule"
    """Where `key` is from: `alias`, `typo` (an alias but for a typing error), `domain` or `rule`."""
    label: str = ""
    """The domain's own word: `umcg` of `werkenbij.umcg.nl`."""
    faces: tuple[Face, ...] = field(default=(), repr=False)
    """This spelling and, of a known employer, all its others."""
    parts: tuple[tuple[frozenset[str], bool], ...] = field(default=(), repr=False)
    """Of an unknown name, what its parts may stand for in an acronym: see `acronyms`."""
    is_doubted: bool = False
    """Guessed, or perhaps an agency: another name is no word against it."""
    parents: tuple[Face, ...] = field(default=(), repr=False)
    """Other names beside an unknown one, `Home (Group)`, `Home, part of Group`: two homes of one group stay two names."""
