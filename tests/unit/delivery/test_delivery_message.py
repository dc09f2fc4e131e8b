"""Which changes concern a receiver, and the bytes and headers of each."""

from __future__ import annotations

import orjson
import pytest
from fakes.feed_records import id_of, opportunity
from hypothesis import given
from hypothesis import strategies as st

from hub.delivery.message import LARGEST_BYTES, SubscriptionTest, Trial, closing, headers_of, notice, plan, webhook_id
from hub.feed.read_model import Change
from hub.sdk.webhook import SignatureError, verify

URL = "https://hub.example/v1/opportunities"
SECRETS = ["whsec_bmV3", "whsec_b2xk"]


def change(number=1, cursor=5, *, title=None, state="live"):
    return Change(cursor, id_of(number), opportunity(number, state=state, title=title).to_bytes(), state == "live")


def stub(number=1, cursor=5):
    return Change(cursor, id_of(number), None, False)


def planned(*changes, held=(), subscription="sub_1", feed_id="feed-e1"):
    return plan(subscription, feed_id, changes, held, URL)


def test_what_matches_is_told_whole_with_its_cursor():
    (message,) = planned(change())
    tree = orjson.loads(message.body)
    assert (tree["type"], tree["feed_id"], tree["data"]["cursor"], tree["data"]["version"]) == (
        "opportunity.updated",
        "feed-e1",
        5,
        "v1",
    )


@pytest.mark.parametrize("gone", [stub(), change(state="closed")], ids=["left the filter", "closed"])
def test_what_is_gone_is_told_to_who_has_it_alone(gone):
    (message,) = planned(gone, held={id_of(1)})
    assert (message.type, message.opens) == ("opportunity.closed", False)
    assert planned(gone, held={id_of(2)}) == []


def test_messages_are_in_the_logs_order():
    assert [message.cursor for message in planned(change(1, 5), change(2, 6), change(3, 9))] == [5, 6, 9]


def test_one_change_has_the_same_id_and_bytes_whenever_it_is_sent():
    assert planned(change()) == planned(change())


def test_each_subscription_feed_opportunity_and_cursor_has_a_webhook_id_of_its_own():
    names = {
        webhook_id(subscription, feed, id_, cursor)
        for subscription in ("sub_1", "sub_2")
        for feed in ("a", "b")
        for id_ in ("x", "y")
        for cursor in (1, 11)
    }
    assert len(names) == 16


@given(st.integers(0, 60_000))
def test_no_body_is_larger_than_20_kib(length):
    (message,) = planned(change(title="x" * length))
    assert len(message.body) <= LARGEST_BYTES


def test_a_reference_says_what_changed_and_where_it_is():
    (message,) = planned(change(title="x" * 30_000))
    data = orjson.loads(message.body)["data"]
    assert (data["id"], data["state"], data["version"], data["cursor"], data["ref"]) == (
        id_of(1),
        "live",
        "v1",
        5,
        f"{URL}/{id_of(1)}",
    )


def test_each_secret_in_force_signs():
    (message,) = planned(change())
    headers = headers_of(message, SECRETS, 1_800_000_000)
    for secret in SECRETS:
        assert verify([secret], headers, message.body, now_ms=1_800_000_000_000, tolerance_seconds=1) == message.webhook_id
    with pytest.raises(SignatureError):
        verify(["whsec_b3RoZXI="], headers, message.body, now_ms=1_800_000_000_000, tolerance_seconds=1)


def test_a_notice_is_about_no_opportunity():
    message = notice(SubscriptionTest(type="subscription.test", data=Trial(subscription="sub_1")), 7)
    assert (message.type, message.opportunity, message.opens) == ("subscription.test", "", None)


def test_what_the_feed_does_not_know_any_more_is_told_as_closed():
    message = closing("sub_1", "feed-e2", id_of(1), 0)
    assert orjson.loads(message.body)["data"] == {"id": id_of(1), "state": "closed", "cursor": 0}
