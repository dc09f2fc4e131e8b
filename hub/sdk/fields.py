"""Field types of payload models: lenient in form, strict in kind.

A number may come as text with either decimal mark, nothing may come as `""` or null. What is neither stays as it is, so
that pydantic rejects the record with the field's name.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from hub.sdk.money import parse_amount

Element = TypeVar("Element")


class Part(BaseModel):
    """Base of payload models: immutable, unknown fields ignored, so that only used fields count as a change."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    amount = parse_amount(text.removeprefix("-"))
    return value if amount is None else -amount if text.startswith("-") else amount


def _degrees(value: Any) -> Any:
    return (value.strip().replace(",", ".") or None) if isinstance(value, str) else value


def _text(value: Any) -> Any:
    if value is False or value in ([], {}):
        return None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _no_part(value: Any) -> Any:
    return None if value in ([], "", False) else value


def _listed(value: Any) -> Any:
    if value is None or value is False or value == "":
        return []
    return [element for element in value if element is not None] if isinstance(value, list) else [value]


def _named(value: Any) -> Any:
    """An object that stands for its name, as a newer version of an interface gives what was a text before."""
    if isinstance(value, dict):
        return next((name for key in ("name", "title", "label", "value") if isinstance(name := value.get(key), str)), None)
    return _text(value)


Number = Annotated[float | None, BeforeValidator(_number)]
"""An amount: `3600`, `"3.600"`, `"14,50"`."""
Degrees = Annotated[float | None, BeforeValidator(_degrees)]
"""A coordinate: the comma is a decimal mark, never a thousands mark."""
Word = Annotated[str | None, BeforeValidator(_text)]
"""A text that some partners write as a number (postcode, reference, pay), and PHP, for none, as `false` or `[]`."""
Name = Annotated[str | None, BeforeValidator(_named)]
"""A short text, or an object with a `name`, `title`, `label` or `value`; null where it has none."""
Maybe = Annotated[Element | None, BeforeValidator(_no_part)]
"""An object that may be absent, which PHP writes as `[]`, others as `""` or `false`."""
Listed = Annotated[list[Element], BeforeValidator(_listed)]
"""A list that may be null or `""`, as may an element be null; what came through XML is bare where it is the only one."""
