"""What days and texts say of a pair, before any weight."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.matching.bodies import read_lines, sketch_of, unpack
from hub.matching.guards import COMMON_TEXT, guard
from hub.matching.levels import LONG_BODY, body, closing, published

OWN = " ".join(f"taak{number}" for number in range(LONG_BODY + 40))
OTHER = " ".join(f"plicht{number}" for number in range(LONG_BODY + 40))
NOTE = " ".join(OWN.split()[:24])


def posting(**texts: str) -> Any:
    """As much of an entry as its bodies are."""
    sketches = {lang: sketch_of(text, read_lines(text)) for lang, text in texts.items()}
    return SimpleNamespace(bodies=[(lang, unpack(one.minhash), one.shingles) for lang, one in sketches.items() if one])


@pytest.mark.parametrize(("days", "level"), [(0, "equal"), (1, "near"), (2, "apart"), (30, "apart"), (31, "far")])
def test_only_closing_a_day_apart_is_near(days: int, level: str) -> None:
    assert closing(days) == level


@pytest.mark.parametrize(
    ("days", "level"), [(0, "at_once"), (2, "at_once"), (3, "near"), (7, "near"), (8, "apart"), (60, "apart"), (61, "far")]
)
def test_what_is_published_within_two_days_was_put_up_at_once(days: int, level: str) -> None:
    assert published(days) == level


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        (posting(nl=OWN), posting(nl=OWN), "whole"),
        (posting(nl=OWN), posting(nl=OTHER), "none"),
        (posting(nl=NOTE), posting(nl=NOTE), "short_whole"),
        (posting(nl=NOTE), posting(nl=OTHER), "short_little"),
        (posting(nl=OWN), posting(en=OWN), "missing"),
        (posting(nl=OWN, en=NOTE), posting(nl=OTHER, en=NOTE), "short_whole"),
        (posting(nl=OWN, en=NOTE), posting(nl=OWN, en=NOTE), "whole"),
    ],
)
def test_a_common_text_says_how_long_it_is(a: Any, b: Any, level: str) -> None:
    assert (body(a, b), body(b, a)) == (level, level)


@pytest.mark.parametrize("text", sorted(COMMON_TEXT))
def test_a_common_text_stands_in_for_the_employers_name(text: str) -> None:
    levels = {"address": "none", "reference": "none", "kind": "same", "employer": "missing", "municipality": "same"}
    assert guard({**levels, "title": "equal", "body": text, "figures": "missing"}) is None
    assert guard({**levels, "title": "equal", "body": "short_half", "figures": "missing"}) is not None
