"""What an answer to a webhook means."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.delivery.outcome import LONGEST_RETRY_AFTER_SECONDS, judge

NOW = 1_800_000_000.0


@given(st.integers(100, 999), st.none() | st.text(max_size=40))
def test_2xx_alone_is_success(status, retry_after):
    assert (judge(status, retry_after, NOW).verdict == "delivered") == (200 <= status < 300)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_that_is_overloaded_or_behind_a_dead_proxy_is_away(status):
    assert judge(status, None, NOW).verdict == "away"


@pytest.mark.parametrize("status", [101, 301, 302, 307, 308, 400, 401, 403, 404, 409, 413, 422, 500, 501, 505, 599])
def test_any_other_answer_is_about_this_one_item(status):
    assert judge(status, "60", NOW).verdict == "refused"


def test_410_says_that_nobody_is_there_any_more():
    assert judge(410, None, NOW).verdict == "gone"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120.0), ("0", 0.0), (formatdate(NOW + 300, usegmt=True), 300.0), (formatdate(NOW - 300, usegmt=True), 0.0)],
)
def test_retry_after_is_read_in_both_forms(text, seconds):
    assert judge(429, text, NOW).retry_after == seconds


@pytest.mark.parametrize("text", ["9" * 5_000, "86401", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_asks_for_more_than_a_day(text):
    assert judge(503, text, NOW).retry_after == LONGEST_RETRY_AFTER_SECONDS


@given(st.text(max_size=60))
def test_whatever_stands_in_retry_after_is_no_fault(text):
    retry_after = judge(503, text, NOW).retry_after
    assert retry_after is None or 0 <= retry_after <= LONGEST_RETRY_AFTER_SECONDS


@given(st.integers(100, 999), st.text(min_size=12, max_size=40))
def test_nothing_that_the_receiver_sent_is_told_further(status, sent):
    assert sent not in judge(status, sent, NOW).detail
