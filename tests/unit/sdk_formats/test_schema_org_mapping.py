"""schema.org nodes → Posting: each property in each of its shapes."""

from __future__ import annotations

from typing import Any

import pytest

from hub.domain.posting import Experience, Kind, Location, Posting
from hub.errors import RecordRejectedError
from hub.sdk.connector import MappingContext
from hub.sdk.formats.schema_org.node import node_to_posting

PAGE = "https://x.nl/vacature/1"
CONTEXT = MappingContext("x", "1", PAGE, 0)


def job(**properties: Any) -> Posting:
    return node_to_posting({"@type": "JobPosting", "title": "Adviseur", **properties}, CONTEXT)


@pytest.mark.parametrize(
    ("stated", "bounds", "currency", "period"),
    [
        ({"currency": "EUR", "value": {"minValue": 3000, "maxValue": 4000, "unitText": "MONTH"}}, (3000, 4000), "EUR", "month"),
        ({"currency": "EUR", "value": {"value": "19,50", "unitText": "HOUR"}}, (19.5, 19.5), "EUR", "hour"),
        ({"currency": "EUR", "value": 45000}, (45000, 45000), "EUR", "year"),
        ({"currency": "EUR", "minValue": "3.000", "maxValue": "4.000", "unitText": "maand"}, (3000, 4000), "EUR", "month"),
        ({"currency": "EUR", "value": {"minValue": 3000, "unitText": "MONTH"}}, (3000, None), "EUR", "month"),
        ({"currency": "EUR", "value": {"value": "€ 3.100 - € 4.300", "unitCode": "MON"}}, (3100, 4300), "EUR", "month"),
        ("€ 3.100 - € 4.300 per maand", (3100, 4300), "EUR", "month"),
        (16, (16, 16), None, "hour"),
        ([{"currency": "EUR", "value": {"value": 2500, "unitText": "MONTH"}}], (2500, 2500), "EUR", "month"),
        ({"currency": "€", "value": {"value": [2500, 3500], "unitText": "MONTH"}}, (2500, 3500), "EUR", "month"),
        ({"currency": "EUR", "value": {"minValue": 4000, "maxValue": 3000, "unitText": "MONTH"}}, (3000, 4000), "EUR", "month"),
        ({"currency": "EUR", "value": {"minValue": 0, "maxValue": 3000, "unitText": "MONTH"}}, (None, 3000), "EUR", "month"),
    ],
)
def test_salary_is_read_from_every_form_of_base_salary(
    stated: Any, bounds: tuple[float | None, float | None], currency: str | None, period: str
) -> None:
    salary = job(baseSalary=stated).salary
    assert salary is not None
    assert ((salary.min, salary.max), salary.currency, salary.period) == (bounds, currency, period)


@pytest.mark.parametrize("amounts", [{"minValue": "3.100", "maxValue": "4.300"}, {"value": "3100 - 4300"}])
def test_salary_is_read_from_a_value_within_a_value(amounts: dict[str, str]) -> None:
    salary = job(baseSalary={"currency": "EUR", "value": {"value": amounts, "unitText": "MONTH"}}).salary
    assert salary is not None
    assert (salary.min, salary.max, salary.period, salary.period_is_guess) == (3100, 4300, "month", False)


def test_salary_currency_of_the_posting_serves_a_bare_number() -> None:
    salary = job(baseSalary=2800, salaryCurrency="EUR").salary
    assert salary is not None
    assert (salary.currency, salary.period_is_guess) == ("EUR", True)


@pytest.mark.parametrize("stated", [0, "0", {"value": {"minValue": 0, "maxValue": 0}}, {"value": {"value": "0.00"}}])
def test_salary_of_zero_is_none(stated: Any) -> None:
    assert job(baseSalary=stated).salary is None


def test_salary_in_words_is_no_number() -> None:
    salary = job(baseSalary="marktconform").salary
    assert salary is not None
    assert (salary.min, salary.max, salary.as_stated) == (None, None, "marktconform")


