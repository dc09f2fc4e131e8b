"""Make it in the North → Posting: what each field comes from, trap by trap."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hub.domain.posting import Kind, Posting, Status
from hub.errors import RecordRejectedError
from hub.sdk import RawRecord
from hub.sdk.connector import load_connector
from hub.sdk.testing import map_record, posting_as_json
from tests.fakes.wordpress_site import BASE, TERMS, event, job_posting, listing, post

CONNECTOR = load_connector("hub.connectors.miitn")
DUTCH = "<p>Jij werkt met ons aan de dijken van het Noorden en je bent niet bang voor een storm.</p>"
GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text())


def vacancy(node: dict[str, Any] | None = None, /, title: str = "Data Engineer", **meta: Any) -> Posting:
    return mapped(listing(12, title, **meta), node)


def mapped(item: dict[str, Any], node: dict[str, Any] | None = None, **more: Any) -> Posting:
    parts = {
        "listing": item,
        "jsonld": node,
        "types": TERMS["job-types"][:1],
        "categories": TERMS["job-categories"],
        "site": {"timezone_string": "Europe/Amsterdam"},
        **more,
    }
    return map_record(CONNECTOR, RawRecord("listing-12", parts, "listings", url=item.get("link")))


def meeting(status: str = "", node: Any = None, has_post: bool = True, **changes: Any) -> Posting:
    parts = {"event": event(31, **changes), "post": post(31, status, "Storm") if has_post else None, "jsonld": node}
    return map_record(CONNECTOR, RawRecord("event-31", parts, "events", url=f"{BASE}/event/event-31/"))


def test_listing_maps_to_the_golden_posting() -> None:
    assert posting_as_json(mapped(listing(12), job_posting(listing(12)))) == GOLDEN["listing"]


def test_event_maps_to_the_golden_posting() -> None:
    assert posting_as_json(meeting("canceled")) == GOLDEN["event"]


@pytest.mark.parametrize(
    ("rendered", "title"),
    [
        ("Business Analyst &#8220;Health &#038; Tech&#8221; <junior>", "Business Analyst “Health & Tech” <junior>"),
        ("GIS Developer &#8216;Open Sea&#8217;", "GIS Developer ‘Open Sea’"),
        ("React &amp; Accessibility <em>lead</em>", "React & Accessibility lead"),
        ("Ingénieur \U0001f30a", "Ingénieur \U0001f30a"),
    ],
)
def test_title_is_unescaped_and_keeps_what_only_looks_like_a_tag(rendered: str, title: str) -> None:
    found = vacancy(title=rendered).title.en
    assert found is not None
    assert found.text == title


def test_protected_listing_shows_its_title_without_prefix_and_no_text() -> None:
    item = listing(12, "Protected: Analyst")
    item["content"] = {"rendered": "", "protected": True}
    posting = mapped(item, job_posting(item))
    assert posting.title.en is not None
    assert posting.title.en.text == "Analyst"
    assert posting.description.en is None
    assert posting.valid_through is not None


def test_title_that_only_says_protected_keeps_its_word() -> None:
    found = vacancy(title="Protected: nature guide").title.en
    assert found is not None
    assert found.text == "Protected: nature guide"


def test_structured_text_serves_where_rest_has_none() -> None:
    item = listing(12)
    item["content"] = {"rendered": "", "protected": False}
    found = mapped(item, job_posting(item)).description.en
    assert found is not None
    assert found.html == "<p>You will work with the team on our data.</p>"


def test_dutch_text_is_dutch_on_an_english_site() -> None:
    item = listing(12, "Beleidsadviseur water")
    item["content"] = {
        "rendered": DUTCH,
        "protected": False,
    }
    assert mapped(item).ad_language == "nl"
    assert mapped(item).title.nl is not None


@pytest.mark.parametrize("filled", [1, "1", True])
def test_filled_listing_is_filled(filled: Any) -> None:
    assert vacancy(_filled=filled).status is Status.FILLED


def test_expired_listing_is_expired() -> None:
    assert mapped({**listing(12), "status": "expired"}).status is Status.EXPIRED


def test_overdue_listing_keeps_its_expiry() -> None:
    posting = vacancy(job_posting(listing(12), validThrough="2020-01-31T23:59:59+01:00"))
    assert posting.status is Status.ACTIVE
    assert posting.valid_through is not None
    assert posting.valid_through.isoformat() == "2020-01-31T23:59:59+01:00"


def test_expiry_that_an_editor_sees_is_the_end_of_that_day_at_the_site() -> None:
    found = vacancy(_job_expires="2026-12-19").valid_through
    assert found is not None
    assert found.isoformat() == "2026-12-19T23:59:59+01:00"


@pytest.mark.parametrize(
    ("stated", "lowest", "highest"),
    [
        ("4200 - 5600", 4200, 5600),
        ("€3.100–€4.300", 3100, 4300),
        ("19,50", 19.5, 19.5),
        ("16.20", 16.2, 16.2),
        ("€ 3,378 - € 5,331", 3378, 5331),
        ("2901 to 3707", 2901, 3707),
        ("45000", 45000, 45000),
        ("&euro;&nbsp;2.700", 2700, 2700),
    ],
)
def test_salary_is_free_text_with_both_decimal_marks(stated: str, lowest: float, highest: float) -> None:
    salary = vacancy(_job_salary=stated).salary
    assert salary is not None
    assert (salary.min, salary.max) == (lowest, highest)


def test_currency_and_unit_come_from_the_listing() -> None:
    salary = vacancy(_job_salary="45000", _job_salary_currency="EUR", _job_salary_unit="YEAR").salary
    assert salary is not None
    assert (salary.currency, salary.period, salary.period_is_guess) == ("EUR", "year", False)


def test_currency_and_unit_of_the_site_come_from_the_page() -> None:
    posting = vacancy(job_posting(listing(12)))
    assert posting.salary is not None
    assert (posting.salary.currency, posting.salary.period) == ("EUR", "month")
    assert posting.field_origins == {
        "salary.currency": "wordpress.salary.site_default",
        "salary.period": "wordpress.salary.site_default",
    }


@pytest.mark.parametrize(
    ("stated", "default", "period"), [("45000", "MONTH", "year"), ("19,50", "MONTH", "hour"), ("3100 - 4300", "YEAR", "month")]
)
def test_default_of_the_site_that_does_not_fit_the_amount_gives_way_to_a_guess(stated: str, default: str, period: str) -> None:
    item = listing(12, _job_salary=stated, _job_salary_unit="")
    node = {"baseSalary": {"currency": "EUR", "value": {"value": stated, "unitText": default}}}
    salary = mapped(item, node).salary
    assert salary is not None
    assert (salary.period, salary.period_is_guess) == (period, True)


def test_unit_that_nobody_states_is_marked_as_a_guess() -> None:
    posting = vacancy(_job_salary="19,50")
    assert posting.salary is not None
    assert (posting.salary.period, posting.salary.period_is_guess, posting.salary.currency) == ("hour", True, None)
    assert posting.field_origins == {"salary.period": "wordpress.salary.period_guess"}


def test_listing_without_salary_has_none() -> None:
    assert vacancy(_job_salary="").salary is None


@pytest.mark.parametrize(
    ("stated", "is_remote", "workplace", "places"),
    [
        ("Groningen", 0, None, ["Groningen"]),
        ("Groningen / remote", 0, "hybrid", ["Groningen"]),
        ("Groningen", 1, "remote", ["Groningen"]),
        ("", 1, "remote", []),
        ("Remote", 0, "remote", []),
        ("Leeuwarden (hybrid)", 0, "hybrid", ["Leeuwarden"]),
        ("Groningen, The Netherlands", 0, None, ["Groningen"]),
        ("Assen and Emmen", 0, None, ["Assen", "Emmen"]),
        ("Aa en Hunze", 0, None, ["Aa en Hunze"]),
        ("Oosterwolde (FR) & Assen", 0, None, ["Oosterwolde (FR)", "Assen"]),
        ("Zernike Campus, Groningen", 0, None, ["Zernike Campus, Groningen"]),
    ],
)
def test_place_is_free_text(stated: str, is_remote: int, workplace: str | None, places: list[str]) -> None:
    posting = vacancy(_job_location=stated, _remote_position=is_remote)
    assert posting.workplace == workplace
    assert [location.place for location in posting.locations] == places


def test_geocoded_address_replaces_the_free_text() -> None:
    address = {"@type": "PostalAddress", "streetAddress": "Zernikelaan 8", "addressLocality": "Groningen", "postalCode": "9747AA"}
    posting = vacancy(job_posting(listing(12), jobLocation={"@type": "Place", "address": address}))
    assert [(one.place, one.street, one.postcode) for one in posting.locations] == [("Groningen", "Zernikelaan 8", "9747 AA")]


@pytest.mark.parametrize(
    ("stated", "url", "domain"),
    [
        ("https://www.umcg.nl", "https://www.umcg.nl", "umcg.nl"),
        ("umcg.nl", "https://umcg.nl", "umcg.nl"),
        ("", None, None),
        ("n/a", None, None),
    ],
)
def test_company_website_may_lack_its_scheme(stated: str, url: str | None, domain: str | None) -> None:
    organisation = vacancy(_company_website=stated).organisation
    assert organisation is not None
    assert (organisation.url, organisation.domain) == (url, domain)


def test_company_name_is_raw_text() -> None:
    organisation = vacancy(_company_name="materials & devices <lab>").organisation
    assert organisation is not None
    assert organisation.name == "materials & devices <lab>"


@pytest.mark.parametrize(
    ("stated", "method", "target"),
    [
        ("https://apply.example/1", "url", "https://apply.example/1"),
        ("jobs@noorderzon.example", "email", "jobs@noorderzon.example"),
    ],
)
def test_application_is_an_address_or_an_email(stated: str, method: str, target: str) -> None:
    apply = vacancy(_application=stated).apply
    assert apply is not None
    assert (apply.method, apply.email or apply.url) == (method, target)


def test_listing_without_application_is_applied_for_on_its_page() -> None:
    apply = vacancy(_application="").apply
    assert apply is not None
    assert (apply.method, apply.url) == ("form", f"{BASE}/job/job-12/")


def test_names_of_terms_are_unescaped() -> None:
    assert vacancy().functions == ["Agri-food & Water"]


def test_type_without_a_code_makes_a_traineeship() -> None:
    posting = mapped(listing(12), types=[TERMS["job-types"][1]])
    assert posting.kind is Kind.TRAINEESHIP


def test_code_of_the_type_makes_an_internship() -> None:
    posting = mapped(listing(12), types=[{"id": 7, "name": "Placement", "meta": {"employment_type": "INTERN"}}])
    assert posting.kind is Kind.INTERNSHIP
    assert posting.employment_types == ["intern"]


def test_absent_and_odd_meta_are_no_fault() -> None:
    item = {**listing(12), "meta": []}
    assert mapped(item).organisation is None


def test_dates_are_utc_of_the_gmt_fields() -> None:
    posted = vacancy().date_posted
    assert posted is not None
    assert posted.isoformat() == "2026-11-01T09:00:00+00:00"


def test_impossible_date_rejects_the_listing_and_names_the_field() -> None:
    with pytest.raises(RecordRejectedError) as raised:
        mapped({**listing(12), "date_gmt": "2026-02-31T09:00:00"})
    assert (raised.value.reason, raised.value.field) == ("impossible_date", "listing.date_gmt")


def test_listing_without_a_title_is_rejected() -> None:
    with pytest.raises(RecordRejectedError) as raised:
        vacancy(title=" ")
    assert raised.value.field == "listing.title.rendered"


def test_record_of_neither_kind_is_rejected() -> None:
    with pytest.raises(RecordRejectedError):
        CONNECTOR.parse({"jsonld": None})


@pytest.mark.parametrize(("stated", "status"), [("", "scheduled"), ("canceled", "cancelled"), ("postponed", "postponed")])
def test_status_of_an_event_comes_from_the_second_route(stated: str, status: str) -> None:
    found = meeting(stated).event
    assert found is not None
    assert found.status == status


@pytest.mark.parametrize("has_post", [False, True])
def test_status_that_the_post_does_not_tell_comes_from_the_single_answer(has_post: bool) -> None:
    found = meeting(has_post=has_post, node=[{"eventStatus": "https://schema.org/EventPostponed"}]).event
    assert found is not None
    assert found.status == "postponed"


def test_event_times_come_from_utc_and_stand_in_the_events_zone() -> None:
    found = meeting(start_date="1999-01-01 00:00:00").event
    assert found is not None
    assert found.start.isoformat() == "2026-12-10T19:00:00+01:00"


def test_venue_that_is_called_online_is_none() -> None:
    found = meeting(venue={"id": 7, "venue": "Online"}).event
    assert found is not None
    assert (found.attendance_mode, found.venue) == ("online", None)


def test_listing_whose_title_says_so_is_filled() -> None:
    found = mapped(listing(12, "Data engineer (vervuld)"))
    assert (found.status, found.status_reason, found.field_origins["status"]) == ("filled", "filled", "title")


def test_all_day_event_begins_and_ends_with_its_day() -> None:
    found = meeting(
        all_day=True, utc_start_date="2026-07-01 22:00:00", utc_end_date="2026-07-02 21:59:59", timezone="Europe/Amsterdam"
    ).event
    assert found is not None
    assert found.all_day
    assert (found.start.isoformat(), str(found.end)) == ("2026-07-02T00:00:00+02:00", "2026-07-02 23:59:59+02:00")


def test_zone_that_is_only_an_offset_is_read_by_utc() -> None:
    found = meeting(timezone="UTC+1").event
    assert found is not None
    assert found.start.isoformat() == "2026-12-10T19:00:00+01:00"


def test_default_dollar_of_a_cost_is_no_currency() -> None:
    found = meeting().event
    assert found is not None
    assert [(price.amount, price.currency) for price in found.prices] == [(5, None), (10, None)]
    assert found.prices[0].as_stated == "5 – 10"


def test_euro_of_a_cost_was_chosen() -> None:
    found = meeting(cost="€7,50", cost_details={"values": ["7,50"]}).event
    assert found is not None
    assert [(price.amount, price.currency) for price in found.prices] == [(7.5, "EUR")]


@pytest.mark.parametrize(
    ("cost", "amount"),
    [("Gratis", 0), ("Free!", 0), ("free of charge", 0), ("Vrije toegang", 0), ("Free for members", None), ("Op aanvraag", None)],
)
def test_a_cost_in_words_is_nothing_to_pay_only_where_it_says_so_of_all(cost: str, amount: int | None) -> None:
    found = meeting(cost=cost, cost_details={"values": []}).event
    assert found is not None
    assert [(price.amount, price.as_stated) for price in found.prices] == [(amount, cost)]


def test_absent_venue_image_and_organiser_are_empty_lists_or_false() -> None:
    posting = meeting(venue=[], organizer=[], image=False, cost="", cost_details={"values": []})
    assert posting.event is not None
    assert (posting.event.venue, posting.organisation, posting.image_url, posting.event.prices) == (None, None, None, [])


def test_event_that_ends_before_it_starts_is_rejected() -> None:
    with pytest.raises(RecordRejectedError) as raised:
        meeting(utc_end_date="2026-12-09 18:00:00")
    assert raised.value.reason == "impossible_date"


def test_event_without_a_start_is_rejected() -> None:
    with pytest.raises(RecordRejectedError) as raised:
        meeting(utc_start_date="", start_date="")
    assert raised.value.field == "event.start_date"


def test_skills_are_the_terms_of_the_pages_markup() -> None:
    assert vacancy({"@type": "JobPosting", "skills": "Python, CAD"}).skills_asked == ["Python", "CAD"]
