"""A record of Traineelink: a page's JSON-LD node, or an entry of its calendar."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, model_validator

from hub.sdk.fields import Part
from hub.sdk.formats.icalendar.payload import CalendarPart, VEvent, known_properties
from hub.sdk.formats.schema_org.payload import JsonLdNode


class PageFacts(Part):
    language: str | None = None


class Payload(Part):
    jsonld: JsonLdNode | None = None
    page: PageFacts = PageFacts()
    vevent: Annotated[VEvent, BeforeValidator(known_properties)] | None = None
    calendar: CalendarPart = CalendarPart()

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Payload:
        if (self.jsonld is None) == (self.vevent is None):
            raise ValueError("a record is either a page's item or a calendar entry")
        return self
