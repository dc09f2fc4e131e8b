"""Dates, texts and salaries as partners write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hub.errors import RecordRejectedError
from hub.sdk import dates, html, money


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-02-01T09:30:00+01:00", "2027-02-01T09:30:00+01:00"),
        ("2027-02-01T09:30:00Z", "2027-02-01T09:30:00+00:00"),
        ("2027-07-01 09:30:00", "2027-07-01T09:30:00+02:00"),
        ("2026-11-20 08:15:00 UTC", "2026-11-20T08:15:00+00:00"),
        ("2027-02-01", "2027-02-01T00:00:00+01:00"),
        ("Mon, 01 Feb 2027 09:30:00 +0100", "2027-02-01T09:30:00+01:00"),
        ("1 febr. 2027", "2027-02-01T00:00:00+01:00"),
        ("vrijdag 12 mrt 2027 om 19.30 uur", "2027-03-12T19:30:00+01:00"),
        ("3 sept. 2026", "2026-09-03T00:00:00+02:00"),
        ("2027/2/1", "2027-02-01T00:00:00+01:00"),
        ("2027-02-01 9:30", "2027-02-01T09:30:00+01:00"),
        ("1-2-2027", "2027-02-01T00:00:00+01:00"),
        ("February 1st, 2027", "2027-02-01T00:00:00+01:00"),
        ("2026-12-31T24:00:00+01:00", "2026-12-31T23:59:59+01:00"),
        ("2027-02-01T09:30:00+01:00[Europe/Amsterdam]", "2027-02-01T09:30:00+01:00"),
        ("2027-07-01CEST09:30", "2027-07-01T09:30:00+02:00"),
        ("2027-02-01CET", "2027-02-01T00:00:00+01:00"),
        ("Mon, 01 Feb 2027 09:30:00", "2027-02-01T09:30:00+01:00"),
        ("Thu, 01 Jul 2027 09:30 CEST", "2027-07-01T09:30:00+02:00"),
        ("Mon, 01 Feb 2027 09:30:00 GMT", "2027-02-01T09:30:00+00:00"),
        ("Mon, 01 Feb 2027 09:30:00 -0000", "2027-02-01T09:30:00+00:00"),
        ("1798757999", "2026-12-31T22:59:59+00:00"),
        ("1798757999000", "2026-12-31T22:59:59+00:00"),
    ],
)
def test_date_is_read_in_each_known_form(text: str, expected: str) -> None:
    found = dates.to_datetime(text, field="d")
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "text", ["2026-02-31", "31 februari 2027", "morgen", "soon", "12", "9999999999", "0970-01-01", "2026-13-01"]
)
def test_impossible_date_names_its_field(text: str) -> None:
    with pytest.raises(RecordRejectedError) as caught:
        dates.to_datetime(text, field="go_live_at")
    assert (caught.value.reason, caught.value.field) == ("impossible_date", "go_live_at")


@pytest.mark.parametrize(
    "text",
    [
        *("", None, "0", "0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00", "1970-01-01T00:00:00+00:00"),
        *("9999-12-31T23:59:59", "31-12-9999", "-", "n.v.t.", "Doorlopend", "zo snel mogelijk", "ASAP", "until filled"),
    ],
)
def test_no_date_is_none(text: str | None) -> None:
    assert dates.to_datetime(text, field="d") is None


@pytest.mark.parametrize("text", ["2027-02-01", "1-2-2027", "t/m 1 februari 2027", "01-02-27", "01.02.27"])
def test_day_without_a_time_ends_with_the_day_in_each_form(text: str) -> None:
    found = dates.to_datetime(text, field="d", end_of_day=True)
    assert found is not None
    assert found.isoformat() == "2027-02-01T23:59:59+01:00"


def test_time_in_a_rare_form_stands() -> None:
    found = dates.to_datetime("tot 1 februari 2027 0.00 uur", field="d", end_of_day=True)
    assert found is not None
    assert found.isoformat() == "2027-02-01T00:00:00+01:00"


def test_bare_date_can_mean_the_end_of_the_day() -> None:
    found = dates.to_datetime("2027-02-01", field="d", end_of_day=True)
    assert found == datetime(2027, 2, 1, 22, 59, 59, tzinfo=UTC)


def test_calendar_day_is_taken_in_the_local_zone() -> None:
    assert dates.to_date("2027-01-31T23:30:00Z", field="d") == date(2027, 2, 1)


def test_text_of_html_has_lines_and_no_script() -> None:
    assert html.to_text("<p>A &amp; B</p><script>x()</script><ul><li>one</li><li>two</li></ul>") == "A & B\none\ntwo"


def test_line_of_a_title_has_no_entities_and_keeps_its_tags_for_canonicalise() -> None:
    assert html.to_line(" R&amp;D <b>engineer</b>&nbsp;(m/v) ") == "R&D <b>engineer</b> (m/v)"


def test_plain_text_becomes_escaped_paragraphs() -> None:
    assert html.paragraphs("a < b\nc\n\nd") == "<p>a &lt; b<br>c</p><p>d</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€3.100–€4.300", (3100, 4300, "EUR", None)),
        ("4200 - 5600", (4200, 5600, None, None)),
        ("19,50", (19.5, 19.5, None, None)),
        ("16.20", (16.2, 16.2, None, None)),
        ("€ 3,378 - € 5,331", (3378, 5331, "EUR", None)),
        ("2901 to 3707", (2901, 3707, None, None)),
        ("45000", (45000, 45000, None, None)),
        ("€ 2.500,- tot € 3.250,50 per maand", (2500, 3250.5, "EUR", "month")),
        ("schaal 10 (€ 3.378 - € 5.331) o.b.v. 36 uur", (3378, 5331, "EUR", None)),
        ("vanaf € 15,50 per uur", (15.5, None, "EUR", "hour")),
        ("up to 60k per year", (None, 60000, None, "year")),
        ("Vanaf 2026: € 3000 tot € 3500", (3000, 3500, "EUR", None)),
        ("marktconform", (None, None, None, None)),
        ("8% vakantiegeld en 13e maand", (None, None, None, None)),
        ("€ 4.200,- p.m. bij een 40-urige werkweek", (4200, 4200, "EUR", "month")),
        ("max. €4.537 bruto p/m", (None, 4537, "EUR", "month")),
        ("HAY 12, 3800 tot 5400 bruto", (3800, 5400, None, None)),
        ("€ 3.000 per 4 weken", (3000, 3000, "EUR", None)),
    ],
)
def test_salary_text_is_read(text: str, expected: tuple[float | None, float | None, str | None, str | None]) -> None:
    found = money.parse_salary(text)
    assert found is not None
    assert (found.min, found.max, found.currency, found.period) == expected
    assert found.as_stated == text


def test_salary_text_names_scale_hours_and_agreement() -> None:
    found = money.parse_salary("Schaal 10 van de cao Gemeenten, € 3.378 tot € 5.331 bij 36 uur per week")
    assert found is not None
    assert (found.scale, found.hours_basis, found.cao, found.min, found.max) == ("10", 36, "Gemeenten", 3378, 5331)


def test_scale_is_no_part_of_the_agreements_name() -> None:
    found = money.parse_salary("CAO VVT FWG 35")
    assert found is not None
    assert (found.cao, found.scale) == ("VVT", "35")
