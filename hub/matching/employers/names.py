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
    r"h/t?/?o|also known as|a\.?k\.?a\.?|ook bekend als|voorheen|v/?h|formerly(?: known as)?|previously|(?<=\()ex)\s+",
    re.I,
)
_UNDER = re.compile(
    r"\s*[,;(–—-]?\s*\b(?:(?:is )?(?:een )?onderdeel van|(?:is )?(?:a )?part of|lid van|(?:a )?member of|een merk van|"
    r"een (?:bedrijf|organisatie) van|dochter van|(?:a )?subsidiary of|a division of|valt onder|powered by)\s+",
    re.I,
)
_HOLDING = re.compile(r",\s+an?\s+(.{3,40}?)\s+(?:company|brand|organisation|organization)\b.*$", re.I)
_BESIDE = re.compile(
    r"\s+(?:i\.?\s?s\.?\s?m\.?|in samenwerking met|in cooperation with|together with|samen met|waaronder)\s.*$", re.I
)
_BEFORE = re.compile(
    r"^(?:namens|(?:vacatures?|stages?|traineeship) (?:bij|van)|werken? (?:bij|voor)|(?:jobs|careers?|working|work) (?:at|with)|"
    r"(?:employer|werkgever|organisatie|organisation|bedrijf|bedrijfsnaam|company|naam)\s*:|een (?:organisatie|bedrijf) van|"
    r"voor (?:onze|een) (?:opdrachtgever|klant|relatie)|for our client|on behalf of(?: our client)?)\s+(?=\S)",
    re.I,
)
_ADDRESS = re.compile(
    r"^(?:https?://)?(?:[\w.+-]+@)?(?P<host>(?:[\w-]+\.)+(?:nl|com|eu|org|net|frl|io|nu|info|de|co\.uk|gov|online|group|example))(?:[/?]\S*)?$",
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
    """Trade names and former names: `X h.o.d.n. Y`."""
    parents: tuple[str, ...]
    """What the whole is said to be part of: `X, part of Y`."""
    loosely: bool
    """Only commas and slashes separate: without a known part, the whole is the name."""


def read_name(text: str) -> Reading:
    """Take a written name apart. Never fails; `whole` may be empty."""
    text = _SPACE.sub(" ", html.unescape(text)[:MAX_LENGTH]).strip(" \"'“”„«»-–—|,;:")
    text = _BESIDE.sub("", _BEFORE.sub("", text))
    holding = _HOLDING.search(text)
    name, *parents = _UNDER.split(text[: holding.start()] if holding else text)
    names = _ALSO.split(name)
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
        parents=tuple(part.strip(" ().,") for part in (*parents, *([holding[1]] if holding else [])) if part.strip(" ().,")),
        loosely=all(_SOFT_SEPARATOR.match(mark) for mark in marks),
    )


def address_of(text: str) -> str | None:
    """The host of a name that is but an address: `www.umcg.nl`, `info@umcg.nl`."""
    found = _ADDRESS.match(text.strip(" \"'<>"))
    return found["host"] if found else None


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
