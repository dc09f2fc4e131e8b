"""Dates as partners write them → aware datetimes: ISO 8601, RFC 2822, Dutch and English months, then dateparser.

The order is by cost: `fromisoformat` answers nearly all in under a microsecond; dateparser is imported only when all
else failed. A date without an offset is local time of `zone`. Pure: nothing here knows today, so relative dates
("morgen") are refused rather than guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hub.errors import RecordRejectedError

AMSTERDAM = "Europe/Amsterdam"
EARLIEST_YEAR, LATEST_YEAR = 1970, 2999

_MONTHS = {
    **dict.fromkeys(("januari", "january", "jan"), 1),
    **dict.fromkeys(("februari", "february", "febr", "feb"), 2),
    **dict.fromkeys(("maart", "march", "mrt", "mar", "maa"), 3),
    **dict.fromkeys(("april", "apr"), 4),
    **dict.fromkeys(("mei", "may"), 5),
    **dict.fromkeys(("juni", "june", "jun"), 6),
    **dict.fromkeys(("juli", "july", "jul"), 7),
    **dict.fromkeys(("augustus", "august", "aug"), 8),
    **dict.fromkeys(("september", "sept", "sep"), 9),
    **dict.fromkeys(("oktober", "october", "okt", "oct"), 10),
    **dict.fromkeys(("november", "nov"), 11),
    **dict.fromkeys(("december", "dec"), 12),
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CLOCK = r"(?:(?:,|\s|om|at|-)*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:\s*(?:uur|u|h))?)?"
_DAY_FIRST = re.compile(
    rf"(?:[a-z/]+\.?,?\s+){{0,4}}(?P<day>\d{{1,2}})(?:st|nd|rd|th|e)?[\s-]+(?P<month>{_NAME})\.?,?[\s-]+"
    rf"(?P<year>\d{{4}}){_CLOCK}\Z",
    re.I,
)
_MONTH_FIRST = re.compile(
    rf"(?:[a-z]+,?\s+)?(?P<month>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_CLOCK}\Z", re.I
)
_NUMBERS = re.compile(rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}}){_CLOCK}\Z")
_LOOSE_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2}(?::\d{2})?(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?))?\Z"
)
"""`2027/2/1`, `2027-02-01 9:30`: ISO but for its marks and leading zeros."""
_UNIX = re.compile(r"[12]\d{9}(?:\d{3})?\Z")
"""Unix time in seconds or milliseconds, of this century."""
_ZONE_NAME = re.compile(r"(?<=\d)(?:\s?CES?T(?=(\d)?)|\[[\w/]+\]\Z)")
"""What Java writes behind an offset (`+01:00[Europe/Amsterdam]`), and PHP where somebody meant a `T` (`2026-12-31CET23:59`)."""
_TIME = re.compile(r"(?<![\d.])\d{1,2}[:.]\d\d(?![\d.])|\d\s*(?:uur|u|am|pm)\b", re.I)
_RELATIVE = re.compile(r"vandaag|morgen|gisteren|geleden|today|tomorrow|yesterday|\bago\b|now|\bnu\b|\bover\b|\bin\b", re.I)
_EMPTY = ("0000-00-00", "0001-01-01", "-0001-11-30", "1970-01-01", "9999-12-31", "31-12-9999")
"""MySQL's zero date, what PHP makes of it, the zero of unix time and the last day of databases: how systems write that there
is no date, as a bare 0."""
_NO_DATE = re.compile(
    r"(?:-|n\.?v\.?t|n/?a|geen|none|null|onbekend|unknown|n\.?t\.?b|t\.?b\.?[ad]|doorlopend|continu|open|ongoing"
    r"|(?:in|nader) overleg|z\.?s\.?m|zo (?:snel|spoedig) mogelijk|per direct|a\.?s\.?a\.?p|as soon as possible|immediately"
    r"|(?:tot|until) (?:vervuld|filled))[.!]?",
    re.I,
)
"""How people write that there is none."""


def to_datetime(value: str | None, *, field: str, zone: str = AMSTERDAM, end_of_day: bool = False) -> datetime | None:
    """None for nothing (a zero date, "n.v.t."), else an aware datetime; a bare date is midnight, or 23:59:59 with `end_of_day`.

    Raises RecordRejectedError(`impossible_date`) naming `field`.
    """
    if not value:
        return None
    try:
        return parse_datetime(value, zone, end_of_day)
    except (ValueError, OverflowError) as error:
        raise RecordRejectedError("impossible_date", f"not a date: {value[:80]!r} ({error})", field=field) from error


def to_date(value: str | None, *, field: str, zone: str = AMSTERDAM) -> date | None:
    """The calendar day in `zone`, or None for nothing. Raises RecordRejectedError(`impossible_date`)."""
    moment = to_datetime(value, field=field, zone=zone)
    return None if moment is None else moment.astimezone(_zone(zone)).date()


@lru_cache(maxsize=1024)
def parse_datetime(text: str, zone: str = AMSTERDAM, end_of_day: bool = False) -> datetime | None:
    """As `to_datetime`; raises ValueError."""
    text = text.strip()
    if not text or text == "0" or text.startswith(_EMPTY) or _NO_DATE.fullmatch(text):
        return None
    moment = _from_iso(text) or _from_words(text) or _from_rfc2822(text) or _from_dateparser(text)
    if moment is None:
        raise ValueError("unknown form")
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"the year {moment.year} is out of range")
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(23, 59, 59) if end_of_day else time())
    return moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone))


def is_bare_date(text: str) -> bool:
    """Whether the text names a day and no time."""
    return not isinstance(_from_iso(text.strip()) or _from_words(text.strip()), datetime | None)


def unix_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _from_iso(text: str) -> datetime | date | None:
    """Raises ValueError for what has the shape of ISO and names a day that does not exist."""
    if not (text[:4].isdigit() and len(text) >= 8):
        return None
    if _UNIX.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    text = _ZONE_NAME.sub(lambda match: "T" if match[1] else "", text)
    if text[10:16] in ("T24:00", " 24:00"):  # ISO 8601: the end of that day
        return datetime.fromisoformat(f"{text[:10]}T00{text[13:]}") + timedelta(days=1, seconds=-1)
    if text.endswith((" UTC", " GMT", " utc")):
        return datetime.fromisoformat(text[:-4]).replace(tzinfo=UTC)
    loose = _LOOSE_ISO.match(text)
    if loose is not None:
        text = f"{loose[1]}-{loose[2]:0>2}-{loose[3]:0>2}" + (f"T{loose[4]:0>2}:{loose[5]}" if loose[4] else "")
    if len(text) == 10 or (len(text) == 8 and text.isdigit()):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text)


def _from_words(text: str) -> datetime | date | None:
    match = _DAY_FIRST.match(text) or _MONTH_FIRST.match(text) or _NUMBERS.match(text)
    if match is None:
        return None
    month = match["month"]
    day = date(int(match["year"]), int(month) if month.isdigit() else _MONTHS[month.lower()], int(match["day"]))
    if match["hour"] is None:
        return day
    return datetime.combine(day, time(int(match["hour"]), int(match["minute"])))


def _from_rfc2822(text: str) -> datetime | None:
    """`-0000` is UTC (RFC 5322, section 3.3)."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if text.endswith("-0000") else moment  # "CET", or no zone at all: local time


def _from_dateparser(text: str) -> datetime | date | None:
    """Midnight where the text tells no time is the day: "t/m 30 november 2026"."""
    if _RELATIVE.search(text) or not any(character.isdigit() for character in text) or len(text) > 80:
        return None
    import dateparser  # half a second to import, and hardly ever needed

    settings: dict[str, Any] = {
        "DATE_ORDER": "DMY",
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001  # only keeps the clock out; no relative parser is on
    }
    found: datetime | None = dateparser.parse(text, languages=["nl", "en"], settings=settings)
    return found.date() if found is not None and found.time() == time() and not _TIME.search(text) else found
