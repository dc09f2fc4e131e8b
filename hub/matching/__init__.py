"""Matching: which postings describe the same opening, as a pure library. Start with `Engine`.

Each name is imported when it is first asked for: who makes features does not load the engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.matching.changes import Change, ClockChange, MatchChange, OverrideChange, PostingChange
    from hub.matching.engine import Engine
    from hub.matching.features import features_of
    from hub.matching.model import MatchModel, default_model, default_parts, stored_parts

__all__ = [
    "Change",
    "ClockChange",
    "Engine",
    "MatchChange",
    "MatchModel",
    "OverrideChange",
    "PostingChange",
    "default_model",
    "default_parts",
    "features_of",
    "stored_parts",
]

_HOMES = {
    "Change": "changes",
    "ClockChange": "changes",
    "Engine": "engine",
    "MatchChange": "changes",
    "MatchModel": "model",
    "OverrideChange": "changes",
    "PostingChange": "changes",
    "default_model": "model",
    "default_parts": "model",
    "features_of": "features",
    "stored_parts": "model",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
