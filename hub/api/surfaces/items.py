"""Models of what surfaces list, for the OpenAPI document: bodies are put together from the log's bytes, not from these."""

from __future__ import annotations

from pydantic import BaseModel, Field

from hub.domain.opportunity import Opportunity


class LogItem(Opportunity):
    """An opportunity of the feed, live or closed."""

    cursor: int = Field(description="where to go on from behind this item")


class Stub(BaseModel):
    """An item that does not match the filter: it is gone for this reader."""

    id: str
    state: str = Field(pattern="^closed$")
    cursor: int


Item = LogItem | Stub


class Counts(BaseModel):
    live: int
    closed: int | None = None
