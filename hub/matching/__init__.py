"""Matching: which postings describe the same opening, as a pure library. Start with `Engine`."""

from hub.matching.changes import Change, ClockChange, MatchChange, OverrideChange, PostingChange
from hub.matching.engine import Engine
from hub.matching.features import MODEL, features_of

__all__ = [
    "MODEL",
    "Change",
    "ClockChange",
    "Engine",
    "MatchChange",
    "OverrideChange",
    "PostingChange",
    "features_of",
]
