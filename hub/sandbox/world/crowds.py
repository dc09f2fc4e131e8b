"""Crowds: openings that look like one that is there, on its platforms and on others, for worlds that judge matching.

The same employer hires for the same title again, and one thing or two tell the openings apart: department, level, town,
hours, reference, closing day. Titles do not always say so. The default world has no crowd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hub.sandbox.world import drawing
from hub.sandbox.world.builder import Builder, Role
from hub.sandbox.world.listing import Opening, Source
from hub.sandbox.world.occupations import DEPARTMENTS, LEVELS, OCCUPATIONS, OTHER_DEPARTMENTS, Occupation
from hub.sandbox.world.places import PLACES
from hub.sandbox.world.prose import Facts
from hub.sandbox.world.tasks import TASKS

AXES = ("department", "department", "level", "town", "hours", "reference")
BOARDS: tuple[tuple[Source, ...], ...] = (("noorderlink",), ("miitn",), ("noorderlink", "miitn"), ("noorderlink", "vonk"))
_BY_KEY = {occupation.key: occupation for occupation in OCCUPATIONS}


def crowd_of(builder: Builder, openings: Sequence[Opening], share: float) -> list[Opening]:
    """Look-alikes of a `share` of `openings`; draws nothing when there is none to make."""
    if share <= 0:
        return []
    models = [opening for opening in openings if opening.role[0] in _BY_KEY and builder.rng.random() < share]
    return [_look_alike(builder, model) for model in models]


def _look_alike(builder: Builder, model: Opening) -> Opening:
    rng, first = builder.rng, model.listings[0]
    if first.facts is None:
        raise ValueError("an opening with an occupation has facts")
    occupation = _BY_KEY[model.role[0]]
    axis = rng.choice(AXES if first.expires is not None else AXES[:-1])
    sources = _sources(builder, model)
    latest = drawing.at(builder.base, -3_600)
    posted = min(first.posted + timedelta(days=rng.randint(-15, 15), minutes=rng.randint(0, 300)), latest)
    made = builder.opening(
        model.kind,
        sources,
        posted,
        employer=first.employer,
        mode="reference" if axis == "reference" else None,
        role=_role(builder, occupation, model.role[1], axis),
        facts=_facts(builder, first.facts, axis),
    )
    if axis == "reference" and first.expires is not None:
        _close_apart(made, first.expires, rng.choice((-9, 7, 12, 20)), builder)
    return made


def _close_apart(opening: Opening, day: date, days: int, builder: Builder) -> None:
    """Where the number alone tells two openings apart, and platforms leave numbers out, their closing days tell it too."""
    closes = day + timedelta(days=days)
    for listing in opening.listings:
        listing.expires = closes if closes > builder.base + timedelta(days=3) else day + timedelta(days=abs(days))


def _sources(builder: Builder, model: Opening) -> tuple[Source, ...]:
    own = tuple(listing.source for listing in model.listings)
    return own if model.kind == "traineeship" or builder.rng.random() < 0.5 else builder.rng.choice(BOARDS)


def _role(builder: Builder, occupation: Occupation, word: tuple[str, str] | None, axis: str) -> Role:
    """A department stands in every second title only; a level always does."""
    if axis == "level":
        return occupation, builder.rng.choice([level for level in LEVELS if level != word])
    if axis == "department" and builder.rng.random() < 0.5:
        names = DEPARTMENTS.get(occupation.family, OTHER_DEPARTMENTS)
        return occupation, builder.rng.choice([name for name in names if name != word])
    return occupation, word


def _facts(builder: Builder, facts: Facts, axis: str) -> Facts:
    rng = builder.rng
    changed = replace(facts, contact=drawing.person(facts.employer, rng) if rng.random() < 0.6 else None, reference=None)
    if rng.random() < 0.5:
        changed.tasks = tuple(sorted(rng.sample(range(len(TASKS[facts.family])), 4)))
    if axis == "department" and facts.extra is None:
        nl, en = rng.choice(DEPARTMENTS.get(facts.family, OTHER_DEPARTMENTS))
        changed.extra = (f"Je komt te werken bij {nl}.", f"You will work in {en}.")
    elif axis == "level" and facts.pay is not None:
        step = rng.choice((-600, -400, 400, 600))
        changed.pay = (facts.pay[0] + step, facts.pay[1] + step)
        changed.experience_years = rng.choice((0, 2, 3, 5))
    elif axis == "town":
        changed.place = rng.choice([name for name in PLACES if name != facts.place])
    elif axis == "hours":
        low = rng.choice([hours for hours in (16, 20, 24, 28, 32) if hours != facts.hours[0]])
        changed.hours = (low, max(low, rng.choice((24, 32, 36, 40))))
    return changed
