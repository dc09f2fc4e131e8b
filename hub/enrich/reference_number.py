"""The employer's reference number where only the text states it: `Vacaturenummer: WZ-2026-17`, `Ref. no. 4711-A`."""

from __future__ import annotations

import re
from functools import lru_cache

from hub.enrich.lines import holds_any
from hub.enrich.reading import Reading, needles, word_numbers

RULE = "reference.text"
_NEEDLES = needles("referen", "nummer", "vacature-n", "kenmerk", "requisi", "vermeld")
_SHORT_LABELS = ("ref", "ref.", "ref.nr", "ref.no", "job", "vacancy", "code", "number", "quote", "quoting", "mention")
"""Labels that are words of their own."""
_SHORT = dict(zip(word_numbers(f" {label} " for label in _SHORT_LABELS), _SHORT_LABELS, strict=True))
_LABELLED = re.compile(
    r"\b(?=[vrkjofd])(?:(?:vacature|requisitie|opdracht|order|functie|dossier)-?(?:nummer|nr\.?)|vacancy (?:number|no\.?|nr\.?)|"
    r"referentie(?:nummer|code)?|reference(?:[ -](?:number|code|no\.?|nr\.?))?|kenmerk|"
    r"job[ -](?:id|number|reference)|requisition(?:[ -](?:id|number))?|ref\.?(?:[ -]?(?:nr|no|number))?\.?)"
    r"\s*[:#=]?\s*(?P<number>[A-Z0-9][A-Z0-9]*(?:[-./_][A-Z0-9]+)*)\b",
    re.IGNORECASE,
)
_CODED = re.compile(
    r"(?i:nummer|code|number|vacancy|requisitie|requisition|onder vermelding van|quote|quoting)"
    r"\s*[:#]?\s*(?P<number>[A-Z]{2,12}(?=[A-Z/-]*\d)(?:[-/][A-Z0-9]+)+)\b"
)
"""Behind a word that says less, only what looks like nothing else: capitals, a hyphen or stroke, and a digit (`Code MK-2610`)."""
_MENTIONED = re.compile(
    r"\b(?i:(?:vermeld(?:en|ing van)?|noem|mention(?:ing)?|quot(?:e|ing))(?: (?!tele|phone|mobi)[a-z']+){0,4}?"
    r" (?:nummer|number|nr\.?|no\.?|code|kenmerk) ?[:#]? ?(?!0\d{8})(?P<number>[A-Z0-9]+(?:[-./_][A-Z0-9]+)*)\b"
    r"|(?:onder vermelding van|quoting) (?P<cited>[A-Z0-9]+(?:[-/][A-Z0-9]+)+)\b)"
)
"""What an applicant is asked to mention by number: `Vermeld in je brief het nummer 2026/7330`."""
SHORTEST = 4


def find(reading: Reading) -> str | None:
    """The first labelled number of four or more characters with a digit in it."""
    labels = [*reading.found(_NEEDLES), *(_SHORT[number] for number in _SHORT.keys() & (reading.title_words | reading.words))]
    lines = [line for line, lower in reading.lines if holds_any(lower, labels)] if labels else []
    return next((number for line in lines if (number := _number_in(line)) is not None), None)


@lru_cache(maxsize=1024)
def _number_in(line: str) -> str | None:
    """Ads repeat the lines that speak of references without naming one, hence the cache."""
    numbers = [match["number"] for pattern in (_LABELLED, _CODED) for match in pattern.finditer(line)]
    numbers += [match["number"] or match["cited"] for match in _MENTIONED.finditer(line)]
    return next((number for number in numbers if len(number) >= SHORTEST and any(c.isdigit() for c in number)), None)
