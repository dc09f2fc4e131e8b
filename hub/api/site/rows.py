"""A row of a list: what a person needs to decide whether to open an opportunity. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from hub.api.site.rendering import Here
from hub.api.site.speech import SPEECH, Speech
from hub.api.site.words import EVENT_STATES, KINDS, TONGUES
from hub.domain.posting import Lang
from hub.domain.zone import REGION_ZONE
from hub.feed import reading
from hub.feed.reading import Part

SHOWN_PLACES = 3
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Row:
    """`lang`: of the title, where it is not the page's own; `tongue`: its name; `day`: ISO, for machines."""

    address: str
    title: str
    lang: Lang | None
    tongue: str
    kind: str
    organisation: str
    places: str
    when: str
    day: str
    sources: str
    """Each in the words that it asks for."""


def to_row(record: bytes, here: Here, names: Mapping[str, str]) -> Row:
    """`names`: source → what it is called."""
    tree = orjson.loads(record)
    speech, content = SPEECH[here.language], reading.content_of(tree)
    title, lang, tongue = title_of(content, speech)
    when, day = _when(content, speech)
    return Row(
        address=here.to(f"/opportunities/{reading.word_of(tree, 'id')}"),
        title=title,
        lang=lang,
        tongue=tongue,
        kind=speech.say(KINDS.get(reading.word_of(tree, "kind"), reading.word_of(tree, "kind"))),
        organisation=reading.organisation_of(content),
        places=places(content, speech),
        when=when,
        day=day,
        sources="; ".join(credits_of(tree, names)),
    )


def title_of(content: Part, speech: Speech) -> tuple[str, Lang | None, str]:
    """Title, its language where it is another one than the page's, and what that is called."""
    lang = reading.title_language(content, speech.language)
    if lang is None:
        return speech.say("Without a title"), None, ""
    other = lang if lang != speech.language else None
    return reading.title_of(content, speech.language), other, speech.say(TONGUES[lang]) if other else ""


def places(content: Part, speech: Speech) -> str:
    """The first few, and how many more."""
    found = reading.places_of(content)
    if len(found) <= SHOWN_PLACES:
        return speech.join(found)
    more = len(found) - SHOWN_PLACES
    return ", ".join(found[:SHOWN_PLACES]) + " " + speech.say_many("and %(number)s more", "and %(number)s more", more)


def credits_of(tree: Part, names: Mapping[str, str]) -> list[str]:
    """The words that each source asks for, else what it is called."""
    found = [
        reading.word_of(source, "attribution") or names.get(name := reading.word_of(source, "source"), name)
        for source in reading.parts_of(tree, "sources")
    ]
    return list(dict.fromkeys(filter(None, found)))


def closing_of(content: Part) -> date | datetime | None:
    """The last day to react, as far as anybody states one."""
    stated = (
        content.get("valid_through"),
        reading.part_of(content, "traineeship").get("intake_deadline"),
        reading.part_of(content, "apply").get("deadline"),
    )
    return next(filter(None, map(day_of, stated)), None)


def day_of(stated: object) -> date | datetime | None:
    """A day as such keeps its number in every time zone; a moment is a moment. None for what is no date of our times."""
    if isinstance(stated, str) and len(stated) == 10:
        try:
            day = date.fromisoformat(stated)
        except ValueError:
            return None
        return day if day.year in YEARS else None
    return moment_of(stated)


def moment_of(stated: object) -> datetime | None:
    """None for what is no moment of our times: at the calendar's ends no other time zone has a date."""
    moment = reading.moment_of(stated)
    return moment if moment is not None and moment.year in YEARS else None


def _when(content: Part, speech: Speech) -> tuple[str, str]:
    """What happens when, and the same for machines."""
    event = reading.event_of(content)
    if (start := moment_of(event.get("start"))) is not None:
        state = EVENT_STATES.get(str(event.get("status")))
        when = speech.short_day(start) if event.get("all_day") else f"{speech.short_day(start)}, {speech.time(start)}"
        return (f"{speech.say(state)}: {when}" if state else when), _machine_day(start)
    closing = closing_of(content)
    if closing is None:
        return "", ""
    return speech.say("closes %(day)s", day=speech.short_day(closing)), _machine_day(closing)


def _machine_day(value: date | datetime) -> str:
    """The day that people are told: that of a moment is the one at home."""
    return (value.astimezone(REGION_ZONE).date() if isinstance(value, datetime) else value).isoformat()
