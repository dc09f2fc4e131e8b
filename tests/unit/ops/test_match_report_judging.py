"""Parts, strata, calibration and aims of the report on matching."""

from __future__ import annotations

from collections import Counter

import pytest
from fakes.labelled import listed

from ops.match_report.aims import missed_aims
from ops.match_report.calibration import EDGES, bin_of, posterior_of
from ops.match_report.density import Density, density_of
from ops.match_report.judging import HELD_OUT, TUNED, Part, judge
from ops.match_report.listed import Corpus, held_out_keys, is_held_out
from ops.match_report.measuring import Measured, Measurement, cause_of, pattern_of
from ops.match_report.metrics import Counts
from ops.match_report.strata import strata_of
from ops.match_report.verdicts import PairVerdict, counts_of

ENGLISH = {"languages": frozenset({"en"}), "shown_title": "Nurse"}


def corpus(*held_out: str) -> Corpus:
    """Openings 1 (a, b, c) and 2 (d, e); the engine of these tests puts c with d and e."""
    rows = [
        listed("p:a", "1"),
        listed("q:b", "1", **ENGLISH),
        listed("r:c", "1"),
        listed("p:d", "2", traits=frozenset({"vacancy", "look_alike"})),
        listed("q:e", "2"),
    ]
    return Corpus("test", rows, {}, held_out=frozenset(held_out))


SAID = {"p:a": "x", "q:b": "x", "r:c": "y", "p:d": "y", "q:e": "y"}


def test_without_a_held_out_part_everything_was_tuned_on() -> None:
    parts = judge(corpus(), SAID)
    assert list(parts) == [TUNED]
    assert parts[TUNED].counts == Counts(said=4, true=4, both=2)
    assert parts[TUNED].false == (("p:d", "r:c"), ("q:e", "r:c"))
    assert parts[TUNED].missed == (("p:a", "r:c"), ("q:b", "r:c"))
    assert parts[TUNED].exact == (0, 2)


def test_a_pair_is_held_out_when_one_of_its_postings_is() -> None:
    parts = judge(corpus("r:c"), SAID)
    assert parts[TUNED].counts == Counts(said=2, true=2, both=2)
    assert parts[HELD_OUT].counts == Counts(said=2, true=2, both=0)
    assert (parts[TUNED].postings, parts[HELD_OUT].postings) == (4, 1)


def test_strata_count_said_and_true_pairs_apart() -> None:
    strata = judge(corpus(), SAID)[TUNED].strata
    assert strata["look_alike"] == Counts(said=2, true=1, both=1)
    assert strata["cross_language"] == Counts(said=1, true=2, both=1)


def test_parts_of_two_worlds_add_up() -> None:
    part = judge(corpus(), SAID)[TUNED]
    total = part + part
    assert total.counts == Counts(said=8, true=8, both=4)
    assert total.b_precision == pytest.approx(part.b_precision)
    assert total.strata["look_alike"] == Counts(said=4, true=2, both=2)


def test_one_title_in_both_languages_shares_a_language_with_either() -> None:
    both = listed("p:a", "1", languages=frozenset({"nl", "en"}))
    assert "same_language" in strata_of(both, listed("q:b", "1", **ENGLISH))
    assert "cross_language" in strata_of(listed("p:a", "1"), listed("q:b", "1", **ENGLISH))


@pytest.mark.parametrize(
    ("name", "is_alias"),
    [("ZIEKENHUIS-NOORD", False), ("Ziekenhuis Noord", False), ("Noord Hospital", True), ("ZN", True), (None, False)],
)
def test_an_alias_is_another_spelling_of_the_same_employer(name: str | None, is_alias: bool) -> None:
    strata = strata_of(listed("p:a", "1"), listed("q:b", "1", shown_employer=name))
    assert ("alias" in strata) is is_alias


def test_two_postings_of_one_platform_are_a_repost() -> None:
    assert "repost" in strata_of(listed("p:a", "1"), listed("p:b", "1"))


