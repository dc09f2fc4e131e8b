"""The employer's reference number where only the text states it: `Vacaturenummer: WZ-2026-17`, `Ref. no. 4711-A`."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.enrich.lines import holds_any
from hub.enrich.reading import Reading, needles

RULE = "reference.text"
_NEEDLES = needles("referen", "vacaturen", "vacature-n", "kenmerk", "requisition")
_SHORT_LABELS = ("ref", "ref.", "ref.nr", "ref.no", "job")
_LABELLED = re.compile(
    r"\b(?:vacature-?(?:nummer|nr\.?)|referentie(?:nummer|code)?|reference(?:[ -](?:number|code|no\.?|nr\.?))?|kenmerk|"
    r"job[ -](?:id|number|reference)|requisition(?:[ -](?:id|number))?|ref\.?(?:[ -]?(?:nr|no|number))?\.?)"
    r"\s*[:#=]?\s*(?P<number>[A-Z0-9][A-Z0-9]*(?:[-./_][A-Z0-9]+)*)\b",
    re.IGNORECASE,
)
SHORTEST = 4


def find(reading: Reading) -> str | None:
    """The first labelled number of four or more characters with a digit in it."""
    labels = [*reading.found(_NEEDLES), *_short_labels(reading)]
    lines = [line for line, lower in reading.lines if holds_any(lower, labels)] if labels else []
    return next((number for line in lines if (number := _number_in(line)) is not None), None)


def _short_labels(reading: Reading) -> list[str]:
    """Of the short labels those that are words of the ad."""
    texts = [words for words in (reading.title_words, reading.words) if " ref" in words or " job " in words]
    return [label for label in _SHORT_LABELS if any(f" {label} " in words for words in texts)]


@lru_cache(maxsize=4096)
def _number_in(line: str) -> str | None:
    """Ads repeat the lines that speak of references without naming one, hence the cache."""
    numbers = (match["number"] for match in _LABELLED.finditer(line))
    return next((number for number in numbers if len(number) >= SHORTEST and any(c.isdigit() for c in number)), None)
