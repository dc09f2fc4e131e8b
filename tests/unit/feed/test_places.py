"""Tokens of a place: they lead back, and what was not given out is refused."""

from __future__ import annotations

import pytest
from fakes.feed_records import id_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.feed.places import LONGEST, from_token, to_token
from hub.feed.read_model import Place

TOKEN = to_token(Place(1_790_000_000_123, id_of(1)))


@given(st.integers(-(10**15), 10**15), st.from_regex(r"[!-~]{1,64}", fullmatch=True))
@settings(max_examples=100)
def test_a_token_leads_back_to_its_place(published, id_):
    token = to_token(Place(published, id_))
    assert from_token(token) == Place(published, id_)
    assert len(token) <= LONGEST


@pytest.mark.parametrize(
    "token", ["", "x", "AAAA", "a" * 500, "1790000000000.opp-a", "\x00", "é", "٣", TOKEN[:-1], TOKEN + "=", TOKEN[::-1]]
)
def test_what_was_not_given_out_is_refused(token):
    with pytest.raises(ValueError, match="take it from `next`"):
        from_token(token)


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("AZaz09-_+/= \n"))
@settings(max_examples=100)
def test_a_token_with_another_letter_is_refused(at, letter):
    mangled = TOKEN[:at] + letter + TOKEN[at + 1 :]
    assume(mangled != TOKEN)
    with pytest.raises(ValueError, match="take it from `next`"):
        from_token(mangled)
