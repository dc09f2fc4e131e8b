"""Traineelink → Posting. A job here is a traineeship unless its title says otherwise."""

from __future__ import annotations

from hub.connectors.traineelink.payload import Payload
from hub.domain.posting import Kind, Posting
from hub.sdk import MappingContext, RecordRejectedError
from hub.sdk.formats.icalendar import vevent_to_posting
from hub.sdk.formats.schema_org.node import node_to_posting


def to_posting(payload: Payload, context: MappingContext) -> Posting:
    if payload.vevent is not None:
        return vevent_to_posting(payload.vevent, payload.calendar, context)
    if payload.jsonld is None:
        raise RecordRejectedError("missing_field", "neither markup nor a calendar entry", field="jsonld")
    return node_to_posting(payload.jsonld, context, kind=Kind.TRAINEESHIP, page_language=payload.page.language)
