"""The day until which a text lets people apply, where the source has no field for it.

A day read wrongly closes an opening that is open, so only plain sentences count: a word that asks to apply, or names the
closing day, and a date right behind it. Two different days (inside and outside candidates, two rounds) are none.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from hub.domain.zone import REGION_ZONE
from hub.enrich.reading import Reading, needles

RULE = "closing.text"
LONGEST = timedelta(days=200)
"""After the posting: a day without a year that is farther off is one of the past."""
_MONTHS = (
    "januari january jan",
    "februari february feb",
    "maart march mrt mar",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "augustus august aug",
    "september sept sep",
    "oktober october okt oct",
    "november nov",
    "december dec",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_NEEDLES = needles("reageer", "reactie", "sollicit", "sluit", "deadline", "apply", "applic", "closing", "motivatie")
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_WEEKDAY = (
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:ma|di|wo|do|vr|za|zo)\.?)?,?\s*"
)
_DATE = (
    rf"{_WEEKDAY}(?:the\s+)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)?\s+(?:of\s+)?(?P<month>{_NAME})\b\.?"
    rf"|(?P<month_first>{_NAME})\b\.?\s+(?P<day_behind>\d{{1,2}})(?:st|nd|rd|th)?"
    r"|(?P<day_in_figures>\d{1,2})[-/.](?P<month_in_figures>\d{1,2})(?=[-/.]\d)"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}))(?![\d:])(?:,?[\s/.-]*(?P<year>20\d\d))?(?!\d)"
)
_UNTIL = (
    r"(?:uiterlijk(?:\s+(?:op|tot|t/m))?|v[oó][oó]r|t/m|tot(?:\s+en\s+met|\s+uiterlijk)?"
    r"|by|before|until|till|no later than|on or before)"
)
_ASKED = re.compile(
    r"(?:"
    r"\b(?:reageer|reageren|solliciteer|solliciteren|sollicitatie|sollicitaties|reactie|reacties|motivatie|motivatiebrief|apply"
    r"|application|applications)\b(?:(?!\bgesprek|\binterview|\bstart|\bronde\b|\bselecti|\bround\b)[\w\s'’,&/()-]){0,60}?\b"
    + _UNTIL
    + r"\s+"
    r"|\b(?:uiterste\s+|application\s+)?(?:sluitingsdatum|sluitingsdag|sluitdatum|reactietermijn|sollicitatietermijn"
    r"|sollicitatiedeadline|reageerdatum|closing date|application deadline"
    r"|deadline(?:\s+(?:for\s+applications?|voor\s+(?:reacties|sollicitaties|solliciteren)))?)"
    r"\s*(?:van de(?:ze)? vacature\s*)?(?::|is|=|-|–|op|on)?\s*(?:op\s+|on\s+)?"
    r"|\b(?:vacature|vacancy|inschrijving|reactietermijn|applications?|procedure)\s+(?:sluit|closes?)\s+(?:op\s+|on\s+)?"
    r")" + _DATE
)
_ASIDE = re.compile(
    r"intern(?:e|al)?\s+kandida|internal candidates|bij voorkeur|liefst|preferably|eerste (?:selectie|ronde)|first round"
)


def find(reading: Reading, posted: date) -> datetime | None:
    """Midnight in Amsterdam that begins the last day, as a source states a date; `posted`: its day of publication."""
    found: set[date] = set()
    for sentence in reading.sentences_with(_NEEDLES):
        for match in _ASKED.finditer(sentence):
            if _ASIDE.search(sentence):
                return None
            day = _day_of(match, posted)
            if day is None:
                return None
            found.add(day)
    return datetime.combine(found.pop(), time(0), REGION_ZONE) if len(found) == 1 else None


def _day_of(match: re.Match[str], posted: date) -> date | None:
    """None for a day that there is not, of the past, or so far ahead that it is one of the past without its year."""
    if stated := match["iso"]:
        return _checked(int(stated[:4]), int(stated[5:7]), int(stated[8:]), posted)
    day = int(match["day"] or match["day_behind"] or match["day_in_figures"])
    month = _MONTH.get(match["month"] or match["month_first"] or "") or int(match["month_in_figures"] or 0)
    if match["year"]:
        return _checked(int(match["year"]), month, day, posted)
    if match["day_in_figures"]:
        return None
    years = (posted.year, posted.year + 1)
    return next((found for year in years if (found := _checked(year, month, day, posted)) is not None), None)


def _checked(year: int, month: int, day: int, posted: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if posted <= found <= posted + LONGEST else None
