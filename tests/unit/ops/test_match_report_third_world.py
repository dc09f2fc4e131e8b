"""The third world: the same postings for a seed, on any machine, with the traps and the gaps that it promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256

import pytest

from hub.domain.posting import EnrichedPosting
from ops.match_report.listed import Corpus, held_out_keys
from ops.match_report.measuring import WORLDS
from ops.match_report.stored import WORLD_CODE
from ops.match_report.thirdworld import third_world
from ops.match_report.thirdworld.choices import requirements
from ops.match_report.thirdworld.tables import all_employers, employers, occupations, pairs, programme, texts

SIZE, SEED = 250, 8


@pytest.fixture(scope="module")
def world() -> Corpus:
    return third_world(SIZE, SEED)


@pytest.fixture(scope="module")
def postings(world: Corpus) -> list[EnrichedPosting]:
    return [EnrichedPosting.model_validate_json(one.value) for one in world.listed]


def test_a_seed_gives_one_third_world() -> None:
    assert third_world(60, 3) == third_world(60, 3)
    assert third_world(60, 3) != third_world(60, 4)


def test_the_third_world_is_the_one_that_was_measured(world: Corpus) -> None:
    """Who changes its tables or its chance on purpose measures anew and writes the new hash."""
    told = [(one.key, one.opening, one.employer, one.occupation, one.shown_employer, one.shown_title) for one in world.listed]
    assert sha256(repr(told).encode()).hexdigest()[:16] == "f9eed17718c33cc1"


def test_a_larger_third_world_begins_with_the_smaller(world: Corpus) -> None:
    smaller = third_world(60, SEED).listed
    assert [one.key for one in smaller] == [one.key for one in world.listed[: len(smaller)]]


def test_postings_of_the_third_world_have_keys_of_their_own(world: Corpus) -> None:
    assert len({one.key for one in world.listed}) == len(world.listed)


def test_the_third_world_has_its_tables() -> None:
    assert len(employers()) == 77
    assert len(occupations()) == 123
    assert programme() not in employers()
    assert [one.key for one in all_employers() if not (all(one.names) and all(one.about) and one.towns)] == []


def test_every_occupation_of_the_third_world_has_words_for_what_it_asks() -> None:
    for one in occupations().values():
        assert len(one.tasks) >= 4, one.key
        assert requirements(one.group), one.key
        assert not one.education or "|".join(one.education) in texts("groups")["education"], one.key


def test_employers_of_the_third_world_have_domains_that_no_one_can_own() -> None:
    assert [one.key for one in all_employers() if not one.domain.endswith(".example")] == []


def test_sectors_of_the_third_world_are_known_to_its_tables() -> None:
    known = {sector for one in occupations().values() for sector in one.sectors}
    assert {one.sector for one in employers()} <= known
    assert all(pairs("sectors", "offers", kind) for kind in texts("sectors")["offers_of"].values())


def test_a_part_of_the_third_world_is_held_out_by_employer_and_occupation(world: Corpus) -> None:
    assert world.held_out == held_out_keys(world.listed)
    assert 0.3 < len(world.held_out) / len(world.listed) < 0.8


@pytest.mark.parametrize(
    "trait",
    [
        *("look_alike", "ghost", "missing_employer", "missing_place", "intermediary", "multi_employer", "changed", "echo"),
        *("traineeship", "internship", "side_job"),
    ],
)
def test_every_trap_stands_in_the_third_world(world: Corpus, trait: str) -> None:
    assert any(trait in one.traits for one in world.listed)


def test_a_board_of_the_third_world_puts_some_openings_up_again(world: Corpus) -> None:
    shown = Counter((one.opening, one.source) for one in world.listed)
    assert any(count > 1 for count in shown.values())


def test_boards_of_the_third_world_keep_their_languages(world: Corpus) -> None:
    spoken: dict[str, set[str]] = {}
    for one in world.listed:
        spoken.setdefault(one.source, set()).update(one.languages)
    assert spoken["northjobs"] == {"en"}
    assert spoken["drieprovincies"] == spoken["flexmatch"] == spoken["startlijn"] == {"nl"}
    assert spoken["noordwerk"] == spoken["campusnoord"] == {"nl", "en"}


MISSING: dict[str, tuple[Callable[[EnrichedPosting], object], float, float]] = {
    "hours": (lambda one: one.hours, 0.15, 0.32),
    "pay": (lambda one: one.salary, 0.38, 0.65),
    "closing day": (lambda one: one.valid_through, 0.33, 0.55),
    "reference": (lambda one: one.reference_number, 0.5, 0.75),
    "employer": (lambda one: one.organisation, 0.01, 0.1),
    "place": (lambda one: one.locations, 0.02, 0.12),
}


@pytest.mark.parametrize("field", MISSING)
def test_boards_of_the_third_world_leave_out_what_boards_do(postings: list[EnrichedPosting], field: str) -> None:
    found, low, high = MISSING[field]
    assert low <= sum(not found(one) for one in postings) / len(postings) <= high


def test_half_of_the_openings_of_the_third_world_have_a_look_alike(world: Corpus) -> None:
    alike = {one.opening: "look_alike" in one.traits for one in world.listed}
    assert 0.35 <= sum(alike.values()) / len(alike) <= 0.65


def test_the_report_measures_the_third_world_and_notices_when_its_tables_change() -> None:
    assert WORLDS["third world"] is third_world
    assert "ops/match_report/thirdworld" in WORLD_CODE
