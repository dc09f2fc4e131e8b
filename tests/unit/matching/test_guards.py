"""Guards and vetoes: when a platform's second listing is the first one anew, and what counts as agreeing."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.postings import BASE, posting

from hub.domain.posting import Description, Location, RichText, Status
from hub.matching import default_model
from hub.matching.entry import Entry
from hub.matching.guards import guard, veto
from hub.matching.reading import to_entry
from hub.matching.version import read_version

DAY = 86_400_000
TEXT = " ".join(f"Je werkt in week {number} met collega {number * 3} aan de zorg." for number in range(20))
TOWN = Location(place="Assen", municipality="GM0106", municipality_name="Assen")


def entry(key: str, text: str = TEXT, **fields: Any) -> Entry:
    description = Description(nl=RichText(html="", text=text))
    value = posting(key, description=description, locations=[TOWN], **fields).to_bytes()
    return to_entry(read_version(key, value), default_model())


def gone(key: str, **fields: Any) -> Entry:
    """Listed on the first day, taken down ten days later."""
    return entry(key, status=Status.WITHDRAWN, seq=BASE + 10 * DAY, **fields)


def anew(key: str, **fields: Any) -> Entry:
    """Listed a day after that."""
    return entry(key, seq=BASE + 11 * DAY, first_seen=BASE + 11 * DAY, **fields)


def test_a_platform_that_lists_an_opening_anew_numbers_its_own_form_anew() -> None:
    first, second = (f"https://a.example/solliciteer/{number}" for number in (41_111, 42_222))
    assert veto(gone("a:1", apply_url=first), anew("a:2", apply_url=second)) is None


def test_another_job_of_the_employers_own_site_is_no_repost() -> None:
    first, second = (f"https://werkenbij.ziekenhuis.example/vacatures/{number}" for number in (41_111, 42_222))
    assert veto(gone("a:1", apply_url=first), anew("a:2", apply_url=second)) == "two postings of one platform"


def test_two_listings_at_one_time_are_two() -> None:
    assert veto(entry("a:1"), entry("a:2")) == "two postings of one platform"


DUTIES = (
    "Je wast af in de keuken van een hotel met 64 kamers. Na het ontbijt zet je de vaatwasser aan en ruim je de borden op. "
    "Je werkt van 11:30 tot 15:30 en bent op zondag vrij. Je verdient 17,40 per uur en fooien worden gedeeld. "
    "Op vrijdag eet je met de hele ploeg mee van de kaart. Je fiets staat droog in de stalling achter het hotel. "
)
FIRST = f"{DUTIES} Wij zijn een vrolijke ploeg en maken graag tijd voor al je vragen over het werk."
REWRITTEN = f"Onze eerste ronde gaf geen kandidaat, daarom staat deze plek nu weer open. {DUTIES}"


def test_who_writes_the_opening_anew_keeps_its_figures_and_may_change_the_title() -> None:
    first, second = (
        gone("a:1", title="Medewerker spoelkeuken", text=FIRST),
        anew("a:2", title="Afwasser restaurant", text=REWRITTEN),
    )
    assert veto(first, second) is None


def test_another_title_above_other_figures_is_another_opening() -> None:
    other = REWRITTEN.replace("17,40", "18,90")
    first, second = gone("a:1", title="Medewerker spoelkeuken", text=FIRST), anew("a:2", title="Afwasser restaurant", text=other)
    assert veto(first, second) == "two postings of one platform"


def test_a_department_that_only_one_title_names_tells_two_listings_apart() -> None:
    first, second = gone("a:1", title="Verpleegkundige"), anew("a:2", title="Verpleegkundige afdeling cardiologie")
    assert veto(first, second) == "two postings of one platform"


def test_of_one_reference_number_a_department_that_one_title_names_and_a_missing_employer_tell_nothing() -> None:
    first = gone("a:1", title="Verpleegkundige", reference_number="VK-4711")
    second = anew("a:2", title="Verpleegkundige afdeling cardiologie", reference_number="VK-4711", organisation=None)
    assert veto(first, second) is None


def test_one_reference_number_of_two_employers_is_no_repost() -> None:
    first = gone("a:1", reference_number="2026-001", employer="Bakkerij Hoekstra")
    second = anew("a:2", reference_number="2026-001", employer="Transportbedrijf Veenstra")
    assert veto(first, second) == "two postings of one platform"


SAID = {"address": "none", "reference": "none", "kind": "same", "employer": "different", "municipality": "same", "title": "equal"}
REST = {"body": "missing", "figures": "missing"}


@pytest.mark.parametrize(
    "more", [{"reference": "other_employer"}, {"hours": "equal"}, {"figures": "only"}, {"published": "same_day"}]
)
def test_a_title_and_a_town_need_one_agreement_more(more: dict[str, str]) -> None:
    assert guard({**SAID, **REST}) is not None
    assert guard({**SAID, **REST, **more}) is None
