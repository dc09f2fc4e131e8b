"""Short statements in fields of their own, and several fetches in one order."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from hub.domain.posting import Event, Experience, Hours, Status
from hub.sdk.formats.ordered import fetch_in_order
from hub.sdk.formats.words import experience_of, filled_by_title, hours_between, hours_of, told_by_title
from hub.sdk.language import declared_language, language_of


@pytest.mark.parametrize(
    ("stated", "hours"),
    [
        ("32-40 hours", Hours(min=32, max=40)),
        ("36", Hours(min=36, max=36)),
        ("24 tot 32 uur per week", Hours(min=24, max=32)),
        ("32, 36 of 40 uur", Hours(min=32, max=40)),
        ("32u-40u", Hours(min=32, max=40)),
        ("1,0 fte (36 uur)", Hours(min=36, max=36)),
        ("36 uur in 4 dagen", Hours(min=36, max=36)),
        ("minimaal 24 uur", Hours(min=24)),
        ("max. 24 uur", Hours(max=24)),
        ("min. 24, max. 32 uur", Hours(min=24, max=32)),
        ("8 uur per dag", None),
        ("0,8 - 1,0 fte", None),
        ("80%", None),
        ("9:00-17:00", None),
        ("40-32", None),
        ("400", None),
        ("fulltime", None),
    ],
)
def test_hours_of_a_week_are_read_fractions_and_times_are_not(stated: str, hours: Hours | None) -> None:
    assert hours_of(stated) == hours


@pytest.mark.parametrize(
    ("first", "second", "hours"),
    [(32, 40, Hours(min=32, max=40)), (40, 32, Hours(min=32, max=40)), (0, 36, Hours(max=36)), (0, None, None)],
)
def test_two_fields_of_hours_are_bounds_in_either_order(first: float, second: float | None, hours: Hours | None) -> None:
    assert hours_between(first, second) == hours


@pytest.mark.parametrize(
    ("stated", "experience"),
    [
        ("3+ years", Experience(min_months=36)),
        ("6 maanden", Experience(min_months=6)),
        ("2 tot 5 jaar", Experience(min_months=24, max_months=60)),
    ],
)
def test_experience_is_read_as_months(stated: str, experience: Experience) -> None:
    assert experience_of(stated) == experience


@pytest.mark.parametrize(
    ("tag", "code"),
    [("nl-NL", "nl"), ("English", "en"), ("Nederlands", "nl"), ("de", "de"), ("klingon", None), ("", None), (None, None)],
)
def test_a_declared_language_is_a_code_of_two_letters(tag: str | None, code: str | None) -> None:
    assert declared_language(tag) == code


def test_function_words_outvote_loanwords() -> None:
    assert language_of("Data Engineer en Product Owner bij de gemeente", default="en") == "nl"


def test_text_that_says_nothing_is_in_the_default_language() -> None:
    assert language_of("Data Engineer", default="en") == "en"


async def test_results_come_in_the_order_asked_though_they_finish_otherwise() -> None:
    last = asyncio.Event()

    async def fetch(number: int) -> int:
        if number == 3:
            last.set()
        await last.wait()
        return number * 10

    assert [pair async for pair in fetch_in_order(range(6), fetch, at_once=4)] == [(n, n * 10) for n in range(6)]


async def test_no_more_than_so_many_are_under_way() -> None:
    under_way, most = 0, 0

    async def fetch(_: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1

    assert len([pair async for pair in fetch_in_order(range(20), fetch, at_once=3)]) == 20
    assert most == 3


async def test_first_error_ends_it_and_cancels_the_rest() -> None:
    cancelled: list[int] = []

    async def fetch(number: int) -> int:
        if number == 0:
            raise ValueError("broken")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(number)
            raise
        return number

    with pytest.raises(ValueError, match="broken"):
        assert [pair async for pair in fetch_in_order(range(4), fetch)] == []
    assert cancelled == [1, 2, 3]


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("AFGELAST: Banenmarkt", "cancelled"),
        ("Geannuleerd – Banenmarkt", "cancelled"),
        ("[CANCELLED] Career fair", "cancelled"),
        ("Banenmarkt (afgelast)", "cancelled"),
        ("Banenmarkt - geannuleerd!", "cancelled"),
        ("Postponed: career fair", "postponed"),
        ("Cancelled culture: a debate", "scheduled"),
        ("Afgelast en dan? Over annuleren", "scheduled"),
        ("Banenmarkt", "scheduled"),
    ],
)
def test_title_may_call_an_event_off(title: str, status: str) -> None:
    event, _ = told_by_title(Event(start=datetime(2027, 1, 1, tzinfo=UTC)), title)
    assert event.status == status


def test_title_does_not_overrule_a_stated_status() -> None:
    moved = Event(start=datetime(2027, 1, 1, tzinfo=UTC), status="moved_online")
    assert told_by_title(moved, "AFGELAST: Banenmarkt") == (moved, {})


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("VERVULD: Kok", Status.FILLED),
        ("Kok (vervuld)", Status.FILLED),
        ("Cook - position filled", Status.FILLED),
        ("Begeleider (gesloten)", Status.ACTIVE),
        ("Vervuldheid coach", Status.ACTIVE),
    ],
)
def test_title_may_say_that_a_vacancy_is_filled(title: str, status: Status) -> None:
    assert filled_by_title(Status.ACTIVE, title)[0] == status


def test_title_does_not_fill_what_has_expired() -> None:
    assert filled_by_title(Status.EXPIRED, "Kok (vervuld)") == (Status.EXPIRED, {})
