"""What fills a sentence that two texts share tells an employer's openings apart; how a board words it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.matching.bodies import MOST_SLOTS, Body, read_lines, sketch_of, unpack
from hub.matching.marks import packed
from hub.matching.slots import COMMON_WORDS, FILLING_BITS, marks_beside, refilled, slots_in

REST = "Je werkt samen met collega's van alle afdelingen en je hebt plezier in je werk. "


def slots_of(text: str, *known: str) -> bytes:
    sketch = sketch_of(REST + text, read_lines(REST + text), known)
    assert sketch is not None
    return packed(sketch.slots)


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("Je bewaakt de kwaliteit van ons werk volgens GLIMS.", "Je bewaakt de kwaliteit van ons werk volgens PACS."),
        ("Je tekent met collega's aan scheepsmotoren.", "Je tekent met collega's aan hydraulische persen."),
        ("You will work with us on heat networks in the region.", "You will work with us on grid congestion in the region."),
        ("Je zoekt met 6 collega's naar lekken.", "Je zoekt met 9 collega's naar fraude."),
    ],
)
def test_the_next_opening_fills_a_sentence_in_anew(mine: str, other: str) -> None:
    assert refilled(slots_of(mine), slots_of(other)) == 1


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("Je bewaakt de kwaliteit van ons werk volgens GLIMS.", "Je bewaakt de kwaliteit van ons werk volgens GLIMS."),
        ("Je bewaakt de kwaliteit van ons werk volgens GLIMS.", "Jij let op de kwaliteit van ons werk volgens PACS."),
        ("Je werkt voor ons aan de Drentsche Aa.", "Je werkt voor ons aan de Aa."),
        ("Wij zoeken voor ons team 3 mensen.", "Wij zoeken voor ons team 5 mensen."),
        ("Reageer voor de eerste dag van maart.", "SolliciterenReageer voor de eerste dag van mei."),
        ("Je werkt aan GLIMS.", "Je werkt aan PACS."),
    ],
    ids=["the same", "another sentence", "a fuller name", "numbers have their own say", "a heading that sticks", "too short"],
)
def test_what_a_board_does_to_a_sentence_is_no_other_filling(mine: str, other: str) -> None:
    assert refilled(slots_of(mine), slots_of(other)) == 0


def test_the_words_of_names_and_titles_fill_nothing() -> None:
    mine, other = "Wij zoeken voor ons team een nieuwe planoloog.", "Wij zoeken voor ons team een nieuwe ontwerper."
    assert refilled(slots_of(mine), slots_of(other)) == 1
    assert refilled(slots_of(mine, "Planoloog Ruimte"), slots_of(other, "Ontwerper")) == 0


def test_a_sentence_that_is_mostly_unknown_has_no_frame() -> None:
    assert list(slots_in(["glims", "pacs", "epic", "je", "werkt", "met", "de", "xerox", "teletop"])) == []


def test_one_of_two_fillings_in_common_is_enough() -> None:
    both = "Je werkt met ons team aan glims. Je werkt met ons team aan pacs."
    assert refilled(slots_of(both), slots_of("Je werkt met ons team aan pacs.")) == 0


@given(st.lists(st.sampled_from([*sorted(COMMON_WORDS)[:30], "glims", "pacs", "zoutcavernes", "7"]), max_size=20))
def test_marks_fit_and_a_text_is_like_itself(words: list[str]) -> None:
    marks = list(marks_beside(slots_in(words), frozenset()))
    assert all(0 <= mark < 1 << 32 for mark in marks)
    kept = packed(marks[:MOST_SLOTS])
    assert refilled(kept, kept) == refilled(kept, b"") == 0
    assert refilled(kept, packed([mark ^ (1 << FILLING_BITS - 1) for mark in marks[:MOST_SLOTS]])) <= len(marks)


def test_a_body_without_slots_is_one_of_an_older_text() -> None:
    sketch = sketch_of(REST * 3, read_lines(REST * 3))
    assert sketch is not None
    assert Body("nl", unpack(sketch.minhash), sketch.shingles, packed(sketch.sentences)).slots == b""
