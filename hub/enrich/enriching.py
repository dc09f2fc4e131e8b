"""A clean posting → the posting with what the hub derives from it, each value with its rule and evidence.

One reading of the texts serves every enricher. What a source states is never replaced, with one exception: a
municipality that contradicts its own place. A value that the text supplied is noted in `field_origins` by rule id.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hub.domain.posting import EnrichedPosting, Event, Experience, Location, Posting
from hub.domain.series import turns_at
from hub.domain.zone import REGION_ZONE
from hub.enrich import audiences, closing, dutch, education, flags, reference_number, salary, sectors, skills, terms, workplaces
from hub.enrich.expiry import expires_at
from hub.enrich.places import to_located
from hub.enrich.reading import Reading, read
from hub.enrich.regions import regions_of


def enrich(posting: Posting, *, dutch_required_default: str = "unknown") -> EnrichedPosting:
    """Pure and without a clock. `dutch_required_default` is the source's own promise (its manifest)."""
    reading = read(posting)
    values: dict[str, Any] = dict(posting.__dict__)
    origins: dict[str, str] = dict(posting.field_origins)
    _place(posting, reading, values, origins)
    _terms(posting, reading, values, origins)
    verdict, requirements = dutch.judge(posting, reading, dutch_required_default)
    if requirements and not posting.language_requirements:
        origins["language_requirements"] = "dutch.requirements"
    found_flags = flags.find(posting, reading)
    closes, closed_by = expires_at(posting)
    if closes is None and posting.event is None and (last := closing.find(reading, _published(posting))) is not None:
        values["valid_through"], origins["valid_through"] = last, closing.RULE
        closes, _ = expires_at(posting.model_copy(update={"valid_through": last}))
    if closed_by is not None and closed_by != "valid_through":
        origins["expires_at"] = f"expiry.{closed_by}"
    experience: Experience | None = values["experience"]
    values |= {
        "language_requirements": requirements,
        "dutch_required": verdict,
        "expires_at": closes,
        "turns_at": turns_at(posting.event) if posting.event else [],
        "regions": regions_of(_all_locations(values)),
        "sectors": sectors.find(posting, reading),
        "skills": skills.find(posting.skills_asked),
        "flags": found_flags,
        "audiences": audiences.find(posting, reading, verdict, found_flags, experience, values["eqf_min"]),
        "field_origins": origins,
    }
    return _assembled(values)


def _published(posting: Posting) -> date:
    moment = posting.date_posted or datetime.fromtimestamp(posting.first_seen / 1000, UTC)
    return moment.astimezone(REGION_ZONE).date()


_DEFAULTS: dict[str, Any] = EnrichedPosting().__dict__


def _assembled(values: dict[str, Any]) -> EnrichedPosting:
    """As `model_construct`, which copies every default to use few. `values` hold all of a posting, the rest is listed here;
    the order is the class's, for it becomes that of the bytes."""
    enriched = EnrichedPosting.__new__(EnrichedPosting)
    state = {**_DEFAULTS, **values, "occupation": []}
    for name, value in (
        ("__dict__", state),
        ("__pydantic_fields_set__", set(values)),
        ("__pydantic_extra__", None),
        ("__pydantic_private__", None),
    ):
        object.__setattr__(enriched, name, value)
    return enriched


def _place(posting: Posting, reading: Reading, values: dict[str, Any], origins: dict[str, str]) -> None:
    if posting.locations:
        values["locations"] = [
            _located(location, f"locations.{index}", origins) for index, location in enumerate(posting.locations)
        ]
    event = posting.event
    if event is not None and event.venue is not None and event.venue.location is not None:
        located = _located(event.venue.location, "event.venue.location", origins)
        venue = event.venue.model_copy(update={"location": located})
        values["event"] = event.model_copy(update={"venue": venue})
        if not posting.locations:
            values["locations"] = [located]
            origins["locations"] = "places.venue"
    if event is None:
        stated: list[Location] = values["locations"]
        municipalities = {location.municipality for location in stated}
        is_known = any(one.municipality or (one.place and one.precision != "region") for one in stated)
        if added := [one for one in workplaces.find(reading, is_known=is_known) if one.municipality not in municipalities]:
            values["locations"] = [*stated, *added]
            origins["locations"] = "places.text"


def _located(location: Location, field: str, origins: dict[str, str]) -> Location:
    found, rule = to_located(location)
    if rule is None:
        return location
    if location.municipality and found.municipality != location.municipality:
        origins[f"{field}.municipality"] = f"{rule} (source said {location.municipality})"
    elif found.municipality and not location.municipality:
        origins[f"{field}.municipality"] = rule
    return found


def _all_locations(values: dict[str, Any]) -> list[Location]:
    locations: list[Location] = values["locations"]
    return locations


def _terms(posting: Posting, reading: Reading, values: dict[str, Any], origins: dict[str, str]) -> None:
    _education(posting, reading, values, origins)
    found_salary, added = salary.find(posting.salary, reading)
    if added:
        values["salary"] = found_salary
        origins |= {f"salary.{name}": "salary.text" for name in added}
    if posting.hours is None and not isinstance(posting.event, Event) and (hours := terms.find_hours(reading)) is not None:
        values["hours"] = hours
        origins["hours"] = "hours.text"
    if posting.reference_number is None and (number := reference_number.find(reading)) is not None:
        values["reference_number"] = number
        origins["reference_number"] = reference_number.RULE
    if posting.experience is None:
        experience, _ = terms.find_experience(reading)
        if experience is not None:
            values["experience"] = experience
            origins["experience"] = "experience.text"
    if posting.workplace is None:
        workplace, _ = terms.find_workplace(reading)
        if workplace is not None:
            values["workplace"] = workplace
            origins["workplace"] = "workplace.text"


def _education(posting: Posting, reading: Reading, values: dict[str, Any], origins: dict[str, str]) -> None:
    if posting.education_levels:
        if posting.eqf_min is None and (eqf := education.eqf_of(posting.education_levels)) is not None:
            values["eqf_min"] = eqf
            origins["eqf_min"] = "education.levels"
        return
    found = education.find(reading)
    if found is None:
        return
    values["education_levels"] = list(found.levels)
    origins["education_levels"] = "education.text"
    if posting.eqf_min is None:
        values["eqf_min"] = found.eqf_min
        origins["eqf_min"] = "education.text"
