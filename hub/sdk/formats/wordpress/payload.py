"""The parts of a WordPress record as lenient models: absent keys, PHP's empty arrays for objects, numbers as texts.

Everything that a mapping reads is a field here, and nothing else: the fingerprint is taken over the dump, so a plugin's
counters do not look like changes, nor do those that stand in markup. `modified_gmt` moves on a save without a change:
connectors name it volatile.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from hub.sdk import fields
from hub.sdk.formats.wordpress.text import stable_markup


def _text(value: Any) -> Any:
    """None, false and PHP's `[]` are no text; numbers are."""
    if value is None or value is False or value == []:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and len(value) == 1:
        return _text(value[0])
    return value


def _flag(value: Any) -> Any:
    return str(value).strip().lower() in ("1", "true", "yes", "on")


def _object(value: Any) -> Any:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> Any:
    """A list of objects; one object stands for a list of one."""
    if isinstance(value, dict):
        return [value]
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


# fmt: off
JOB_PROPERTIES = frozenset({
    "description", "inLanguage", "datePosted", "validThrough",
    "jobLocation", "jobLocationType", "applicantLocationRequirements", "baseSalary",
    "employmentType", "workHours", "totalJobOpenings", "hiringOrganization",
    "directApply", "educationRequirements", "experienceRequirements", "skills",
})
# fmt: on
EVENT_PROPERTIES = frozenset(["@type", "eventStatus", "eventAttendanceMode", "previousStartDate", "inLanguage"])


def _job_node(value: Any) -> Any:
    return {key: part for key, part in value.items() if key in JOB_PROPERTIES} if isinstance(value, dict) else None


def _event_node(value: Any) -> Any:
    """The single answer's `json_ld`, an object or a list of one."""
    node = value[0] if isinstance(value, list) and value else value
    return {key: part for key, part in node.items() if key in EVENT_PROPERTIES} if isinstance(node, dict) else None


def _markup(value: Any) -> Any:
    text = _text(value)
    return stable_markup(text) if isinstance(text, str) else text


Words = Annotated[str, BeforeValidator(_text)]
Markup = Annotated[str, BeforeValidator(_markup)]
Flag = Annotated[bool, BeforeValidator(_flag)]


class Part(fields.Part):
    model_config = ConfigDict(populate_by_name=True)


class Rendered(Part):
    rendered: Words = ""
    protected: bool = False


class RenderedText(Rendered):
    rendered: Markup = ""


class ListingMeta(Part):
    location: Words = Field("", alias="_job_location")
    application: Words = Field("", alias="_application")
    company_name: Words = Field("", alias="_company_name")
    company_website: Words = Field("", alias="_company_website")
    company_tagline: Words = Field("", alias="_company_tagline")
    filled: Flag = Field(False, alias="_filled")
    remote: Flag = Field(False, alias="_remote_position")
    salary: Words = Field("", alias="_job_salary")
    salary_currency: Words = Field("", alias="_job_salary_currency")
    salary_unit: Words = Field("", alias="_job_salary_unit")
    expires: Words = Field("", alias="_job_expires")
    deadline: Words = Field("", alias="_application_deadline")


class Listing(Part):
    id: int
    status: Words = "publish"
    link: Words = ""
    date_gmt: Words = ""
    modified_gmt: Words = ""
    title: Rendered
    content: RenderedText = RenderedText()
    meta: Annotated[ListingMeta, BeforeValidator(_object)] = ListingMeta()


class TermMeta(Part):
    employment_type: Words = ""


class Term(Part):
    name: Words = ""
    meta: Annotated[TermMeta, BeforeValidator(_object)] = TermMeta()


class Site(Part):
    timezone_string: Words = ""
    gmt_offset: Words = ""


class EventVenue(Part):
    venue: Words = ""
    address: Words = ""
    city: Words = ""
    zip: Words = ""
    country: Words = ""
    province: Words = ""
    stateprovince: Words = ""
    url: Words = ""
    website: Words = ""
    geo_lat: Words = ""
    geo_lng: Words = ""


class EventOrganizer(Part):
    organizer: Words = ""
    website: Words = ""
    url: Words = ""
    email: Words = ""
    phone: Words = ""


class EventImage(Part):
    url: Words = ""


class EventTerm(Part):
    name: Words = ""
    slug: Words = ""


class CostDetails(Part):
    values: list[Words] = []


class CalendarEvent(Part):
    id: int
    status: Words = "publish"
    url: Words = ""
    date_utc: Words = ""
    modified_utc: Words = ""
    title: Words = ""
    description: Markup = ""
    excerpt: Markup = ""
    all_day: Flag = False
    start_date: Words = ""
    end_date: Words = ""
    utc_start_date: Words = ""
    utc_end_date: Words = ""
    timezone: Words = ""
    cost: Words = ""
    cost_details: Annotated[CostDetails, BeforeValidator(_object)] = CostDetails()
    website: Words = ""
    is_virtual: Flag = False
    virtual_url: Words = ""
    image: Annotated[EventImage, BeforeValidator(_object)] = EventImage()
    categories: Annotated[list[EventTerm], BeforeValidator(_objects)] = []
    tags: Annotated[list[EventTerm], BeforeValidator(_objects)] = []
    venue: Annotated[list[EventVenue], BeforeValidator(_objects)] = []
    organizer: Annotated[list[EventOrganizer], BeforeValidator(_objects)] = []


class EventPostMeta(Part):
    status: Words = Field("", alias="_tribe_events_status")
    status_reason: Words = Field("", alias="_tribe_events_status_reason")


class EventPost(Part):
    meta: Annotated[EventPostMeta, BeforeValidator(_object)] = EventPostMeta()


class WordPressPayload(Part):
    """Either a listing or an event with its companions, as `Listings` and `Events` yield them."""

    listing: Listing | None = None
    types: list[Term] = []
    categories: list[Term] = []
    site: Annotated[Site, BeforeValidator(_object)] = Site()
    event: CalendarEvent | None = None
    post: EventPost | None = None
    jsonld: dict[str, Any] | None = None

    @model_validator(mode="before")
    @classmethod
    def _keep_known_properties(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        keep = _event_node if "event" in value else _job_node
        return {**value, "jsonld": keep(value.get("jsonld"))}

    @model_validator(mode="after")
    def _is_one_of_both(self) -> WordPressPayload:
        if (self.listing is None) == (self.event is None):
            raise ValueError("a record is either a listing or an event")
        return self
