"""Values of a posting in words: hours, pay, places, days, an event's time. Pure; what cannot be read is left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.api.site.rows import day_of, moment_of
from hub.api.site.speech import Speech
from hub.api.site.words import CONTRACTS, EDUCATION, PERIODS
from hub.domain.zone import REGION_ZONE
from hub.feed import reading
from hub.feed.reading import Part

MOST = 1e9
_CURRENCIES = frozenset({"EUR", "USD", "GBP", "CHF", "DKK", "NOK", "SEK"})


def say_hours(speech: Speech, hours: Part) -> str:
    low, high = number_of(hours.get("min")), number_of(hours.get("max"))
    stated = _range(speech, speech.number(low) if low is not None else "", speech.number(high) if high is not None else "")
    return speech.say("%(hours)s hours a week", hours=stated) if stated else ""


def say_pay(speech: Speech, pay: Part) -> str:
    """Figures with their period, then scale and agreement; else the source's own words."""
    currency = reading.word_of(pay, "currency")
    low, high = (_amount(speech, pay.get(end), currency) for end in ("min", "max"))
    stated, period = _range(speech, low, high), reading.word_of(pay, "period")
    if stated and period in PERIODS:
        stated = speech.say(PERIODS[period], amount=stated)
        if pay.get("period_is_guess"):
            stated = speech.say("%(pay)s (the period is a guess)", pay=stated)
    scale = reading.word_of(pay, "scale")
    more = [speech.say("scale %(scale)s", scale=scale) if scale else "", reading.word_of(pay, "cao")]
    return ", ".join(filter(None, [stated, *more])) or reading.word_of(pay, "as_stated")


def say_places(speech: Speech, locations: Any) -> str:
    """Each place with its municipality where that has another name, or its street."""
    found = []
    for location in reading.parts_of({"rows": locations}, "rows"):
        place, municipality = reading.place_of(location), reading.word_of(location, "municipality_name")
        street = reading.word_of(location, "street")
        named = f"{street}, {place}" if street and place else place
        if municipality and municipality.casefold() not in named.casefold():
            named = speech.say("%(place)s (municipality of %(municipality)s)", place=named, municipality=municipality)
        found.append(named)
    return "; ".join(dict.fromkeys(filter(None, found)))


def say_codes(speech: Speech, codes: Any, names: dict[str, str]) -> str:
    known = [str(code) for code in codes] if isinstance(codes, list) else []
    return speech.join([speech.say(names[code]) if code in names else code for code in known])


def say_education(speech: Speech, levels: Any) -> str:
    return say_codes(speech, levels, EDUCATION)


def say_contract(speech: Speech, contract: Any) -> str:
    code = str(contract or "")
    return speech.say(CONTRACTS[code]) if code in CONTRACTS else code


def say_day(speech: Speech, stated: Any) -> str:
    day = day_of(stated)
    return speech.day(day) if day is not None else ""


def say_months(speech: Speech, months: Any) -> str:
    number = number_of(months)
    return speech.say_many("%(number)s month", "%(number)s months", round(number)) if number is not None else ""


def say_experience(speech: Speech, experience: Part) -> str:
    low, high = number_of(experience.get("min_months")), number_of(experience.get("max_months"))
    if not low and not high:
        return speech.say("No experience needed") if low == 0 else ""
    stated = _range(speech, speech.number(_years(low)) if low else "", speech.number(_years(high)) if high else "")
    return speech.say_many("%(years)s year", "%(years)s years", 1 if _years(high or low) == 1 else 2, years=stated)


def say_event_time(speech: Speech, event: Part) -> str:
    """Day and time where it takes place, with the zone's name where that is another one than here."""
    start, end = (moment_of(event.get(name)) for name in ("start", "end"))
    if start is None:
        return ""
    zone = _zone(reading.word_of(event, "timezone"))
    if event.get("all_day"):
        return _days(speech, start, end, zone)
    told = f"{_weekday(speech, start, zone)}, {speech.time(start, zone)}"
    if end is not None and end > start:
        is_one_day = start.astimezone(zone).date() == end.astimezone(zone).date()
        last = speech.time(end, zone) if is_one_day else f"{_weekday(speech, end, zone)}, {speech.time(end, zone)}"
        told = f"{told}\u00a0–\u00a0{last}"
    return told if zone == REGION_ZONE else f"{told} ({speech.zone(zone)})"


def say_dates(speech: Speech, event: Part) -> str:
    """When an event that recurs begins again."""
    dates = reading.part_of(event, "series").get("dates")
    found = [moment_of(stated) for stated in dates] if isinstance(dates, list) else []
    return speech.join([speech.short_day(moment) for moment in found if moment is not None])


def say_prices(speech: Speech, event: Part) -> str:
    found = []
    for price in reading.parts_of(event, "prices"):
        amount = number_of(price.get("amount"))
        stated = _amount(speech, amount, reading.word_of(price, "currency")) or reading.word_of(price, "as_stated")
        if amount == 0:
            stated = speech.say("free")
        found.append(": ".join(filter(None, [reading.word_of(price, "audience"), stated])))
    return "; ".join(filter(None, found))


def _days(speech: Speech, start: datetime, end: datetime | None, zone: ZoneInfo) -> str:
    first, last = reading.days_of(start, end, zone)
    return speech.weekday(first) if first == last else f"{speech.weekday(first)} – {speech.weekday(last)}"


def _weekday(speech: Speech, moment: datetime, zone: ZoneInfo) -> str:
    return speech.weekday(moment.astimezone(zone).date())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else REGION_ZONE
    except (ZoneInfoNotFoundError, ValueError):
        return REGION_ZONE


def _range(speech: Speech, low: str, high: str) -> str:
    if low and high:
        return low if low == high else speech.say("%(low)s to %(high)s", low=low, high=high)
    if low:
        return speech.say("from %(low)s", low=low)
    return speech.say("up to %(high)s", high=high) if high else ""


def _amount(speech: Speech, value: Any, currency: str) -> str:
    number = number_of(value)
    if number is None:
        return ""
    return (
        speech.money(number, currency or "EUR") if (currency or "EUR") in _CURRENCIES else f"{speech.number(number)} {currency}"
    )


def number_of(value: Any) -> float | None:
    """A number that a person would write; None for everything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < MOST else None


def _years(months: float | None) -> float:
    return round((months or 0) / 12, 1)
