"""The hard pairs are readable, distinct, and each is beaten by exactly the simple matchers that it names."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from ops.match_report.corpus import Pair, is_held_out, load_pairs, read_pairs, to_live
from ops.match_report.simple import MATCHERS, wrong_matchers

PAIRS = list(read_pairs())
SAME_SOURCE = {"repost", "changed_over_time"}
FEWEST_WORDS, MOST_WORDS = 45, 250
STRATA = {
    *("same_language", "cross_language", "alias", "missing_employer", "missing_place", "intermediary", "repost"),
    *("look_alike", "multi_employer", "event", "changed_over_time"),
}
EMAIL = re.compile(r"[\w.+-]+@([\w.-]+\w)")


def test_ids_are_unique() -> None:
    assert [one for one, count in Counter(pair.id for pair in PAIRS).items() if count > 1] == []


def test_there_are_enough_of_each_kind() -> None:
    counts = Counter(pair.stratum for pair in PAIRS)
    assert set(counts) == STRATA
    assert len(PAIRS) >= 300
    assert [stratum for stratum, count in counts.items() if count < 20] == []


def test_every_pair_loads_with_features() -> None:
    loaded = list(load_pairs())
    assert [pair.id for pair, _, _ in loaded] == [pair.id for pair in PAIRS]
    assert all(first.features and second.features for _, first, second in loaded)


def test_the_two_sides_are_two_postings() -> None:
    assert [pair.id for pair, first, second in load_pairs() if first.source_key == second.source_key] == []


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_a_pair_names_exactly_the_simple_matchers_that_get_it_wrong(pair: Pair) -> None:
    wrong = wrong_matchers(pair.same, to_live(pair.a, "a"), to_live(pair.b, "b"))
    assert wrong != []
    assert sorted(pair.wrong_by) == sorted(wrong)


def test_only_reposts_and_changes_stay_on_one_platform() -> None:
    assert [pair.id for pair in PAIRS if pair.a.source == pair.b.source and pair.stratum not in SAME_SOURCE] == []


def test_texts_are_as_long_as_advertisements() -> None:
    lengths = {
        f"{pair.id}-{name}": sum(len(text.split()) for text in (side.text, side.text_nl, side.text_en) if text)
        for pair in PAIRS
        for name, side in (("a", pair.a), ("b", pair.b))
    }
    assert [name for name, words in lengths.items() if not FEWEST_WORDS <= words <= MOST_WORDS] == []


def test_mail_addresses_belong_to_nobody() -> None:
    sides = [side for pair in PAIRS for side in (pair.a, pair.b)]
    mail = {host for side in sides for text in (side.text, side.text_nl, side.text_en) for host in EMAIL.findall(text or "")}
    assert len(mail) > 5
    assert sorted(host for host in mail if not host.endswith(".example")) == []


def test_no_stratum_is_won_by_saying_yes_or_no_to_everything() -> None:
    shares = Counter(pair.stratum for pair in PAIRS if not pair.same)
    counts = Counter(pair.stratum for pair in PAIRS)
    assert [stratum for stratum, count in counts.items() if not 0.4 <= shares[stratum] / count <= 0.65] == []


def test_the_split_is_a_third_and_hangs_on_the_id_alone() -> None:
    assert [number for number in range(1, 8) if is_held_out(f"same_language-00{number}")] == [3, 6]
    held_out = sum(is_held_out(f"stratum-{number:03d}") for number in range(999))
    assert 250 <= held_out <= 415


def test_every_simple_matcher_is_wrong_somewhere() -> None:
    assert {name for pair in PAIRS for name in pair.wrong_by} == set(MATCHERS)
