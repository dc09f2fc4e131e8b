"""The employer's reference number where only the text states it: `Vacaturenummer: WZ-2026-17`, `Ref. no. 4711-A`."""

from __future__ import annotations

import re

from hub.enrich.reading import Reading

RULE = "reference.text"
_NEEDLES = ("referen", "vacaturen", "vacature-n", "kenmerk", "requisition", "ref", "job")
_LABELLED = re.compile(
    r"\b(?:vacature-?(?:nummer|nr\.?)|referentie(?:nummer|code)?|reference(?:[ -](?:number|code|no\.?|nr\.?))?|kenmerk|"
    r"job[ -](?:id|number|reference)|requisition(?:[ -](?:id|number))?|ref\.?(?:[ -]?(?:nr|no|number))?\.?)"
    r"\s*[:#=]?\s*(?P<number>[A-Z0-9][A-Z0-9]*(?:[-./_][A-Z0-9]+)*)\b",
    re.IGNORECASE,
)
SHORTEST = 4


def find(reading: Reading) -> str | None:
    """The first labelled number of four or more characters with a digit in it."""
    for match in (match for line in reading.lines_with(*_NEEDLES) for match in _LABELLED.finditer(line)):
        number = match["number"]
        if len(number) >= SHORTEST and any(c.isdigit() for c in number):
            return number
    return None