@pytest.mark.parametrize(
    ("stated", "places"),
    [
        ("Groningen", [Location(place="Groningen", precision="place")]),
        ({"@type": "Place", "address": "Groningen"}, [Location(place="Groningen", precision="place")]),
        ({"@type": "Place", "name": "Groningen"}, [Location(place="Groningen", precision="place")]),
        (
            {
                "address": {
                    "streetAddress": "Zernikelaan 8",
                    "postalCode": "9747aa",
                    "addressLocality": "Groningen",
                    "addressCountry": "NL",
                }
            },
            [Location(street="Zernikelaan 8", postcode="9747 AA", place="Groningen", country="NL", precision="address")],
        ),
        (
            {
                "address": {
                    "addressLocality": "Assen",
                    "addressRegion": "Drenthe",
                    "addressCountry": {"@type": "Country", "name": "NL"},
                }
            },
            [Location(place="Assen", province="Drenthe", country="NL", precision="place")],
        ),
        (
            [
                {"address": {"addressLocality": "Assen"}},
                {"address": {"addressLocality": "Emmen"}},
                {"address": {"addressLocality": "Assen"}},
            ],
            [Location(place="Assen", precision="place"), Location(place="Emmen", precision="place")],
        ),
        (
            {"address": {"addressLocality": "Assen"}, "geo": {"latitude": "52.99", "longitude": 6.56}},
            [Location(place="Assen", lat=52.99, lng=6.56, precision="place")],
        ),
        (
            "Zernikelaan 8, 9747 AA Groningen",
            [Location(street="Zernikelaan 8", postcode="9747 AA", place="Groningen", precision="postcode")],
        ),
        ({"@type": "Place", "address": {}}, []),
        (
            {"address": {"addressLocality": "9712 HN Groningen"}},
            [Location(postcode="9712 HN", place="Groningen", precision="postcode")],
        ),
    ],
)
def test_locations_are_read_from_every_form_of_job_location(stated: Any, places: list[Location]) -> None:
    assert job(jobLocation=stated).locations == places


@pytest.mark.parametrize(
    ("locality", "places", "workplace"),
    [
        ("Groningen / Assen", ["Groningen", "Assen"], None),
        ("Groningen, Assen en Emmen", ["Groningen", "Assen", "Emmen"], None),
        ("Zernike Campus, Groningen", ["Zernike Campus, Groningen"], None),
        ("Aa en Hunze", ["Aa en Hunze"], None),
        ("Leeuwarden (hybride)", ["Leeuwarden"], "hybrid"),
        ("Remote", [None], "remote"),
        ("n.t.b.", [None], None),
    ],
)
def test_locality_may_name_several_places_or_none(locality: str, places: list[str | None], workplace: str | None) -> None:
    address = {"@type": "PostalAddress", "addressLocality": locality, "addressCountry": "NL"}
    posting = job(jobLocation={"@type": "Place", "address": address})
    assert [(one.place, one.country) for one in posting.locations] == [(place, "NL") for place in places]
    assert posting.workplace == workplace


def test_country_of_applicants_serves_where_no_place_is_stated() -> None:
    posting = job(jobLocationType="TELECOMMUTE", applicantLocationRequirements={"@type": "Country", "name": "Nederland"})
    assert (posting.workplace, [place.country for place in posting.locations]) == ("remote", ["Nederland"])


@pytest.mark.parametrize(
    ("stated", "types"),
    [
        ("FULL_TIME", ["full_time"]),
        (["FULL_TIME", "PART_TIME"], ["full_time", "part_time"]),
        ("FULL_TIME, TEMPORARY", ["full_time", "temporary"]),
        ("Voltijd", ["full_time"]),
        ("INTERN", ["intern"]),
        ("PER_DIEM", ["per_diem"]),
        ("VOLUNTEER", ["volunteer"]),
        ("CONTRACTOR", ["contractor"]),
        (None, []),
    ],
)
def test_employment_types_are_the_hubs_own_codes(stated: Any, types: list[str]) -> None:
    assert job(employmentType=stated).employment_types == types


@pytest.mark.parametrize(
    ("stated", "levels"),
    [
        ({"@type": "EducationalOccupationalCredential", "credentialCategory": "bachelor degree"}, ["hbo", "wo"]),
        ([{"credentialCategory": "bachelor degree"}, {"credentialCategory": "postgraduate degree"}], ["hbo", "wo"]),
        ({"credentialCategory": "associate degree"}, ["associate"]),
        ("hbo", ["hbo"]),
        ("mbo 4 of hbo", ["mbo4", "hbo"]),
        ({"educationalLevel": "wo"}, ["wo"]),
        ("no requirements", []),
    ],
)
def test_education_is_read_from_credentials_and_from_words(stated: Any, levels: list[str]) -> None:
    assert job(educationRequirements=stated).education_levels == levels


