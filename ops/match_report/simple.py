"""The simple matchers that the hard pairs are to defeat: what one writes in an afternoon, and what an engine must better.

Each says of two live postings whether it takes them for one opening. They read only what every board states: the
employer's name (the intermediary's where no employer is named), the titles and the municipality.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.utils import default_process

from hub.domain.posting import EnrichedPosting

_LEGAL = re.compile(r"\b(b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|stichting|coöperatie|u\.?a\.?|holding|nederland|ltd|gmbh|inc)\b\.?")
_BRACKETS = re.compile(r"\([^)]*\)")
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")

LEAST_TITLE = 90
LEAST_WORD = 4


def exact_key(first: EnrichedPosting, second: EnrichedPosting) -> bool:
    """The same employer string, title string and municipality after lower-casing; two missing values are equal."""
    return (
        _employer(first).lower() == _employer(second).lower()
        and bool({title.lower() for title in _titles(first)} & {title.lower() for title in _titles(second)})
        and _municipality(first) == _municipality(second)
    )


def token_set(first: EnrichedPosting, second: EnrichedPosting) -> bool:
    """Titles with a token-set ratio of 90 or more within one employer key and one municipality; what is missing agrees."""
    return (
        _are_alike(first, second)
        and _agree(employer_key(_employer(first)), employer_key(_employer(second)))
        and _agree(_municipality(first), _municipality(second))
    )


def fuzzy_employer(first: EnrichedPosting, second: EnrichedPosting) -> bool:
    """As `token_set`, but employers agree too when they share a word or when one is the other's initials."""
    return (
        _are_alike(first, second)
        and _have_like_names(employer_key(_employer(first)), employer_key(_employer(second)))
        and _agree(_municipality(first), _municipality(second))
    )


MATCHERS: Mapping[str, Callable[[EnrichedPosting, EnrichedPosting], bool]] = {
    "exact_key": exact_key,
    "token_set": token_set,
    "fuzzy_employer": fuzzy_employer,
}


def wrong_matchers(same: bool, first: EnrichedPosting, second: EnrichedPosting) -> list[str]:
    """Names of the simple matchers that do not say `same`."""
    return [name for name, says in MATCHERS.items() if says(first, second) is not same]


def employer_key(name: str) -> str:
    """Lower case; legal forms, brackets, accents and punctuation off. Its own, so that it stays simple as matching grows."""
    text = _LEGAL.sub(" ", _BRACKETS.sub(" ", name.lower())).replace("&", " en ")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_ALNUM.sub(" ", text).strip()


def _are_alike(first: EnrichedPosting, second: EnrichedPosting) -> bool:
    """Lower case, punctuation as spaces."""
    return any(
        token_set_ratio(one, other, processor=default_process) >= LEAST_TITLE
        for one in _titles(first)
        for other in _titles(second)
    )


def _agree(first: str, second: str) -> bool:
    return first == second or not first or not second


def _have_like_names(first: str, second: str) -> bool:
    shared = set(first.split()) & set(second.split())
    return _agree(first, second) or any(len(word) >= LEAST_WORD for word in shared) or _are_initials(first, second)


def _are_initials(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    initials = "".join(word[0] for word in long.split())
    return len(short) > 1 and short == initials


def _employer(posting: EnrichedPosting) -> str:
    named = posting.organisation or posting.intermediary
    return named.name if named else ""


def _titles(posting: EnrichedPosting) -> list[str]:
    return [text.text for text in (posting.title.nl, posting.title.en) if text]


def _municipality(posting: EnrichedPosting) -> str:
    return next((place.municipality for place in posting.locations if place.municipality), None) or ""
