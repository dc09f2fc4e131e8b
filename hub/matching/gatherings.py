"""Levels of events: when they start and where they are held, as platforms write it.

Boards differ on whether an event lasts all day, name a hall in Dutch or in English, with or without its room, and go on
showing the old one after it moved; all that is one event. Another hour, another day or another hall is not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hub.matching.bodies import mark_of
from hub.matching.entry import Entry
from hub.matching.marks import marks_of

START_NEAR, HOUR, DAY_MINUTES = 30, 60, 1_440
VENUES = {
    **{"library": "bibliotheek", "church": "kerk", "theatre": "theater", "schouwburg": "theater", "university": "universiteit"},
    **{"gemeentehuis": "stadhuis", "hospital": "ziekenhuis", "centre": "centrum", "center": "centrum", "cinema": "bioscoop"},
    **{"castle": "kasteel", "harbour": "haven", "college": "school", "stadium": "stadion", "conservatoire": "conservatorium"},
}
"""English and Dutch words for kinds of buildings → the Dutch one that is compared."""
BUILDINGS = frozenset({*VENUES.values(), "stadhuis", "school", "hotel", "restaurant", "museum", "station", "campus", "sporthal"})
VENUE_FILLERS = frozenset({"de", "het", "the", "van", "of", "in", "te", "at", "op"})
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")


def start(first: Entry, second: Entry) -> str:
    if first.starts is None or second.starts is None:
        return "missing"
    minutes = abs(first.starts - second.starts)
    if first.is_all_day or second.is_all_day:
        return "day" if _is_within_day(first, second) else "other_day"
    if minutes <= START_NEAR:
        return "equal"
    if first.starts in second.previous_starts or second.starts in first.previous_starts:
        return "moved"
    if minutes in (HOUR, 2 * HOUR):
        return "shifted"
    return "other_time" if minutes < DAY_MINUTES // 2 else "other_day"


def _is_within_day(first: Entry, second: Entry) -> bool:
    """Of two events, one all day: the other starts on that day. Some platforms count their days by UTC."""
    whole, other = (first, second) if first.is_all_day else (second, first)
    later = (other.starts or 0) - (whole.starts or 0)
    if other.is_all_day:
        return abs(later) <= 2 * HOUR
    return -2 * HOUR <= later < DAY_MINUTES


def venue(first: Entry, second: Entry) -> str:
    """What is held online alone is not what is held in a hall; a hall that the other's text names was left or is the way in."""
    if first.venue is None or second.venue is None:
        online, other = (first, second) if first.is_remote else (second, first)
        return "different" if online.is_remote and online.venue is None and other.venue and not other.is_remote else "missing"
    a, b = _venue_words(first.venue), _venue_words(second.venue)
    if first.venue in second.venue or second.venue in first.venue or a <= b or b <= a:
        return "same"
    return "missing" if _is_named(a, second.names) or _is_named(b, first.names) else "different"


@lru_cache(maxsize=1024)
def _venue_words(venue: str) -> frozenset[str]:
    """Words of a folded name, those for a kind of building in one language; the whole name where these are few signs."""
    words = [VENUES.get(word, word) for word in _WORD.findall(venue.replace("town hall", "stadhuis"))]
    return frozenset(word for word in words if word not in VENUE_FILLERS) or frozenset({venue})


def _is_named(words: frozenset[str], names: bytes) -> bool:
    """Whether a text names the place: all its words that are names, of which a kind of building is none."""
    telling = [word for word in words if word not in BUILDINGS]
    return bool(telling) and bool(names) and marks_of(names).issuperset(map(mark_of, telling))
