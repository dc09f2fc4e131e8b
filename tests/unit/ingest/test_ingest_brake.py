"""The brake and the proofs as tables."""

from __future__ import annotations

import pytest

from hub.ingest.brake import Brake, alike, choose_controls, group_questions, judge_proof
from hub.ingest.known import Item
from hub.sdk.record import Liveness


def item(native_id: str, url: str | None = "https://partner.example/x") -> Item:
    return Item(native_id, "upsert", 1, 1, "f", "items", url, 1, 0)


@pytest.mark.parametrize(
    ("live", "closed_recently", "closing", "holds"),
    [
        (100, 0, 30, False),
        (100, 0, 31, True),
        (10, 0, 5, False),
        (10, 0, 6, True),
        (70, 30, 1, True),
        (71, 29, 1, False),
        (0, 50, 0, False),
        (1000, 0, 6, False),
    ],
)
def test_holds_above_the_share_and_the_number(live: int, closed_recently: int, closing: int, holds: bool) -> None:
    assert Brake(30, 5).holds(live=live, closed_recently=closed_recently, closing=closing) is holds


@pytest.mark.parametrize(
    ("control_answers", "gone"),
    [
        ([Liveness.ALIVE] * 3, ["x"]),
        ([Liveness.ALIVE, Liveness.ALIVE, Liveness.GONE], []),
        ([Liveness.ALIVE, Liveness.ALIVE, Liveness.UNKNOWN], []),
        ([Liveness.ALIVE], ["x"]),
        ([], []),
    ],
)
def test_proof_counts_only_beside_controls_that_live(control_answers: list[Liveness], gone: list[str]) -> None:
    controls = [item(f"c{n}") for n in range(len(control_answers))]
    answers = {"x": Liveness.GONE} | {one.native_id: answer for one, answer in zip(controls, control_answers, strict=True)}
    assert [one.native_id for one in judge_proof([item("x")], controls, answers).gone] == gone


def test_item_left_out_of_the_answer_is_unknown() -> None:
    proof = judge_proof([item("x")], [item("c")], {"c": Liveness.ALIVE})
    assert [one.native_id for one in proof.unknown] == ["x"]


def test_controls_have_an_address_and_change_from_run_to_run() -> None:
    listed = [item(str(n)) for n in range(50)] + [item("calendar", None)]
    chosen = [frozenset(one.native_id for one in choose_controls(listed, f"run-{n}")) for n in range(10)]
    assert all(len(one) == 3 and "calendar" not in one for one in chosen)
    assert len(set(chosen)) > 5


def test_pages_of_one_kind_are_asked_after_together_and_beside_their_like() -> None:
    jobs = [item(str(n), f"https://partner.example/jobs/{n}/") for n in range(3)]
    events = [item(f"e{n}", f"https://partner.example/events/{n}?lang=nl") for n in range(2)]
    assert group_questions([jobs[0], events[0], jobs[1]]) == [[jobs[0], jobs[1]], [events[0]]]
    assert alike([jobs[2], events[1]], [jobs[0]]) == [jobs[2]]
    assert alike([events[1]], [jobs[0]]) == [events[1]]


def test_many_folders_tell_no_kinds_of_pages() -> None:
    scattered = [item(str(n), f"https://partner.example/{n}/job") for n in range(9)]
    assert group_questions(scattered) == [scattered]
