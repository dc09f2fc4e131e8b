"""Why several postings are shown as one, and where their sources disagree: the record's own joins and alternatives in
words. Pure.

Bits are log2 odds, so 10 bits are about a thousand to one; a reader gets the odds, and the bits beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.api.site import values
from hub.api.site.speech import Speech, mark
from hub.domain.keys import source_of
from hub.feed import reading
from hub.feed.reading import Part

_CERTAIN_BITS = 40
"""More than a million million to one: a figure would claim more than it knows."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place where an opportunity stands."""

    key: str
    name: str
    url: str | None
    since: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Told:
    """A join in words: who with whom, why, and how sure."""

    pair: str
    why: str
    sure: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    field: str
    shown: str
    others: tuple[tuple[str, str], ...]
    """(value, who states it)"""


_FIELDS: dict[str, tuple[str, Callable[[Speech, Any], str]]] = {
    "title.nl.text": (mark("Title (Dutch)"), lambda _, value: _text(value)),
    "title.en.text": (mark("Title (English)"), lambda _, value: _text(value)),
    "organisation.name": (mark("Organisation"), lambda _, value: _text(value)),
    "locations": (mark("Place"), values.say_places),
    "salary": (mark("Pay"), lambda speech, value: values.say_pay(speech, _part(value))),
    "hours": (mark("Hours"), lambda speech, value: values.say_hours(speech, _part(value))),
    "education_levels": (mark("Education"), values.say_education),
    "contract": (mark("Contract"), values.say_contract),
    "valid_through": (mark("Closing date"), values.say_day),
    "apply.url": (mark("Where to apply"), lambda _, value: _text(value)),
    "event.start": (mark("When"), lambda speech, value: values.say_event_time(speech, {"start": value})),
    "event.venue.name": (mark("Where"), lambda _, value: _text(value)),
}


def list_sources(tree: Part, speech: Speech, names: Mapping[str, str]) -> list[Source]:
    found = []
    for row in reading.parts_of(tree, "sources"):
        url, source = row.get("url"), reading.word_of(row, "source")
        found.append(
            Source(
                key=reading.word_of(row, "source_key"),
                name=names.get(source, source),
                url=str(url) if reading.is_web(url) else None,
                since=values.say_day(speech, row.get("first_seen")),
                attribution=reading.word_of(row, "attribution"),
            )
        )
    return found


def list_joins(tree: Part, speech: Speech, names: Mapping[str, str]) -> list[Told]:
    found = []
    for row in reading.parts_of(tree, "joins"):
        first, second = (_source_of(reading.word_of(row, end), names) for end in ("first", "second"))
        pair = speech.say("%(first)s and %(last)s", first=first, last=second)
        found.append(Told(pair, *_reason(speech, row)))
    return found


def list_disagreements(tree: Part, speech: Speech, names: Mapping[str, str]) -> list[Disagreement]:
    stated = reading.part_of(tree, "alternatives")
    found = []
    for path, rows in stated.items():
        name, say = _FIELDS.get(path, (path, lambda _, value: _text(value)))
        others = tuple(_others(say, speech, rows, names))
        if others:
            shown = say(speech, _at(reading.content_of(tree), path))
            found.append(Disagreement(speech.say(name), shown or speech.say("nothing"), others))
    return found


def _others(say: Callable[[Speech, Any], str], speech: Speech, rows: Any, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for row in reading.parts_of({"rows": rows}, "rows"):
        if told := say(speech, row.get("value")):
            yield told, _source_of(reading.word_of(row, "source_key"), names)


def _reason(speech: Speech, row: Part) -> tuple[str, str]:
    by, bits = reading.word_of(row, "by"), row.get("bits")
    if by == "operator":
        return speech.say("An editor of the hub has put them together."), ""
    if by == "echo":
        return speech.say("One repeats the other: it names the other's page."), ""
    why = speech.say("They state the same: things such as employer, title, place, dates and text were compared.")
    number = values.number_of(bits)
    return why, _odds(speech, number) if number is not None else ""


def _odds(speech: Speech, bits: float) -> str:
    figure = speech.number(round(bits, 1))
    if bits >= _CERTAIN_BITS:
        return speech.say("As good as certain (%(bits)s bits).", bits=figure)
    if bits <= 0:
        return speech.say("%(bits)s bits.", bits=figure)
    odds = 2**bits
    rounded = round(odds, -max(0, len(str(int(odds))) - 2))
    return speech.say("About %(odds)s to 1 that they are one (%(bits)s bits).", odds=speech.number(int(rounded)), bits=figure)


def _source_of(key: str, names: Mapping[str, str]) -> str:
    source = source_of(key)
    return names.get(source, source)


def _at(tree: Part, path: str) -> Any:
    node: Any = tree
    for name in path.split("."):
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def _part(value: Any) -> Part:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
