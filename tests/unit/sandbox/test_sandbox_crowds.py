"""A crowd adds look-alikes to a world and changes nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from hub.sandbox.world import World

BASE = date(2026, 11, 20)


@pytest.fixture(scope="module")
def crowded() -> World:
    return World.build(3, BASE, 300, crowd=0.5)


def test_a_world_without_a_crowd_is_as_ever() -> None:
    plain, none = World.build(3, BASE, 300), World.build(3, BASE, 300, crowd=0.0)
    assert plain.openings == none.openings


def test_a_crowd_is_the_same_for_the_same_seed(crowded: World) -> None:
    assert World.build(3, BASE, 300, crowd=0.5).openings == crowded.openings


def test_a_crowd_adds_openings(crowded: World) -> None:
    assert sum(crowded.count().values()) > 1.2 * sum(World.build(3, BASE, 300).count().values())


def test_openings_of_a_crowd_share_employer_and_occupation(crowded: World) -> None:
    roles = [(opening.listings[0].employer.key, opening.role[0]) for opening in crowded.openings.values()]
    plain = [(o.listings[0].employer.key, o.role[0]) for o in World.build(3, BASE, 300).openings.values()]
    assert len(roles) - len(set(roles)) > 2 * (len(plain) - len(set(plain)))


def test_every_opening_knows_its_role(crowded: World) -> None:
    assert [opening.id for opening in crowded.openings.values() if not opening.role[0]] == []
