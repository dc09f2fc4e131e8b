"""Segments: filters with a name, a title and validity dates, such as a campaign's. Those that ship, and the settings' own.

A segment's definition has a hash, which is part of its feed id: when a definition changes, cursors of the old one have
lost their meaning, since items may match now that have not changed. `base` does the same for RPDE's change numbers.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.domain.zone import REGION_ZONE
from hub.errors import ConfigError
from hub.feed.filters import FIELDS, Filter
from hub.settings import SegmentSettings, Settings
from hub.store.feed_identity import load_segment_bases

NAME = r"^[a-z0-9][a-z0-9\-]{0,63}$"
"""A segment's name stands in addresses."""


class UnknownSegmentError(ValueError):
    """There is none of this name, or it does not begin before a later day."""


class EndedSegmentError(ValueError):
    """Its last day is past."""


@dataclass(frozen=True, slots=True)
class Segment:
    """`titles`, `descriptions`: by language. It is offered from `valid_from` to the end of the day `valid_until`."""

    name: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    filter: Filter
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def definition(self) -> str:
        """Eight hexadecimal digits, other ones for another filter."""
        return hashlib.sha256(self.filter.key.encode()).hexdigest()[:8]

    def is_valid_on(self, day: date) -> bool:
        return not self.is_future_on(day) and not self.is_past_on(day)

    def is_future_on(self, day: date) -> bool:
        return self.valid_from is not None and day < self.valid_from

    def is_past_on(self, day: date) -> bool:
        return self.valid_until is not None and day > self.valid_until


class Segments:
    """By name. `bases`: unix ms from which a segment has had its definition."""

    def __init__(self, segments: Mapping[str, Segment], bases: Mapping[str, int] | None = None) -> None:
        self._segments = dict(segments)
        self._bases = dict(bases or {})

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._segments.values())

    def find(self, name: str) -> Segment | None:
        return self._segments.get(name)

    def find_valid(self, name: str, day: date) -> Segment:
        """Raises UnknownSegmentError or EndedSegmentError for one that is not offered on this day."""
        segment = self.find(name)
        if segment is None or segment.is_future_on(day):
            raise UnknownSegmentError(f"there is no segment {name}")
        if segment.is_past_on(day):
            raise EndedSegmentError(f"the segment {name} ended on {segment.valid_until}")
        return segment

    def valid_on(self, day: date) -> list[Segment]:
        return [segment for segment in self if segment.is_valid_on(day)]

    def base_of(self, name: str) -> int:
        return self._bases.get(name, 0)

    def with_bases(self, bases: Mapping[str, int]) -> Segments:
        return Segments(self._segments, bases)


def day_of(now_ms: int) -> date:
    """The day in the region, by whose midnights segments begin and end."""
    return datetime.fromtimestamp(now_ms / 1_000, REGION_ZONE).date()


def load_segments(settings: Settings) -> Segments:
    """Raises ConfigError for a segment that asks for nothing, ends before it begins, or has a name that no address can hold.

    `_` in a name is `-`, which a variable of the environment cannot hold: HUB_SEGMENTS__CITY_LEAVERS_1_3__ENABLED.
    """
    found: dict[str, SegmentSettings] = {}
    for name, row in tomllib.loads(files("hub.feed").joinpath("segments.toml").read_text(encoding="utf-8")).items():
        found[name] = SegmentSettings.model_validate(row)
    for given, own in settings.segments.items():
        name = given.replace("_", "-")
        if re.fullmatch(NAME, name) is None:
            raise ConfigError(f"settings: segments.{given}: name a segment by small letters, digits and hyphens, at most 64")
        shipped = found[name].model_dump() if name in found else {}
        try:
            found[name] = SegmentSettings.model_validate({**shipped, **own.model_dump(exclude_unset=True)})
        except ValidationError as error:  # each half is valid, so this is what only the two together can break
            raise ConfigError(f"settings: segments.{name}: {error.errors()[0]['msg']}") from error
    return Segments({name: _segment(name, row) for name, row in found.items() if row.enabled})


async def open_segments(settings: Settings, sources: Collection[str], hub_db: AsyncEngine) -> Segments:
    """As `load_segments`, with their bases, which are noted when a definition is new. Raises ConfigError also for a
    source that is none of `sources`."""
    require_sources(settings, sources)
    segments = load_segments(settings)
    return segments.with_bases(await load_segment_bases(hub_db, {one.name: one.definition for one in segments}))


def require_sources(settings: Settings, sources: Collection[str]) -> None:
    """Raises ConfigError for a segment that names another source: with a typing error it would be empty, or exclude nobody."""
    for name, own in settings.segments.items():
        for source in (*own.source, *own.exclude_source):
            if source not in sources:
                known = ", ".join(sorted(sources))
                raise ConfigError(f"settings: segments.{name}: there is no source {source}; there are {known}")


def _segment(name: str, row: SegmentSettings) -> Segment:
    made = Segment(
        name=name,
        titles={"nl": row.title_nl or row.title_en or name, "en": row.title_en or row.title_nl or name},
        descriptions={"nl": row.description_nl or row.description_en, "en": row.description_en or row.description_nl},
        filter=Filter.from_wanted(row),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
    if made.filter.is_all:
        raise ConfigError(f"settings: segments.{name} has no filter; name at least one of {', '.join(FIELDS)}")
    if made.valid_from is not None and made.valid_until is not None and made.valid_until < made.valid_from:
        raise ConfigError(f"settings: segments.{name} ends on {made.valid_until}, before it begins on {made.valid_from}")
    return made
