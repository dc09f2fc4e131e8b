"""The regional world: openings and their listings, one seed, one base date, one clock that only steps move.

`World.build` draws it; `hub.sandbox.world.life` changes it. Two worlds of equal seed, base date and size are equal
after equal steps.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from hub.sandbox.world import drawing
from hub.sandbox.world.builder import Builder
from hub.sandbox.world.crowds import crowd_of
from hub.sandbox.world.events import build_event, build_series
from hub.sandbox.world.listing import SOURCES, Listing, Opening, Source
from hub.sandbox.world.specials import build_specials

MIX: tuple[tuple[int, str, tuple[Source, ...]], ...] = (
    (330, "vacancy", ("noorderlink",)),
    (80, "vacancy", ("miitn",)),
    (80, "vacancy", ("noorderlink", "miitn")),
    (24, "traineeship", ("noorderlink", "traineelink")),
    (30, "traineeship", ("traineelink",)),
    (20, "traineeship", ("vonk",)),
    (14, "traineeship", ("traineelink", "vonk")),
    (12, "traineeship", ("noorderlink", "traineelink", "vonk")),
    (12, "vacancy", ("vonk",)),
    (8, "vacancy", ("noorderlink", "vonk")),
    (8, "vacancy", ("noorderlink", "miitn", "vonk")),
    (14, "internship", ("noorderlink",)),
    (10, "internship", ("miitn",)),
    (8, "graduation_internship", ("noorderlink",)),
    (6, "graduation_internship", ("noorderlink", "miitn")),
    (10, "side_job", ("noorderlink",)),
    (28, "event", ("miitn",)),
    (10, "event", ("traineelink",)),
    (6, "event", ("miitn", "traineelink")),
)
CALENDAR, PAST, SERIES = 14, 10, 3


class World:
    def __init__(self, seed: int, base: date) -> None:
        self.seed = seed
        self.base = base
        self.step = 0
        self.ticks = 0
        """Seconds of the world's clock after the base date's midnight (UTC); every change moves it."""
        self.builder = Builder(random.Random(f"region-{seed}"), base)
        self.openings: dict[str, Opening] = {}
        self.listings: dict[Source, dict[int, Listing]] = {source: {} for source in SOURCES}
        """By the platform's own number, in the order of numbers."""
        self._slugs: dict[str, int] = {}

    @classmethod
    def build(cls, seed: int, base: date, records: int, *, crowd: float = 0.0) -> World:
        """`crowd`: share of the drawn openings that get a look-alike beside them, as at a large employer."""
        world = cls(seed, base)
        rng, builder = world.builder.rng, world.builder
        planned: list[tuple[str, tuple[Source, ...]]] = []
        size = 0
        weights = [weight for weight, _, _ in MIX]
        while size < records - 100 or size < 20:
            _, kind, sources = rng.choices(MIX, weights)[0]
            planned.append((kind, sources))
            size += len(sources)
        for kind, sources in planned:
            posted = drawing.past_moment(base, rng)
            world.add(build_event(builder, sources, posted) if kind == "event" else builder.opening(kind, sources, posted))
        for opening in crowd_of(builder, list(world.openings.values()), crowd):
            world.add(opening)
        for opening in build_specials(builder):
            world.add(opening)
        for number in range(CALENDAR + PAST):
            source: Source = "traineelink" if number < CALENDAR else rng.choice(("miitn", "traineelink"))
            is_calendar = number < CALENDAR + PAST // 3
            posted = drawing.past_moment(base, rng)
            world.add(build_event(builder, (source,), posted, is_calendar=is_calendar, past=number >= CALENDAR))
        for _ in range(SERIES):
            for opening in build_series(builder, drawing.past_moment(base, rng)):
                world.add(opening)
        world.bulk_import()
        return world

    @property
    def now(self) -> datetime:
        return drawing.at(self.base) + timedelta(seconds=self.ticks)

    def tick(self) -> datetime:
        self.ticks += 1
        return self.now

    def add(self, opening: Opening) -> None:
        self.openings[opening.id] = opening
        for listing in opening.listings:
            self._settle(listing)
            self.listings[listing.source][listing.number] = listing

    def _settle(self, listing: Listing) -> None:
        """What depends on the platform's other entries: MiitN's slugs are unique; some of Traineelink's pages name no identifier."""
        if listing.source == "miitn":
            slug, count = listing.slug, self._slugs.get(listing.slug, 0) + 1
            self._slugs[slug] = count
            listing.slug = slug if count == 1 else f"{slug}-{count}"
        elif listing.source == "traineelink" and not (listing.event and listing.event.uid):
            listing.native_id = listing.reference or (listing.path if listing.number % 7 == 0 else listing.native_id)

    def all(self, source: Source) -> list[Listing]:
        return list(self.listings[source].values())

    def find(self, source: str, native_id: str) -> Listing | None:
        by_number = next((items for name, items in self.listings.items() if name == source), {})
        return next((listing for listing in by_number.values() if listing.native_id == native_id), None)

    def count(self) -> dict[str, int]:
        return {source: len(items) for source, items in self.listings.items()}

    def bulk_import(self) -> None:
        """A night's import on MiitN: half of its listings get one and the same `modified`."""
        moment = drawing.at(self.base, -5 * 86_400 + 7_200)
        for listing in self.listings["miitn"].values():
            if listing.event is None and listing.number % 2 and listing.posted < moment:
                listing.modified = moment
