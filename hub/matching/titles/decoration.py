"""Takes decoration off a title: gender tags, hours, pay, dates, places, the employer's own name; keeps numbers apart.

Everything here works on folded text and words and knows no concepts. Nothing is taken off that would leave the title empty,
so that a title which is nothing but an employer's name still compares as what it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hub.matching.titles.vocabulary import fold, words_of

_LETTER = "[mvfwxdh]"
_GENDER = re.compile(
    rf"[(\[]\s*{_LETTER}(?:\s*[/|\-.,+*]\s*(?:{_LETTER}|non-?binair|non-?binary|anders|divers|other|i|q|t|n))*\s*[)\]]"
    rf"|(?<![a-z0-9]){_LETTER}(?:\s*[/|]\s*(?:{_LETTER}|non-?binair|non-?binary))+(?![a-z0-9])"
    r"|\b(?:man|vrouw|male|female|men|women|hij|zij|he|she)\s*/\s*(?:man|vrouw|male|female|women|men|hij|zij|he|she)(?:\s*/\s*(?:x|they|hen|die|divers|neutraal|other))?\b"
    r"|\ball genders?(?: welcome)?\b|\balle genders?\b"
)
_ENDING = re.compile(r"(?<=[a-z])[(\[](?:st|ster|e|n|en|s|in|es)[)\]]")
_OR_ENDING = re.compile(r"(?<=[a-z]{4})/(?:ster|in|trice|e|lid)\b")
_AMOUNT = r"\d+(?:[.,]\d+)?"
_RANGE = rf"{_AMOUNT}(?:\s*(?:-|–|—|/|tot|to|a|en|of|or|and|t/m)\s*(?:max\.?\s*)?{_AMOUNT})?"
_PER_WEEK = r"(?:\s*(?:per|p/|p\.|/|a|each|pw|in de)\s*(?:week|wk|w|maand|month|dag|day)\b\.?|\s*weekly|\s*wekelijks|\s*pw\b)"
_HOURS = re.compile(
    rf"(?:\b(?:min|max|minimaal|maximaal|circa|ca|ongeveer|approx|up to|tot|vanaf|from)\.?\s*)?(?<![a-z0-9]){_RANGE}\s*-?"
    rf"(?:(?:uur|uren|urige|u|hours|hour|hrs|hr|h)\b\.?{_PER_WEEK}?|fte\b|dagen\b{_PER_WEEK}|days\b{_PER_WEEK}|%)(?:\s*(?:contract|werkweek|week|baan|position)\b)?"
)
_PAY = re.compile(
    rf"(?:€|\beuros?\b|\beur\b)\s*{_AMOUNT}(?:[.,]\d{{3}})*(?:\s*,-)?(?:\s*(?:-|–|—|tot|to)\s*(?:€|eur)?\s*{_AMOUNT}(?:[.,]\d{{3}})*)?"
    r"(?:\s*(?:bruto|gross))?(?:\s*(?:per|p/|a|an|/)\s*(?:uur|maand|jaar|hour|month|year|u|m))?|"
    rf"{_AMOUNT}\s*(?:euro|eur|€)(?:\s*(?:per|/|an)\s*(?:uur|maand|hour|month))?"
)
_TIMES = re.compile(
    r"\b\d{1,2}[:.]\d{2}\s*(?:uur\s*)?(?:-|–|—|tot|to|until)\s*\d{1,2}[:.]\d{2}\b(?:\s*(?:uur|u|h|hrs))?|\b\d{1,2}:\d{2}\b(?:\s*(?:uur|u|h))?"
)
_PER_MONTH = re.compile(r"\bp\s?[/.]\s?[mwu]\b\.?")
_ROUND_THE_CLOCK = re.compile(r"\b24\s*/\s*7\b")
_ELLIPSIS = re.compile(r"\b([a-z]{3,})-(?:\s*(?:en|of|and|or)\s+|\s*/\s*)([a-z]{6,})\b")
_NUMBER = re.compile(r"0*(\d+)(?:e|de|ste|st|nd|rd|th)?")
_MIXED = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8"}
_MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb"),
    ("maart", "march", "mrt"),
    ("april", "april", "apr"),
    ("mei", "may", "mei"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("augustus", "august", "aug"),
    ("september", "september", "sept"),
    ("oktober", "october", "okt"),
    ("november", "november", "nov"),
    ("december", "december", "dec"),
)
MONTHS = {name: f"m{number:02}" for number, names in enumerate(_MONTHS, start=1) for name in names}
SHORTEST_NAME = 4
LEGAL = frozenset(("bv", "nv", "vof", "cv", "stichting", "vereniging", "holding", "groep", "group", "nederland", "netherlands"))
_BEFORE_EMPLOYER = ("nederlandse", "koninklijke", "stichting", "royal")
AROUND_EMPLOYER = LEGAL | {*_BEFORE_EMPLOYER, "n", "b", "v"}
"""Words of a name that another spelling of it leaves out; `N.V.` is two."""
_BEFORE_PLACE = (
    "area",
    "gemeente",
    "in",
    "locatie",
    "nabij",
    "near",
    "omgeving",
    "provincie",
    "regio",
    "region",
    "stad",
    "standplaats",
    "te",
    "vestiging",
)
_STRAY = frozenset("mvwxfdhp")
_GRADES = frozenset("abc")


def without_decoration(folded: str) -> str:
    """Folded text without gender tags, hours, shares of full time and pay; `groen- en grondmedewerker` keeps both fields."""
    plain = _GENDER.sub(" ", folded)
    plain = _ENDING.sub("", plain)
    plain = _OR_ENDING.sub("", plain)
    for pattern in (_ROUND_THE_CLOCK, _TIMES, _PAY, _HOURS, _PER_MONTH):
        plain = pattern.sub(" ", plain)
    return _ELLIPSIS.sub(r"\1 \2", plain)


def without_run(words: list[str], run: Sequence[str]) -> list[str]:
    """`words` without each occurrence of `run` in a row; unchanged when nothing would be left."""
    width = len(run)
    if not width or width > len(words):
        return words
    out: list[str] = []
    at = 0
    while at < len(words):
        if words[at : at + width] == list(run):
            at += width
        else:
            out.append(words[at])
            at += 1
    return out or words


def without_place(words: list[str], place: Sequence[str]) -> list[str]:
    """As `without_run`, with the word before it that only leads to a place: `regio Assen`, `in Assen`."""
    for lead in _BEFORE_PLACE:
        words = without_run(words, (lead, *place))
    return without_run(words, place)


def without_employer(words: list[str], employer: Sequence[str]) -> list[str]:
    """Words without the employer's name, as written or without its legal form."""
    for lead in _BEFORE_EMPLOYER:
        words = without_run(words, (lead, *employer))
    words = without_run(words, employer)
    bare = [word for word in employer if word not in LEGAL and len(word) > 1]
    return without_run(words, bare) if _is_name(bare) else words


