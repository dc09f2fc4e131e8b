"""A third regional world, by an author who had seen neither the engine nor the other worlds' texts; a part of it is held out."""

from ops.match_report.thirdworld.world import third_world

__all__ = ["third_world"]
