"""Sectors from the source's own field, the employer's name and weighted words of both languages.

One search finds every word of the tables in a text: they hold whole words, beginnings (`energie*`), endings (`*arts`) and
phrases. A word in the title counts double; points become a score, and what stays
far behind the best sector is left out. Nothing found is `other`, said so by its rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from hub.domain.posting import Derived, Posting
from hub.enrich.reading import Reading, word_numbers
from hub.enrich.reference import load_toml

_STRONG, _PLAIN, _FIELD, _EMPLOYER = 2, 1, 4, 4
_LEAST, _SHARE, _MOST, _FULL = 3, 0.4, 3, 10
_WHOLE_WORD = 4
"""Patterns up to this length match whole words only: `it`, `nam`, `rug`."""

Hit = tuple[str, int, str]


@dataclass
class _Tables:
    parts: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    """Part of a text as `spaced_words` gives it: a space where a word must begin or end."""
    phrases: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    """First word → phrases, so that only a text with that word is searched."""


def _load() -> tuple[_Tables, list[tuple[str, str]], list[tuple[str, str]]]:
    tables = _Tables()
    fields: list[tuple[str, str]] = []
    employers: list[tuple[str, str]] = []
    for code, entry in load_toml("sectors.toml").items():
        for weight, words in ((_STRONG, entry["strong"]), (_PLAIN, entry["plain"])):
            for word in words:
                _add(tables, word, (code, weight, word.strip("*")))
        fields += [(pattern, code) for pattern in entry["fields"]]
        employers += [(pattern, code) for pattern in entry["employers"]]
    return tables, fields, employers


def _add(tables: _Tables, word: str, hit: Hit) -> None:
    if " " in word:
        first = word.split()[0].strip("*")
        tables.phrases[first].append(hit)
        tables.parts[f" {first} "] += ()
    elif word.startswith("*"):
        tables.parts[f"{word[1:]} "].append(hit)
    elif word.endswith("*"):
        tables.parts[f" {word[:-1]}"].append(hit)
    else:
        tables.parts[f" {word} "].append(hit)


_TABLES, _FIELDS, _EMPLOYERS = _load()
_KEYWORD_RULES = {
    code: f"sectors.keyword.{code}" for rows in (_TABLES.parts, _TABLES.phrases) for hits in rows.values() for code, _, _ in hits
}
_KNOWN = {
    number: (hits, tuple(_TABLES.phrases.get(part.strip(), ())) if part == f" {part.strip()} " else ())
    for number, (part, hits) in zip(word_numbers(_TABLES.parts), _TABLES.parts.items(), strict=True)
}
"""By the number of a part: what it says, and the phrases that it may begin."""


def _matches(pattern: str, padded: str) -> bool:
    return f" {pattern.strip()} " in padded if len(pattern.strip()) <= _WHOLE_WORD else pattern in padded


@lru_cache(maxsize=16_384)
def _of_field(value: str) -> tuple[_Point, ...]:
    padded = f" {value.lower().translate(_SPACES)} "
    codes = dict.fromkeys(code for pattern, code in _FIELDS if _matches(pattern, padded))
    return tuple(_Point(code, _FIELD, "sectors.field", value) for code in codes)


@lru_cache(maxsize=16_384)
def _of_employer(name: str) -> tuple[_Point, ...]:
    padded = f" {name.lower().translate(_SPACES)} "
    codes = dict.fromkeys(code for pattern, code in _EMPLOYERS if _matches(pattern, padded))
    return tuple(_Point(code, _EMPLOYER, "sectors.employer", name) for code in codes)


_SPACES = str.maketrans(dict.fromkeys(",;:()/|&", " "))


class _Point(NamedTuple):
    """Why a sector."""

    code: str
    weight: int
    rule: str
    word: str


def find(posting: Posting, reading: Reading) -> list[Derived]:
    """Up to three sectors, the best first; `other` when no rule speaks."""
    points: list[_Point] = []
    own = [*posting.functions, *posting.disciplines]
    if posting.organisation is not None:
        own += [posting.organisation.sector] if posting.organisation.sector else []
        points += _of_employer(posting.organisation.name)
    for value in own:
        points += _of_field(value)
    return _ranked(points + _of_words(reading))


def _of_words(reading: Reading) -> list[_Point]:
    seen: dict[tuple[str, str], int] = {}
    phrases: set[Hit] = set()
    for words, factor in ((reading.title_words, 2), (reading.words, 1)):
        for number in words & _KNOWN.keys():
            hits, begun = _KNOWN[number]
            phrases.update(begun)
            for code, weight, keyword in hits:
                seen[code, keyword] = max(seen.get((code, keyword), 0), weight * factor)
    for code, weight, phrase in phrases:
        if phrase in reading.title_lower:
            seen[code, phrase] = weight * 2
        elif phrase in reading.lower:
            seen[code, phrase] = max(seen.get((code, phrase), 0), weight)
    return [_Point(code, weight, _KEYWORD_RULES[code], keyword) for (code, keyword), weight in seen.items()]


def _ranked(points: list[_Point]) -> list[Derived]:
    total = _sums((point.code, point.weight) for point in points)
    best = max(total.values(), default=0)
    if best < _LEAST:
        return [_derived("other", 0.1, "sectors.none", None)]
    chosen = sorted((-weight, code) for code, weight in total.items() if weight >= max(_LEAST, best * _SHARE))
    derived = []
    for negative, code in chosen[:_MOST]:
        own = [point for point in points if point.code == code]
        rules, words = _sums((point.rule, point.weight) for point in own), _sums((point.word, point.weight) for point in own)
        rule = min(rules.items(), key=_heaviest)[0]
        evidence = ", ".join(word for word, _ in sorted(words.items(), key=_heaviest)[:5])[:200]
        derived.append(_derived(code, round(min(1.0, -negative / _FULL), 2), rule, evidence))
    return derived


def _sums(weights: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, weight in weights:
        sums[name] = sums.get(name, 0) + weight
    return sums


def _heaviest(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


@lru_cache(maxsize=512)
def _derived(code: str, score: float, rule: str, evidence: str | None) -> Derived:
    """Values cannot be altered, so postings alike may share one."""
    return Derived(code=code, score=score, rule=rule, evidence=evidence)
