"""Signatures agree with the public `standardwebhooks` package, both ways, and only three headers decide."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fakes.partner_words import OLD_SECRET, SECRET
from standardwebhooks import Webhook

from hub.errors import ConfigError
from hub.sdk.webhook import SignatureError, sign, verify

BODY = '{"naam": "Ærø"}'.encode()


def test_what_the_package_signs_is_right_here():
    at = datetime(2026, 11, 1, tzinfo=UTC)
    headers = {"webhook-id": "a", "webhook-timestamp": str(int(at.timestamp()))}
    headers["webhook-signature"] = Webhook(SECRET).sign("a", at, BODY.decode())
    assert verify([OLD_SECRET, SECRET], headers, BODY, now_ms=int(at.timestamp() * 1000), tolerance_seconds=1) == "a"


def test_what_is_signed_here_is_right_for_the_package():
    now = int(datetime.now(UTC).timestamp())
    headers = {"webhook-id": "a", "webhook-timestamp": str(now), "webhook-signature": sign(SECRET, "a", now, BODY)}
    assert Webhook(SECRET).verify(BODY.decode(), headers) == {"naam": "Ærø"}


@pytest.mark.parametrize("secrets", [[], [OLD_SECRET]])
def test_without_the_right_secret_nothing_is_right(secrets):
    headers = {"webhook-id": "a", "webhook-timestamp": "5", "webhook-signature": sign(SECRET, "a", 5, BODY)}
    with pytest.raises(SignatureError):
        verify(secrets, headers, BODY, now_ms=5_000, tolerance_seconds=1)


def test_a_secret_that_is_none_is_the_operators_to_mend():
    with pytest.raises(ConfigError, match="whsec_"):
        sign("geheim!", "a", 5, BODY)
