"""How an employer is written in a posting: agents, trade names, brackets and departments around the name itself.

Only punctuation and a few connecting words are judged here; what each part means is the business of the table.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_CLIENT_FIRST = re.compile(r"(?:^|[\s,(–—-]+)(?:via|through|door|by|p/a|c/o|powered by|in samenwerking met)\s+", re.I)
_AGENT_FIRST = re.compile(
    r"\s+(?:namens|t\.?\s?b\.?\s?v\.?|ten behoeve van|in opdracht van|i\.?o\.?v\.?|on behalf of|for client|for|"
    r"voor opdrachtgever|voor|bij opdrachtgever|recruiting for|hiring for|zoekt voor)\s+",
    re.I,
)
_ALSO = re.compile(
    r"\s*[,;(]?\s*\b(?:t?\.?h\.?o\.?d\.?n\.?|(?:tevens )?handelend onder(?: de naam)?|trading as|t/a|d/b/a|dba|"
    r"also known as|a\.?k\.?a\.?|ook bekend als|voorheen|v/?h|formerly|previously|onderdeel van|part of|lid van|member of|"
    r"een merk van|een bedrijf van|dochter van|subsidiary of|a division of)\s+",
    re.I,
)
_SEPARATOR = re.compile(r"\s+[-–—]+\s+|\s*[|•·>»:;]\s*|\s+/{1,2}\s+|\s*//\s*|\s+@\s+|,\s+|(?<=\w\w\w)/(?=\w\w\w)")
_SOFT_SEPARATOR = re.compile(r"^\s*(?:,|/)")
MAX_LENGTH = 300
"""Longer names are cut: they are sentences, and the name stands first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of one written name, each still as written."""

    whole: str
    """Without brackets, agents and other names."""
    segments: tuple[str, ...]
    """`whole` at its separators; one element where there is none."""
    bracketed: tuple[str, ...]
    others: tuple[str, ...]
    """Trade names, former names and parents: `X h.o.d.n. Y`, `X, part of Y`."""
    loosely: bool
    """Only commas and slashes separate: without a known part, the whole is the name."""


def read_name(text: str) -> Reading:
    """Take a written name apart. Never fails; `whole` may be empty."""
    text = _SPACE.sub(" ", html.unescape(text)[:MAX_LENGTH]).strip(" \"'“”„«»-–—|,;:")
    names = _ALSO.split(text)
    bracketed = tuple(part.strip() for part in _BRACKETS.findall(names[0]) if part.strip())
    others = tuple(part.strip(" ()") for part in names[1:] if part.strip(" ()"))
    whole = _SPACE.sub(" ", _BRACKETS.sub(" ", names[0])).strip(" -–—|,;:/")
    pieces = _SEPARATOR.split(whole)
    segments = tuple(part.strip() for part in pieces if part.strip())
    marks = [found[0] for found in _SEPARATOR.finditer(whole)]
    return Reading(
        whole=whole,
        segments=segments,
        bracketed=bracketed,
        others=others,
        loosely=all(_SOFT_SEPARATOR.match(mark) for mark in marks),
    )


def agencies(text: str) -> list[tuple[str, str]]:
    """Possible (client, agent) pairs of `X via Y`, `X (via Y)`, `Y namens X`: the caller knows whether Y is an intermediary."""
    pairs = []
    client, _, agent = _partition(_CLIENT_FIRST, text)
    if agent:
        pairs.append((client, agent))
    agent, _, client = _partition(_AGENT_FIRST, text)
    if client:
        pairs.append((client, agent))
    return pairs


def _partition(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    found = pattern.search(text)
    if not found:
        return text, "", ""
    return text[: found.start()].strip(" (,-–"), found[0], text[found.end() :].strip(" ),.")
