"""What `hub match` says to a person, from what the engine tells."""

from __future__ import annotations

import pytest
from fakes.postings import change

from hub.cli import match_text
from hub.domain.records import MatchOverride
from hub.matching import Engine, MatchChange

JOB = "https://werkenbij.hotel.example/vacatures/kok-123456"


@pytest.fixture
def engine() -> Engine:
    engine = Engine()
    cooks = [change(f"{source}:cook", title="Kok", employer="Hotel Noord", apply_url=JOB) for source in "ab"]
    engine.load([*cooks, change("c:nurse")])
    return engine


def word(first: str, second: str, op: str) -> MatchChange:
    return MatchChange(first, second, MatchOverride.model_validate({"who": "test", "when": 1, "op": op}))


def test_an_explanation_begins_with_the_verdict_and_ends_with_the_keys(engine: Engine) -> None:
    lines = list(match_text.explanation(engine.explain.why("a:cook", "b:cook")))
    assert lines[:2] == ["a:cook and b:cook: one opportunity", "  between the two: the evidence joins them"]
    assert any("title: equal  (Kok / Kok)" in line for line in lines)
    assert lines[-1].startswith("  compared by: ")


def test_two_that_only_a_third_joins_are_told_so(engine: Engine) -> None:
    engine.apply([word("a:cook", "c:nurse", "link")])
    lines = list(match_text.explanation(engine.explain.why("b:cook", "c:nurse")))
    assert lines[0] == "b:cook and c:nurse: one opportunity"
    assert lines[1].startswith("  joined through others; between the two: ")


def test_a_separated_pair_says_whose_word_it_was(engine: Engine) -> None:
    engine.apply([word("a:cook", "b:cook", "separate")])
    lines = list(match_text.explanation(engine.explain.why_not("a:cook", "b:cook")))
    assert lines[:3] == [
        "a:cook and b:cook: two opportunities",
        "  between the two: the operator separated them",
        "  the operator separated them",
    ]


def test_a_history_groups_fields_by_the_posting_they_came_from(engine: Engine) -> None:
    how = engine.explain.how("a:cook")
    told = {**how, "state": "live", "field_origins": {"title.nl": "a:cook", "hours": "b:cook#hours.text", "apply": "a:cook"}}
    lines = list(match_text.history(told, "opp-former"))
    assert lines[0] == f"opp-former is now {how['id']}"
    assert lines[-2:] == ["  from a:cook: title.nl, apply", "  from b:cook: hours"]


def test_a_history_ends_with_what_other_sources_state(engine: Engine) -> None:
    kept = {"contract": ["fixed_term"], "hours": [{"min": 32.0, "max": 36.5}]}
    alternatives = {path: [{"value": value, "source_key": "b:cook"} for value in values] for path, values in kept.items()}
    told = {**engine.explain.how("a:cook"), "state": "live", "field_origins": {}, "alternatives": alternatives}
    assert list(match_text.history(told, "a:cook"))[-2:] == [
        "  contract otherwise in b:cook: fixed_term",
        "  hours otherwise in b:cook: min 32, max 36.5",
    ]


def test_a_word_that_changes_nothing_says_so() -> None:
    result = {"first": "a:1", "second": "b:1", "op": "separate", "opportunities": []}
    assert list(match_text.word(result, is_dry=False)) == ["a:1 and b:1: separated; nothing that is shown changes"]
    assert list(match_text.word(result, is_dry=True)) == ["a:1 and b:1: if separated; nothing that is shown would change"]


def test_values_are_told_without_needless_digits() -> None:
    assert [match_text.value(told) for told in (None, [24.0, 32.5], [], "GM0014")] == ["—", "24 | 32.5", "—", "GM0014"]
