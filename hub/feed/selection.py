"""Selection: what a reader asked for — everything, a filter, a segment, or both — and under which feed id and base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.feed.filters import EVERYTHING, Filter
from hub.feed.projection import Standing
from hub.feed.segments import Segment


@dataclass(frozen=True)
class Selection:
    """`filter`: the segment's and the reader's together; `asked`: the query parameters that lead back to it."""

    filter: Filter = EVERYTHING
    segment: Segment | None = None
    segment_base: int = 0
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Equal for what gives equal items under an equal feed id."""
        return f"{self.segment.name}@{self.segment.definition}?{self.filter.key}" if self.segment else self.filter.key

    def feed_id(self, standing: Standing) -> str:
        return f"{standing.feed_id}-{self.segment.definition}" if self.segment else standing.feed_id

    def base(self, standing: Standing) -> int:
        """What RPDE adds to a cursor: greater than every change number that was given out before.

        Of a segment it is unix µs: a long log may have its segment defined anew twice within an hour, and then more records
        than milliseconds lie between the two.
        """
        return max(standing.base, self.segment_base) * 1_000 if self.segment else standing.base


WHOLE = Selection()
