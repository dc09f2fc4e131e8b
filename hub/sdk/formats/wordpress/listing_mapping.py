"""A listing with its terms and its page's JobPosting → Posting. Pure.

REST has the truth of text and meta; the structured data fills what REST hides (expiry, geocoded address, the site's
default currency and unit) and never a text that a password protects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.domain.pay import is_plausible
from hub.domain.posting import Apply, Kind, Lang, Location, Organisation, Posting, Salary, Status
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.dates import AMSTERDAM, to_datetime
from hub.sdk.formats.addresses import host_of, to_email, to_web_address
from hub.sdk.formats.places import places_of, workplace_of
from hub.sdk.formats.schema_org.job_posting import education_of, experience_requirements_of
from hub.sdk.formats.schema_org.salary import salary_of
from hub.sdk.formats.schema_org.text import to_markup
from hub.sdk.formats.schema_org.values import as_address, as_list, as_listed, as_number, as_text, as_texts, locations_of
from hub.sdk.formats.wordpress.payload import ListingMeta, Site, WordPressPayload
from hub.sdk.formats.wordpress.text import plain, plain_title, without_shortcodes
from hub.sdk.formats.words import description_in, filled_by_title, hours_of, skills_of, title_in
from hub.sdk.language import declared_language, language_of
from hub.sdk.money import parse_salary, to_period, with_period
from hub.sdk.vocabulary import contract_of, employment_types, eqf_of, kind_of

GUESS = "wordpress.salary.period_guess"
SITE_DEFAULT = "wordpress.salary.site_default"


def listing_to_posting(parts: WordPressPayload, context: MappingContext, *, default_language: Lang = "en") -> Posting:
    """Raises RecordRejectedError."""
    listing = parts.listing
    if listing is None:
        raise RecordRejectedError("missing_field", "no listing among the parts", field="listing")
    meta, node = listing.meta, parts.jsonld or {}
    zone = zone_of(parts.site)
    title = plain_title(listing.title.rendered, is_protected=listing.content.protected)
    if not title:
        raise RecordRejectedError("missing_field", "the title is empty", field="listing.title.rendered")
    html = _description(listing.content.rendered, listing.content.protected, node)
    lang = language_of(f"{title} {html}", default=default_language)
    types = tuple(plain(term.name) for term in parts.types)
    employment = tuple(term.meta.employment_type for term in parts.types if term.meta.employment_type)
    salary, origins = _salary(meta, node)
    status, told = filled_by_title(_status(listing.status, meta), title)
    levels = education_of(node.get("educationRequirements"))
    link = to_web_address(listing.link) or context.url
    return Posting(
        kind=_kind(title, types, employment),
        status=status,
        status_reason="filled" if status is Status.FILLED else None,
        title=title_in(lang, title),
        description=description_in(lang, html),
        ad_language=declared_language(as_text(node.get("inLanguage"))) or lang,
        organisation=_organisation(meta, node),
        locations=_locations(meta, node),
        workplace=workplace_of(meta.location, meta.remote),
        employment_types=list(employment_types(employment + types + tuple(as_texts(node.get("employmentType"))))),
        contract=contract_of(types),
        hours=hours_of(as_text(node.get("workHours"))),
        salary=salary,
        positions=_positions(node),
        education_levels=levels,
        eqf_min=eqf_of(levels),
        functions=list(dict.fromkeys(plain(term.name) for term in parts.categories if term.name)),
        skills_asked=skills_of(as_listed(node.get("skills"))),
        experience=experience_requirements_of(node.get("experienceRequirements")),
        apply=_apply(meta, link, zone),
        date_posted=to_datetime(listing.date_gmt, field="listing.date_gmt", zone="UTC"),
        date_modified=to_datetime(listing.modified_gmt, field="listing.modified_gmt", zone="UTC"),
        valid_through=_valid_through(meta, node, zone),
        canonical_url=link,
        field_origins=origins | told,
    )


def zone_of(site: Site) -> str:
    """The site's time zone; a bare offset becomes the zone of that offset, whose sign the zone database turns round."""
    if site.timezone_string:
        try:
            ZoneInfo(site.timezone_string)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return AMSTERDAM
        return site.timezone_string
    offset = as_number(site.gmt_offset)
    if offset is None:
        return AMSTERDAM
    return f"Etc/GMT{-int(offset):+d}" if offset and offset == int(offset) and -12 <= offset <= 14 else "UTC"


