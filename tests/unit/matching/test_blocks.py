"""What brings two postings together whose employers no rule joins and of which one has no place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.openings import PLACES
from fakes.postings import change

from hub.domain.posting import Description, RichText
from hub.matching import Engine

CLOSES = {"valid_through": datetime(2026, 12, 1, tzinfo=UTC)}
DUTCH = {"description": Description(nl=RichText(text="Je leidt 17 mensen. Wij maken 4800 ton kaas.", html=""))}
ENGLISH = {"description": Description(en=RichText(text="You lead a crew of 17. We make 4800 tonnes of cheese.", html=""))}


def keys(there: dict[str, Any], here: dict[str, Any]) -> set[str]:
    """Kinds of keys that bring the two together."""
    engine = Engine()
    first = {"employer": "Zuivel Roden", "title": "Teamleider productie", "locations": [PLACES[0]]}
    second = {"employer": "Kaas & Co", "title": "Teamleider productie"}
    engine.load([change("a:1", **{**first, **there}), change("b:1", **{**second, **here})])
    return {key.partition("|")[0] for key in engine.explain.why("a:1", "b:1")["keys"]}


def test_one_occupation_that_closes_on_one_day_is_compared() -> None:
    assert keys(CLOSES, {**CLOSES, "title": "Shiftleider productie"}) == {"due"}


def test_one_occupation_without_a_common_day_is_not() -> None:
    assert keys(CLOSES, {"title": "Shiftleider productie"}) == set()


def test_one_title_is_compared_whatever_else_is_missing() -> None:
    assert keys(CLOSES, {}) == {"title"}


def test_who_leaves_the_closing_day_out_stands_beside_who_does_not_in_a_large_block() -> None:
    """Two that were published on one day, of 60 of one employer in as many days."""

    def of_day(day: int) -> dict[str, Any]:
        return {"employer": "Zuivel Roden", "date_posted": datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=day)}

    crowd = [change(f"c:{day}", title="Kaasmaker", **of_day(day), **(CLOSES if day % 2 else {})) for day in range(60)]
    first = change("a:1", title="Teamleider productie", **of_day(30), **CLOSES)
    second = change("b:1", title="Chauffeur", **of_day(30))
    engine = Engine()
    engine.load([*crowd, first, second])
    assert [key.partition("|")[0] for key in engine.explain.why("a:1", "b:1")["keys"]] == ["employer"]


def test_two_figures_in_common_are_compared_whatever_the_language() -> None:
    assert keys(DUTCH, {**ENGLISH, "title": "Zuivelbereider"}) == {"figures"}


def test_one_figure_in_common_is_not_enough() -> None:
    here = {"description": Description(en=RichText(text="You lead a crew of 17.", html="")), "title": "Zuivelbereider"}
    assert keys(DUTCH, here) == set()
