"""The third world's own tables, read once: employers, occupations with their tasks, sentences in two languages.

Lists in a cell stand with | between. A habit of an employer or a board comes from a hash of its key (`stable`), not from
the world's chance: it is the same in every world, whatever was drawn before.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
Pair = tuple[str, str]
"""The same words in Dutch and in English."""
NL, EN = 0, 1
LANGUAGES = ("nl", "en")
"""Their names, in the order of a pair."""
PROGRAMME = "trace"
"""Key of the programme of several employers; it has no openings of its own."""
_REFERENCES = ("{y}-{n}", "V{n}", "{n}", "VAC-{n}")


@dataclass(frozen=True, slots=True)
class Employer:
    key: str
    sector: str
    weight: float
    domain: str
    towns: tuple[str, ...]
    """The head office first."""
    reference: str
    """Form of its reference numbers, with {y} for the year and {n} for a number; empty when it has none."""
    names: tuple[tuple[str, ...], tuple[str, ...]]
    """Dutch and English; the employer's own first."""
    hard_names: tuple[str, ...]
    about: tuple[tuple[str, ...], tuple[str, ...]]
    is_small: bool = False

    @property
    def style(self) -> int:
        """Decides headings, forms of titles and of addresses."""
        return stable("style", self.key)

    @property
    def is_hard(self) -> bool:
        """Whether boards often know it by another name."""
        return bool(self.hard_names) and (self.is_small or stable("hard", self.key) % 100 < 45)


@dataclass(frozen=True, slots=True)
class Occupation:
    key: str
    group: str
    education: tuple[str, ...]
    pay: tuple[int, int]
    sectors: frozenset[str]
    names: tuple[tuple[str, ...], tuple[str, ...]]
    """Dutch and English."""
    tools: tuple[str, ...]
    tasks: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """Of a traineeship."""

    topic: Pair
    sectors: frozenset[str]
    is_shared: bool
    """Whether the programme of several employers has it too."""


def stable(*parts: object) -> int:
    """48 bits of a hash of the parts: equal on every machine and in every run."""
    return int.from_bytes(sha256(":".join(map(str, parts)).encode()).digest()[:6], "big")


def _rows(name: str) -> list[list[str]]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


@lru_cache(maxsize=1)
def all_employers() -> tuple[Employer, ...]:
    return tuple(
        Employer(
            key,
            sector,
            float(weight),
            domain,
            _list(towns),
            reference or _reference(key),
            (_list(names_nl), _list(names_en)),
            _list(hard),
            (_list(about_nl), _list(about_en)),
        )
        for key, sector, weight, domain, towns, reference, names_nl, hard, names_en, about_nl, about_en in _rows("employers.tsv")
    )


def _reference(key: str) -> str:
    """Not quite half of those whose form the table does not say have a common one."""
    chance = stable("ref", key)
    return _REFERENCES[chance % 4] if chance % 100 < 45 else ""


@lru_cache(maxsize=1)
def employers() -> tuple[Employer, ...]:
    """Those that advertise under their own name; their weight is their share of the openings."""
    return tuple(employer for employer in all_employers() if employer.key != PROGRAMME)


@lru_cache(maxsize=1)
def programme() -> Employer:
    return next(employer for employer in all_employers() if employer.key == PROGRAMME)


@lru_cache(maxsize=1)
def occupations() -> dict[str, Occupation]:
    """By key."""
    tasks: dict[str, list[Pair]] = {}
    for occupation, nl, en in _rows("tasks.tsv"):
        tasks.setdefault(occupation, []).append((nl, en))
    return {
        key: Occupation(
            key,
            group,
            _list(education),
            (int(low), int(high)),
            frozenset(_list(sectors)),
            (_list(names_nl), _list(names_en)),
            _list(tools),
            tuple(tasks[key]),
        )
        for key, group, education, low, high, sectors, names_nl, names_en, tools in _rows("occupations.tsv")
    }


@lru_cache(maxsize=8)
def texts(name: str) -> dict[str, Any]:
    """The tables of `name`.toml."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def pairs(name: str, *path: str) -> tuple[Pair, ...]:
    """The sentences of `name`.toml under `path`, each (nl, en); none when nothing stands there."""
    node: Any = texts(name)
    for part in path:
        node = node.get(part, {})
    return tuple((nl, en) for nl, en in node)


@lru_cache(maxsize=1)
def tracks() -> tuple[Track, ...]:
    rows = texts("sectors")["tracks"]
    return tuple(Track((row["topic"][NL], row["topic"][EN]), frozenset(row["sectors"]), row["is_shared"]) for row in rows)