@pytest.mark.parametrize(
    ("stated", "experience"),
    [
        ({"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 36}, Experience(min_months=36)),
        ({"monthsOfExperience": "12"}, Experience(min_months=12)),
        ("1-3 jaar", Experience(min_months=12, max_months=36)),
        ("2 years", Experience(min_months=24)),
        ("no requirements", Experience(min_months=0)),
        ("enthousiast", None),
    ],
)
def test_experience_is_read_as_months_or_in_words(stated: Any, experience: Experience | None) -> None:
    assert job(experienceRequirements=stated).experience == experience


@pytest.mark.parametrize(
    ("stated", "reference"),
    [
        ("A-1", "A-1"),
        ({"@type": "PropertyValue", "name": "UMCG", "value": "A-1"}, "A-1"),
        ({"@type": "PropertyValue", "value": 17}, "17"),
        ({"@type": "PropertyValue", "name": "Vacaturebank", "value": "A-1"}, None),
        ("https://x.nl/?p=1", None),
    ],
)
def test_identifier_is_the_employers_number_unless_it_says_otherwise(stated: Any, reference: str | None) -> None:
    assert job(identifier=stated, hiringOrganization={"name": "UMCG"}).reference_number == reference


def test_several_employers_are_a_consortium() -> None:
    posting = job(hiringOrganization=[{"name": "Provincie"}, {"name": "Gemeente", "sameAs": "www.gemeente.example"}])
    assert posting.organisation is not None
    assert posting.organisation.name == "Provincie"
    assert [(one.name, one.domain) for one in posting.consortium] == [("Gemeente", "gemeente.example")]


def test_members_of_a_programme_are_its_consortium() -> None:
    posting = job(hiringOrganization={"name": "De Toekomst", "member": [{"name": "Provincie"}, "Waterschap"]})
    assert [one.name for one in posting.consortium] == ["Provincie", "Waterschap"]


def test_employer_may_be_a_bare_name_with_a_number_of_the_chamber() -> None:
    bare = job(hiringOrganization="UMCG &amp; partners").organisation
    numbered = job(hiringOrganization={"name": "UMCG", "identifier": {"propertyID": "KvK", "value": "01234567"}}).organisation
    assert bare is not None
    assert numbered is not None
    assert (bare.name, numbered.kvk) == ("UMCG & partners", "01234567")


@pytest.mark.parametrize(
    ("properties", "method", "target"),
    [
        ({"directApply": True}, "form", PAGE),
        ({"directApply": False}, "url", PAGE),
        (
            {"directApply": False, "applicationContact": {"url": "https://solliciteren.example/1"}},
            "url",
            "https://solliciteren.example/1",
        ),
        (
            {"potentialAction": {"@type": "ApplyAction", "target": {"urlTemplate": "https://s.example/2"}}},
            "url",
            "https://s.example/2",
        ),
        ({"applicationContact": {"email": "banen@x.example"}}, "email", "banen@x.example"),
    ],
)
def test_how_to_apply_is_read_from_every_property_that_says_it(properties: dict[str, Any], method: str, target: str) -> None:
    apply = job(**properties).apply
    assert apply is not None
    assert (apply.method, apply.email or apply.url) == (method, target)


@pytest.mark.parametrize(
    ("description", "html"),
    [
        ("<p>Kom werken</p>", "<p>Kom werken</p>"),
        ("&lt;p&gt;Kom werken&lt;/p&gt;", "<p>Kom werken</p>"),
        ("&amp;lt;p&amp;gt;Kom R&amp;amp;amp;D doen&amp;lt;/p&amp;gt;", "<p>Kom R&amp;D doen</p>"),
        ("Kom werken\n\nBij ons", "<p>Kom werken</p><p>Bij ons</p>"),
        ("Kom werken\\nIt\\'s fun", "<p>Kom werken<br>It's fun</p>"),
    ],
)
def test_description_is_html_however_it_was_escaped(description: str, html: str) -> None:
    found = job(description=description).description.nl
    assert found is not None
    assert found.html == html


@pytest.mark.parametrize(
    ("declared", "page", "text", "lang"),
    [
        ("en", "nl", "Wij zoeken een collega", "en"),
        (None, "nl-NL", "We are looking for a colleague to join the team", "en"),
        (None, "en", "Data", "en"),
        ({"@type": "Language", "name": "Dutch"}, None, "Data", "nl"),
        (None, None, "Data", "nl"),
    ],
)
def test_language_is_declared_or_judged_by_the_text(declared: Any, page: str | None, text: str, lang: str) -> None:
    node = {"@type": "JobPosting", "title": "Data", "description": text, "inLanguage": declared}
    assert node_to_posting(node, CONTEXT, page_language=page).ad_language == lang


def test_third_language_is_named() -> None:
    assert job(inLanguage="de-DE", description="Wir suchen").ad_language == "de"


def test_bare_day_of_validity_ends_with_that_day() -> None:
    found = job(validThrough="2026-12-31").valid_through
    assert found is not None
    assert found.isoformat() == "2026-12-31T23:59:59+01:00"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Adviseur", Kind.VACANCY),
        ("Trainee water", Kind.TRAINEESHIP),
        ("Stage HR", Kind.INTERNSHIP),
        ("Afstudeerstage HR", Kind.GRADUATION_INTERNSHIP),
    ],
)
def test_the_title_tells_the_kind(title: str, kind: Kind) -> None:
    assert job(title=title).kind is kind


