"""The period of an amount: stated where it can be, else guessed and said to be a guess."""

from __future__ import annotations

import pytest

from hub.domain.pay import settle_period
from hub.domain.posting import Salary
from hub.sdk.money import to_period, with_period


@pytest.mark.parametrize(
    ("stated", "amount", "settled"),
    [
        ("month", 3_200, ("month", False)),
        (None, 3_200, ("month", True)),
        (None, 18.5, ("hour", True)),
        (None, 52_000, ("year", True)),
        ("month", 18.5, ("hour", True)),
        ("hour", 3_200, ("month", True)),
        ("month", 52_000, ("year", True)),
        ("month", 120, ("month", False)),
    ],
)
def test_a_stated_period_stands_unless_the_amount_cannot_be_for_it_and_another_is_likely(stated, amount, settled):
    assert settle_period(stated, amount) == settled


def test_a_guess_names_its_rule():
    salary, origins = with_period(Salary(min=3_000, max=3_600, currency="EUR", period="hour"), "site.guess")
    assert (salary.period, salary.period_is_guess, origins) == ("month", True, {"salary.period": "site.guess"})


def test_nothing_is_guessed_against_a_period_in_a_currency_of_small_units():
    stated = Salary(min=500_000, currency="HUF", period="month")
    assert with_period(stated, "site.guess") == (stated, {})


def test_a_salary_without_an_amount_has_no_guess():
    stated = Salary(as_stated="marktconform")
    assert with_period(stated, "site.guess") == (stated, {})


@pytest.mark.parametrize(
    ("word", "period"),
    [
        ("MONTH", "month"),
        ("per maand", "month"),
        ("per_hour", "hour"),
        ("per-year-salary", "year"),
        ("per-hour-wage", "hour"),
        ("semi-month-salary", None),
        ("bi-weekly", None),
        ("one-time", None),
        ("", None),
    ],
)
def test_a_period_is_read_alone_and_in_the_phrases_of_recruitment_systems(word: str, period: str | None) -> None:
    assert to_period(word) == period
