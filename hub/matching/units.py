"""The unit that a text names: the department, team or location where the work is, as written.

A title often leaves it out, and it is what parts an employer's openings of one occupation. Names are looked for beside the
words for a unit, and behind those that say where somebody will work, where an advertisement begins. Which of them is a
unit, and what it is called in the other language, is the match model's business: only it knows words.
"""

from __future__ import annotations

from collections.abc import Iterable

from hub.matching.counts import word_set
from hub.matching.mentions import BEGINNING

MOST_UNITS = 4
MOST_WORDS = 5
"""Of a name."""
SITE = "@"
"""Stands before the name of a location, which is the same in both languages."""
_NAMED_BEHIND = word_set(
    "afdeling team unit cluster sector directie vakgroep vakgebied faculteit divisie sectie domein instituut laboratorium"
)
_OF = word_set("department faculty division institute unit laboratory directorate")
_NAMED_BEFORE = word_set(
    "department team unit ward division section faculty institute laboratory directorate cluster domain practice"
)
_SITES = word_set("locatie location vestiging woonlocatie")
_PLACING = word_set("voor bij binnen op for at within join joining")
_ARTICLES = word_set("de het ons onze the our a")
_DEFINITE = word_set("de het ons onze the our")
_OWNERS = word_set("de het een ons onze jouw je uw dit ieder elk elke the our a an your my this every each")
"""What stands before `team` and is no part of its name."""
_LINKS = word_set("en and & van voor of for the de het")
_NO_NAMES = word_set(
    "waar waarin die dat voor met van bij zijn wordt heeft werkt "
    "samen compleet terecht nodig bestaat naar staat door zoekt zoeken where that which with will has"
)
_ENDS = ".,;:!?()|"
_LOWER = _NAMED_BEHIND | _OF | _SITES | _PLACING | {word + end for word in _NAMED_BEFORE for end in ("", *_ENDS)}
_TELLING = _LOWER | {word.capitalize() for word in _LOWER}


def units_in(text: str) -> list[str]:
    """Names where a text begins, in order: those beside a word for a unit with that word, locations behind `SITE`."""
    words = text[:BEGINNING].replace("\n", " | ").split()
    found: dict[str, None] = {}
    for place in [place for place, word in enumerate(words) if word in _TELLING]:
        word = words[place].casefold()
        if word in _SITES:
            found[SITE + _name_from(words, place + 1)] = None
        elif word in _NAMED_BEHIND and (name := _name_from(words, place + 1) or _plain_name(words, place + 1, word)):
            found[f"{word} {name}"] = None
        elif word in _OF and words[place + 1 : place + 2] in (["of"], ["for"]) and (name := _name_from(words, place + 2)):
            found[f"{word} of {name}"] = None
        elif word in _PLACING and (name := _placed(words, place + 1)):
            found[name] = None
        if (bare := word.rstrip(_ENDS)) in _NAMED_BEFORE and (name := _name_until(words, place)):
            found[f"{name} {bare}"] = None
    found.pop(SITE, None)
    return list(found)


def _placed(words: list[str], start: int) -> str:
    while start < len(words) and words[start] in _ARTICLES:
        start += 1
    return _name_from(words, start)


def _name_from(words: list[str], start: int) -> str:
    """Words with a capital from `start` on, with the small words between them; up to a sign that ends them."""
    name: list[str] = []
    end = 0
    for word in words[start : start + MOST_WORDS]:
        bare = word.strip(_ENDS)
        if bare[:1].isupper() or (name and bare.isdigit()):
            name.append(bare)
            end = len(name)
            if word[-1] in _ENDS:
                break
        elif name and word in _LINKS:
            name.append(word)
        else:
            break
    return " ".join(name[:end])


def _plain_name(words: list[str], start: int, unit: str) -> str:
    """`afdeling inkoop`: one small word, which is no verb or joining word as far as a list can tell.

    Behind the other words for a unit, which stand by themselves as well (`the team grows.`), one between an article and the
    sentence's end: `je versterkt het team onderwijs.`
    """
    word = words[start] if start < len(words) else ""
    name = word.rstrip(_ENDS)
    if len(name) < 4 or not name.isalpha() or name in _NO_NAMES:
        return ""
    closes = name != word and start > 1 and words[start - 2] in _ARTICLES
    return name if unit == "afdeling" or closes else ""


def _name_until(words: list[str], end: int) -> str:
    """Words with a capital before `end`, or one or two small ones behind an article (`the engineering department`)."""
    start = end
    while start > 0 and end - start < MOST_WORDS and words[start - 1][-1] not in _ENDS:
        word = words[start - 1]
        if not (word[:1].isupper() or (word in ("and", "&", "of") and start < end)) or word.casefold() in _OWNERS | _PLACING:
            break
        start -= 1
    if start < end and words[start][:1].isupper():
        return " ".join(words[start:end])
    for length in (1, 3):
        if end > length and words[end - length - 1].casefold() in _DEFINITE and (length == 1 or words[end - 2] == "and"):
            name = words[end - length : end]
            return " ".join(name) if all(word.isalpha() for word in name) else ""
    return ""


def units_of(text: str, known: Iterable[str]) -> list[str]:
    """The first few names in a text; `known` are the employer's and the places', which are no units."""
    not_units = {name.casefold() for name in known}
    return [name for name in units_in(text) if name.casefold() not in not_units][:MOST_UNITS]
