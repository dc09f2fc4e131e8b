"""What a text counts and dates is a fact of its opening, the same in Dutch and English."""

from __future__ import annotations

from datetime import date

import pytest
from fakes.postings import posting

from hub.domain.posting import Traineeship
from hub.matching.counts import EPOCH, deadline_of, facts_in, hours_of
from hub.matching.facts import compare_facts, kept, stated

POSTED = (date(2026, 11, 2) - EPOCH).days


@pytest.mark.parametrize(
    ("dutch", "english", "fact"),
    [
        ("Je komt in een team van 6 collega's.", "You will join a team of 6 colleagues.", ("team", 6)),
        ("Met z'n 22en vormen jullie een hecht team.", "You are one of 22 people in a close team.", ("team", 22)),
        ("Je werkt samen met 17 enthousiaste vakmensen.", "You and 16 other professionals do it.", ("team", 17)),
        ("Je geeft leiding aan 12 medewerkers.", "You lead 12 employees.", ("led", 12)),
        ("Er is ruimte voor 4 nieuwe collega's.", "There is room for 4 new colleagues.", ("newcomers", 4)),
        ("Je zorgt voor 14 cliënten.", "You look after 14 clients.", ("cared", 14)),
        ("Je beheert 1.200 woningen.", "You manage 1,200 homes.", ("homes", 1200)),
        ("Het salaris is volgens schaal 10.", "The salary is in scale 10.", ("scale", 10)),
        ("Eens per 3 weken draai je weekend.", "Every 3 weeks you work the weekend.", ("cycle", 3)),
        ("Je werkt 4 dagen per week.", "You work 4 days a week.", ("days", 4)),
        ("Je start op 1 september 2027.", "You start on September 1st 2027.", ("start", 9 * 32 + 1)),
        ("Start: februari 2027", "Starting in February 2027.", ("start", 2 * 32)),
        ("Zo'n 24 procent van het werk is op locatie.", "Some 24 per cent of the work is on site.", ("share", 24)),
        ("Je werkplek is op de 3e verdieping.", "The workplace is on floor 3 of our annexe.", ("floor", 3)),
        ("Een extra collega naast de 6 die er al zijn.", "An extra colleague beside the 6 already here.", ("team", 7)),
        ("Startdatum: het liefst vóór 11 januari.", "Start date preferably before 11 January.", ("start", 32 + 11)),
        ("Ingangsdatum: 1 december 2026.", "Starting date: 1 December 2026.", ("start", 12 * 32 + 1)),
        ("De afdeling Longziekten bestaat uit 14 mensen.", "The department consists of 14 people.", ("team", 14)),
        ("Je belandt in een ploeg van 21.", "You will join a team of 21.", ("team", 21)),
        ("De gesprekken zijn op 19 december.", "Interviews take place on 19 December.", ("interview", 12 * 32 + 19)),
    ],
)
def test_a_fact_is_the_same_in_both_languages(dutch: str, english: str, fact: tuple[str, int]) -> None:
    assert fact in facts_in(dutch.casefold())
    assert fact in facts_in(english.casefold())


@pytest.mark.parametrize(
    "line",
    [
        "Ons ziekenhuis telt 3.500 medewerkers.",
        "Een afdeling waar 200 mensen werken.",
        "Wij bestaan sinds 1957.",
        "Je krijgt 26 vakantiedagen en 23 cent per kilometer.",
        "Je mag 2 dagen per week thuiswerken.",
        "Na 8 maanden ligt er een fiets van de zaak klaar.",
        "Living within 30 kilometres is an advantage.",
        "You earn between € 3,561 and € 4,781 gross a month.",
        "Een premie waarvan wij 60 procent betalen, 8 procent vakantiegeld en 10 per dag.",
        "De code is AB-12 collega's-3.",
        "Kosten: 12,5 % van 40.000.000 euro.",
    ],
)
def test_what_says_nothing_of_the_opening_is_no_fact(line: str) -> None:
    assert facts_in(line.casefold()) == ()


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Reageer uiterlijk 9 december 2026 via onze website.", date(2026, 12, 9)),
        ("Apply before 9 December.", date(2026, 12, 9)),
        ("De sluitingsdatum is 5 januari; de gesprekken zijn in de week daarna.", date(2027, 1, 5)),
        ("Je kunt solliciteren tot en met 20 oktober.", date(2026, 10, 20)),
    ],
)
def test_a_deadline_without_a_year_is_the_next_such_day(line: str, day: date) -> None:
    assert deadline_of(facts_in(line.casefold()), POSTED) == (day - EPOCH).days


@pytest.mark.parametrize("line", ["Reageer uiterlijk 9 december 2025.", "Reageer vóór 31 februari.", "Je begint voor 1 mei."])
def test_a_deadline_of_another_year_or_none_is_not_read(line: str) -> None:
    assert deadline_of(facts_in(line.casefold()), POSTED) is None


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("Een aanstelling voor 24 tot 32 uur per week.", [24, 32]),
        ("uren: 32-40 per week", [32, 40]),
        ("uren per week: 24 tot 32", [24, 32]),
        ("working hours: 28-36 per week.", [28, 36]),
        ("openingsuren: 9-17 per week", []),
        ("A contract for 24-32 hours a week.", [24, 32]),
        ("36 uur per week", [36, 36]),
        ("Open van 9 tot 17 uur.", []),
        ("24 uur per week of 36 uur per week", []),
    ],
)
def test_hours_a_week_are_read_where_one_range_is_stated(line: str, hours: list[float]) -> None:
    assert hours_of(facts_in(line)) == hours


@pytest.mark.parametrize(("day", "start"), [(date(2027, 9, 1), 9 * 32), (date(2027, 9, 15), 9 * 32 + 15)])
def test_a_cohort_and_how_long_it_lasts_are_facts_as_in_a_text(day: date, start: int) -> None:
    course = posting("a:1", traineeship=Traineeship(cohort_start=day, duration_months=24))
    assert course.features is not None
    assert course.features.facts == {"start": [start], "months": [24]}


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ([("team", 6)], [("team", 7)], (1, 0)),
        ([("team", 6)], [("team", 9)], (0, 1)),
        ([("start", 9 * 32)], [("start", 9 * 32 + 15)], (1, 0)),
        ([("start", 9 * 32 + 1)], [("start", 9 * 32 + 15)], (0, 1)),
        ([("pupils", 20), ("pupils", 30)], [("pupils", 30), ("scale", 8)], (1, 0)),
        ([("cared", 14), ("scale", 8)], [("cared", 40), ("scale", 8)], (1, 1)),
        ([("cared", 14)], [("pupils", 14)], (0, 0)),
        ([], [("team", 6)], (0, 0)),
    ],
)
def test_only_kinds_that_both_state_are_compared(
    a: list[tuple[str, int]], b: list[tuple[str, int]], found: tuple[int, int]
) -> None:
    assert compare_facts(kept(a), kept(b)) == compare_facts(kept(b), kept(a)) == found


def test_kept_facts_are_shown_as_they_were_stated() -> None:
    assert stated(kept([("scale", 8), ("team", 6), ("team", 4), ("of a later version", 3)])) == {"team": [4, 6], "scale": [8]}
