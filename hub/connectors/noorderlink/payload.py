"""Noorderlink's list item, leniently: any field may be absent or null, a wrong type rejects the record by its name.

Numbers may come as text ("53,21", "3.100"); an empty text is no value. Raw parts: `{"item": {…}}`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hub.sdk.money import parse_amount


def _number(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        amount = parse_amount(text.removeprefix("-"))
        return value if amount is None else -amount if text.startswith("-") else amount
    return value


def _degrees(value: Any) -> Any:
    return (value.strip().replace(",", ".") or None) if isinstance(value, str) else value


def _no_nulls(value: Any) -> Any:
    return [] if value is None else value


Number = Annotated[float | None, BeforeValidator(_number)]
Degrees = Annotated[float | None, BeforeValidator(_degrees)]


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Named(Part):
    name: str | None = None


class TextBlock(Part):
    text: str | None = None


Names = Annotated[list[Named], BeforeValidator(_no_nulls)]


class ItemOrganisation(Part):
    title: str | None = None
    city: str | None = None
    province: str | None = None
    lat: Degrees = None
    lng: Degrees = None


class ItemSalary(Part):
    base_salary: Number = None
    max_salary: Number = None


class Item(Part):
    id: int | str
    slug: str | None = None
    title: str = Field(min_length=1)
    text: str | None = None
    text_blocks: Annotated[list[TextBlock], BeforeValidator(_no_nulls)] = []
    organisation: ItemOrganisation | None = None
    locality: str | None = None
    province: str | None = None
    zipcode: str | None = None
    lat: Degrees = None
    lng: Degrees = None
    salary: ItemSalary | None = None
    employments: Names = []
    functions: Names = []
    workfields: Names = []
    educations: Names = []
    min_hours: Number = None
    max_hours: Number = None
    apply_method: str | None = None
    apply: str | None = None
    go_live_at: str | None = None
    first_published_at: str | None = None
    expire_at: str | None = None
    is_expired: bool | None = None


class Payload(Part):
    item: Item
