"""An offer → Posting, as far as the format goes. What a platform does with its own fields is its connector's mapping.

Codes are the format's (`fulltime_permanent`, `bachelor_degree`, `mid_level`). A period that cannot be (18.50 a month)
is replaced by a guess and marked in `field_origins`, like every value that the offer does not state itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from hub.domain.posting import (
    Apply,
    Description,
    Experience,
    Kind,
    Lang,
    Location,
    Organisation,
    Posting,
    RichText,
    Salary,
    Status,
    Text,
    Title,
    Traineeship,
)
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.dates import to_date, to_datetime
from hub.sdk.formats.addresses import to_web_address
from hub.sdk.formats.places import places_of, workplace_of
from hub.sdk.formats.recruitee.payload import Offer, OfferLocation
from hub.sdk.formats.words import hours_between
from hub.sdk.html import looks_like_html, paragraphs, to_line
from hub.sdk.language import language_of
from hub.sdk.money import in_order, to_currency, to_period, with_period
from hub.sdk.vocabulary import EDUCATION_ORDER, contract_of, education_levels, employment_types, eqf_of, kind_of

LANGUAGE_SAMPLE = 400
GUESS = "recruitee.salary.period_guess"
EDUCATION: dict[str, tuple[str, ...]] = {
    "vocational": ("mbo1", "mbo2", "mbo3", "mbo4"),
    "vocational_degree": ("mbo1", "mbo2", "mbo3", "mbo4"),
    "associate_degree": ("associate",),
    "associates_degree": ("associate",),
    "bachelor_degree": ("hbo",),
    "bachelors_degree": ("hbo",),
    "master_degree": ("wo",),
    "masters_degree": ("wo",),
    "doctorate": ("phd",),
    "doctoral_degree": ("phd",),
}
MASTER_EQF = 7
EXPERIENCE_MONTHS = {
    "student": 0,
    "student_college": 0,
    "student_school": 0,
    "internship": 0,
    "entry_level": 0,
    "associate": 24,
    "mid_level": 36,
    "experienced": 36,
    "mid_senior_level": 60,
    "senior": 60,
}
OPEN_STATES = ("published", "internal", "")


def offer_to_posting(offer: Offer, context: MappingContext) -> Posting:
    """Everything that the format carries. Raises RecordRejectedError for impossible dates and an empty title."""
    origins: dict[str, str] = {}
    title, description, lang = _texts(offer)
    tags = tuple(line for tag in offer.tags if (line := _words(tag)))
    codes = (_words(offer.employment_type_code),) if offer.employment_type_code else ()
    kind = kind_of(to_line(offer.title), (*tags, *codes))
    levels = _education(offer.education_code)
    closes = to_datetime(offer.close_at, field="offer.close_at", end_of_day=True)
    state = (offer.status or "").lower()
    return Posting(
        kind=kind,
        status=Status.ACTIVE if state in OPEN_STATES else Status.FILLED if state == "filled" else Status.EXPIRED,
        status_reason=None if state in OPEN_STATES else f"status: {state}",
        title=title,
        description=description,
        ad_language=lang,
        organisation=_organisation(to_line(offer.company_name or "")),
        locations=_locations(offer),
        workplace=_workplace(offer),
        employment_types=list(employment_types(codes)),
        contract=contract_of(codes),
        hours=hours_between(offer.min_hours, offer.max_hours),
        salary=_salary(offer, origins),
        positions=offer.positions,
        education_levels=list(levels),
        eqf_min=MASTER_EQF if (offer.education_code or "").lower().startswith("master") else eqf_of(levels),
        functions=list(dict.fromkeys(word for word in (_words(offer.department), _words(offer.category_code), *tags) if word)),
        experience=_experience(offer, origins),
        traineeship=Traineeship(intake_deadline=to_date(offer.close_at, field="offer.close_at"))
        if kind is Kind.TRAINEESHIP and closes
        else None,
        apply=_apply(offer, context),
        reference_number=to_line(offer.reference or "") or None,
        date_posted=to_datetime(offer.published_at or offer.created_at, field="offer.published_at"),
        date_modified=to_datetime(offer.updated_at, field="offer.updated_at"),
        valid_through=closes,
        canonical_url=to_web_address(offer.careers_url or "", context.url) or context.url,
        field_origins=origins,
    )


def _texts(offer: Offer) -> tuple[Title, Description, str]:
    """Both languages as far as they are given; the ad's own language is that of the top-level title."""
    own = to_line(offer.title)
    if not own:
        raise RecordRejectedError("missing_field", "the title is empty", field="offer.title")
    titles: dict[Lang, Text] = {}
    texts: dict[Lang, RichText] = {}
    language: Lang | None = None
    for code, translation in offer.translations.items():
        lang = _lang(code)
        line = to_line(translation.title or "")
        if lang is None or not line:
            continue
        titles[lang] = Text(text=line)
        html = _html(translation.description, translation.requirements)
        if html:
            texts[lang] = RichText(html=html)
        if line == own and language is None:
            language = lang
    html = _html(offer.description, offer.requirements)
    language = language or language_of(html[:LANGUAGE_SAMPLE] or own, default="nl")
    titles.setdefault(language, Text(text=own))
    if html:
        texts.setdefault(language, RichText(html=html))
    return Title(nl=titles.get("nl"), en=titles.get("en")), Description(nl=texts.get("nl"), en=texts.get("en")), language


