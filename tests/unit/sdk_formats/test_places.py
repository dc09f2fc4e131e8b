"""A place in one field: what a country behind it says."""

from __future__ import annotations

import pytest

from hub.domain.posting import Posting
from hub.enrich import enrich
from hub.sdk.formats.places import places_of


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("Haren, Germany", "Haren", "DE"),
        ("Meppen (Duitsland)", "Meppen", "DE"),
        ("Bergen, Norway", "Bergen", "NO"),
        ("Bunde, DE (hybride)", "Bunde", "DE"),
        ("Haren, Groningen", "Haren, Groningen", None),
        ("Assen, Netherlands", "Assen", None),
    ],
)
def test_a_country_abroad_behind_a_place_is_told_apart(text: str, place: str, country: str | None) -> None:
    assert [(one.place, one.country) for one in places_of(text)] == [(place, country)]


def test_both_places_of_one_name_are_kept() -> None:
    assert [(one.place, one.country) for one in places_of("Emmen, Switzerland / Emmen")] == [("Emmen", "CH"), ("Emmen", None)]


def test_a_namesake_across_the_border_is_in_no_dutch_municipality() -> None:
    posting = enrich(Posting(locations=list(places_of("Haren, Germany"))))
    assert (posting.locations[0].municipality, posting.locations[0].country) == (None, "DE")
