"""The worlds that are files: all of them is read, names no host outside of `.example`, and a third is held out."""

from __future__ import annotations

import re

import pytest

from hub.domain.posting import EnrichedPosting
from ops.match_report.fixedworld import SIZES
from ops.match_report.listed import Corpus, held_out_keys
from ops.match_report.measuring import WORLDS

HOST = re.compile(rb"(?:https?://|[\w.]@)([\w.-]+)")


@pytest.fixture(scope="module", params=sorted(SIZES))
def world(request: pytest.FixtureRequest) -> Corpus:
    return WORLDS[request.param](0, 0)


def test_a_fixed_world_is_read_whole(world: Corpus) -> None:
    assert len(world.listed) == len({one.key for one in world.listed}) == SIZES[world.name]
    assert all(EnrichedPosting.model_validate_json(one.value).source_key == one.key for one in world.listed[::50])


def test_a_fixed_world_names_no_host_that_may_be_real(world: Corpus) -> None:
    hosts = {host for one in world.listed for host in HOST.findall(one.value)}
    assert {host for host in hosts if not host.endswith(b".example")} == set()


def test_part_of_a_fixed_world_is_held_out_as_of_all_others(world: Corpus) -> None:
    assert world.held_out == held_out_keys(world.listed)
    assert 0.3 < len(world.held_out) / len(world.listed) < 0.8


def test_openings_of_a_fixed_world_stand_on_several_boards(world: Corpus) -> None:
    boards: dict[str, set[str]] = {}
    for one in world.listed:
        boards.setdefault(one.opening, set()).add(one.source)
    assert 0.15 < sum(len(found) > 1 for found in boards.values()) / len(boards) < 0.6
