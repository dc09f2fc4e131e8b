"""Noorderlink's item → Posting.

What the board leaves open is filled by rules that leave their mark in `field_origins`: the salary's period (by
the amount: under 100 an hour), the place (the organisation's, when the vacancy names none), the workplace (only in the text).
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Literal

from hub.connectors.noorderlink.payload import Item, Named, Payload
from hub.domain.posting import (
    Apply,
    Description,
    Location,
    Organisation,
    Posting,
    RichText,
    Salary,
    Status,
    Text,
    Title,
)
from hub.sdk import MappingContext, RecordRejectedError
from hub.sdk.dates import to_datetime
from hub.sdk.formats.addresses import to_email, to_web_address
from hub.sdk.formats.words import hours_between
from hub.sdk.html import looks_like_html, paragraphs, to_line
from hub.sdk.language import language_of
from hub.sdk.money import in_order, with_period
from hub.sdk.vocabulary import contract_of, education_levels, employment_types, eqf_of, kind_of

LANGUAGE_SAMPLE = 400
_ANYWHERE = ("thuis", "remote", "hybrid", "op afstand", "from home")
_AROUND = 40
_NOT_REMOTE = re.compile(
    r"\b(?:geen|niet|not|no)\s+(?:\w+\s+){0,2}(?:thuis|remote|hybrid|op afstand|work(?:ing)? from home)"
    r"|(?:thuis|remote|hybrid|afstand|from home)\w*\s+(?:werken\s+)?(?:is\s+)?(?:niet|not)\b"
)
_REMOTE = re.compile(r"(?:volledig|geheel|100\s?%|fully|full)[\s-]+(?:remote|thuis|op afstand|from home)|remote[- ]first")

_name = lru_cache(maxsize=4096)(to_line)
"""Names repeat over the whole list; titles do not."""


def to_posting(payload: Payload, context: MappingContext) -> Posting:
    item = payload.item
    title = to_line(item.title)
    if not title:
        raise RecordRejectedError("missing_field", "the title is empty", field="item.title")
    html = _html(item)
    origins: dict[str, str] = {}
    lang = language_of(html[:LANGUAGE_SAMPLE] or title, default="nl")
    functions, employments, educations = _names(item.functions), _names(item.employments), _names(item.educations)
    levels = education_levels(educations)
    text, body = Text(text=title), RichText(html=html) if html else None
    return Posting(
        kind=kind_of(title, (*functions, *employments)),
        status=Status.EXPIRED if item.is_expired else Status.ACTIVE,
        status_reason="is_expired" if item.is_expired else None,
        title=Title(en=text) if lang == "en" else Title(nl=text),
        description=Description(en=body) if lang == "en" else Description(nl=body),
        ad_language=lang,
        organisation=_organisation(item),
        locations=_locations(item, origins),
        workplace=_workplace(html, origins),
        employment_types=list(employment_types(employments)),
        contract=contract_of(employments),
        hours=hours_between(item.min_hours, item.max_hours),
        salary=_salary(item, origins),
        education_levels=list(levels),
        eqf_min=eqf_of(levels),
        functions=list(dict.fromkeys((*functions, *_names(item.workfields)))),
        apply=_apply(item, context),
        date_posted=_date_posted(item, origins),
        valid_through=to_datetime(item.expire_at, field="item.expire_at", end_of_day=True),
        canonical_url=context.url,
        field_origins=origins,
    )


def _names(named: list[Named]) -> tuple[str, ...]:
    return tuple([line for one in named if one.name and (line := _name(one.name))])


def _html(item: Item) -> str:
    """The text and those blocks that it does not already contain."""
    parts = [item.text or ""]
    parts += [block.text for block in item.text_blocks if block.text and block.text not in parts[0]]
    return "".join(part if looks_like_html(part) else paragraphs(part) for part in parts if part.strip())


@lru_cache(maxsize=2048)
def _named_organisation(name: str) -> Organisation:
    return Organisation(name=name)


def _organisation(item: Item) -> Organisation | None:
    name = _name(item.organisation.title or "") if item.organisation else ""
    return _named_organisation(name) if name else None


def _locations(item: Item, origins: dict[str, str]) -> list[Location]:
    place, postcode = _name(item.locality or ""), (item.zipcode or "").strip()
    if place or postcode:
        found = _location(place, postcode, item.province, item.lat, item.lng, "item")
    elif item.organisation and item.organisation.city:
        own = item.organisation
        found = _location(_name(own.city or ""), "", own.province, own.lat, own.lng, "item.organisation")
        origins["locations"] = "noorderlink.place.organisation"
    else:
        found = _location("", "", item.province, item.lat, item.lng, "item")
    return [found] if found else []


def _location(
    place: str, postcode: str, province: str | None, lat: float | None, lng: float | None, field: str
) -> Location | None:
    province = _name(province or "") or None
    if not lat or not lng:  # 0 stands for "not known" in exports; the North is nowhere near it
        lat = lng = None
    elif not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise RecordRejectedError("wrong_value", f"no point on earth: {lat}, {lng}", field=f"{field}.lat")
    if not (place or postcode or province or lat):
        return None
    precision: Literal["postcode", "place", "region", "unknown"] = (
        "postcode" if postcode else "place" if place else "unknown" if lat else "region"
    )
    return Location(place=place or None, postcode=postcode or None, province=province, lat=lat, lng=lng, precision=precision)


def _workplace(html: str, origins: dict[str, str]) -> Literal["hybrid", "remote"] | None:
    """Only the words around a hint are looked at: most texts carry none, and long ones cost too much to search."""
    text = html.lower()
    places = [place for word in _ANYWHERE if (place := text.find(word)) >= 0]
    if not places:
        return None
    around = [text[max(place - _AROUND, 0) : place + _AROUND] for place in places]
    if any(_NOT_REMOTE.search(words) for words in around):
        return None
    origins["workplace"] = "noorderlink.workplace.text"
    return "remote" if any(_REMOTE.search(words) for words in around) else "hybrid"


def _salary(item: Item, origins: dict[str, str]) -> Salary | None:
    if item.salary is None:
        return None
    low, high = in_order(item.salary.base_salary or None, item.salary.max_salary or None)
    if low is None and high is None:
        return None
    salary, guessed = with_period(Salary(min=low, max=high, currency="EUR"), "noorderlink.salary.period_guess")
    origins.update(guessed)
    origins["salary.currency"] = "noorderlink.salary.currency_guess"
    return salary


def _apply(item: Item, context: MappingContext) -> Apply | None:
    method, target = (item.apply_method or "").strip().lower(), (item.apply or "").strip()
    if method == "url":
        url = to_web_address(target, context.url)
        return Apply(method="url", url=url) if url else None
    if not method:
        return None
    email = to_email(target)
    if email:
        return Apply(method="email", email=email)
    return Apply(method="form", url=context.url)


def _date_posted(item: Item, origins: dict[str, str]) -> datetime | None:
    first = to_datetime(item.first_published_at, field="item.first_published_at")
    live = to_datetime(item.go_live_at, field="item.go_live_at")
    if first is None and live is not None:
        origins["date_posted"] = "noorderlink.date_posted.go_live_at"
    return first or live
