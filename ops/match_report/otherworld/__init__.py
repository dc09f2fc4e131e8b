"""A second regional world, written apart from the sandbox by another hand: nothing in it was ever tuned to."""

from ops.match_report.otherworld.world import other_world

__all__ = ["other_world"]
