"""Any item node → Posting, by its type. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.domain.posting import Kind, Lang, Posting
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.formats.schema_org.event import course_to_posting, event_to_posting
from hub.sdk.formats.schema_org.job_posting import job_posting_to_posting
from hub.sdk.formats.schema_org.jsonld import is_event, types_of


def node_to_posting(
    node: Mapping[str, Any],
    context: MappingContext,
    *,
    kind: Kind = Kind.VACANCY,
    page_language: str | None = None,
    default_language: Lang = "nl",
) -> Posting:
    """`kind`: what the platform's JobPostings are unless their titles say otherwise. Raises RecordRejectedError."""
    types = types_of(node)
    if "JobPosting" in types:
        return job_posting_to_posting(node, context, kind=kind, page_language=page_language, default_language=default_language)
    if is_event(node):
        return event_to_posting(node, context, page_language=page_language, default_language=default_language)
    if "Course" in types or "EducationalOccupationalProgram" in types:
        return course_to_posting(node, context, page_language=page_language, default_language=default_language)
    raise RecordRejectedError("wrong_type", f"no item: {', '.join(types) or 'no @type'}", field="@type")
