"""Buckets by key: what is let through in a minute, what is left, and what is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.api.access.buckets import Buckets


class Clock:
    def __init__(self):
        self.seconds = 1_000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def buckets(clock):
    """Six a minute: one every ten seconds."""
    return Buckets("address", 6, now=clock)


def test_a_whole_minute_may_be_taken_at_once_and_no_more(buckets):
    assert [buckets.take("a").remaining for _ in range(6)] == [5, 4, 3, 2, 1, 0]
    assert buckets.take("a").wait_seconds == 10


def test_who_waits_as_told_is_let_through(buckets, clock):
    for _ in range(6):
        buckets.take("a")
    clock.seconds += buckets.take("a").wait_seconds
    assert buckets.take("a").wait_seconds == 0


def test_what_was_refused_takes_nothing(buckets, clock):
    for _ in range(60):
        buckets.take("a")
    clock.seconds += 10
    assert buckets.take("a").wait_seconds == 0


def test_keys_have_buckets_of_their_own(buckets):
    for _ in range(7):
        buckets.take("a")
    assert buckets.take("b").remaining == 5


def test_reset_says_when_the_bucket_is_whole_again(buckets):
    buckets.take("a")
    assert buckets.take("a").reset_seconds == 20


def test_a_dear_request_takes_its_cost(buckets):
    assert buckets.take("a", 4).remaining == 2
    assert buckets.take("a", 4).wait_seconds == 20


def test_a_request_dearer_than_the_bucket_takes_all_of_it(buckets):
    assert buckets.take("a", 100).remaining == 0


def test_a_charge_is_taken_even_if_nothing_is_left_and_ends_within_the_minute(buckets, clock):
    for _ in range(100):
        buckets.charge("a")
    assert buckets.wait_seconds("a") == 10
    clock.seconds += 60
    assert buckets.take("a").remaining == 5


def test_a_key_that_was_never_charged_waits_for_nothing(buckets):
    assert buckets.wait_seconds("a") == 0


def test_memory_is_bounded_however_many_ask(clock):
    buckets = Buckets("address", 6, now=clock, most_keys=100)
    for number in range(10_000):
        buckets.take(f"a{number}")
    assert len(buckets) <= 200


def test_who_keeps_asking_is_not_forgotten_among_strangers(clock):
    buckets = Buckets("address", 6, now=clock, most_keys=100)
    for _ in range(7):
        buckets.take("loud")
    for number in range(1_000):
        buckets.take(f"a{number}")
        buckets.charge("loud")
    assert buckets.take("loud").wait_seconds > 0


@settings(max_examples=60)
@given(per_minute=st.integers(1, 50), gaps=st.lists(st.floats(0, 30), max_size=80), cost=st.integers(1, 5))
def test_never_more_than_the_burst_and_what_came_back_since_gets_through(per_minute, gaps, cost):
    clock = Clock()
    buckets = Buckets("address", per_minute, now=clock)
    taken, started = 0, clock.seconds
    for gap in gaps:
        clock.seconds += gap
        if buckets.take("a", cost).wait_seconds == 0:
            taken += min(cost, per_minute)
        assert taken <= per_minute + (clock.seconds - started) * per_minute / 60 + 1e-3
