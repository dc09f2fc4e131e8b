"""What the engine promises of one opening on several platforms."""

from __future__ import annotations

import pytest
from fakes.postings import BASE, change, posting

from hub.domain.keys import opportunity_id
from hub.domain.posting import EchoHints, Status
from hub.domain.records import MatchOverride, PostingOverride
from hub.errors import RecordRejectedError
from hub.matching import ClockChange, Engine, MatchChange, OverrideChange, PostingChange

JOB = "https://werkenbij.ziekenhuis.example/vacatures/verpleegkundige-4711"
DAY = 86_400_000


def live(engine: Engine) -> dict[str, list[str]]:
    return {o.id: [s.source_key for s in o.sources] for o in engine.opportunities() if o.state == "live"}


def test_one_apply_address_on_two_platforms_is_one_opportunity() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("b:1", title="Kok", first_seen=BASE + 1)])
    assert len(live(engine)) == 2
    other = change("b:1", title="Kok", apply_url=JOB + "?utm_source=b", seq=BASE + 1, first_seen=BASE + 1)
    engine.apply([other])
    assert live(engine) == {opportunity_id("a:1"): ["a:1", "b:1"]}


def test_a_posting_that_brings_no_features_is_matched_by_those_it_would_have() -> None:
    bare = [posting(key, apply_url=JOB, first_seen=BASE).model_copy(update={"features": None}) for key in ("a:1", "b:1")]
    engine = Engine()
    engine.apply([PostingChange(one.source_key, one.to_bytes()) for one in bare])
    assert live(engine) == {opportunity_id("a:1"): ["a:1", "b:1"]}
    with pytest.raises(RecordRejectedError) as refused:
        engine.apply([PostingChange("c:1", bare[0].to_bytes().replace(b"a:1", b"c:1").replace(b'"title":{', b'"title":7,"x":{'))])
    assert refused.value.field == "title"


def test_a_careers_home_page_links_nobody() -> None:
    engine = Engine()
    home = "https://werkenbij.ziekenhuis.example/vacatures"
    engine.apply([change("a:1", apply_url=home), change("b:1", apply_url=home, title="Kok")])
    assert len(live(engine)) == 2


def test_an_address_that_two_live_postings_of_one_source_state_links_nobody() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("a:2", apply_url=JOB), change("b:1", apply_url=JOB, title="Kok")])
    assert len(live(engine)) == 3


def test_a_void_address_links_again_once_the_second_posting_is_gone() -> None:
    engine = Engine()
    second = {"apply_url": JOB, "first_seen": BASE + 2}
    engine.apply([change("a:1", apply_url=JOB), change("a:2", **second), change("b:1", apply_url=JOB, title="Kok")])
    assert len(live(engine)) == 3
    engine.apply([change("a:2", **second, seq=BASE + 5, status=Status.WITHDRAWN)])
    assert live(engine) == {opportunity_id("a:1"): ["a:1", "b:1"]}


def test_two_that_a_platform_listed_at_once_never_meet_through_a_third_though_one_has_gone() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("a:2", reference_number="REF-2026-17", title="Kok"), change("a:3")])
    gone = {"reference_number": "REF-2026-17", "title": "Kok", "seq": BASE + 5, "status": Status.WITHDRAWN}
    engine.apply([change("a:2", **gone), change("b:1", apply_url=JOB, reference_number="REF-2026-17")])
    assert engine.explain.why("a:1", "b:1")["decision"] == engine.explain.why("a:2", "b:1")["decision"] == "match"
    assert engine.id_of("a:1") != engine.id_of("a:2")


def test_a_reference_number_counts_with_its_employer_only() -> None:
    engine = Engine()
    engine.apply(
        [
            change("a:1", reference_number="REF-2026-17", title="Verpleegkundige"),
            change("b:1", reference_number="ref 2026 17", title="Kok", first_seen=BASE + 1),
            change("c:1", reference_number="REF-2026-17", title="Timmerman", employer="Waterschap Veen"),
        ]
    )
    assert sorted(live(engine).values()) == [["a:1", "b:1"], ["c:1"]]


def test_an_event_and_a_vacancy_never_share_an_opportunity() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("b:1", apply_url=JOB, kind="event")])
    assert len(live(engine)) == 2


def test_a_lower_seq_after_a_higher_one_changes_nothing() -> None:
    engine = Engine()
    engine.apply([change("a:1", seq=BASE + 5, title="Nieuw")])
    assert engine.apply([change("a:1", seq=BASE + 4, title="Oud")]) == []


