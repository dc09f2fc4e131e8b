"""Short statements in a source's own fields → canonical values: experience, hours a week, texts of one language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from hub.domain.posting import Description, Event, Experience, Hours, Lang, RichText, Status, Text, Title
from hub.sdk.money import in_order

WEEK = 168
LONGEST_TERM, MOST_WORDS = 60, 6
_SAYS = re.compile(
    r"[.!?:]\s|\b(?:je|jij|jouw|u|uw|wij|we|ons|onze|bent|hebt|heeft|kunt|beschikt|you|your|our|have|has|are|is|can|will)\b",
    re.I,
)
"""Words by which somebody is spoken to or of."""
_YEARS = re.compile(
    r"(\d+(?:[.,]\d+)?)(?:\s*(?:-|–|to|tot|à)\s*(\d+(?:[.,]\d+)?))?\s*\+?\s*(years?|yrs?|jaar|jaren|months?|maand(?:en)?)", re.I
)
_NO_EXPERIENCE = re.compile(r"no (?:experience|requirements)|geen (?:werk)?ervaring|entry[\s-]?level|starter", re.I)
_TOOL = r"(?:ms |microsoft )?(?:teams|zoom|google meet|webex)\b[\w -]*+"
_ONLINE = re.compile(
    r"(?:(?:live )?(?:online|digitaal|virtu(?:e+l|al)|webinar)"
    r"(?: (?:webinar|event|evenement|sessie|session|meeting|bijeenkomst))?\b"
    rf"\W*+(?:(?:(?:via|in|on|op) )?{_TOOL})?|(?:via |in )?{_TOOL})"
    r"(?:\W*+(?:online|link[\w ]*+))?\W*+\Z",
    re.I,
)
_CALLED = r"((?:ge)?annuleerd|gecancell?ed|gecanceld|cancell?ed|afgelast|gaat niet door|uitgesteld|postponed)"
_SET_APART = r"\W*{0}\s*(?:[\]!:|)*–—-]|\Z)|.*[\[(|*!–—-]\s*{0}\W*\Z"
"""At either end of a title, and set apart: "AFGELAST: meet-up", "Meet-up (geannuleerd)"."""
_CALLED_OFF = re.compile(_SET_APART.format(_CALLED), re.I)
_FILLED = re.compile(_SET_APART.format("(?:(?:vacature |functie )?vervuld|(?:position |vacancy )?filled)"), re.I)
_NO_HOURS = re.compile(r"%|\d:\d\d|\d\s*[ap]m\b|(?:per|a|/|p\.?)\s*(?:dag|day|maand|month|jaar|year)\b", re.I)
_FTE = re.compile(r"(?:\d+(?:[.,]\d+)?\s*(?:-|–|to|tot)\s*)?\d+(?:[.,]\d+)?\s*fte|fte\s*:?\s*\d+(?:[.,]\d+)?|fte", re.I)
_COUNT = r"\d{1,3}(?:[.,]\d(?!\d))?(?!\d|\s*(?:dagen|days|weken|weeks|jaar|years?|maanden|months)\b)"
_JOINED = r"\s*(?:u|uur|uren|h|hours)?\s*(?:,?\s*max(?:imaal\b|\.)|-|–|/|,|to\b|tot\b|t/m|of\b|or\b|en\b|and\b)\s*"
_HOURS = re.compile(rf"{_COUNT}(?:{_JOINED}{_COUNT})*", re.I)
_AT_LEAST = re.compile(r"\b(?:min(?:imaal|imum)?|minstens|ten minste|vanaf|from|at least)\b", re.I)
_AT_MOST = re.compile(r"\b(?:max(?:imaal|imum)?|hooguit|tot|up to|at most)\b", re.I)


@lru_cache(maxsize=1024)
def experience_of(stated: str) -> Experience | None:
    """ "1-3 years", "2 jaar", "no experience required" → months."""
    match = _YEARS.search(stated)
    if match is None:
        return Experience(min_months=0) if _NO_EXPERIENCE.search(stated) else None
    factor = 1 if match[3].lower().startswith("m") else 12
    lowest = round(float(match[1].replace(",", ".")) * factor)
    highest = round(float(match[2].replace(",", ".")) * factor) if match[2] else None
    return Experience(min_months=lowest, max_months=highest)


@lru_cache(maxsize=1024)
def hours_of(stated: str) -> Hours | None:
    """ "32-40 hours", "32, 36 of 40 uur", "1,0 fte (36 uur)" → hours a week, of "minimaal 24" one bound; nothing for shares of a
    job, times of the day, and hours of another period."""
    text = _FTE.sub(" ", stated)
    match = _HOURS.search(text)
    if match is None or _NO_HOURS.search(text):
        return None
    found = [float(number.replace(",", ".")) for number in re.findall(_COUNT, match[0])]
    lowest, highest = min(found), max(found)
    if found != sorted(found) or not 0 < lowest <= highest <= WEEK:
        return None
    if len(found) == 1 and _AT_LEAST.search(text) and not _AT_MOST.search(text):
        return Hours(min=lowest)
    if len(found) == 1 and _AT_MOST.search(text) and not _AT_LEAST.search(text):
        return Hours(max=highest)
    return Hours(min=lowest, max=highest)


def hours_between(first: float | None, second: float | None) -> Hours | None:
    """Hours a week of two fields in either order; 0 is what platforms write for none."""
    low, high = in_order(first or None, second or None)
    return Hours(min=low, max=high) if low is not None or high is not None else None


def skills_of(stated: Iterable[str]) -> list[str]:
    """The terms among what a source lists as skills. Sentences are left out: they are part of the description, and one
    among the pieces says that a text was cut at its commas."""
    pieces = [piece.strip(" .-–•*") for piece in stated]
    return [] if any(map(_is_prose, pieces)) else list(dict.fromkeys(filter(None, pieces)))


def _is_prose(piece: str) -> bool:
    return len(piece) > LONGEST_TERM or len(piece.split()) > MOST_WORDS or _SAYS.search(piece) is not None


def is_online_place(stated: str) -> bool:
    """Whether the text where a place is expected names none: "Online", "Online via Teams", Outlook's
    "Microsoft Teams-vergadering"."""
    return _ONLINE.match(stated.strip()) is not None


def told_by_title(event: Event, title: str) -> tuple[Event, dict[str, str]]:
    """The event, cancelled or postponed where its title says so and nothing else does, with `event.status` → rule.

    Editors change the title, and leave the field for it, if they have one, as it was.
    """
    match = _CALLED_OFF.match(title) if event.status == "scheduled" else None
    if match is None:
        return event, {}
    word = (match[1] or match[2]).lower()
    status = "postponed" if word in ("uitgesteld", "postponed") else "cancelled"
    return event.model_copy(update={"status": status}), {"event.status": "title"}


def filled_by_title(status: Status, title: str) -> tuple[Status, dict[str, str]]:
    """`filled` for an open vacancy whose title says so ("Kok (vervuld)"), with `status` → rule."""
    if status is not Status.ACTIVE or not _FILLED.match(title):
        return status, {}
    return Status.FILLED, {"status": "title"}


def title_in(lang: Lang, text: str) -> Title:
    return Title(nl=Text(text=text)) if lang == "nl" else Title(en=Text(text=text))


def description_in(lang: Lang, html: str) -> Description:
    """A description of one language, its plain text left to canonicalise; nothing for an empty one."""
    if not html.strip():
        return Description()
    rich = RichText(html=html)
    return Description(nl=rich) if lang == "nl" else Description(en=rich)
