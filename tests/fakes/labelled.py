"""Postings with their truth, for tests of the report on matching."""

from __future__ import annotations

from typing import Any

from ops.match_report.listed import Listed


def listed(key: str, opening: str, **fields: Any) -> Listed:
    """A Dutch nurse's opening of one hospital unless `fields` say otherwise."""
    values: dict[str, Any] = {
        "employer": "hospital",
        "occupation": "nurse",
        "shown_employer": "Ziekenhuis Noord",
        "shown_place": "Assen",
        "shown_title": "Verpleegkundige",
        "languages": frozenset({"nl"}),
        "traits": frozenset({"vacancy"}),
        "value": b"{}",
        **fields,
    }
    return Listed(key=key, opening=opening, **values)