def _lang(code: str) -> Lang | None:
    start = code[:2].lower()
    return "nl" if start == "nl" else "en" if start == "en" else None


def _html(*parts: str | None) -> str:
    return "".join(part if looks_like_html(part) else paragraphs(part) for part in parts if part and part.strip())


@lru_cache(maxsize=4096)
def _words(code: str | None) -> str:
    """`fulltime_permanent` → `fulltime permanent`."""
    return to_line((code or "").replace("_", " "))


@lru_cache(maxsize=2048)
def _organisation(name: str) -> Organisation | None:
    return Organisation(name=name) if name else None


def _workplace(offer: Offer) -> Literal["onsite", "hybrid", "remote"] | None:
    """By the flags, else by what stands for a city."""
    if offer.remote:
        return "remote"
    if offer.hybrid:
        return "hybrid"
    return "onsite" if offer.on_site else workplace_of(offer.city or "")


def _locations(offer: Offer) -> list[Location]:
    found = [_location(one) for one in offer.locations] or [_location(offer)]
    return [one for one in found if one is not None]


def _location(part: OfferLocation) -> Location | None:
    city, street = to_line(part.city or ""), to_line(part.street or "")
    place = city if places_of(city) else ""  # "Remote"
    postcode = (part.postal_code or "").strip()
    province = to_line(part.state_name or part.state or "")
    if not (place or postcode or province):
        return None
    precision: Literal["address", "postcode", "place", "region"] = (
        "address" if street and place else "postcode" if postcode else "place" if place else "region"
    )
    return Location(
        place=place or None,
        street=street or None,
        postcode=postcode or None,
        province=province or None,
        country=(part.country_code or "").upper() or None,
        lat=part.lat or None,
        lng=part.lng or None,
        precision=precision,
    )


def _salary(offer: Offer, origins: dict[str, str]) -> Salary | None:
    if offer.salary is None:
        return None
    low, high = in_order(offer.salary.min or None, offer.salary.max or None)
    if low is None and high is None:
        return None
    currency = to_currency(offer.salary.currency)
    salary, guessed = with_period(Salary(min=low, max=high, currency=currency, period=to_period(offer.salary.period)), GUESS)
    origins.update(guessed)
    return salary


@lru_cache(maxsize=256)
def _education(code: str | None) -> tuple[str, ...]:
    if not code:
        return ()
    known = EDUCATION.get(code.strip().lower())
    return known if known is not None else tuple(one for one in education_levels((_words(code),)) if one in EDUCATION_ORDER)


def _experience(offer: Offer, origins: dict[str, str]) -> Experience | None:
    months = EXPERIENCE_MONTHS.get((offer.experience_code or "").strip().lower())
    if months is None:
        return None
    origins["experience"] = "recruitee.experience.code"
    return Experience(min_months=months)


def _apply(offer: Offer, context: MappingContext) -> Apply | None:
    url = to_web_address(offer.careers_apply_url or "", context.url)
    if url is None:
        return None
    return Apply(method="url", url=url, deadline=to_datetime(offer.close_at, field="offer.close_at", end_of_day=True))
