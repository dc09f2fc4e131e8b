"""The operator's next word on a posting: pure, each word carries the one that it replaces, and undo writes that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.domain.records import PostingOverride
from hub.errors import HubError


def next_word(
    standing: PostingOverride | None,
    call: Mapping[str, Any],
    *,
    now_ms: int,
    hidden: bool | None = None,
    shown: Mapping[str, Any] | None = None,
    is_undo: bool = False,
) -> PostingOverride:
    """The record to write. `call` carries `who` and `why`. Raises HubError when there is nothing to undo."""
    stamp = {"who": call.get("who", "unknown"), "why": call.get("why", ""), "when": now_ms}
    if is_undo:
        if standing is None:
            raise HubError("there is no word on this posting to undo")
        return PostingOverride.model_validate({**(standing.previous or {}), **stamp, "previous": _inner(standing)})
    return PostingOverride.model_validate(
        {
            **stamp,
            "hidden": standing.hidden if hidden is None and standing else bool(hidden),
            "fields": {**(standing.fields if standing else {}), **(shown or {})},
            "previous": standing.model_dump(exclude_none=True) if standing else None,
        }
    )


def _inner(standing: PostingOverride) -> dict[str, Any] | None:
    """After an undo the next undo goes one further back."""
    return (standing.previous or {}).get("previous")
