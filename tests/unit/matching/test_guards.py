"""Guards and vetoes: when a platform's second listing is the first one anew, and what counts as agreeing."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.postings import BASE, posting

from hub.domain.posting import Description, Location, RichText, Status
from hub.matching import default_model
from hub.matching.entry import Entry, read_version, to_entry
from hub.matching.guards import guard, veto

DAY = 86_400_000
TEXT = " ".join(f"Je werkt in week {number} met collega {number * 3} aan de zorg." for number in range(20))
TOWN = Location(place="Assen", municipality="GM0106", municipality_name="Assen")


def entry(key: str, **fields: Any) -> Entry:
    text = Description(nl=RichText(html="", text=TEXT))
    value = posting(key, description=text, locations=[TOWN], **fields).to_bytes()
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


SAID = {"address": "none", "reference": "none", "kind": "same", "employer": "different", "municipality": "same", "title": "equal"}
REST = {"body": "missing", "figures": "missing"}


@pytest.mark.parametrize(
    "more", [{"reference": "other_employer", "hours": "equal"}, {"figures": "only", "published": "same_day"}]
)
def test_names_that_no_rule_joins_need_two_more_agreements(more: dict[str, str]) -> None:
    assert guard({**SAID, **REST}) is not None
    assert guard({**SAID, **REST, **dict([next(iter(more.items()))])}) is not None
    assert guard({**SAID, **REST, **more}) is None
