"""When a delivery is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.delivery.schedule import ITEM_SECONDS, JITTER, LONGEST_SECONDS, item_pause, receiver_pause

names = st.text(min_size=1, max_size=40)


@given(names)
def test_an_item_is_tried_ten_times_over_75_hours_at_least(name):
    pauses = [item_pause(tries, name) for tries in range(1, 11)]
    assert pauses[-1] is None
    assert sum(pauses[:-1]) >= 75 * 3_600


@given(names, st.integers(1, len(ITEM_SECONDS)))
def test_jitter_only_lengthens_an_items_pause_and_by_a_tenth_at_most(name, tries):
    assert ITEM_SECONDS[tries - 1] <= item_pause(tries, name) <= ITEM_SECONDS[tries - 1] * (1 + JITTER)


def test_what_failed_together_does_not_come_back_together():
    assert len({item_pause(1, f"sub/{n}") for n in range(100)}) == 100


def test_a_restart_keeps_the_schedule():
    assert item_pause(3, "sub/opp") == item_pause(3, "sub/opp")


@given(names, st.integers(1, 10_000_000))
def test_a_receiver_is_asked_at_least_every_33_minutes_however_long_it_is_away(name, failures):
    assert 2 <= receiver_pause(failures, None, name) <= LONGEST_SECONDS * (1 + JITTER)


@given(names, st.integers(1, 100), st.floats(0, 86_400))
def test_a_pause_is_never_shorter_than_the_receiver_asked_for(name, failures, asked):
    assert receiver_pause(failures, asked, name) >= asked


@pytest.mark.parametrize(("failures", "least"), [(1, 2), (2, 4), (5, 32), (11, 1_800)])
def test_a_receivers_pauses_double(failures, least):
    assert least <= receiver_pause(failures, None, "sub") <= least * (1 + JITTER)
