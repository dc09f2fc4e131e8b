"""Any subscriber ends equal: whatever happens to the feed and however it is read, what is held is the fold of the log."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable

import pytest
from fakes.feed_histories import MARKS, NEVER, OFTEN, Histories
from fakes.planted_in_delivery import AT_RANDOM, PLANTED_IN_DELIVERY, SLOW_AT_RANDOM
from fakes.planted_in_the_edge import PLANTED, play
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

SOAK = bool(os.environ.get("SOAK"))
PROOF = settings(
    max_examples=2_000 if SOAK else 32,
    stateful_step_count=60 if SOAK else 40,
    derandomize=not SOAK,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    print_blob=False,
)
MOST_ROUNDS, IN_A_ROUND = 24, 16


def play_at_random(machine: type[Histories], how: settings, is_enough: Callable[[], bool] = lambda: False) -> None:
    """Histories as `how` has it, then further ones until that is enough. What is rare hangs on when a webhook arrives, so that
    no number of histories is sure to hold it.
    """
    run_state_machine_as_test(machine, settings=how)
    for number in range(MOST_ROUNDS):
        if is_enough():
            return
        further = seed(number)(type("Further", (machine,), {}))
        run_state_machine_as_test(further, settings=settings(how, max_examples=IN_A_ROUND))


def _missing() -> list[str]:
    return [mark for mark in OFTEN if not MARKS[mark]]


@pytest.mark.timeout(7_200 if SOAK else 1_800)
def test_whatever_happens_every_reader_holds_the_fold_of_the_log() -> None:
    MARKS.clear()
    play_at_random(Histories, PROOF, lambda: not _missing())
    assert _missing() == [], "these must happen for the proof to speak of them"
    assert {mark: MARKS[mark] for mark in NEVER if MARKS[mark]} == {}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found_in_a_history_that_is_sound_without_it(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, query, steps = PLANTED[bug]
    surface = "rpde" if "RPDE" in bug or "numbers" in bug else "pages"
    play(query, steps, surface)
    plant(monkeypatch)
    with pytest.raises((AssertionError, ValueError, OSError, zlib.error)):
        play(query, steps, surface)


@pytest.mark.parametrize("bug", PLANTED_IN_DELIVERY)
def test_a_bug_planted_in_webhooks_is_found_in_a_history_that_is_sound_without_it(
    bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, query, steps = PLANTED_IN_DELIVERY[bug]
    play(query, steps, "webhooks")
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        play(query, steps, "webhooks")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("bug", ["what leaves a filter is not told", "next skips an item"])
def test_random_histories_find_a_planted_bug_too(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[bug][0](monkeypatch)
    with pytest.raises(AssertionError):
        play_at_random(Histories, settings(PROOF, phases=[Phase.generate]))


FOUND = {**AT_RANDOM, **(SLOW_AT_RANDOM if SOAK else {})}


@pytest.mark.timeout(7_200 if SOAK else 300)
@pytest.mark.parametrize("bug", FOUND)
def test_random_histories_find_a_bug_planted_in_webhooks_too(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED_IN_DELIVERY[bug][0](monkeypatch)
    with pytest.raises(AssertionError):
        play_at_random(FOUND[bug], settings(PROOF, phases=[Phase.generate]))
