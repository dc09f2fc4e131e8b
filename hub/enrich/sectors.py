"""Sectors from the source's own field, the employer's name and weighted words of both languages.

Each distinct word of a text is looked up once (and cached over all texts): the tables hold whole words, beginnings
(`energie*`), endings (`*arts`) and phrases. A word in the title counts double; points become a score, and what stays
far behind the best sector is left out. Nothing found is `other`, said so by its rule.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from hub.domain.posting import Derived, Posting
from hub.enrich.reading import Reading
from hub.enrich.reference import load_toml

_STRONG, _PLAIN, _FIELD, _EMPLOYER = 2, 1, 4, 4
_LEAST, _SHARE, _MOST, _FULL = 3, 0.4, 3, 10
_WHOLE_WORD = 4
"""Patterns up to this length match whole words only: `it`, `nam`, `rug`."""

Hit = tuple[str, int, str]


@dataclass
class _Tables:
    exact: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    starts: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    ends: dict[str, list[Hit]] = field(default_factory=lambda: defaultdict(list))
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
        tables.phrases[word.split()[0].strip("*")].append((hit[0], hit[1], word.strip("*")))
    elif word.startswith("*"):
        tables.ends[word[1:]].append(hit)
    elif word.endswith("*"):
        tables.starts[word[:-1]].append(hit)
    else:
        tables.exact[word].append(hit)


_TABLES, _FIELDS, _EMPLOYERS = _load()
_SHORTEST, _LONGEST = min(map(len, _TABLES.starts)), max(map(len, _TABLES.starts))


_SILENT: set[str] = set()
"""Words that were looked up and say nothing: most words of a text, taken off in one step."""
_MOST_SILENT = 200_000


@lru_cache(maxsize=65_536)
def _hits(word: str) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """What one word says, and the phrases that it may begin."""
    found = list(_TABLES.exact.get(word, ()))
    for length in range(_SHORTEST, min(len(word), _LONGEST) + 1):
        found += _TABLES.starts.get(word[:length], ())
    for ending, hits in _TABLES.ends.items():
        if word.endswith(ending):
            found += hits
    phrases = tuple(_TABLES.phrases.get(word, ()))
    if not found and not phrases and len(_SILENT) < _MOST_SILENT:
        _SILENT.add(word)
    return tuple(found), phrases


def _matches(pattern: str, padded: str) -> bool:
    return f" {pattern.strip()} " in padded if len(pattern.strip()) <= _WHOLE_WORD else pattern in padded


@lru_cache(maxsize=16_384)
def _of_field(value: str) -> tuple[tuple[str, str], ...]:
    padded = f" {value.lower().translate(_SPACES)} "
    return tuple(dict.fromkeys((code, value) for pattern, code in _FIELDS if _matches(pattern, padded)))


@lru_cache(maxsize=16_384)
def _of_employer(name: str) -> tuple[tuple[str, str], ...]:
    padded = f" {name.lower().translate(_SPACES)} "
    return tuple(dict.fromkeys((code, name) for pattern, code in _EMPLOYERS if _matches(pattern, padded)))


_SPACES = str.maketrans(dict.fromkeys(",;:()/|&", " "))


@dataclass
class _Tally:
    points: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_rule: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    words: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, code: str, weight: int, rule: str, word: str) -> None:
        self.points[code] += weight
        self.by_rule[code][rule] += weight
        self.words[code][word] = self.words[code].get(word, 0) + weight


def find(posting: Posting, reading: Reading) -> list[Derived]:
    """Up to three sectors, the best first; `other` when no rule speaks."""
    tally = _Tally()
    own = [*posting.functions, *posting.disciplines]
    if posting.organisation is not None:
        own += [posting.organisation.sector] if posting.organisation.sector else []
        for code, name in _of_employer(posting.organisation.name):
            tally.add(code, _EMPLOYER, "sectors.employer", name)
    for value in own:
        for code, word in _of_field(value):
            tally.add(code, _FIELD, "sectors.field", word)
    _count_words(reading, tally)
    return _ranked(tally)


def _count_words(reading: Reading, tally: _Tally) -> None:
    title_words = reading.title_words
    seen: dict[tuple[str, str], int] = {}
    for word in reading.words - _SILENT:
        hits, phrases = _hits(word)
        factor = 2 if word in title_words else 1
        for code, weight, keyword in hits:
            seen[code, keyword] = max(seen.get((code, keyword), 0), weight * factor)
        for code, weight, phrase in phrases:
            if phrase in reading.title_lower:
                seen[code, phrase] = weight * 2
            elif phrase in reading.lower:
                seen[code, phrase] = max(seen.get((code, phrase), 0), weight)
    for (code, keyword), weight in seen.items():
        tally.add(code, weight, f"sectors.keyword.{code}", keyword)


def _ranked(tally: _Tally) -> list[Derived]:
    best = max(tally.points.values(), default=0)
    if best < _LEAST:
        return [Derived(code="other", score=0.1, rule="sectors.none", evidence=None)]
    chosen = sorted((-points, code) for code, points in tally.points.items() if points >= max(_LEAST, best * _SHARE))
    derived = []
    for negative, code in chosen[:_MOST]:
        rule = min(tally.by_rule[code].items(), key=lambda item: (-item[1], item[0]))[0]
        words = sorted(tally.words[code].items(), key=lambda item: (-item[1], item[0]))
        evidence = ", ".join(word for word, _ in words[:5])[:200]
        derived.append(Derived(code=code, score=round(min(1.0, -negative / _FULL), 2), rule=rule, evidence=evidence))
    return derived
