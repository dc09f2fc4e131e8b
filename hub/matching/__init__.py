"""Matching: which postings describe the same opening, as a pure library. Start with `Engine`."""

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
