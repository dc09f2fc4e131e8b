"""Logs carry keys of a list and nothing else, so no body and no name of a person gets in by accident."""

from __future__ import annotations

import logging

from hub.telemetry.logs import ALLOWED, RateLimit, keep_allowed


def test_a_key_that_is_not_on_the_list_is_dropped() -> None:
    line = keep_allowed(None, "info", {"event": "x", "source": "vonk", "body": "Jan Jansen", "email": "jan@example.nl"})
    assert line == {"event": "x", "source": "vonk"}


def test_the_list_has_no_key_for_content_or_persons() -> None:
    assert ALLOWED.isdisjoint({"body", "value", "raw", "payload", "title", "text", "name", "email", "phone", "contact"})


def test_a_flood_of_one_logger_is_cut() -> None:
    limit = RateLimit(burst=3)
    record = logging.LogRecord("aiokafka", logging.ERROR, "", 0, "x", None, None)
    assert sum(limit.filter(record) for _ in range(1_000)) == 3
