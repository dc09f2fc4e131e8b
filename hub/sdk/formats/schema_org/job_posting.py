"""JobPosting → Posting: every property of it that the canonical model knows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.domain.posting import Apply, Contact, Experience, Internship, Kind, Lang, Location, Posting, Status, Traineeship
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.dates import AMSTERDAM
from hub.sdk.formats.addresses import to_email
from hub.sdk.formats.places import places_of, workplace_of
from hub.sdk.formats.schema_org.salary import salary_of
from hub.sdk.formats.schema_org.text import ad_language_of, markup_of
from hub.sdk.formats.schema_org.values import (
    as_address,
    as_bool,
    as_list,
    as_listed,
    as_moment,
    as_months,
    as_number,
    as_terms,
    as_text,
    as_texts,
    locations_of,
    organisation_of,
)
from hub.sdk.formats.words import description_in, experience_of, filled_by_title, hours_of, skills_of, title_in
from hub.sdk.vocabulary import contract_of, education_levels, employment_types, eqf_of, kind_of_words

_GOOGLE_CREDENTIALS = {"bachelor degree": "hbo, wo", "postgraduate degree": "wo", "associate degree": "associate"}
"""Google's words for `credentialCategory`, which know no applied sciences."""
TEXTS = ("description", "responsibilities", "qualifications", "skills", "jobBenefits", "incentiveCompensation")


def job_posting_to_posting(
    node: Mapping[str, Any],
    context: MappingContext,
    *,
    kind: Kind = Kind.VACANCY,
    page_language: str | None = None,
    default_language: Lang = "nl",
    zone: str = AMSTERDAM,
) -> Posting:
    """`kind` is the platform's own when the title says nothing else. Raises RecordRejectedError."""
    title = as_text(node.get("title")) or as_text(node.get("name"))
    if not title:
        raise RecordRejectedError("missing_field", "a JobPosting without a title", field="title")
    html = markup_of(node, TEXTS)
    declared, lang = ad_language_of(node, page_language, f"{title} {html}", default_language)
    organisations = [found for entry in as_list(node.get("hiringOrganization")) if (found := organisation_of(entry, context.url))]
    salary, origins = salary_of(node)
    status, told = filled_by_title(Status.ACTIVE, title)
    found_kind = kind_of_words(title) or kind
    url = as_address(node.get("url"), context.url) or context.url
    levels = education_of(node.get("educationRequirements"))
    employment = tuple(as_texts(node.get("employmentType")))
    return Posting(
        kind=found_kind,
        status=status,
        status_reason="filled" if status is Status.FILLED else None,
        title=title_in(lang, title),
        description=description_in(lang, html),
        ad_language=declared,
        organisation=organisations[0] if organisations else None,
        consortium=organisations[1:] + _members(node, context.url),
        locations=_locations(node),
        workplace=_workplace(node),
        employment_types=list(employment_types(employment)),
        contract=contract_of(employment),
        hours=hours_of(as_text(node.get("workHours"))),
        salary=salary,
        positions=_whole(node.get("totalJobOpenings")),
        education_levels=levels,
        eqf_min=eqf_of(levels),
        functions=_functions(node),
        skills_asked=skills_of(as_listed(node.get("skills"))),
        experience=experience_requirements_of(node.get("experienceRequirements")),
        work_permit=as_text(node.get("eligibilityToWorkRequirement")) or None,
        traineeship=traineeship_of(node, zone) if found_kind is Kind.TRAINEESHIP else None,
        internship=_internship(node, zone) if found_kind in (Kind.INTERNSHIP, Kind.GRADUATION_INTERNSHIP) else None,
        apply=_apply(node, url),
        contact=contact_of(node.get("applicationContact")),
        reference_number=_reference(node),
        canonical_url=url,
        image_url=as_address(node.get("image"), context.url),
        field_origins=origins | told,
        **_moments(node, zone),
    )


def education_of(value: Any) -> list[str]:
    """EducationalOccupationalCredential(s) or text(s)."""
    texts: list[str] = []
    for entry in as_list(value):
        if isinstance(entry, dict):
            texts += [as_text(entry.get(key)) for key in ("credentialCategory", "educationalLevel", "name", "competencyRequired")]
        else:
            texts.append(as_text(entry))
    return list(education_levels(tuple(_GOOGLE_CREDENTIALS.get(text.lower(), text) for text in texts if text)))


def experience_requirements_of(value: Any) -> Experience | None:
    for entry in as_list(value):
        if isinstance(entry, dict):
            months = as_number(entry.get("monthsOfExperience"))
            if months is not None and months >= 0:
                return Experience(min_months=round(months))
        found = experience_of(as_text(entry))
        if found is not None:
            return found
    return None


def contact_of(value: Any) -> Contact | None:
    for entry in as_list(value):
        if isinstance(entry, dict):
            contact = Contact(
                name=as_text(entry.get("name")) or None,
                email=to_email(as_text(entry.get("email"))),
                phone=as_text(entry.get("telephone")) or None,
            )
            if contact != Contact():
                return contact
    return None


