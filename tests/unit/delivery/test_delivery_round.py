"""A round of deliveries as arithmetic: whatever the mix of answers, nothing is passed over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.delivery.message import Message
from hub.delivery.outcome import Outcome
from hub.delivery.round import MOST_REFUSED_IN_ROW, Sent, conclude, settle
from hub.feed.read_model import Change
from hub.store.subscriptions import Parked, Subscription, Waiting

NOW = 1_800_000_000_000
CURRENT = Subscription(
    id="sub_1",
    subscriber="campaign",
    url="https://campaign.example/hook",
    asked={},
    note="",
    state="active",
    reason="",
    secret=b"",
    former_secret=None,
    former_until=None,
    feed_id="feed-e1",
    cursor=100,
    failures=0,
    refused_in_row=0,
    next_at=0,
    created_at=0,
    changed_at=0,
)
DELIVERED, REFUSED = Outcome("delivered", 204), Outcome("refused", 422, "the receiver answers 422")
FAILED = Outcome("refused", 500, "the receiver answers 500")
AWAY, GONE, FORBIDDEN = Outcome("away", 503), Outcome("gone", 410, "gone"), Outcome("forbidden", None, "not public")
outcomes = st.sampled_from([DELIVERED, DELIVERED, REFUSED, FAILED, AWAY, GONE, FORBIDDEN, None])


def sent(cursor, outcome, opens=True):
    return Sent(Message(f"msg_{cursor}", "opportunity.updated", b"{}", f"opp_{cursor}", cursor, opens), outcome)


def parked(cursor, tries=1, next_at=1):
    return Parked(f"opp_{cursor}", cursor, tries, 1, next_at, "")


@st.composite
def rounds(draw):
    cursors = sorted(draw(st.sets(st.integers(101, 200), max_size=40)))
    done = [sent(cursor, draw(outcomes), draw(st.booleans())) for cursor in cursors]
    known = {f"opp_{cursor}": parked(cursor) for cursor in cursors if draw(st.integers(0, 4)) == 0}
    intended = {one.message.opportunity for one in done if one.message.opens and draw(st.booleans())}
    return done, known, intended


@given(rounds())
def test_the_cursor_never_passes_what_is_neither_delivered_nor_parked(world):
    done, known, intended = world
    progress = conclude(CURRENT, done, reached=200, parked=known, now_ms=NOW, intended=intended)
    parked_now = known.keys() | {one.id for one in progress.parked}
    behind = [one for one in done if one.message.cursor <= progress.values["cursor"]]
    assert all(one.outcome == DELIVERED or one.message.opportunity in parked_now for one in behind)
    assert 100 <= progress.values["cursor"] <= 200


@given(rounds())
def test_where_everybody_answered_the_cursor_reaches_the_end(world):
    done, known, intended = world
    answered = [replace(one, outcome=REFUSED if one.outcome == REFUSED else DELIVERED) for one in done]
    progress = conclude(CURRENT, answered, reached=200, parked=known, now_ms=NOW, intended=intended)
    assert progress.values["cursor"] == 200


@given(rounds())
def test_what_was_delivered_is_held_or_closed_and_waits_no_more(world):
    done, known, intended = world
    progress = conclude(CURRENT, done, reached=200, parked=known, now_ms=NOW, intended=intended)
    delivered = {one.message.opportunity for one in done if one.outcome == DELIVERED}
    assert progress.unparked == delivered
    assert progress.opened == {one.message.opportunity for one in done if one.outcome == DELIVERED and one.message.opens}


@given(rounds())
def test_what_may_have_arrived_stays_held_and_what_cannot_have_does_not(world):
    done, known, intended = world
    progress = conclude(CURRENT, done, reached=200, parked=known, now_ms=NOW, intended=intended)
    maybe = {one.message.opportunity for one in done if one.outcome in (FAILED, AWAY, GONE)}
    never = {one.message.opportunity for one in done if one.outcome in (None, REFUSED, FORBIDDEN)} & intended
    assert not progress.closed & maybe
    assert never <= progress.closed


@given(rounds())
def test_whatever_was_sent_stands_among_the_attempts(world):
    done, known, intended = world
    progress = conclude(CURRENT, done, reached=200, parked=known, now_ms=NOW, intended=intended)
    assert [one.webhook_id for one in progress.attempts] == [one.message.webhook_id for one in done if one.outcome is not None]


@pytest.mark.parametrize("nobody", [AWAY, GONE, FORBIDDEN, None])
def test_the_cursor_stays_right_before_the_first_that_found_nobody(nobody):
    done = [sent(105, DELIVERED), sent(110, nobody), sent(115, DELIVERED), sent(120, nobody)]
    assert conclude(CURRENT, done, reached=200, parked={}, now_ms=NOW).values["cursor"] == 109


def test_what_was_delivered_and_refused_later_waits():
    later = Sent(Message("msg_102", "opportunity.updated", b"{}", "opp_101", 102, True), REFUSED)
    progress = conclude(CURRENT, [sent(101, DELIVERED), later], reached=200, parked={}, now_ms=NOW)
    assert ([one.id for one in progress.parked], progress.unparked) == (["opp_101"], set())


def test_one_that_is_taken_ends_a_row_of_refusals():
    done = [sent(101, REFUSED), sent(102, REFUSED), sent(103, DELIVERED), sent(104, REFUSED)]
    assert conclude(CURRENT, done, reached=200, parked={}, now_ms=NOW).values["refused_in_row"] == 1


@given(rounds())
def test_a_receiver_that_is_away_is_asked_later_and_its_subscription_goes_on(world):
    done, known, _ = world
    progress = conclude(CURRENT, [*done, sent(201, AWAY)], reached=201, parked=known, now_ms=NOW)
    assert progress.values["next_at"] > NOW
    assert progress.values["failures"] == 1


def test_one_that_answers_again_has_no_failures():
    progress = conclude(replace(CURRENT, failures=9), [sent(101, DELIVERED)], reached=101, parked={}, now_ms=NOW)
    assert (progress.values["failures"], progress.values["next_at"]) == (0, 0)


@pytest.mark.parametrize(("others", "failures"), [([], 10), ([sent(101, DELIVERED)], 1)], ids=["none", "one"])
def test_pauses_double_only_for_a_receiver_that_took_nothing(others, failures):
    known = replace(sent(99, DELIVERED), is_known=True)
    progress = conclude(replace(CURRENT, failures=9), [known, *others, sent(102, AWAY)], reached=102, parked={}, now_ms=NOW)
    assert progress.values["failures"] == failures


def refusals(count, first=101):
    return [sent(first + n, REFUSED) for n in range(count)]


def test_twenty_different_refusals_in_a_row_pause_and_are_counted_over_rounds():
    first = conclude(CURRENT, refusals(MOST_REFUSED_IN_ROW - 1), reached=150, parked={}, now_ms=NOW)
    assert "state" not in first.values
    later = replace(CURRENT, cursor=150, refused_in_row=first.values["refused_in_row"])
    assert conclude(later, refusals(1, 151), reached=151, parked={}, now_ms=NOW).values["state"] == "paused"


def test_they_pause_it_whatever_came_behind_them():
    progress = conclude(CURRENT, [*refusals(MOST_REFUSED_IN_ROW), sent(190, DELIVERED)], reached=190, parked={}, now_ms=NOW)
    assert progress.values["state"] == "paused"


def test_who_goes_on_after_a_pause_begins_to_count_anew():
    progress = conclude(CURRENT, refusals(MOST_REFUSED_IN_ROW), reached=150, parked={}, now_ms=NOW)
    assert progress.values["refused_in_row"] == 0


def test_one_item_that_is_refused_again_and_again_pauses_nothing():
    current = replace(CURRENT, refused_in_row=MOST_REFUSED_IN_ROW - 1)
    progress = conclude(current, refusals(1), reached=101, parked={"opp_101": parked(101, tries=3)}, now_ms=NOW)
    assert "state" not in progress.values


def test_a_pause_says_where_to_go_on_from():
    progress = conclude(CURRENT, refusals(30), reached=140, parked={}, now_ms=NOW)
    assert (progress.values["cursor"], len(progress.parked)) == (140, 30)


def test_after_its_last_try_an_item_is_given_up():
    progress = conclude(CURRENT, refusals(1), reached=101, parked={"opp_101": parked(101, tries=9)}, now_ms=NOW)
    assert [(one.tries, one.next_at) for one in progress.parked] == [(10, 0)]


def test_what_was_taken_before_is_no_attempt_now():
    known = replace(sent(101, DELIVERED), is_known=True)
    progress = conclude(CURRENT, [known], reached=101, parked={}, now_ms=NOW)
    assert (progress.attempts, progress.values["cursor"]) == ([], 101)


def settled(done, found, due=(), folded=None):
    progress = conclude(CURRENT, done, reached=150, parked=found, now_ms=NOW)
    settle(progress, done, Waiting(found, list(due), 0), folded or {})
    return progress


def test_what_came_since_takes_the_place_of_what_waits_and_keeps_its_schedule():
    progress = settled([], {"opp_90": parked(90, next_at=77)}, folded={"opp_90": Change(140, "opp_90", b"", True)})
    assert [(one.cursor, one.next_at) for one in progress.parked] == [(140, 77)]


def test_what_was_due_and_has_nothing_left_to_say_goes():
    due = parked(90)
    assert settled([], {"opp_90": due}, [due]).unparked == {"opp_90"}


def test_what_was_due_and_found_nobody_stays_due():
    due = parked(90)
    progress = settled([replace(sent(90, AWAY))], {"opp_90": due}, [due])
    assert (progress.unparked, progress.parked) == (set(), [])
