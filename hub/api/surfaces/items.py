"""Models of what surfaces list, for the OpenAPI document: bodies are put together from the log's bytes, not from these."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from hub.domain.opportunity import Opportunity
from hub.domain.posting import EnrichedPosting
from hub.matching.golden_fields import FIELDS

CONTENT = ("title", "description", *FIELDS)


class Content(EnrichedPosting):
    """What the opportunity says: the fields of its postings that are shown, each from the source that `field_origins` names.

    What no source states is absent.
    """

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core_schema))
        schema["properties"] = {name: _without_default(schema["properties"][name]) for name in CONTENT}
        return schema


def _without_default(field: JsonSchemaValue) -> JsonSchemaValue:
    return {key: one for key, one in field.items() if key != "default"}


class FeedRecord(Opportunity):
    """An opportunity of the feed, live or closed. A closed one has no content."""

    content: Content | None = None  # type: ignore[assignment]  # told, never built: the feed's bytes go out as they are


class LogItem(FeedRecord):
    """An opportunity of the feed, live or closed. A closed one has no content."""

    cursor: int = Field(description="where to go on from behind this item")


class Stub(BaseModel):
    """An item that does not match the filter: it is gone for this reader."""

    model_config = ConfigDict(extra="forbid")  # else whatever is wrong about a closed item would pass for a stub

    id: str
    state: str = Field(pattern="^closed$")
    cursor: int


Item = LogItem | Stub


class Counts(BaseModel):
    live: int
    closed: int | None = None
