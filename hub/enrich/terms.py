"""Hours a week, months of experience and the place of work, from the text, where the source has no field for them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from hub.domain.posting import Experience, Hours
from hub.enrich.meaning import cannot_go_without
from hub.enrich.reading import Reading, needles

Workplace = Literal["onsite", "hybrid", "remote"]

_HOUR_NEEDLES = needles("uur", "hour", "uren", "hrs")
_EXPERIENCE_NEEDLES = needles("ervaring", "experience")
_WORKPLACE_NEEDLES = needles("remote", "thuis", "hybrid", "home", "vanuit", "afstand", "anywhere")

_N_HOURS = r"(\d{1,2}(?:[.,]\d{1,2})?)"
_HOURS = re.compile(
    r"(?<!binnen )(?<!within )(?<![\d:.,€])" + _N_HOURS + r"\s*(?:uur|hours?|u)?"
    r"\s*(?:-|tot(?: en met)?|t/m|à|to|of|or|en|and|/|,(?=\s*max))\s*(?:maximaal |max\.? ?)?" + _N_HOURS + r"\s*"
    r"(?:uur|uren|hours?|hrs?|u\b|h\b)(?!\s*(?:per (?:dag|maand|day|month)|'s|s?nachts))"
)
_ONE_NUMBER = re.compile(
    r"(?<![\d:.,€-])" + _N_HOURS + r"[\s-]*(?:uur|uren|hours?|hrs?|u(?=\s*p))\s*(?:per week|/\s?week|p\.?/?w\.?\b|a week"
    r"|in de week|weekly|contract|(?:working |work )?week|werkweek|aanstelling)"
    r"|\b(?:fulltime|full-time|parttime|part-time)[\s(:,-]{1,3}(\d{1,2})\s*(?:uur|hours?)\b"
    r"|(?:\bfte|\bdag(?:en)?|\bdays?|full-?time|part-?time)\b[^.;(]{0,14}\(" + _N_HOURS + r"\s*(?:uur|hours?|u)\b"
    r"|(?<![\d:.,€-])(\d{2})[\s-]?urige (?:werk)?week"
)
_WORKING_WEEK = re.compile(
    r"\b(?:werkweek|working week|work week|dienstverband|aanstelling|contract|appointment) (?:van|of|voor"
    r"|for) (\d{1,2})(?:[.,]\d)?\s*(?:uur|hours?)\b"
)
_LABELLED = re.compile(
    r"\b(?:(?:(?:aantal|contract|werk|working|weekly)[\s-]?)?(?:uren|uur|hours)|omvang|arbeidsduur|dienstverband)"
    r"(?P<label>\s*(?:(?:per|a) week|p\.?/?w\.?|/\s?week))?\s*:"
    r"\s*(?P<low>\d{1,2}(?:[.,]\d{1,2})?)(?:\s*(?:-|tot|t/m|to|à)\s*(?P<high>\d{1,2}(?:[.,]\d{1,2})?))?(?![\d:])"
    r"(?P<unit>\s*(?:uur|hours)?\s*(?:(?:per|a) week|p\.?/?w\b|/\s?week))?"
)
_LEAST_UNLABELLED = 12
"""`Working hours: 9-17` are those of a clock."""
_TITLE_HOURS = re.compile(r"(?<![\d:.,€-])(\d{1,2})\s*(?:uur|hours?|u)\b")
_ASIDE = re.compile(
    r"begeleid|training|studietijd|scholing|ontwikkel|\bstudy|development|\bcoach|supervis|bereikbaar|\bmentor|\bbuddy|helpt je"
)
"""What the few hours of a sentence may be for, if not for the job."""
_OF_THE_PLACE = re.compile(r"\b(?:draait|runs|geopend|is open|are open|open is)\b")
"""Whose hours are those of a line or a shop."""
_ABOUT_A_WEEK = re.compile(
    r"per week|/\s?week|p\.?w\b|a week|weekly|contract|dienstverband|aanstelling|beschikbaar|available|werkweek|omvang|fte|uren"
)
_CLOCK = re.compile(r"\b(?:van|from|tussen|between|om|at)\s+\d{1,2}\s*(?:uur)?\s*(?:-|tot|to|en)\s*\d{1,2}\s*(?:uur)|\d:\d{2}")

_NUMBERS = {
    **{"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "tien": 10},
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10, "enkele": 2, "some": 2},
}
_N = rf"(\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(jaar|jaren|years?|yrs?|maanden|months)"
_FILL = r"(?:(?!geen\b|no\b|zonder\b|without\b)[\w/'-]+\s+){0,6}?"
_YEARS = re.compile(
    rf"\b{_N}\s*(?:\+|plus)?\s*(?:(?:-|tot|à|to|of|or|/)\s*{_N})?\s*(?:\+|plus)?\s*{_UNIT}'?s?\s*(?:\(?\s*(?:of|aan|van"
    rf"|relevant\w*|werk)\s+)?{_FILL}"
    rf"(?:werk)?(?:ervaring|experience|werkervaring)"
)
_YEARS_AFTER = re.compile(
    rf"\b(?:ervaring|experience)\b(?:\s+[\w-]+){{0,4}}?\s*(?:van|of|:|\()\s*(?:minimaal|minstens|ten minste|at least|circa"
    rf"|ongeveer|min\.?|about)?\s*{_N}\s*(?:\+)?\s*"
    rf"(?:(?:-|tot|à|to|of|or)\s*{_N})?\s*{_UNIT}"
)
_HALF = re.compile(
    r"\b(?:(?P<more>anderhalf jaar|(?:one and a half|1[.,]5) years?|a year and a half)|(?:een )?half ?jaar|half a year)\b"
)
_NO_EXPERIENCE = re.compile(
    r"\b(?:geen|zonder)\s+(?:\w+\s+)?(?:werk)?ervaring\b(?!\s+met)|\b(?:werk)?ervaring\b[^.;,]{0,25}\b(?:niet"
    r"|geen)\b[^.;,]{0,18}\b(?:nodig|vereist\w*|verplicht|noodzakelijk|must)"
    r"|\bno (?:\w+ )?(?:work )?experience\b(?! with)|\bexperience\b[^.;,]{0,15}\b(?:not|n't)\b[^.;,]{0,10}\b(?:required"
    r"|needed|necessary|a must)|\bwithout (?:any )?experience\b"
)
_BOAST = re.compile(
    r"\b(?:wij|we|ons|onze|our|us|bedrijf|company|organisatie|heeft|has|al ruim|al meer dan|with over|met ruim|met meer dan|team"
    r"|collega'?s|colleagues|vakmensen|specialisten)\b"
)
_ASKED = re.compile(
    r"\b(?:je|jij|jouw|you|your|u|minimaal|minimum|minstens|ten minste|tenminste|at least|min|vereist|required|requires"
    r"|vragen|ask|zoeken|looking|beschikt|beschik|functie-?eis\w*|kandida\w*|candidates?|sollicitant|maximaal|max)\b"
)
_COLLEAGUES = re.compile(
    r"\b(?:collega'?s|colleagues|team|bedrijf|company|specialisten|specialists|vakmensen)"
    r"\b(?: \w+){0,3}? (?:met|with)(?: \w+){0,2}\s*$"
)
_GAINED = re.compile(
    r"\b(?:ervaring|experience)\b[^.;]{0,15}\b(?:opdoe\w*|op te doen|doet|op)\s*(?:$|[.,])|\bgain\w* (?:\w+ ){0,3}experience"
    r"|\b(?:ervaring|experience) op(?:doe\w*| te doen| bij| in)\b"
)
"""Experience that the work gives."""
_AT_MOST = re.compile(
    r"\b(?:maximaal|max\.?|maximum|hooguit|ten hoogste|up to|at most|no more than|less than|minder dan|tot)\s*$"
)

_NOT_REMOTE = re.compile(
    r"(?:thuiswerken|thuis werken|remote(?: work\w*)?|werken op afstand|working from home"
    r"|work from home)[^.;]{0,30}\b(?:niet|not|geen|n't)\b[^.;]{0,20}"
    r"(?:mogelijk|possible|toegestaan|allowed|optie|option)|\b(?:geen|no)\s+(?:remote|thuiswerk\w*|work(?:ing)? from home"
    r"|hybrid\w*)|\bnot (?:a )?remote|niet (?:thuis|op afstand) werken"
)
_REMOTE = re.compile(
    r"\b(?:volledig|100\s?%|geheel|fully|completely|full)[- ](?:remote|thuis|op afstand|vanuit huis|from home)"
    r"|\bremote[- ](?:first|only|functie|position|job|role|vacature)"
    r"|\bthuiswerkfunctie|\bwork from anywhere|\b100\s?% (?:thuis|remote)|\bremote \(nl\)|\bworldwide remote"
)
_HYBRID = re.compile(
    r"\bhybri(?:de|d)\b(?! (?:cloud|it\b|infra\w*|auto\w*|voertuig\w*|vehicles?|electric|elektri\w*|onderwijs|leren|learning"
    r"|warmte\w*|heat|aandrijv\w*|solutions?|oplossing\w*|apps?\b))"
    r"|\b(?:deels|gedeeltelijk|partly|partially|\d dag(?:en)?|\d days?|een deel"
    r"|paar dagen)\s*(?:\S+\s+){0,2}?(?:vanuit huis|thuis\w*|from home|remote\w*|op afstand)"
    r"|\bthuis\s?werken\b|\bwork(?:ing)? (?:partly |partially )?from home\b|\bthuiswerk(?:dag\w*|mogelijkheid|mogelijkheden"
    r"|beleid)|\bdeels op kantoor|\bwerken (?:op afstand|vanuit huis)|\bremote work\w*"
)


def find_hours(reading: Reading) -> Hours | None:
    """Smallest and greatest number of hours a week; clock times and salary bases are none."""
    sentences = reading.sentences_with(_HOUR_NEEDLES)
    if not sentences:
        return None
    for match in _HOURS.finditer(reading.title_lower):
        if (found := _hours(match.group(1), match.group(2))) is not None:
            return found
    for sentence in sentences:
        if (found := _hours_of(sentence[:400])) is not None:
            return found
    single = _TITLE_HOURS.search(reading.title_lower)
    return _hours(single.group(1), single.group(1)) if single else None


@lru_cache(maxsize=1024)
def _hours_of(sentence: str) -> Hours | None:
    if (match := _LABELLED.search(sentence)) and (
        match["label"] or match["unit"] or float(match["low"].replace(",", ".")) >= _LEAST_UNLABELLED
    ):
        return _hours(match["low"], match["high"] or match["low"])
    match = _HOURS.search(sentence)
    if (
        match
        and not _OF_THE_PLACE.search(sentence)
        and (_ABOUT_A_WEEK.search(sentence) or (len(sentence) < 40 and not _CLOCK.search(sentence)))
    ):
        return _hours(match.group(1), match.group(2))
    match = _ONE_NUMBER.search(sentence) or _WORKING_WEEK.search(sentence)
    if match and not re.search(r"bruto|gross|salar|schaal|scale|€|o\.b\.v|op basis van|based on", sentence):
        hours = match.group(match.lastindex or 1)
        is_another = (float(hours.replace(",", ".")) <= 9 and _ASIDE.search(sentence)) or _OF_THE_PLACE.search(sentence)
        return None if is_another else _hours(hours, hours)
    return None


def _hours(low: str, high: str) -> Hours | None:
    first, last = float(low.replace(",", ".")), float(high.replace(",", "."))
    return Hours(min=first, max=last) if 2 <= first <= last <= 60 else None


def find_experience(reading: Reading) -> tuple[Experience | None, str]:
    """Months of experience that the ad asks for, and the words that say so."""
    nothing: tuple[Experience | None, str] = (None, "")
    for sentence in reading.sentences_with(_EXPERIENCE_NEEDLES):
        found = _experience_of(sentence[:400])
        if found[0] is not None and (found[0].min_months or found[0].max_months):
            return found
        nothing = nothing if nothing[0] or found[0] is None else found
    return nothing


@lru_cache(maxsize=8192)
def _experience_of(sentence: str) -> tuple[Experience | None, str]:
    if "hal" in sentence:
        sentence = _HALF.sub(lambda half: "18 maanden" if half["more"] else "6 maanden", sentence)
    match = _YEARS.search(sentence) or _YEARS_AFTER.search(sentence)
    if match is None:
        none_needed = _NO_EXPERIENCE.search(sentence)
        is_free = none_needed is not None and not cannot_go_without(sentence)
        return (Experience(min_months=0), none_needed.group()) if none_needed and is_free else (None, "")
    before = sentence[max(0, match.start() - 80) : match.start()]
    if (_BOAST.search(before) and not _ASKED.search(before)) or _COLLEAGUES.search(before) or _GAINED.search(sentence):
        return None, ""
    first, last, unit = match.group(1), match.group(2), match.group(3)
    factor = 1 if unit.startswith("m") else 12
    low, high = _count(first) * factor, _count(last) * factor if last else None
    if low > 180 or (high is not None and high < low):
        return None, ""
    if high is None and _AT_MOST.search(before):
        return Experience(min_months=0, max_months=low), match.group()
    return Experience(min_months=low, max_months=high), match.group()


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text]


def find_workplace(reading: Reading) -> tuple[Workplace | None, str]:
    """Remote, hybrid or onsite where the ad says so, and the words."""
    sentences = reading.sentences_with(_WORKPLACE_NEEDLES)
    rules: tuple[tuple[re.Pattern[str], Workplace], ...] = ((_NOT_REMOTE, "onsite"), (_REMOTE, "remote"), (_HYBRID, "hybrid"))
    for pattern, workplace in rules:
        for sentence in sentences:
            if match := pattern.search(sentence):
                return workplace, match.group()
    return None, ""
