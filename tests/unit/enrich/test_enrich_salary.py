"""Pay from text, line by line."""

from typing import Any

import pytest

from hub.domain.posting import Description, Posting, RichText, Salary
from hub.enrich import enrich

CASES: list[tuple[str, dict[str, Any]]] = [
    (
        "salaris van minimaal € 2.911 en maximaal € 4.332 bruto per maand (schaal 7, cao UMC) bij 36 uur",
        {"min": 2911, "max": 4332, "period": "month", "hours_basis": 36, "cao": "UMC", "scale": "7", "period_is_guess": False},
    ),
    (
        "Een salaris tussen € 3.500,- en € 4.500,- bruto per maand o.b.v. 38 uur",
        {"min": 3500, "max": 4500, "period": "month", "hours_basis": 38},
    ),
    ("€ 15,50 per uur bruto", {"min": 15.5, "max": 15.5, "period": "hour"}),
    (
        "gross salary of €3,000 to €4,500 per month based on 40 hours",
        {"min": 3000, "max": 4500, "period": "month", "hours_basis": 40},
    ),
    ("Salary: EUR 45,000 - 60,000 per year", {"min": 45000, "max": 60000, "period": "year"}),
    ("Salaris: 2500 - 3500 euro", {"min": 2500, "max": 3500, "period": "month", "period_is_guess": True}),
    ("Maximaal € 5.929 (schaal 11, cao Gemeenten)", {"min": None, "max": 5929, "scale": "11", "cao": "Gemeenten"}),
    (
        "Je verdient minimaal 2.330 en maximaal 3.186 euro bruto. Een contract voor 24 tot 36 uur per week.",
        {"min": 2330, "max": 3186, "period": "month", "period_is_guess": True},
    ),
    (
        "Salaris € 3.800 - € 5.400 bruto, 25 vakantiedagen per jaar",
        {"min": 3800, "max": 5400, "period": "month", "period_is_guess": True},
    ),
    (
        "Salary €750 gross a week, 52 weeks a year, with holidays per year on top",
        {"min": 750, "max": 750, "period": "week", "period_is_guess": False},
    ),
    (
        "You earn between 3.200 and 4.900 euros gross per month based on 36 hours per week",
        {"min": 3200, "max": 4900, "period": "month", "period_is_guess": False},
    ),
    ("You earn at least 3,124 and at most 4,883 euros gross per month", {"min": 3124, "max": 4883, "period": "month"}),
    ("Je verdient minstens 3.124 en hoogstens 4.883 euro bruto", {"min": 3124, "max": 4883}),
    ("Salaris vanaf € 2.500, oplopend tot maximaal € 3.900", {"min": 2500, "max": 3900}),
    ("Loon: 14,50 per uur, 20 uur per week", {"min": 14.5, "max": 14.5, "period": "hour", "period_is_guess": False}),
    ("Salaris: 2.800 - 4.100 bruto bij 36 uur", {"min": 2800, "max": 4100, "period": "month", "period_is_guess": True}),
    ("Vanaf € 2.400 bruto per maand", {"min": 2400, "max": None, "period": "month"}),
    ("Je verdient tot € 4.100 per maand", {"min": None, "max": 4100}),
    ("Salaris volgens schaal 10", {"min": None, "max": None, "scale": "10", "as_stated": "Salaris volgens schaal 10"}),
    ("Uurloon € 14 - € 18", {"min": 14, "max": 18, "period": "hour"}),
    (
        "Salary scale 10 of the collective labour agreement of Dutch Universities (€3,345 - €5,278)",
        {"min": 3345, "max": 5278, "scale": "10", "cao": "Dutch Universities"},
    ),
    ("FWG 45 cao Ziekenhuizen: € 2.800 - € 3.900", {"min": 2800, "max": 3900, "scale": "45", "cao": "Ziekenhuizen"}),
    ("jaarsalaris van €50k - €60k", {"min": 50000, "max": 60000, "period": "year"}),
    ("€ 3.218,00 tot € 4.537,00 bruto", {"min": 3218, "max": 4537, "period": "month", "period_is_guess": True}),
    ("stagevergoeding van € 500 per maand", {"min": 500, "max": 500, "period": "month"}),
    ("Je krijgt 450 euro stagevergoeding.", {"min": 450, "max": 450, "period": "month", "period_is_guess": True}),
    ("Wij bieden een stagevergoeding van 500,- p.m.", {"min": 500, "max": 500, "period": "month", "period_is_guess": False}),
    ("The allowance is 450 euros a month.", {"min": 450, "max": 450, "period": "month"}),
    ("Schaal: 3.173 - 4.196 euro.", {"min": 3173, "max": 4196, "period": "month", "scale": None}),
    (
        "Je verdient minimaal 3.853 en maximaal 5.391 euro bruto, afhankelijk van ervaring. Een contract voor 24 tot 36 uur per "
        "week. Een opleidingsbudget van 750 euro per jaar. Je inspecteert 14 woningen per week.",
        {
            **{"min": 3853, "max": 5391, "period": "month", "period_is_guess": True},
            "as_stated": "Je verdient minimaal 3.853 en maximaal 5.391 euro bruto, afhankelijk van ervaring.",
        },
    ),
    (
        "Wij zijn een warme school met 80 collega's en 900 leerlingen in Emmen. Je salaris is conform de cao. Het is minimaal "
        "€ 3.301 en maximaal € 5.038 per maand. De reiskosten vergoeden we, en een laptop krijg je ook.",
        {"min": 3301, "max": 5038, "period": "month"},
    ),
    (
        "salaris van minimaal € 3.378,- (schaal 10, periodiek 0) en maximaal € 5.331,- (schaal 10, periodiek 12) bruto per maand",
        {"min": 3378, "max": 5331, "period": "month", "scale": "10"},
    ),
    ("Je start op € 2.770 en groeit naar € 3.539 bruto per maand", {"min": 2770, "max": 3539}),
    ("Bruto salaris tussen 2400 en 3200", {"min": 2400, "max": 3200, "period": "month", "period_is_guess": True}),
    ("We offer €18/hour", {"min": 18, "max": 18, "period": "hour", "period_is_guess": False}),
    ("Salarisindicatie: €2.750 tot €3.750 per maand bij een 40-urige werkweek", {"min": 2750, "max": 3750, "hours_basis": 40}),
    ("Bruto maandsalaris € 2.800,-", {"min": 2800, "max": 2800, "period": "month"}),
    ("functieschaal 8 (max € 4.200)", {"min": None, "max": 4200, "scale": "8"}),
    ("Salaris schaal 8: min. € 2.916 max. € 4.158", {"min": 2916, "max": 4158, "scale": "8"}),
    ("tussen 2.600 en 3.400 bruto per maand", {"min": 2600, "max": 3400, "period": "month"}),
    ("een salaris van € 2.770 in het eerste jaar tot € 3.539 in het vierde jaar", {"min": 2770, "max": 3539, "period": "month"}),
    (
        "Starting salary € 2,541 in the first year increasing to € 3,247 in the fourth year gross per month",
        {"min": 2541, "max": 3247, "period": "month"},
    ),
    ("Een aanstelling in schaal 9, maximaal € 4.835.", {"min": None, "max": 4835, "scale": "9"}),
    ("Loon inclusief ploegentoeslag tussen € 3.300 en € 4.050 per maand.", {"min": 3300, "max": 4050}),
    ("Van 14.30 tot 23.00 uur. Uurloon € 15,62 plus 18 procent vriestoeslag.", {"min": 15.62, "max": 15.62}),
    ("Vanaf 18 jaar verdien je € 13,50 per uur", {"min": 13.5, "max": 13.5, "period": "hour"}),
    ("Je werkt van maandag tot vrijdag en verdient € 2.500 per maand", {"min": 2500, "max": 2500}),
    ("Naast een goed pensioen krijg je een salaris van € 3.000 bruto per maand", {"min": 3000, "max": 3000}),
    ("Salaris € 3.200 en een fiets van de zaak", {"min": 3200, "max": 3200}),
    ("Arbeidsvoorwaarden: € 3.000 - € 4.000 bruto", {"min": 3000, "max": 4000}),
    ("Een bruto maandsalaris (exclusief vakantietoeslag) tussen € 3.200 en € 4.000", {"min": 3200, "max": 4000}),
    ("een salaris conform cao Metalektro", {"min": None, "max": None, "cao": "Metalektro"}),
]
NO_PAY = [
    "Salaris 2025 - 2026",
    "Een salaris bij ons en 2400 tot 3200 klanten",
    "Marktconform salaris",
    "We hebben een omzet van € 5 miljoen en een opleidingsbudget van € 1.500 per jaar",
    "reiskostenvergoeding van € 0,23 per km",
    "tickets cost € 25",
    "Een goed salaris en een fiets ter waarde van € 1.500.",
    "Je helpt mensen met een inkomen tot € 1.800 per maand.",
    "Aanbrengpremie van € 1.500 bruto",
    "A referral fee of € 1,000 gross",
    "Lease auto met een cataloguswaarde van € 35.000 naast je salaris",
    "Loon volgens de functie plus € 4,10 nachttoeslag per uur.",
    "Pensioenbijdrage van € 200 bruto per maand",
    "Je krijgt € 200 bruto per maand extra voor bereikbaarheidsdienst",
    "Belastingvrij € 400 per maand netto vergoeding huisvesting",
    "allowance of € 3 per hour for evening shifts on top of your wage",
    "Per 1 januari 2027 stijgt het salaris met € 100 bruto per maand",
    "in 2027 werken we met 300 collega's",
]


