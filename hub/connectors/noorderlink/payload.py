"""Noorderlink's list item, leniently: any field may be absent or null, a wrong type rejects the record by its name.

Numbers may come as text ("53,21", "3.100"); an empty text is no value. Raw parts: `{"item": {…}}`.
"""

from __future__ import annotations

from pydantic import Field

from hub.sdk.fields import Degrees, Listed, Maybe, Number, Part, Word


class Named(Part):
    name: str | None = None


class TextBlock(Part):
    text: str | None = None


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
    text_blocks: Listed[TextBlock] = []
    organisation: Maybe[ItemOrganisation] = None
    locality: str | None = None
    province: str | None = None
    zipcode: Word = None
    lat: Degrees = None
    lng: Degrees = None
    salary: Maybe[ItemSalary] = None
    employments: Listed[Named] = []
    functions: Listed[Named] = []
    workfields: Listed[Named] = []
    educations: Listed[Named] = []
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
