"""Hours, experience and place of work from text."""

import pytest

from hub.domain.posting import Description, Experience, Hours, Posting, RichText, Text, Title
from hub.enrich import enrich

HOURS = [
    ("32-36 uur per week", 32, 36),
    ("32–36 uur per week", 32, 36),
    ("24 tot 32 uur", 24, 32),
    ("Een contract van 40 uur per week", 40, 40),
    ("36-40 hours per week", 36, 40),
    ("Voor 36 uur per week", 36, 36),
    ("36 hours a week", 36, 36),
    ("tussen 8 en 12 uur per week", 8, 12),
    ("A working week of 36 hours.", 36, 36),
    ("Een werkweek van 28–32 uur.", 28, 32),
    ("fulltime (40 uur)", 40, 40),
    ("40-hour working week", 40, 40),
    ("28,8 uur per week", 28.8, 28.8),
    ("min. 24 uur, max. 32 uur per week", 24, 32),
    ("Je werkt 4 dagen per week (32 uur)", 32, 32),
    ("Aantal uur: 32 tot 40", 32, 40),
    ("Working hours: 28-36 per week.", 28, 36),
    ("uren p/w: 20-28", 20, 28),
    ("Omvang: 36 uur", 36, 36),
]
NO_HOURS = ["van 9 tot 17 uur", "salaris € 3000 bij 36 uur", "van 19:30 - 21:00 uur", "we zijn er 24 uur per dag"]
NO_HOURS += [
    "Reactie binnen 24-48 uur",
    "binnen 2 tot 3 uur rijden",
    "2 uur per week begeleiding",
    "You get 4 hours per week for training",
    "Een begeleider van Geriatrie helpt je 6 uur per week.",
    "De lijn draait 45 uur per week en jij houdt hem soepel.",
    "We are open from 9 to 17 hours",
    "Working hours: 9-17",
]
EXPERIENCE: list[tuple[str, int, int | None]] = [
    ("2 jaar ervaring", 24, None),
    ("Minimaal 3 jaar relevante werkervaring", 36, None),
    ("3-5 years of experience", 36, 60),
    ("At least five years of working experience in sales", 60, None),
    ("0-2 jaar werkervaring", 0, 24),
    ("maximaal 2 jaar werkervaring", 0, 24),
    ("ervaring van minimaal 4 jaar", 48, None),
    ("6 maanden ervaring", 6, None),
    ("minimaal een half jaar ervaring als chauffeur", 6, None),
    ("je hebt anderhalf jaar ervaring in een callcenter", 18, None),
    ("5+ years experience", 60, None),
    ("je hebt twee tot vier jaar ervaring als verpleegkundige", 24, 48),
    ("geen ervaring vereist", 0, None),
    ("No prior experience needed", 0, None),
    ("Ervaring is niet nodig", 0, None),
]
NO_EXPERIENCE_SAID = [
    "Wij hebben 30 jaar ervaring",
    "Met ruim 10 jaar ervaring zijn wij",
    "experience with Python",
    "ervaring met klanten",
    "Bakkerij Noord heeft 12 jaar ervaring",
    "Je werkt samen met collega's met 10 jaar ervaring",
    "Een traineeship van 2 jaar waarin je ervaring opdoet",
    "In 2 jaar tijd doe je veel ervaring op",
    "During 18 months you gain experience at three employers",
    "Zonder ervaring in de zorg kun je niet reageren",
]
WORKPLACE = [
    ("thuiswerken is mogelijk", "hybrid"),
    ("hybride werken", "hybrid"),
    ("work from home two days", "hybrid"),
    ("2 dagen thuis werken", "hybrid"),
    ("Fully remote", "remote"),
    ("remote functie", "remote"),
    ("thuiswerken is niet mogelijk", "onsite"),
    ("Je thuis voelen bij ons", None),
    ("hybrid cloud solutions", None),
    ("Je werkt met hybride auto's", None),
]


def posting(text: str, **fields: object) -> Posting:
    return Posting(description=Description(nl=RichText(html=text, text=text)), **fields)


@pytest.mark.parametrize(("text", "low", "high"), HOURS)
def test_hours_a_week_are_read(text: str, low: float, high: float) -> None:
    assert enrich(posting(text)).hours == Hours(min=low, max=high)


def test_hours_in_a_title_are_read() -> None:
    assert enrich(Posting(title=Title(nl=Text(text="Verpleegkundige (24-32 uur)")))).hours == Hours(min=24, max=32)


@pytest.mark.parametrize("text", NO_HOURS)
def test_clock_times_and_salary_bases_are_no_hours_a_week(text: str) -> None:
    assert enrich(posting(text)).hours is None


@pytest.mark.parametrize(("text", "low", "high"), EXPERIENCE)
def test_experience_is_read_in_months(text: str, low: int, high: int | None) -> None:
    assert enrich(posting(text)).experience == Experience(min_months=low, max_months=high)


@pytest.mark.parametrize("text", NO_EXPERIENCE_SAID)
def test_the_companys_own_experience_is_not_asked_for(text: str) -> None:
    assert enrich(posting(text)).experience is None


@pytest.mark.parametrize(("text", "expected"), WORKPLACE)
def test_workplace_is_read(text: str, expected: str | None) -> None:
    assert enrich(posting(text)).workplace == expected


def test_what_the_source_states_stays() -> None:
    found = enrich(
        posting(
            "32-36 uur per week, 5 jaar ervaring, fully remote",
            hours=Hours(min=8, max=8),
            experience=Experience(min_months=0),
            workplace="onsite",
        )
    )
    assert (found.hours, found.experience, found.workplace) == (Hours(min=8, max=8), Experience(min_months=0), "onsite")
