"""What the feed is not told twice."""

from __future__ import annotations

from typing import Any

import pytest

from hub.domain.opportunity import Join, Opportunity
from hub.streams.ledger import Ledger


def said(state: str = "live", **fields: Any) -> Opportunity:
    values: dict[str, Any] = {
        "id": "opp-aaaaaaaaaaaaaaaa",
        "kind": "vacancy",
        "state": state,
        "version": "v1",
        "first_published": "2026-01-01T00:00:00.000Z",
        "last_changed": "2026-01-01T00:00:00.000Z",
        **fields,
    }
    return Opportunity(**values)


def test_a_repeat_needs_no_record() -> None:
    ledger = Ledger()
    ledger.read(said())
    assert ledger.differences([said(last_changed="2026-02-02T00:00:00.000Z", model="other")]) == []


def test_another_version_needs_a_record() -> None:
    ledger = Ledger()
    ledger.read(said())
    assert ledger.differences([said(version="v2")]) == [said(version="v2")]


@pytest.mark.parametrize(
    "other",
    [
        {"joins": [Join(by="match", first="a:1", second="b:1", bits=5.0)]},
        {"joins": [Join(by="match", first="a:1", second="c:1", bits=6.0)]},
        {"field_origins": {"title.nl": "b:1"}},
    ],
)
def test_another_reason_for_the_same_version_needs_a_record(other: dict[str, Any]) -> None:
    told = {"joins": [Join(by="match", first="a:1", second="b:1", bits=6.0)], "field_origins": {"title.nl": "a:1"}}
    ledger = Ledger()
    ledger.read(said(**told))
    assert ledger.differences([said(**told)]) == []
    assert ledger.differences([said(**{**told, **other})]) == [said(**{**told, **other})]


def test_what_was_never_live_needs_no_closed_record() -> None:
    assert Ledger().differences([said("closed", closed_reason="withdrawn")]) == []


def test_an_erasure_leaves_a_closed_record_as_it_stands() -> None:
    ledger = Ledger()
    ledger.read(said())
    ledger.read(said("closed", closed_reason="withdrawn", version="w"))
    assert ledger.differences([said("closed", closed_reason="erased", version="e")]) == []


def test_an_erasure_closes_what_is_live() -> None:
    ledger = Ledger()
    ledger.read(said())
    assert len(ledger.differences([said("closed", closed_reason="erased", version="e")])) == 1
