"""JobPosting, for vacancies, traineeships, internships and side jobs (Google's "Job posting" table, schema.org/JobPosting).

`baseSalary` is left out when the period was guessed or is not known: `unitText` would state the guess as the employer's word,
and pay that is wrong by the unit is worse than none. `datePosted` is the source's own date and never the day on which the
hub first saw the item. `directApply` follows schema.org: an application can be begun from the page that `url` names.
"""

from __future__ import annotations

from typing import Any

from hub.domain.posting import ISCO_08, Kind, Lang
from hub.feed.jsonld.parts import (
    HOME_COUNTRY,
    country_of,
    filled,
    identifier_of,
    number_of,
    one_or_all,
    organisation_of,
    places_of,
    told_in,
    words_of,
)
from hub.feed.reading import Part, codes_of, html_of, name_of, part_of, parts_of, title_of, word_of

EMPLOYMENT_TYPES = {
    "full_time": "FULL_TIME",
    "part_time": "PART_TIME",
    "temporary": "TEMPORARY",
    "contractor": "CONTRACTOR",
    "intern": "INTERN",
    "volunteer": "VOLUNTEER",
    "per_diem": "PER_DIEM",
    "other": "OTHER",
}
UNITS = {"hour": "HOUR", "day": "DAY", "week": "WEEK", "month": "MONTH", "year": "YEAR"}
CREDENTIALS = {
    **dict.fromkeys(("mbo1", "mbo2", "mbo3", "mbo4"), "professional certificate"),
    "associate": "associate degree",
    "hbo": "bachelor degree",
    "wo": "bachelor degree",
    "phd": "postgraduate degree",
}
MASTER_EQF = 7
ISCO_SET = "http://data.europa.eu/esco/concept-scheme/isco"
"""ISCO-08 as linked data, as the European classification of occupations publishes it."""
NO_REQUIREMENTS = "no requirements"
"""Google's words for a job that asks for no education, or no experience."""
APPLIES_DIRECTLY = {"url": True, "form": True, "email": False}


def to_job_posting(opportunity: Part, content: Part, language: Lang) -> dict[str, Any]:
    is_remote = word_of(content, "workplace") == "remote"
    return {
        "@type": "JobPosting",
        "title": title_of(content, language),
        "description": html_of(content, language),
        "inLanguage": told_in(content, language),
        "identifier": _identifier(opportunity, content),
        "datePosted": word_of(content, "date_posted"),
        "validThrough": word_of(content, "valid_through"),
        "hiringOrganization": organisation_of(content),
        "jobLocation": one_or_all(places_of(content)),
        "jobLocationType": "TELECOMMUTE" if is_remote else None,
        "applicantLocationRequirements": _countries(content) if is_remote else None,
        "employmentType": one_or_all(_employment_types(opportunity, content)),
        "baseSalary": _salary(part_of(content, "salary")),
        "educationRequirements": _education(content),
        "experienceRequirements": _experience(part_of(content, "experience")),
        "directApply": APPLIES_DIRECTLY.get(word_of(part_of(content, "apply"), "method")),
        "occupationalCategory": one_or_all(_occupations(content)),
        "skills": one_or_all(filter(None, (word_of(skill, "evidence") for skill in parts_of(content, "skills")))),
        "totalJobOpenings": number_of(content, "positions") or None,
        "jobStartDate": word_of(part_of(content, "traineeship"), "cohort_start")
        or word_of(part_of(content, "internship"), "start"),
    }


def _identifier(opportunity: Part, content: Part) -> Any:
    """The employer's own number where it is known, as Google asks; and the opportunity's id."""
    number, employer = word_of(content, "reference_number"), name_of(part_of(content, "organisation"))
    if not number:
        return identifier_of(opportunity)
    return [filled({"@type": "PropertyValue", "name": employer, "value": number}), identifier_of(opportunity)]


def _occupations(content: Part) -> list[Any]:
    codes = [code.removeprefix(ISCO_08) for code in codes_of(content, "occupation") if code.startswith(ISCO_08)]
    return [{"@type": "CategoryCode", "codeValue": code, "inCodeSet": ISCO_SET} for code in codes]


def _countries(content: Part) -> Any:
    stated = {country for location in parts_of(content, "locations") if (country := country_of(location))}
    return one_or_all({"@type": "Country", "name": country} for country in sorted(stated or {HOME_COUNTRY}))


def _employment_types(opportunity: Part, content: Part) -> list[str]:
    stated = [EMPLOYMENT_TYPES[one] for one in words_of(content, "employment_types") if one in EMPLOYMENT_TYPES]
    if opportunity["kind"] in (Kind.INTERNSHIP, Kind.GRADUATION_INTERNSHIP):
        stated.append("INTERN")
    return list(dict.fromkeys(stated))


def _salary(salary: Part) -> dict[str, Any] | None:
    unit, currency = UNITS.get(word_of(salary, "period")), word_of(salary, "currency")
    least, most = number_of(salary, "min"), number_of(salary, "max")
    if salary.get("period_is_guess") or unit is None or not currency or (least is None and most is None):
        return None
    amount = {"value": least} if least == most else {"minValue": least, "maxValue": most}
    value = filled({"@type": "QuantitativeValue", **amount, "unitText": unit})
    return {"@type": "MonetaryAmount", "currency": currency, "value": value}


def _education(content: Part) -> Any:
    """Each level that will do; a master's degree where the university level is asked at EQF 7."""
    levels = words_of(content, "education_levels")
    if levels == ["none"]:
        return NO_REQUIREMENTS
    is_master = (number_of(content, "eqf_min") or 0) >= MASTER_EQF
    found = ["postgraduate degree" if is_master and level == "wo" else CREDENTIALS.get(level) for level in levels]
    return one_or_all(
        {"@type": "EducationalOccupationalCredential", "credentialCategory": one} for one in dict.fromkeys(found) if one
    )


def _experience(experience: Part) -> Any:
    months = number_of(experience, "min_months")
    if months is None:
        return None
    return {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": months} if months else NO_REQUIREMENTS
