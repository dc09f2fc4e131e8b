"""From query parameters, as a reader once gave them, to a selection: for readers who are not there to ask again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hub.domain.wanted import Wanted
from hub.feed.filters import Filter
from hub.feed.segments import Segments
from hub.feed.selection import Selection


def selection_of(asked: Mapping[str, str], segments: Segments, today: date) -> Selection:
    """`asked`: as `Selection.asked`. Raises ValueError for a filter that is not known, and for a segment that is not there
    (yet), or has ended.
    """
    wanted = Wanted.model_validate({name: tuple(text.split(",")) for name, text in asked.items() if name != "segment"})
    own = Filter.from_wanted(wanted)
    if "segment" not in asked:
        return Selection(own, asked=dict(asked))
    segment = segments.find_valid(asked["segment"], today)
    return Selection(segment.filter & own, segment, segments.base_of(segment.name), dict(asked))
