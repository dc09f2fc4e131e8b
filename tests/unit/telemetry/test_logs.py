"""Logs carry keys of a list and nothing else, so no body and no name of a person gets in by accident."""

from __future__ import annotations

import logging

import pytest
from pydantic import ValidationError

from hub.domain.records import ClockTick
from hub.errors import HubError
from hub.telemetry.logs import ALLOWED, RateLimit, describe, format_exception, keep_allowed


def test_a_key_that_is_not_on_the_list_is_dropped() -> None:
    line = keep_allowed(None, "info", {"event": "x", "source": "vonk", "body": "Jan Jansen", "email": "jan@example.nl"})
    assert line == {"event": "x", "source": "vonk"}


def test_the_list_has_no_key_for_content_or_persons() -> None:
    assert ALLOWED.isdisjoint({"body", "value", "raw", "payload", "title", "text", "name", "email", "phone", "contact"})


def test_a_flood_of_one_logger_is_cut() -> None:
    limit = RateLimit(burst=3)
    record = logging.LogRecord("aiokafka", logging.ERROR, "", 0, "x", None, None)
    assert sum(limit.filter(record) for _ in range(1_000)) == 3


NAME = "Jan Jansen"


def _fail_on(text: str) -> None:
    int(text)


def test_an_unexpected_exception_is_logged_with_its_place_and_without_its_message() -> None:
    try:
        _fail_on(NAME)
    except ValueError:
        line = format_exception(None, "error", {"event": "x", "exc_info": True})
    assert "in _fail_on" in line["exception"]
    assert line["exception"].endswith("ValueError")
    assert NAME not in line["exception"]


def test_the_message_of_the_hubs_own_error_is_logged() -> None:
    assert describe(HubError("unify holds nothing")) == "HubError: unify holds nothing"


def test_a_validation_error_does_not_quote_the_value() -> None:
    with pytest.raises(ValidationError) as caught:
        ClockTick.model_validate({"at": "Jan Jansen"})
    assert "at" in str(caught.value)
    assert "Jan Jansen" not in str(caught.value)