def _is_name(words: Sequence[str]) -> bool:
    """Shorter ones stand in many a title by chance."""
    return any(len(word) >= SHORTEST_NAME for word in words)


@lru_cache(maxsize=4096)
def stands_in(employer: str, title: str) -> bool:
    """Whether the title holds the employer's name as written, but for its legal form; one of a few letters is no name."""
    name = [word for word in words_of(fold(employer)) if word not in LEGAL]
    words = words_of(fold(title))
    width = len(name)
    return _is_name(name) and any(words[at : at + width] == name for at in range(len(words) - width + 1))


def parted_numbers(words: Sequence[str], is_word: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """Split words into plain words and numbers: years, `2`, `2e`, `II`, months as `m09`, codes such as `g4`.

    `is_word` holds words with a digit that are names of their own (`5g`), which stay words.
    """
    plain: list[str] = []
    numbers: set[str] = set()
    for word in words:
        number = _NUMBER.fullmatch(word)
        if word in is_word:
            plain.append(word)
        elif number:
            numbers.add(number[1])
        elif word in _ROMAN:
            numbers.add(_ROMAN[word])
        elif word in MONTHS:
            numbers.add(MONTHS[word])
        elif _MIXED.fullmatch(word):
            numbers.add(word)
        elif word not in _STRAY:
            plain.append(word)
    end = len(plain)
    while end > 1 and plain[end - 1] in _GRADES:
        end -= 1
    return plain[:end], frozenset(plain[end:]).union(numbers)


def without_grades(words: list[str]) -> tuple[list[str], frozenset[str]]:
    """Words without single letters after the first, and these: `Operator C voeding` is of grade c. Articles are off already."""
    grades = _GRADES.intersection(words[1:])
    return ([*words[:1], *(word for word in words[1:] if word not in grades)], grades) if grades else (words, grades)
