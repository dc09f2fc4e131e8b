"""The worlds that matching is judged by: equal for a seed, and with the traps that they promise."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from hub.domain.posting import EnrichedPosting, Status
from ops.match_report.listed import Corpus, held_out_keys
from ops.match_report.otherworld import other_world
from ops.match_report.otherworld.openings import openings
from ops.match_report.otherworld.tables import employers, occupations
from ops.match_report.partitions import engine_of, exact_key, labels_of, token_set
from ops.match_report.sandboxworld import sandbox_world
from ops.match_report.stored import with_features


@pytest.fixture(scope="module")
def other() -> Corpus:
    return other_world(300, seed=5)


@pytest.fixture(scope="module")
def sandbox() -> Corpus:
    return sandbox_world(220, seed=5)


def test_a_seed_gives_one_other_world(other: Corpus) -> None:
    assert other_world(300, seed=5) == other
    assert other_world(300, seed=6) != other


def test_a_larger_other_world_begins_with_the_smaller(other: Corpus) -> None:
    larger = [one.key for one in other_world(350, seed=5).listed]
    assert larger[: len(other.listed)] == [one.key for one in other.listed]


def test_a_seed_gives_one_sandbox_world_whatever_the_ports(sandbox: Corpus) -> None:
    assert sandbox_world(220, seed=5) == sandbox


def test_the_other_world_has_its_tables() -> None:
    assert len(employers()) >= 60
    assert len(occupations()) >= 150
    assert [one.key for one in occupations() if not all(one.labels)] == []
    assert [one.key for one in employers() if len(one.aliases) < 3] == []


def test_a_part_of_the_other_world_is_held_out_by_employer_and_occupation(other: Corpus) -> None:
    assert other.held_out == held_out_keys(other.listed)
    assert 0.3 < len(other.held_out) / len(other.listed) < 0.8


def test_openings_of_the_other_world_differ_in_what_may_be_said() -> None:
    made = [opening for opening, _ in zip(openings(3), range(800), strict=False)]
    assert [one for one, count in Counter(opening.signature for opening in made).items() if count > 1] == []


def test_boards_of_the_other_world_keep_their_habits(other: Corpus) -> None:
    languages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in other.listed:
        languages[one.source].update(one.languages)
    assert set(languages["northstar"]) == {"en"}
    assert set(languages["kaartenbak"]) == {"nl"}
    assert set(languages["loopbaanhuis"]) == {"nl", "en"}


@pytest.mark.parametrize(
    "trait",
    ["look_alike", "repost", "ghost", "missing_employer", "missing_place", "intermediary", "multi_employer", "event", "changed"],
)
def test_every_trap_stands_in_the_other_world(other: Corpus, trait: str) -> None:
    assert any(trait in one.traits for one in other.listed)


def test_one_employers_name_in_five_is_a_hard_one(other: Corpus) -> None:
    plain = {name.casefold() for employer in employers() for name in employer.name}
    named = [one for one in other.listed if one.shown_employer and "intermediary" not in one.traits]
    hard = sum(not any(name in (one.shown_employer or "").casefold() for name in plain) for one in named)
    assert 0.12 <= hard / len(named) <= 0.28


def test_a_sandbox_posting_is_what_unify_would_get(sandbox: Corpus) -> None:
    postings = [EnrichedPosting.model_validate_json(with_features(one.value)) for one in sandbox.listed]
    assert {posting.source for posting in postings} == {"miitn", "noorderlink", "traineelink", "vonk"}
    assert all(posting.features for posting in postings)
    assert all("127.0.0.1" not in one.value.decode() for one in sandbox.listed)
    ghosts = [posting for posting in postings if posting.status is Status.WITHDRAWN]
    assert ghosts
    assert not any(posting.title.nl or posting.title.en or posting.apply for posting in ghosts)


def test_a_third_of_the_sandbox_is_held_out_and_the_rest_is_not(sandbox: Corpus) -> None:
    assert 0.3 <= len(sandbox.held_out) / len(sandbox.listed) <= 0.7


def test_every_matcher_puts_each_posting_in_one_cluster(other: Corpus) -> None:
    keys = {one.key for one in other.listed}
    engine = engine_of(other, [with_features(one.value) for one in other.listed])
    assert labels_of(engine).keys() == exact_key(other).keys() == token_set(other).keys() == keys
