"""The other world's own tables, read once: employers, occupations as ESCO labels them, sentences in two languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
Pair = tuple[str, str]
"""The same words in Dutch and in English."""


@dataclass(frozen=True, slots=True)
class Employer:
    key: str
    weight: int
    sectors: tuple[str, ...]
    towns: tuple[str, ...]
    domain: str
    name: Pair
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occupation:
    key: str
    sector: str
    education: str
    labels: tuple[tuple[str, ...], tuple[str, ...]]
    """Dutch and English; the preferred label first."""


def _rows(name: str) -> list[list[str]]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def employers() -> tuple[Employer, ...]:
    return tuple(
        Employer(
            key, int(weight), tuple(sectors.split(",")), tuple(towns.split(",")), domain, (nl, en), tuple(aliases.split("|"))
        )
        for key, weight, sectors, towns, domain, nl, en, aliases in _rows("employers.tsv")
    )


@lru_cache(maxsize=1)
def occupations() -> tuple[Occupation, ...]:
    return tuple(
        Occupation(english.split("|")[0], sector, education, (tuple(dutch.split("|")), tuple(english.split("|"))))
        for sector, education, dutch, english in _rows("occupations.tsv")
    )


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    return tomllib.loads((_HERE / "texts.toml").read_text(encoding="utf-8"))


def pairs(*path: str) -> list[Pair]:
    """The sentences under `path`, each (nl, en)."""
    node: Any = texts()
    for name in path:
        node = node[name]
    return [(nl, en) for nl, en in node]


def words(name: str) -> list[str]:
    found: list[str] = texts()["words"][name]
    return found
