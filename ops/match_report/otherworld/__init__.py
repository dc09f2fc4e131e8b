"""A second regional world, written apart from the sandbox by another hand; a third of it is held out."""

from ops.match_report.otherworld.world import other_world

__all__ = ["other_world"]