def test_kind_of_the_platform_where_the_title_is_silent() -> None:
    node = {"@type": "JobPosting", "title": "Adviseur"}
    assert node_to_posting(node, CONTEXT, kind=Kind.TRAINEESHIP).kind is Kind.TRAINEESHIP


def test_terms_of_a_traineeship() -> None:
    posting = job(title="Traineeship", timeToComplete="P2Y", jobStartDate="2027-09-01", applicationDeadline="2027-03-01")
    assert posting.traineeship is not None
    assert posting.traineeship.model_dump(exclude_defaults=True, mode="json") == {
        "duration_months": 24,
        "cohort_start": "2027-09-01",
        "intake_deadline": "2027-03-01",
    }


def test_hours_positions_permit_and_fields_of_work() -> None:
    posting = job(
        workHours="32-40 uur",
        totalJobOpenings="3",
        eligibilityToWorkRequirement="EU",
        occupationalCategory=["15-1252 Developer"],
        industry="IT",
    )
    assert posting.hours is not None
    assert (posting.hours.min, posting.hours.max, posting.positions, posting.work_permit) == (32, 40, 3, "EU")
    assert posting.functions == ["15-1252 Developer", "IT"]


def test_address_of_the_owner_is_canonical() -> None:
    assert job(url="https://elders.example/job").canonical_url == "https://elders.example/job"


@pytest.mark.parametrize("stated", ["2026-02-31", "2026-13-45", "morgen"])
def test_impossible_date_is_rejected_with_its_field(stated: str) -> None:
    with pytest.raises(RecordRejectedError) as raised:
        job(datePosted=stated)
    assert (raised.value.reason, raised.value.field) == ("impossible_date", "datePosted")


@pytest.mark.parametrize(
    "node", [{"@type": "JobPosting"}, {"@type": "Event", "startDate": "2026-12-05"}, {"@type": "Course", "name": ""}]
)
def test_node_without_a_name_is_rejected(node: dict[str, Any]) -> None:
    with pytest.raises(RecordRejectedError) as raised:
        node_to_posting(node, CONTEXT)
    assert raised.value.reason == "missing_field"


def test_programme_that_calls_itself_a_traineeship_is_one() -> None:
    node = {
        "@type": "EducationalOccupationalProgram",
        "name": "Traineeship Energie",
        "timeToComplete": "P18M",
        "startDate": "2027-09-01",
    }
    posting = node_to_posting(node, CONTEXT)
    assert posting.kind is Kind.TRAINEESHIP
    assert posting.traineeship is not None
    assert posting.traineeship.duration_months == 18


def test_node_of_another_type_is_rejected() -> None:
    with pytest.raises(RecordRejectedError):
        node_to_posting({"@type": "WebSite", "name": "x"}, CONTEXT)
