"""An iCalendar file → its events as named property lines, verbatim values kept (RFC 5545 §3.1).

Only structure is read here: unfolding, `BEGIN`/`END`, parameters. No recurrence is expanded and no time zone rule is
run, so a rule of every second costs nothing. A file without its `END:VCALENDAR` is truncated and fails as a whole; a
line that is no property fails its event alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from hub.errors import SourceError
from hub.sdk.http import decode

MOST_EVENTS = 50_000
MOST_PROPERTY_LINES = 400
_FOLD = re.compile(rb"\r?\n[ \t]")
_HEAD = re.compile(r'\s*([A-Za-z0-9-]+)((?:;(?:[^":]|"[^"]*")*)?):')
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=((?:[^";]|"[^"]*")*)')

Property = dict[str, Any]
"""`{"value": …, "params": {"TZID": …}}`; `params` only where there are any."""


@dataclass
class Component:
    """A VEVENT: `lines` as fetched, its properties by name, and the first fault of its lines."""

    lines: list[str] = field(default_factory=list)
    properties: dict[str, list[Property]] = field(default_factory=dict)
    error: str | None = None

    def value(self, name: str) -> str:
        """The first value of a property, or an empty text."""
        found = self.properties.get(name)
        return str(found[0]["value"]).strip() if found else ""


@dataclass
class CalendarText:
    """The file's own properties (`X-WR-TIMEZONE`, `METHOD`), offsets of its named zones, and its events in order."""

    properties: dict[str, list[Property]] = field(default_factory=dict)
    zones: dict[str, dict[str, str]] = field(default_factory=dict)
    """TZID → `{"location": X-LIC-LOCATION, "standard": "+0100", "daylight": "+0200"}`, each where stated."""
    events: list[Component] = field(default_factory=list)

    def value(self, name: str) -> str:
        found = self.properties.get(name)
        return str(found[0]["value"]).strip() if found else ""


def parse_calendar(body: bytes, where: str, charset: str = "") -> CalendarText:
    """Raises SourceError: `content_type` for something else, `charset`, `syntax` for a truncated file, `too_large`.

    Unfolded as bytes, because a line may be folded inside a character.
    """
    try:
        text = decode(_FOLD.sub(b"", body), charset or "utf-8-sig").lstrip("\ufeff \t\r\n")
    except (LookupError, UnicodeError) as error:
        raise SourceError("charset", f"{where} does not decode: {error}") from error
    lines = re.split(r"\r\n|\n|\r", text)
    if lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise SourceError("content_type", f"{where} is not an iCalendar file; it begins with {text[:60]!r}")
    reader = _Reader()
    for line in lines:
        if line.strip():
            reader.take(line)
    if reader.depth or not reader.is_closed:
        raise SourceError("syntax", f"{where} breaks off before END:VCALENDAR")
    return reader.calendar


class _Reader:
    """One pass over unfolded lines. `stack` names the open components; only events, zones and the file itself are kept."""

    def __init__(self) -> None:
        self.calendar = CalendarText()
        self.is_closed = False
        self._stack: list[str] = []
        self._event: Component | None = None
        self._zone: dict[str, str] = {}
        self._zone_id = ""

    @property
    def depth(self) -> int:
        return len(self._stack)

    def take(self, line: str) -> None:
        upper = line.strip().upper()
        if upper.startswith("BEGIN:"):
            self._begin(upper[6:].strip())
        elif upper.startswith("END:"):
            self._end(upper[4:].strip())
        else:
            self._property(line)
        if self._event is not None:
            self._event.lines.append(line)

    def _begin(self, name: str) -> None:
        if name == "VEVENT" and self._stack == ["VCALENDAR"]:
            self._event = Component()
        self._stack.append(name)
        self.is_closed = False

    def _end(self, name: str) -> None:
        if not self._stack or self._stack[-1] != name:
            raise SourceError("syntax", f"END:{name} closes nothing that is open")
        self._stack.pop()
        if name == "VEVENT" and self._event is not None and len(self._stack) == 1:
            self._event.lines.append("END:VEVENT")
            self.calendar.events.append(self._event)
            self._event = None
            if len(self.calendar.events) > MOST_EVENTS:
                raise SourceError("too_large", f"the calendar holds more than {MOST_EVENTS} events")
        if name == "VTIMEZONE":
            self.calendar.zones[self._zone_id] = self._zone
            self._zone, self._zone_id = {}, ""
        self.is_closed = name == "VCALENDAR" and not self._stack

    def _property(self, line: str) -> None:
        inside = self._stack[1:]
        if inside == ["VEVENT"] and self._event is not None:
            self._event_property(self._event, line)
        elif "VTIMEZONE" in inside:
            self._zone_property(line)
        elif not inside:
            name, value, params = _split(line)
            if name:
                self.calendar.properties.setdefault(name, []).append(_property(value, params))

    def _event_property(self, event: Component, line: str) -> None:
        name, value, params = _split(line)
        if not name:
            event.error = event.error or f"not a property: {line[:80]!r}"
        elif len(event.lines) <= MOST_PROPERTY_LINES:
            event.properties.setdefault(name, []).append(_property(value, params))

    def _zone_property(self, line: str) -> None:
        name, value, _ = _split(line)
        if name == "TZID":
            self._zone_id = value.strip()
        elif name == "X-LIC-LOCATION":
            self._zone["location"] = value.strip()
        elif name == "TZOFFSETTO" and self._stack[-1] in ("STANDARD", "DAYLIGHT"):
            self._zone[self._stack[-1].lower()] = value.strip()


def _property(value: str, params: dict[str, str]) -> Property:
    return {"value": value, "params": params} if params else {"value": value}


def _split(line: str) -> tuple[str, str, dict[str, str]]:
    """(name, raw value, parameters); an empty name for what is no property."""
    match = _HEAD.match(line)
    if match is None:
        return "", "", {}
    params = {one[1].upper(): one[2].replace('"', "").strip() for one in _PARAMETER.finditer(match[2])}
    return match[1].upper(), line[match.end() :], params
