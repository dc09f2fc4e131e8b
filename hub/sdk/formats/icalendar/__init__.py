"""iCalendar (RFC 5545): `parsing` cuts a file into events, `collection` yields them, `mapping` makes postings."""

from hub.sdk.formats.icalendar.collection import CalendarFile
from hub.sdk.formats.icalendar.mapping import vevent_to_posting
from hub.sdk.formats.icalendar.payload import CalendarPart, VEvent

__all__ = ["CalendarFile", "CalendarPart", "VEvent", "vevent_to_posting"]