def test_a_repeat_touches_nothing() -> None:
    engine = Engine()
    engine.apply([change("a:1")])
    assert engine.apply([change("a:1")]) == []


def test_a_withdrawn_anchor_keeps_the_id_of_what_is_still_live() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("b:1", apply_url=JOB, first_seen=BASE + 1)])
    engine.apply([change("a:1", apply_url=JOB, seq=BASE + 9, status=Status.WITHDRAWN)])
    assert live(engine) == {opportunity_id("a:1"): ["b:1"]}


def test_the_last_live_member_gone_closes_the_opportunity() -> None:
    engine = Engine()
    engine.apply([change("a:1")])
    (closed,) = engine.apply([change("a:1", seq=BASE + 9, status=Status.WITHDRAWN)])
    assert (closed.state, closed.closed_reason, closed.content) == ("closed", "withdrawn", None)


def test_an_erased_anchor_moves_the_id_new_one_first() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("b:1", apply_url=JOB, first_seen=BASE + 1)])
    changed = engine.apply([change("a:1", seq=BASE + 9, status=Status.ERASED)])
    assert {o.id: o.state for o in changed} == {opportunity_id("a:1"): "closed", opportunity_id("b:1"): "live"}


def test_a_merge_closes_the_younger_id_with_a_pointer() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("b:1", title="Kok", first_seen=BASE + 1)])
    changed = engine.apply([change("b:1", apply_url=JOB, title="Kok", first_seen=BASE + 1, seq=BASE + 3)])
    assert [(o.id, o.state, o.merged_into) for o in changed] == [
        (opportunity_id("a:1"), "live", None),
        (opportunity_id("b:1"), "closed", opportunity_id("a:1")),
    ]


def test_a_reverted_merge_restores_both_ids_and_their_content() -> None:
    engine = Engine()
    other = {"title": "Kok", "first_seen": BASE + 1}
    engine.apply([change("a:1", apply_url=JOB), change("b:1", **other)])
    before = [(o.id, o.version) for o in engine.opportunities()]
    assert len(before) == 2
    engine.apply([change("b:1", **other, apply_url=JOB, seq=BASE + 3)])
    assert len(live(engine)) == 1
    engine.apply([change("b:1", **other, seq=BASE + 4)])
    assert [(o.id, o.version) for o in engine.opportunities()] == before


def test_the_clock_expires_a_posting_without_a_message_of_its_source() -> None:
    engine = Engine()
    engine.apply([change("a:1", expires_at=BASE + DAY)])
    assert engine.apply([ClockChange(BASE + DAY - 1)]) == []
    (closed,) = engine.apply([ClockChange(BASE + DAY)])
    assert closed.closed_reason == "expired"


def test_a_posting_open_for_months_is_flagged_stale_by_the_clock() -> None:
    engine = Engine()
    engine.apply([change("a:1")])
    (changed,) = engine.apply([ClockChange(BASE + 121 * DAY)])
    assert [flag["code"] for flag in changed.content["flags"]] == ["stale"]  # type: ignore[index]


def test_a_filled_posting_closes_as_filled() -> None:
    engine = Engine()
    (closed,) = engine.apply([change("a:1", status=Status.FILLED)])
    assert closed.closed_reason == "filled"


def test_hiding_closes_and_undo_restores_the_exact_version() -> None:
    engine = Engine()
    (before,) = engine.apply([change("a:1")])
    (hidden,) = engine.apply([OverrideChange("a:1", PostingOverride(who="o", when=BASE, hidden=True))])
    (after,) = engine.apply([OverrideChange("a:1", PostingOverride(who="o", when=BASE + 1))])
    assert (hidden.closed_reason, after.version) == ("hidden", before.version)


def test_a_shown_value_replaces_the_field_and_says_so() -> None:
    engine = Engine()
    engine.apply([change("a:1")])
    (shown,) = engine.apply([OverrideChange("a:1", PostingOverride(who="o", when=BASE, fields={"title.nl.text": "Arts"}))])
    assert shown.content["title"]["nl"]["text"] == "Arts"  # type: ignore[index]
    assert shown.field_origins["title"] == "operator"


def test_separate_wins_over_strong_evidence() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB), change("b:1", apply_url=JOB)])
    assert len(live(engine)) == 1
    engine.apply([MatchChange("a:1", "b:1", MatchOverride(op="separate", who="o", when=BASE))])
    assert len(live(engine)) == 2