def _description(rendered: str, is_protected: bool, node: Mapping[str, Any]) -> str:
    if is_protected:
        return ""
    stated = node.get("description")
    return without_shortcodes(rendered if rendered.strip() or not isinstance(stated, str) else to_markup(stated))


def _kind(title: str, types: tuple[str, ...], employment: tuple[str, ...]) -> Kind:
    return kind_of(title, types + tuple(code.lower() for code in employment if code == "INTERN"))


def _status(status: str, meta: ListingMeta) -> Status:
    if meta.filled:
        return Status.FILLED
    return Status.EXPIRED if status == "expired" else Status.ACTIVE


def _organisation(meta: ListingMeta, node: Mapping[str, Any]) -> Organisation | None:
    employer = next((entry for entry in as_list(node.get("hiringOrganization")) if isinstance(entry, dict)), {})
    name = plain(meta.company_name) or plain(as_text(employer))
    if not name:
        return None
    url = to_web_address(meta.company_website) or as_address(employer.get("sameAs")) or as_address(employer.get("url"))
    return Organisation(
        name=name,
        url=url,
        domain=host_of(url),
        logo_url=as_address(employer.get("logo")),
        description=plain(meta.company_tagline) or None,
    )


def _locations(meta: ListingMeta, node: Mapping[str, Any]) -> list[Location]:
    """The free text, and the geocoder's address where there is one for a single place."""
    stated = places_of(meta.location)
    geocoded = [found for found in locations_of(node.get("jobLocation")) if found.postcode or found.street or found.lat]
    if len(geocoded) == 1 and len(stated) <= 1:
        return geocoded
    return list(stated) or locations_of(node.get("jobLocation"))


def _salary(meta: ListingMeta, node: Mapping[str, Any]) -> tuple[Salary | None, dict[str, str]]:
    """The free text with the listing's currency and unit; the structured data knows the site's defaults."""
    if not meta.salary:
        return salary_of(node) if not meta.filled else (None, {})
    base = next((entry for entry in as_list(node.get("baseSalary")) if isinstance(entry, dict)), {})
    value = next((entry for entry in as_list(base.get("value")) if isinstance(entry, dict)), {})
    origins: dict[str, str] = {}
    currency, unit = meta.salary_currency or None, to_period(meta.salary_unit)
    if currency is None and (currency := as_text(base.get("currency")) or None):
        origins["salary.currency"] = SITE_DEFAULT
    salary = parse_salary(plain(meta.salary), None, unit)
    if salary is not None and salary.currency is None and (salary.min is not None or salary.max is not None):
        salary = salary.model_copy(update={"currency": currency})
    elif salary is not None and meta.salary_currency:
        salary = salary.model_copy(update={"currency": meta.salary_currency})
    else:
        origins.pop("salary.currency", None)
    default = to_period(as_text(value.get("unitText")))
    # Nobody set the site's default for this listing, and few sites ever set it: it must fit the amount.
    if salary is not None and salary.period is None and default and is_plausible(default, salary.max or salary.min or 0):
        salary = salary.model_copy(update={"period": default})
        origins["salary.period"] = SITE_DEFAULT
    salary, guessed = with_period(salary, GUESS)
    return salary, origins | guessed


def _positions(node: Mapping[str, Any]) -> int | None:
    number = as_number(node.get("totalJobOpenings"))
    return round(number) if number is not None and number >= 0 else None


def _apply(meta: ListingMeta, link: str | None, zone: str) -> Apply | None:
    deadline = to_datetime(meta.deadline, field="listing.meta._application_deadline", zone=zone, end_of_day=True)
    email = to_email(meta.application)
    if email:
        return Apply(method="email", email=email, deadline=deadline)
    url = to_web_address(meta.application, link)
    if url:
        return Apply(method="url", url=url, deadline=deadline)
    return Apply(method="form", url=link, deadline=deadline) if link else None


def _valid_through(meta: ListingMeta, node: Mapping[str, Any], zone: str) -> datetime | None:
    if meta.expires:
        return to_datetime(meta.expires, field="listing.meta._job_expires", zone=zone, end_of_day=True)
    return to_datetime(as_text(node.get("validThrough")), field="jsonld.validThrough", zone=zone, end_of_day=True)
