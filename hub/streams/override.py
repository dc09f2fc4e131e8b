"""The operator's next word on a posting or a pair: pure; each word carries the one it replaces, and undo writes that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from hub.domain.records import MatchOverride, OverrideBase, PostingOverride
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
    if is_undo:
        return PostingOverride.model_validate(_undone(standing, call, now_ms, "posting"))
    return PostingOverride.model_validate(
        {
            **_stamp(call, now_ms),
            "hidden": standing.hidden if hidden is None and standing else bool(hidden),
            "fields": {**(standing.fields if standing else {}), **(shown or {})},
            "previous": standing.model_dump(exclude_none=True) if standing else None,
        }
    )


def next_match_word(
    standing: MatchOverride | None, call: Mapping[str, Any], *, now_ms: int, op: Literal["link", "separate"] | None
) -> MatchOverride:
    """As `next_word`, on a pair; `op` None takes the last word back. A word said twice is one word to take back."""
    if op is None:
        if standing is not None and standing.op == "none":
            standing = None
        return MatchOverride.model_validate({"op": "none", **_undone(standing, call, now_ms, "pair")})
    if standing is not None and standing.op == op:
        previous = standing.previous
    else:
        previous = standing.model_dump(exclude_none=True) if standing else None
    return MatchOverride.model_validate({**_stamp(call, now_ms), "op": op, "previous": previous})


def _stamp(call: Mapping[str, Any], now_ms: int) -> dict[str, Any]:
    return {"who": call.get("who", "unknown"), "why": call.get("why", ""), "when": now_ms}


def _undone(standing: OverrideBase | None, call: Mapping[str, Any], now_ms: int, what: str) -> dict[str, Any]:
    """The word before the standing one; after an undo the next undo goes one further back."""
    if standing is None:
        raise HubError(f"there is no word on this {what} to undo")
    previous = standing.previous or {}
    return {**previous, **_stamp(call, now_ms), "previous": previous.get("previous")}