def test_the_split_is_a_third_and_hangs_on_employer_and_title_alone() -> None:
    assert [name for name in ("umcg", "martini", "rug", "hanze", "lentis", "treant") if is_held_out("employer", name)] == ["umcg"]
    assert 280 <= sum(is_held_out("title", str(number)) for number in range(1_000)) <= 390
    rows = [listed("p:a", "1", employer="umcg"), listed("p:b", "2", employer="martini", occupation="x0")]
    assert ("p:a" in held_out_keys(rows), "p:b" in held_out_keys(rows)) == (True, is_held_out("title", "x0"))


def test_every_posterior_has_its_bin() -> None:
    assert [bin_of(value) for value in (0.0, 0.29, 0.3, 0.985, 0.99, 0.9995, 1.0)] == [0, 0, 1, 5, 6, 7, 7]
    assert len(EDGES) == 9


def test_a_posterior_is_of_milli_bits() -> None:
    assert posterior_of(0) == 0.5
    assert posterior_of(6_630) == pytest.approx(0.99, abs=1e-4)
    assert posterior_of(-2_000) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ({"veto": "kind"}, "vetoed"),
        ({"keys": []}, "never compared: no shared key"),
        ({"decision": "apart"}, "too few bits"),
        ({"decision": "possible"}, "possible: for review"),
        ({"decision": "possible", "guard": "no title agrees"}, "guarded"),
        ({"decision": "outmatched"}, "a better partner"),
        ({"decision": "match"}, "a constraint of the cluster"),
    ],
)
def test_a_miss_has_one_cause(told: dict[str, object], cause: str) -> None:
    assert cause_of({"veto": None, "keys": ["K3"], "guard": None, "decision": "apart", **told}) == cause


def test_a_pattern_names_the_levels_that_matter_and_no_values() -> None:
    evidence = [("address", "none"), ("employer", "same"), ("title", "close"), ("level", "none"), ("department", "other")]
    told = {"evidence": [{"field": name, "level": level, "bits": 0, "first": "x"} for name, level in evidence]}
    assert pattern_of(told) == "employer same · title close · department other"


def test_density_counts_pairs_of_two_platforms_with_one_employer_and_occupation() -> None:
    # a-b, a-c, b-c, a-e, b-d, c-d, c-e, d-e; not a-d and b-e, which are of one platform. One opening: a-b, a-c, b-c, d-e.
    assert density_of(corpus()) == Density(postings=5, openings=2, crowded=1, near=8, same=4)


def verdict(same: bool, said: bool, *wrong: str, held_out: bool = True) -> PairVerdict:
    return PairVerdict("alias-001", "alias", held_out, same, said, "", {}, wrong)


def test_a_simple_matchers_word_follows_from_where_it_is_wrong() -> None:
    verdicts = [verdict(True, True, "exact_key"), verdict(False, False, "token_set"), verdict(True, False)]
    assert counts_of(verdicts) == Counts(said=1, true=2, both=1)
    assert counts_of(verdicts, "exact_key") == Counts(said=1, true=2, both=1)
    assert counts_of(verdicts, "token_set") == Counts(said=3, true=2, both=2)


def measured(counts: Counts, **strata: Counts) -> Measurement:
    world = Measured("sandbox", 800, (1,), {"engine": {HELD_OUT: Part(9, 9, counts, strata=strata)}})
    return Measurement("0" * 12, [world], [])


def test_the_aims_are_met_at_their_very_value() -> None:
    assert missed_aims(measured(Counts(1_000, 1_000, 990), cross_language=Counts(85, 100, 85))) == []


def test_each_missed_aim_is_named_with_its_figures() -> None:
    found = measured(Counts(1_000, 1_100, 989), alias=Counts(50, 50, 48), cross_language=Counts(49, 100, 40))
    assert missed_aims(found) == [
        "sandbox 800: precision 0.9890 of 1000 pairs, aim ≥ 0.99",
        "sandbox 800: recall 0.8991 of 1100 pairs, aim ≥ 0.95",
        "sandbox 800, alias: precision 0.9600 of 50 pairs, aim ≥ 0.98",
        "sandbox 800, cross_language: recall 0.4000 of 100 pairs, aim ≥ 0.85",
    ]


def test_what_was_tuned_on_proves_nothing() -> None:
    world = Measured("sandbox", 800, (1,), {"engine": {TUNED: Part(9, 9, Counts(10, 10, 0))}}, causes={TUNED: Counter()})
    assert missed_aims(Measurement("0" * 12, [world], [])) == []
