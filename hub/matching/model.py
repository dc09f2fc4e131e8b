"""The match model: everything that judges, as one artefact with one hash.

Weights, thresholds, employer aliases, lexicon and generic addresses are texts; the hash is over those texts and the
version of the rules that read them. A new model is a rebuild, never a drift: two engines with one hash judge alike.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import orjson

from hub.errors import ConfigError
from hub.matching.addresses.generic import GenericAddresses
from hub.matching.employers import EmployerTable
from hub.matching.titles import TitleForm, read_title, read_unit
from hub.matching.titles.decoration import LEGAL, without_decoration
from hub.matching.titles.lexicon import Lexicon
from hub.matching.titles.vocabulary import fold, words_of

RULES = "match-18"
"""Version of the rules in code that read the texts below: a change of them is a new model too."""
FORMAT = "regional-talent-hub/match-model.v1"
TITLES_KEPT = 262_144
PHRASES_KEPT = 16_384
WORDS_KEPT = 4_096
"""Words are asked for again whenever a title comes again, and cost little to find; a form is held by its postings anyway."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Milli-bits (thousandths of log2 odds) by field and level; see `reference/weights.toml` for what each means."""

    prior: int
    link: int
    """Total from which a pair links; a posterior of .99."""
    mutual: int
    """Total from which a pair links when it is the best for both ends."""
    sole: int
    """Total from which a pair links when neither end has another likely partner on the other's platform."""
    ghost: int
    """What is asked for beyond these where one of the two is not live."""
    support: int
    """Total from which three postings of three platforms link that are the best of each other; a third one's word counts."""
    margin: int
    """So much better than the next best a pair is that links below `link`."""
    opposed: int
    """Total down to which two postings may still meet in one cluster by way of a third."""
    possible: int
    """Total from which a pair goes to the review list; a posterior of .30."""
    window: int
    """Neighbours on each side that are compared in a sorted block."""
    caps: Mapping[str, int]
    """Group → most that its fields may say together."""
    levels: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, text: str) -> Weights:
        """Raises ValueError or KeyError for what is no weights file."""
        tree: dict[str, Any] = tomllib.loads(text)
        decision = tree["decision"]
        levels = {field: {level: _milli(bits) for level, bits in rows.items()} for field, rows in tree["bits"].items()}
        caps = {group: _milli(bits) for group, bits in tree["caps"].items()}
        return cls(
            prior=_milli(decision["prior"]),
            link=_milli(decision["link"]),
            mutual=_milli(decision["mutual"]),
            sole=_milli(decision["sole"]),
            ghost=_milli(decision["ghost"]),
            support=_milli(decision["support"]),
            margin=_milli(decision["margin"]),
            opposed=_milli(decision["opposed"]),
            possible=_milli(decision["possible"]),
            window=int(decision["window"]),
            caps=caps,
            levels=levels,
        )


class MatchModel:
    """`parts`: name → text, as `default_parts()` gives them."""

    def __init__(self, parts: Mapping[str, str]) -> None:
        self.parts = dict(sorted(parts.items()))
        try:
            self.weights = Weights.read(parts["weights"])
            self.employers = EmployerTable.read(
                parts["employers"] + "\n" + parts.get("more_employers", ""), parts["employer_terms"], parts["intermediaries"]
            )
            occupations = [text for name, text in self.parts.items() if name.startswith("occupations")]
            self.lexicon = Lexicon.read(parts["terms"], occupations)
            generic = GenericAddresses.read(parts["generic_addresses"])
        except (KeyError, ValueError) as error:
            raise ConfigError(f"the match model cannot be read: {type(error).__name__}: {error}") from error
        self.hash = hashlib.sha256(orjson.dumps([RULES, self.parts])).hexdigest()[:12]
        self._read_title = lru_cache(maxsize=TITLES_KEPT)(self._read_title_anew)
        self._read_phrase = lru_cache(maxsize=PHRASES_KEPT)(self._read_title_anew)
        self._read_unit = lru_cache(maxsize=8192)(lambda text, language: read_unit(text, language, self.lexicon))
        self.is_generic = lru_cache(maxsize=WORDS_KEPT)(generic.is_generic)
        self._words_of_title = lru_cache(maxsize=WORDS_KEPT)(_words_of_title)
        self._words_of_name = lru_cache(maxsize=WORDS_KEPT)(_words_of_name)

    def title(self, text: str, language: str, employer: str = "", places: tuple[str, ...] = ()) -> TitleForm:
        """As `read_title`. Equal titles share one form, whoever states them, unless a name beside the title stands in it.

        Names that do not stand in the title change nothing, so they are no part of the key: a region's postings have a tenth
        as many titles as they have (title, employer, place).
        """
        return self._read_title(text, language, *self._beside(text, employer, places))

    def phrase(self, text: str, language: str, employer: str = "", places: tuple[str, ...] = ()) -> TitleForm:
        """As `title`, of what stands in a text: seldom said again, so fewer are kept."""
        return self._read_phrase(text, language, *self._beside(text, employer, places))

    def _beside(self, text: str, employer: str, places: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Those names that stand in `text`."""
        words = self._words_of_title(text)
        if employer and not words.issuperset(self._words_of_name(employer)):
            employer = ""
        if places:
            places = tuple(place for place in places if words.issuperset(self._words_of_name(place)))
        return employer, places

    def unit(self, text: str, language: str) -> str | None:
        """As `read_unit`, remembered."""
        return self._read_unit(text, language)

    def _read_title_anew(self, text: str, language: str, employer: str, places: tuple[str, ...]) -> TitleForm:
        return read_title(text, language, self.lexicon, employer=employer, places=places)

    def to_bytes(self) -> bytes:
        """The artefact as UTF-8 JSON; equal models make equal bytes."""
        return orjson.dumps(
            {"format": FORMAT, "hash": self.hash, "rules": RULES, "parts": self.parts}, option=orjson.OPT_INDENT_2
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> MatchModel:
        """Raises as `stored_parts`, and when its parts cannot be read."""
        return cls(stored_parts(data))


def stored_parts(data: bytes) -> dict[str, str]:
    """The texts of an artefact of `to_bytes`. Raises ConfigError when it is no match model, or one that other rules wrote."""
    try:
        tree = orjson.loads(data)
        known = tree["format"] == FORMAT
        parts, rules = dict(tree["parts"]), tree["rules"]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError("this file is no match model; `hub match model` writes one") from error
    if not known or rules != RULES:
        raise ConfigError(f"the match model was written for the rules {rules}, this hub has {RULES}")
    return parts


def default_parts() -> dict[str, str]:
    """The texts that ship with the hub."""
    folder = resources.files("hub.matching") / "reference"
    return {
        file.name.rpartition(".")[0]: file.read_text(encoding="utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith((".tsv", ".toml"))
    }


@lru_cache(maxsize=1)
def default_model() -> MatchModel:
    return MatchModel(default_parts())


def _words_of_title(text: str) -> frozenset[str]:
    """Every word that reading may find in a title, with its decoration and without."""
    folded = fold(text)
    # Titles share most of their words: each is one object.
    return frozenset(map(sys.intern, (*words_of(folded), *words_of(without_decoration(folded)))))


def _words_of_name(name: str) -> frozenset[str]:
    """Words without which a title does not hold this name: all but those that reading may leave out of an employer's."""
    return frozenset(word for word in words_of(fold(name)) if word not in LEGAL and len(word) > 1)


def _milli(bits: float) -> int:
    return round(bits * 1000)