def posting(text: str, **fields: object) -> Posting:
    return Posting(description=Description(nl=RichText(html=text, text=text)), **fields)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_pay_is_read_with_its_terms(text: str, expected: dict[str, Any]) -> None:
    found = enrich(posting(text)).salary
    assert found is not None
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.as_stated


@pytest.mark.parametrize("text", NO_PAY)
def test_what_is_no_pay_stays_out(text: str) -> None:
    assert enrich(posting(text)).salary is None


def test_stated_pay_stays_and_gains_only_what_it_lacks() -> None:
    stated = Salary(min=3000, max=4000, currency="EUR", period="month")
    found = enrich(posting("Salaris € 1.000 - € 2.000 per maand (schaal 7) bij 36 uur", salary=stated))
    assert found.salary is not None
    assert (found.salary.min, found.salary.max, found.salary.scale, found.salary.hours_basis) == (3000, 4000, "7", 36)
    assert found.field_origins["salary.scale"] == "salary.text"
    assert "salary.min" not in found.field_origins


@pytest.mark.parametrize(
    ("text", "period", "is_guess"),
    [
        ("Een salaris van € 3.120 tot € 4.950 bruto per maand.", "month", False),
        ("Een salaris van € 3.120 tot € 5.100 bruto per maand.", "year", True),
        ("Een salaris van € 3.120 tot € 4.950 bruto.", "year", True),
    ],
)
def test_a_guessed_period_gives_way_to_the_one_that_the_text_has_for_these_amounts(
    text: str, period: str, is_guess: bool
) -> None:
    guessed = Salary(min=3120, max=4950, currency="EUR", period="year", period_is_guess=True)
    description = Description(nl=RichText(html=f"<p>{text}</p>", text=text))
    found = enrich(Posting(description=description, salary=guessed))
    assert found.salary is not None
    assert (found.salary.period, found.salary.period_is_guess) == (period, is_guess)
    assert found.field_origins.get("salary.period") == (None if is_guess else "salary.text")


def test_an_age_is_no_end_of_a_range() -> None:
    found = enrich(posting("Met 18 jaar verdien je € 8,50 per uur en 21+ € 14,50 per uur")).salary
    assert found is not None
    assert found.max != 21
