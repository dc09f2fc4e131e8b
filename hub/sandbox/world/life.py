"""Life: one step is a small batch of edits, withdrawals, returns, new openings and moved or cancelled events.

Each step draws from its own generator (`seed` and step number), so that the world at step n is one world, however fast
it was reached. Withdrawals stay well under the hub's mass-withdrawal brake at the default speed.
"""

from __future__ import annotations

import random
from datetime import timedelta
from random import Random

from hub.sandbox.world import drawing
from hub.sandbox.world.listing import SOURCES, Change, Listing, Source, State
from hub.sandbox.world.specials import set_event_status
from hub.sandbox.world.world import MIX, World

EDITS: tuple[tuple[str, str], ...] = (
    (
        "<p>Update: de gesprekken zijn in de tweede week na sluiting.</p>",
        "<p>Update: interviews take place in the second week after closing.</p>",
    ),
    ("<p>De sluitingsdatum is gewijzigd.</p>", "<p>The closing date has changed.</p>"),
    ("<p>Meer weten? Loop een dag mee op onze afdeling.</p>", "<p>Want to know more? Join us for a day.</p>"),
)


def advance(world: World) -> list[Change]:
    """Take one step and return what changed, in order."""
    world.step += 1
    rng = random.Random(f"life-{world.seed}-{world.step}")
    world.tick()
    changes = [edit(world, listing) for listing in _draw(world, rng, rng.randint(2, 4))]
    if world.step % 3 == 1:
        changes += [withdraw(world, listing, rng) for listing in _draw(world, rng, 1)]
    if world.step % 2 == 0:
        changes += _new_opening(world, rng)
    if world.step % 4 == 3:
        changes += _change_event(world, rng)
    if world.step % 6 == 5:
        changes += _come_back(world, rng)
    if world.step % 12 == 8:
        changes += _fill(world, rng)
    return changes


def edit(world: World, listing: Listing, title: str | None = None) -> Change:
    """Change a listing's title, or add a line to its text and now and then move its closing date."""
    rng = random.Random(f"edit-{world.seed}-{world.step}-{listing.key}")
    if title is not None:
        listing.title = title
    else:
        line = EDITS[rng.randrange(len(EDITS))][0 if listing.lang == "nl" else 1]
        listing.html = listing.html.removesuffix(line) if listing.html.endswith(line) else listing.html + line
        if listing.expires is not None and rng.random() < 0.3:
            listing.expires += timedelta(days=7)
    listing.modified = world.tick()
    if listing.event is not None:
        listing.event.sequence += 1
    return Change("updated", listing)


def withdraw(world: World, listing: Listing, rng: Random | None = None) -> Change:
    """Take a listing off its platform, in the way of that platform."""
    states: tuple[State, ...] = (
        ("trash", "trash", "gone", "expired", "draft") if listing.source == "miitn" and listing.event is None else ("gone",)
    )
    if listing.source == "miitn" and listing.event is not None:
        states = ("trash", "gone")
    listing.state = states[0] if rng is None else rng.choice(states)
    if listing.state == "expired":
        listing.expires = world.base - timedelta(days=1)
    listing.modified = world.tick()
    return Change("deleted", listing)


def _draw(world: World, rng: Random, count: int) -> list[Listing]:
    """Live listings, each platform in proportion to its size; records that are spoilt or echo stay as they are."""
    pool = [item for source in SOURCES for item in world.listings[source].values() if item.is_live and item.link != "echo"]
    return rng.sample(pool, min(count, len(pool)))


def _new_opening(world: World, rng: Random) -> list[Change]:
    jobs = [(weight, kind, sources) for weight, kind, sources in MIX if kind != "event"]
    _, kind, sources = rng.choices(jobs, [weight for weight, _, _ in jobs])[0]
    world.builder.rng = rng
    opening = world.builder.opening(kind, sources, world.tick())
    for listing in opening.listings:
        listing.posted = listing.modified = world.now
    world.add(opening)
    return [Change("created", listing) for listing in opening.listings]


def _change_event(world: World, rng: Random) -> list[Change]:
    sources: tuple[Source, ...] = ("miitn", "traineelink")
    pool = [
        item
        for source in sources
        for item in world.listings[source].values()
        if item.event is not None and item.is_live and item.event.status == "scheduled" and item.event.rrule is None
    ]
    if not pool:
        return []
    listing = rng.choice(pool)
    set_event_status(listing, rng.choice(("cancelled", "rescheduled", "postponed")))
    listing.modified = world.tick()
    return [Change("updated", listing)]


def _come_back(world: World, rng: Random) -> list[Change]:
    """A withdrawn listing returns under its old number; MiitN's expired ones are relisted with a new date."""
    pool = [
        item
        for source in SOURCES
        for item in world.listings[source].values()
        if item.invalid is None
        and item.state in ("gone", "trash", "draft")
        and item.modified >= drawing.at(world.base)
        and not (item.source == "miitn" and item.state == "gone")
    ]
    if not pool:
        return []
    listing = rng.choice(pool)
    listing.state = "live"
    listing.modified = world.tick()
    return [Change("created", listing)]


def _fill(world: World, rng: Random) -> list[Change]:
    """“Position filled” on MiitN: the platform does not move `modified`."""
    pool = [
        item for item in world.listings["miitn"].values() if item.state == "live" and item.event is None and item.link == "none"
    ]
    if not pool:
        return []
    listing = rng.choice(pool)
    listing.state = "filled"
    return [Change("updated", listing)]