def test_an_operators_link_joins_what_nothing_else_joins() -> None:
    engine = Engine()
    engine.apply([change("a:1"), change("b:1", title="Kok", employer="Waterschap Veen", first_seen=BASE + 1)])
    assert len(live(engine)) == 2
    engine.apply([MatchChange("a:1", "b:1", MatchOverride(op="link", who="o", when=BASE))])
    assert live(engine) == {opportunity_id("a:1"): ["a:1", "b:1"]}


def test_an_echo_of_our_id_is_no_second_source_and_closes_with_its_original() -> None:
    engine = Engine()
    echo = {"echo": EchoHints(opportunity_ids=[opportunity_id("a:1")]), "first_seen": BASE + 1}
    engine.apply([change("a:1"), change("b:1", **echo)])
    assert live(engine) == {opportunity_id("a:1"): ["a:1"]}
    engine.apply([change("a:1", seq=BASE + 2, status=Status.WITHDRAWN)])
    assert live(engine) == {}


def test_a_page_of_another_platform_is_an_echo_of_the_posting_there() -> None:
    engine = Engine({"a.example": "a"})
    engine.apply([change("a:1"), change("b:1", canonical_url="https://a.example/vacature/1-x", first_seen=BASE + 1)])
    engine.apply([change("a:7-verpleegkundige"), change("b:7", canonical_url="https://a.example/vacature/7-verpleegkundige")])
    assert live(engine)[opportunity_id("a:7-verpleegkundige")] == ["a:7-verpleegkundige"]


def test_an_echo_separated_from_its_original_goes_live_when_the_original_is_erased() -> None:
    engine = Engine({"a.example": "a"})
    engine.apply([change("a:1-kok"), change("b:1", canonical_url="https://a.example/vacature/1-kok", first_seen=BASE + 1)])
    engine.apply([MatchChange("a:1-kok", "b:1", MatchOverride(op="separate", who="o", when=BASE))])
    assert live(engine) == {opportunity_id("a:1-kok"): ["a:1-kok"]}
    changed = engine.apply([change("a:1-kok", seq=BASE + 2, status=Status.ERASED)])
    assert {o.id: o.state for o in changed} == {opportunity_id("a:1-kok"): "closed", opportunity_id("b:1"): "live"}


def test_a_source_that_must_not_be_shown_is_matched_and_never_shown() -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB, republish="no"), change("b:1", apply_url=JOB, first_seen=BASE + 1, title="Nurse")])
    (opportunity,) = [o for o in engine.opportunities() if o.state == "live"]
    assert [s.source for s in opportunity.sources] == ["b"]


def test_a_link_only_source_gives_title_employer_place_dates_and_address() -> None:
    engine = Engine()
    (opportunity,) = engine.apply([change("a:1", republish="link-only", positions=3, canonical_url="https://a.example/1")])
    assert set(opportunity.content or {}) == {"title", "organisation", "canonical_url"}


def test_a_record_that_cannot_be_read_changes_nothing() -> None:
    engine = Engine()
    engine.apply([change("a:1")])
    with pytest.raises(RecordRejectedError):
        engine.apply([change("b:1"), PostingChange("c:1", b'{"kind": "ship"}')])
    assert [s for o in engine.opportunities() for s in (o.id,)] == [opportunity_id("a:1")]


def test_a_failure_while_rendering_takes_the_whole_change_back(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    engine.apply([change("a:1", apply_url=JOB)])
    before = list(engine.opportunities())
    broken = posting("b:1", apply_url=JOB).to_bytes().replace(b'"locations":[]', b'"locations":[],"flags":[]')
    with monkeypatch.context() as patched:
        patched.setattr("hub.matching.engine.render", _fail)
        with pytest.raises(ZeroDivisionError):
            engine.apply([PostingChange("b:1", broken), ClockChange(BASE + DAY)])
    assert list(engine.opportunities()) == before
    assert engine.counts["clock"] == 0


def test_a_failed_tick_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    engine.apply([change("a:1", expires_at=BASE + DAY)])
    with monkeypatch.context() as patched:
        patched.setattr("hub.matching.engine.render", _fail)
        with pytest.raises(ZeroDivisionError):
            engine.apply([ClockChange(BASE + DAY)])
    (closed,) = engine.apply([ClockChange(BASE + DAY + 60_000)])
    assert closed.closed_reason == "expired"


def _fail(*_: object) -> None:
    raise ZeroDivisionError
