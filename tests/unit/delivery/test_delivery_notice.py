"""What is wrong with the operator's address is said at the start, not when the first subscription stops."""

from __future__ import annotations

import pytest

from hub.delivery.clock import Clock
from hub.delivery.notice import Notices
from hub.errors import ConfigError
from hub.settings import DeliverySettings


@pytest.mark.parametrize(
    "settings",
    [
        DeliverySettings(notify_url="ftp://ops.example/hook"),
        DeliverySettings(notify_url="http://ops.example/hook"),
        DeliverySettings(notify_url="https://ops.example/hook", notify_secret="not base64!"),
    ],
    ids=["scheme", "plain HTTP to a name", "secret"],
)
def test_an_address_or_a_secret_that_is_none_is_refused(settings):
    with pytest.raises(ConfigError, match=r"delivery\.notify_url"):
        Notices(settings, Clock())


@pytest.mark.parametrize(
    "settings",
    [
        DeliverySettings(),
        DeliverySettings(notify_url="http://10.0.0.5:9000/hook"),
        DeliverySettings(notify_url="https://ops.internal/hook", notify_secret="whsec_b3BlcmF0b3I="),
    ],
    ids=["none", "an address of one's own network", "signed"],
)
def test_an_operators_address_may_be_anywhere(settings):
    Notices(settings, Clock())
