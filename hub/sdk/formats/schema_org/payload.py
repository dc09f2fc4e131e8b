"""A JSON-LD node as payload: only the properties that a mapping reads, so that a plugin's counters are no change."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

# fmt: off
PROPERTIES = frozenset({
    "@type", "@id", "identifier", "url", "name", "title", "description", "abstract", "disambiguatingDescription", "inLanguage",
    "image", "datePosted", "datePublished", "dateModified", "validThrough", "keywords", "about",
    # JobPosting
    "responsibilities", "qualifications", "skills", "jobBenefits", "incentiveCompensation", "hiringOrganization", "jobLocation",
    "jobLocationType", "applicantLocationRequirements", "employmentType", "workHours", "baseSalary", "estimatedSalary",
    "salaryCurrency", "totalJobOpenings", "educationRequirements", "experienceRequirements", "occupationalCategory", "industry",
    "relevantOccupation", "eligibilityToWorkRequirement", "applicationContact", "directApply", "potentialAction", "jobStartDate",
    "jobDuration", "employmentDuration",
    # Event
    "startDate", "endDate", "eventStatus", "previousStartDate", "eventAttendanceMode", "location", "organizer", "offers",
    "maximumAttendeeCapacity", "isAccessibleForFree", "superEvent", "contactPoint",
    # Course, EducationalOccupationalProgram
    "provider", "hasCourseInstance", "educationalCredentialAwarded", "occupationalCredentialAwarded", "educationalLevel",
    "numberOfCredits", "timeToComplete", "duration", "applicationDeadline",
})
# fmt: on


def _known(value: Any) -> Any:
    return {name: part for name, part in value.items() if name in PROPERTIES} if isinstance(value, dict) else value


JsonLdNode = Annotated[dict[str, Any], BeforeValidator(_known)]
