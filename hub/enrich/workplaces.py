"""The place of work that a title or a text names, where the fields leave it out or an agency states its own office."""

from __future__ import annotations

import re

from hub.domain.posting import Location
from hub.enrich.gazetteer import PLACES_BY_NAME, fold
from hub.enrich.places import to_located
from hub.enrich.reading import Reading

_NAME = r"([A-Z'’][\w'’-]+(?: (?:aan|op|de|den|het|bij|van|a/d|[A-Z'’][\w'’-]+)){0,3})"
_PLAIN = (
    r"(?i:\b(?:standplaats|werklocatie|werkplek|workplace|place of work)\b[\w ,']{0,25}?"
    r"\s(?:is|wordt|ligt|zijn|will be)\b(?: in| te)?\s+)",
    r"(?i:\b(?:standplaats|werklocatie|workplace|place of work)\s?:\s*)",
    r"(?i:\b(?:in opdracht van|on behalf of)\s(?:een|an?|onze|our)\s[^.!?\n,]{0,60}?\b(?:in|te)\s+)",
)
"""What says in so many words where the work is."""
_TELLING = (
    *_PLAIN,
    r"(?i:\b(?:werk je|je werkt|you(?:'ll| will)? work|(?:je )?komt? (?:je )?te werken)\b[^.!?\n]{0,60}?\b(?:in|te)\s+)",
    r"(?i:\b(?:onze|our)\s(?:vestiging|locatie|site|location|branch|office)\s(?:in\s+)?)",
    r"(?i:\b(?:bij|voor|at|for)\s(?:een|an?)\s[^.!?\n,]{0,60}?\b(?:in|te)\s+)",
)
"""What does so too where no field names a place."""
_ENDS_TITLE = re.compile(rf"(?:\s(?:in|te)|\s[-|]|[,:(])\s*{_NAME}\)?\s*(?:\((?:m/v|v/m|m/f|f/m)[^)]*\))?$")
"""The last words of a title, set apart or behind `in`."""
_SAID_PLAINLY = re.compile("(?:" + "|".join(_PLAIN) + ")" + _NAME)
_SAID = re.compile("(?:" + "|".join(_TELLING) + ")" + _NAME)
_PLAIN_WORDS = ("standplaats", "werklocatie", "werkplek", "workplace", "place of work", "in opdracht van", "on behalf of")
_WORDS = (" in ", " te ", "vestiging", "locatie", "location", "branch", "office", "site", "plaats", "werkplek", "place")
"""Of a line that a pattern may fit: to look for words is quicker."""


def find(reading: Reading, *, is_known: bool) -> list[Location]:
    """The place of work, located: where the title ends with one, that, else what the text says; none where two municipalities
    are named. `is_known`: a field names one already, so that only what the text says in so many words counts beside it.
    """
    if not is_known and (ends := _ENDS_TITLE.search(reading.title)) and (named := _place_called(ends[1])) is not None:
        return [named]
    pattern, words = (_SAID_PLAINLY, _PLAIN_WORDS) if is_known else (_SAID, _WORDS)
    if not any(word in reading.lower for word in words):
        return []
    found: dict[str, Location] = {}
    for line, lower in reading.lines:
        if any(word in lower for word in words):
            for match in pattern.finditer(line):
                location = _place_at(match[1])
                if location is not None and location.municipality is not None:
                    found.setdefault(location.municipality, location)
    return list(found.values()) if len(found) == 1 else []


def _place_at(words: str) -> Location | None:
    """The longest name of a place that the words begin with."""
    parts = words.split()
    for length in range(len(parts), 0, -1):
        if (found := _place_called(" ".join(parts[:length]).strip(".,'’-"))) is not None:
            return found
    return None


def _place_called(name: str) -> Location | None:
    return to_located(Location(place=name))[0] if fold(name) in PLACES_BY_NAME else None
