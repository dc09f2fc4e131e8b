"""Base of all wire models: immutable values; unknown fields of a newer writer are ignored by an older reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Lang = Literal["nl", "en"]


def empty(kind: Callable[[], Any]) -> Any:
    """The default of a field that is an empty list or dict. Written as `[]`, pydantic would deep-copy it for every value."""
    return Field(default_factory=kind, json_schema_extra={"default": kind()})


class Model(BaseModel):
    # A validation's message names the field and the rule, never the value: it may be somebody's name, and end in a log.
    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_timedelta="iso8601", ser_json_inf_nan="null", hide_input_in_errors=True
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's, whose way through the copy protocol takes four times as long; every posting is copied thrice."""
        if deep or self.__pydantic_extra__ or self.__pydantic_private__:
            return super().model_copy(update=update, deep=deep)
        changes = dict(update or ())
        copied = object.__new__(type(self))
        object.__setattr__(copied, "__dict__", self.__dict__ | changes)
        object.__setattr__(copied, "__pydantic_fields_set__", self.__pydantic_fields_set__ | changes.keys())
        object.__setattr__(copied, "__pydantic_extra__", None)
        object.__setattr__(copied, "__pydantic_private__", None)
        return copied

    def to_bytes(self) -> bytes:
        """UTF-8 JSON without nulls; field order is the class's, so equal values are equal bytes."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)
