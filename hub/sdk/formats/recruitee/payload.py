"""An offer as Recruitee's careers API gives it, leniently. Raw parts: `{"offer": {…}}`.

`updated_at` moves without a change of content: a connector of this format names `offer.updated_at` as volatile.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from hub.sdk.fields import Degrees, Listed, Maybe, Name, Number, Part, Word


def _flag(value: Any) -> Any:
    return False if value is None else value


def _nothing(value: Any) -> Any:
    """PHP-like exports write an empty map as `[]`; a language that nobody wrote stands there as null."""
    if value is None or value == []:
        return {}
    return {name: part for name, part in value.items() if part is not None} if isinstance(value, dict) else value


def _listed_words(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


Flag = Annotated[bool, BeforeValidator(_flag)]


class Translation(Part):
    title: str | None = None
    description: str | None = None
    requirements: str | None = None


class OfferSalary(Part):
    min: Number = None
    max: Number = None
    period: str | None = None
    currency: str | None = None


class OfferLocation(Part):
    name: str | None = None
    city: str | None = None
    street: str | None = None
    postal_code: Word = None
    state: str | None = None
    state_name: str | None = None
    country: str | None = None
    country_code: str | None = None
    lat: Degrees = None
    lng: Degrees = None


class OfferPlacement(Part):
    organisation: str | None = None
    company_name: str | None = None
    name: str | None = None
    months: Number = None
    duration_months: Number = None
    role: str | None = None

    @property
    def employer(self) -> str:
        return self.organisation or self.company_name or self.name or ""


class CustomField(Part):
    """A field that the owner of the site added: `{"name": "Duur in maanden", "value": 24}`."""

    name: str | None = None
    value: Any = None


class Offer(OfferLocation):
    id: int | str
    slug: str | None = None
    title: str = Field(min_length=1)
    status: str | None = None
    description: str | None = None
    requirements: str | None = None
    translations: Annotated[dict[str, Translation], BeforeValidator(_nothing)] = {}
    min_hours: Number = None
    max_hours: Number = None
    salary: Maybe[OfferSalary] = None
    employment_type_code: str | None = None
    education_code: str | None = None
    experience_code: str | None = None
    category_code: Name = None
    locations: Listed[OfferLocation] = []
    remote: Flag = False
    hybrid: Flag = False
    on_site: Flag = False
    careers_url: str | None = None
    careers_apply_url: str | None = None
    company_name: str | None = None
    department: Name = None
    tags: Annotated[Listed[Name], BeforeValidator(_listed_words)] = []
    reference: Word = None
    positions: int | None = Field(default=None, ge=0)
    custom_fields: Listed[CustomField] = []
    placements: Listed[OfferPlacement] = []
    created_at: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    close_at: str | None = None


class OfferPayload(Part):
    offer: Offer
