"""One iCalendar file as a collection: every event of it, identified by (`UID`, `RECURRENCE-ID`).

The file is all there is: a recurring event is one record with its rule, an override of one occurrence is a record of
its own, a cancelled entry is an update. Entries have no address, so an absent one waits for a second run. Parts of a
record: `vevent` (properties as fetched), `calendar` (the file's default zone, offsets of zones that have no known name, and
which dates of a recurring event have entries of their own).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from yarl import URL

from hub.domain.records import RAW_KEPT
from hub.errors import RecordRejectedError, SourceError
from hub.sdk.formats.icalendar.parsing import CalendarText, Component, parse_calendar
from hub.sdk.formats.icalendar.times import known_zone, utc_basic
from hub.sdk.http import HttpClient, Response
from hub.sdk.record import Complete, Invalid, NotModified, RawRecord, SourceEvent

PREFIX = "ical-"
MOST_ID = 400
Key = tuple[str, str]


class CalendarFile:
    """The collection `calendar` (or another name). Native ids: `ical-{UID}`, `ical-{UID}/{RECURRENCE-ID in UTC}`."""

    def __init__(self, http: HttpClient, url: URL, *, collection: str = "calendar") -> None:
        self._http = http
        self._url = url
        self._collection = collection

    async def run(self) -> AsyncIterator[SourceEvent]:
        """Every event, then `Complete`; `NotModified` for an unchanged file. Raises SourceError."""
        response = await self._http.get(self._url, accept="text/calendar", conditional=True)
        if response.not_modified:
            yield NotModified(self._collection)
            return
        for event in self.events_of(response):
            yield event

    def events_of(self, response: Response) -> list[SourceEvent]:
        """Raises SourceError(`content_type` | `charset` | `syntax` | `duplicate`)."""
        if "html" in response.content_type:
            raise SourceError("content_type", f"{response.url} answered {response.content_type} instead of a calendar")
        calendar = parse_calendar(response.body, str(response.url), response.charset)
        chosen: dict[Key, Component] = {}
        invalid: list[SourceEvent] = []
        doubles = 0
        for component in calendar.events:
            try:
                key = self._key(component, calendar)
            except RecordRejectedError as error:
                invalid.append(self._invalid(component, error))
                continue
            # A later version beside the one that it replaces is none: the file was put together from what was sent.
            doubles += key in chosen and _sequence(component) == _sequence(chosen[key])
            if key not in chosen or _sequence(component) >= _sequence(chosen[key]):
                chosen[key] = component
        if doubles * 10 > len(calendar.events):
            raise SourceError("duplicate", f"{response.url} holds {doubles} of its {len(calendar.events)} events twice")
        overridden: dict[str, list[str]] = {}
        for uid, recurrence in sorted(chosen):
            if recurrence:
                overridden.setdefault(uid, []).append(recurrence)
        records = [self._record(key, component, calendar, overridden) for key, component in chosen.items()]
        return [*records, *invalid, Complete(self._collection, None, 1)]

    def _key(self, component: Component, calendar: CalendarText) -> Key:
        uid = component.value("UID")
        if not uid:
            raise RecordRejectedError("missing_id", "an event without UID", field="UID")
        stated = component.properties.get("RECURRENCE-ID")
        return uid, utc_basic(stated[0], "RECURRENCE-ID", facts_of(component, calendar)) if stated else ""

    def _record(self, key: Key, component: Component, calendar: CalendarText, overridden: Mapping[str, list[str]]) -> SourceEvent:
        native_id = native_id_of(*key)
        if component.error is not None or len(native_id) > MOST_ID:
            fault = RecordRejectedError("syntax", component.error or "the UID is too long", field="vevent")
            return self._invalid(component, fault, native_id[:MOST_ID])
        facts = facts_of(component, calendar)
        if not key[1] and key[0] in overridden:
            facts["overridden"] = overridden[key[0]]
        parts = {"vevent": component.properties, "calendar": facts}
        return RawRecord(native_id, parts, self._collection)

    def _invalid(self, component: Component, error: RecordRejectedError, native_id: str | None = None) -> Invalid:
        raw = "\r\n".join(component.lines).encode()[:RAW_KEPT]
        return Invalid(error.reason, raw, str(error), error.field, native_id, self._collection)


def native_id_of(uid: str, recurrence: str = "") -> str:
    name = "".join(character if character.isprintable() else "_" for character in uid)
    return f"{PREFIX}{name}/{recurrence}" if recurrence else f"{PREFIX}{name}"


def facts_of(component: Component, calendar: CalendarText) -> dict[str, Any]:
    """What an event needs of its file: the default zone, and the offsets of the zones that it names and nobody knows."""
    named = {str(one.get("params", {}).get("TZID", "")) for entries in component.properties.values() for one in entries}
    zones = {name: calendar.zones[name] for name in sorted(named) if name in calendar.zones and known_zone(name) is None}
    facts: dict[str, Any] = {"timezone": calendar.value("X-WR-TIMEZONE")}
    return {**facts, "zones": zones} if zones else facts


def _sequence(component: Component) -> tuple[int, str]:
    """The later of two versions of one event (RFC 5546 §2.1.5): by SEQUENCE, then DTSTAMP."""
    text = component.value("SEQUENCE")
    return (int(text) if text.isdigit() else 0), component.value("DTSTAMP")
