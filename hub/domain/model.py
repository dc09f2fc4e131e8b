"""Base of all wire models: immutable values; unknown fields of a newer writer are ignored by an older reader."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    # A validation's message names the field and the rule, never the value: it may be somebody's name, and end in a log.
    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_timedelta="iso8601", ser_json_inf_nan="null", hide_input_in_errors=True
    )

    def to_bytes(self) -> bytes:
        """UTF-8 JSON without nulls; field order is the class's, so equal values are equal bytes."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)
