"""A record that cannot be used can always be parked, whatever it is: else its stage would stop at it for ever."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hub.domain.records import Rejection
from hub.errors import RecordRejectedError
from hub.streams.dead_letter import dead_letter

LARGE = 1_900_000


@pytest.mark.parametrize(
    "fields",
    [
        {"key": b"vonk:" + b"x" * LARGE},
        {"value": b"\xff" * LARGE},
        {"value": b"\x01" * 256 * 1024},
        {"headers": [(f"header-{number}", b"x" * 1_900) for number in range(1_000)]},
        {"headers": [("x" * LARGE, b"")]},
        {"headers": [("correlation_id", b"x" * LARGE)]},
        {"headers": [("seq", b"9" * 30)]},
        {"headers": [("seq", b"9" * 5_000)]},
        {"headers": [("seq", None)], "key": None, "value": None},
        {"timestamp": -1},
    ],
    ids=["key", "bytes", "control letters", "headers", "name", "correlation", "seq", "long seq", "nothing", "no time"],
)
def test_it_fits_into_its_topic(fields: dict[str, Any]) -> None:
    record = SimpleNamespace(
        **{
            "topic": "in",
            "partition": 0,
            "offset": 3,
            "timestamp": 1_000,
            "key": b"vonk:1",
            "value": b"{}",
            "headers": (),
            **fields,
        }
    )
    letter = dead_letter("enrich", record, RecordRejectedError("wrong_type", "x" * 10_000))
    of_headers = sum(len(name) + len(value) for name, value in letter.headers)
    assert len(letter.key or b"") + len(letter.value) + of_headers < LARGE
    said = Rejection.model_validate_json(letter.value)
    assert (said.origin and said.origin.offset, said.reason) == (3, "wrong_type")