def traineeship_of(node: Mapping[str, Any], zone: str) -> Traineeship | None:
    duration = next(
        (node[key] for key in ("timeToComplete", "employmentDuration", "duration", "jobDuration") if node.get(key)), None
    )
    start = as_moment(node.get("jobStartDate") or node.get("startDate"), field="jobStartDate", zone=zone)
    deadline = as_moment(node.get("applicationDeadline"), field="applicationDeadline", zone=zone)
    found = Traineeship(
        duration_months=as_months(duration),
        cohort_start=start.date() if start else None,
        intake_deadline=deadline.date() if deadline else None,
    )
    return found if found != Traineeship() else None


def _internship(node: Mapping[str, Any], zone: str) -> Internship | None:
    start = as_moment(node.get("jobStartDate"), field="jobStartDate", zone=zone)
    hours = hours_of(as_text(node.get("workHours")))
    found = Internship(start=start.date() if start else None, hours_per_week=hours.max if hours else None)
    return found if found != Internship() else None


def _moments(node: Mapping[str, Any], zone: str) -> dict[str, Any]:
    return {
        "date_posted": as_moment(node.get("datePosted"), field="datePosted", zone=zone),
        "date_modified": as_moment(node.get("dateModified"), field="dateModified", zone=zone),
        "valid_through": as_moment(node.get("validThrough"), field="validThrough", zone=zone, end_of_day=True),
    }


def _members(node: Mapping[str, Any], base: str | None) -> list[Any]:
    """The bodies behind one programme: `member`, `subOrganization` or `department` of the first hiring organisation."""
    first = next((entry for entry in as_list(node.get("hiringOrganization")) if isinstance(entry, dict)), {})
    entries = [entry for key in ("member", "subOrganization", "department") for entry in as_list(first.get(key))]
    return [found for entry in entries if (found := organisation_of(entry, base))]


def _locations(node: Mapping[str, Any]) -> list[Location]:
    """A locality may name several places, or none ("Remote")."""
    found = [place for location in locations_of(node.get("jobLocation")) for place in _places(location)]
    if found:
        return list(dict.fromkeys(found))
    countries = [as_text(entry) for entry in as_list(node.get("applicantLocationRequirements"))]
    return [Location(country=country, precision="unknown") for country in countries if country]


def _places(location: Location) -> list[Location]:
    if location.place is None or location.street or location.postcode or location.lat is not None:
        return [location]
    named = places_of(location.place)
    region = {"province": location.province, "country": location.country}
    if not named:
        rest = Location(**region, precision="region" if location.province else "unknown")
        return [rest] if any(region.values()) else []
    if len(named) == 1:
        return [named[0].model_copy(update={name: code for name, code in region.items() if code})]
    return [place.model_copy(update={"country": location.country}) for place in named]  # the province is that of one of them


def _workplace(node: Mapping[str, Any]) -> Any:
    stated = " ".join(as_terms(node.get("jobLocationType"))).lower()
    if "hybrid" in stated:
        return "hybrid"
    if "telecommute" in stated or "remote" in stated:
        return "remote"
    places = " / ".join(location.place or "" for location in locations_of(node.get("jobLocation")))
    return "onsite" if "site" in stated else workplace_of(places)


def _functions(node: Mapping[str, Any]) -> list[str]:
    names = [name for key in ("occupationalCategory", "industry", "relevantOccupation") for name in as_texts(node.get(key))]
    return list(dict.fromkeys(names))


def _apply(node: Mapping[str, Any], url: str | None) -> Apply | None:
    action = next((entry for entry in as_list(node.get("potentialAction")) if isinstance(entry, dict)), {})
    target = as_address(action.get("target"), url) or as_address(node.get("applicationContact"), url)
    email = next(
        (
            found
            for e in as_list(node.get("applicationContact"))
            if isinstance(e, dict) and (found := to_email(as_text(e.get("email"))))
        ),
        None,
    )
    if target:
        return Apply(method="url", url=target)
    if as_bool(node.get("directApply")):
        return Apply(method="form", url=url)
    if email:
        return Apply(method="email", email=email, url=url)
    return Apply(method="url", url=url) if url else None


def _reference(node: Mapping[str, Any]) -> str | None:
    """The employer's own number: `identifier`, unless it names another body's numbering or is an address."""
    for entry in as_list(node.get("identifier")):
        value = as_text(entry.get("value")) if isinstance(entry, dict) else as_text(entry)
        name = as_text(entry.get("name")).lower() if isinstance(entry, dict) else ""
        employers = {as_text(employer).lower() for employer in as_list(node.get("hiringOrganization"))}
        if value and not value.startswith(("http:", "https:", "urn:")) and (not name or name in employers):
            return value
    return None


def _whole(value: Any) -> int | None:
    number = as_number(value)
    return round(number) if number is not None and number >= 0 else None
