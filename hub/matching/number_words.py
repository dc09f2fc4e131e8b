"""Numbers and days in one way of writing: Dutch style writes small numbers as words, boards write days in figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hub.matching.titles.decoration import MONTHS

_NL = "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"
_EN = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_NL_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def _written_out() -> Iterator[tuple[str, str]]:
    """Words for 2 to 99; not for one, which is an article in Dutch."""
    for table in (_NL, _EN):
        yield from ((word, str(value)) for value, word in enumerate(table.split(), 2))
    for tens, table, units in ((_NL_TENS, _NL, "een"), (_EN_TENS, _EN, "one")):
        for ten, word in enumerate(tens.split(), 2):
            yield word, str(10 * ten)
            for unit, name in enumerate([units, *table.split()[:8]], 1):
                joined = f"{name}{'ën' if name.endswith('e') else 'en'}{word}" if table is _NL else f"{word}-{name}"
                yield joined, str(10 * ten + unit)


_FIGURES = dict(_written_out())
_AMBIGUOUS = "ten"
"""A number in English, "at" and "to" in Dutch."""


_MONTH_NAMES = {code: name for name, code in reversed(MONTHS.items())}
"""Code of a month, as in `MONTHS` → the first of its names."""
_DATE = re.compile(r"(?<![\d.,/-])(?:(\d{1,2})([-/.])(\d{1,2})\2(20\d\d)|(20\d\d)-(\d\d)-(\d\d))(?![\d/-]|[.,]\d)")
"""Day, month and year as Dutch and British boards write them, or as ISO 8601 does."""


def in_figures(line: str) -> str:
    """`line`, in lower case, with figures for its number words and months for the numbers of months."""
    if "20" in line:
        line = _DATE.sub(_in_words, line)
    words = line.split(" ")
    if _FIGURES.keys().isdisjoint(words):
        return line
    return " ".join(map(_figure, words, [*words[1:], ""]))


def _in_words(date: re.Match[str]) -> str:
    day, month, year = date.group(1, 3, 4) if date[1] else date.group(7, 6, 5)
    name = _MONTH_NAMES.get(f"m{int(month):02}")
    return f"{int(day)} {name} {year}" if name is not None else date[0]


def _figure(word: str, following: str) -> str:
    if word == _AMBIGUOUS and not following.endswith("s"):
        return word
    return _FIGURES.get(word, word)
