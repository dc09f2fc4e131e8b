"""Fields of payloads: what PHP and XML write for nothing, one and a number is taken; another kind is not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from hub.sdk.fields import Listed, Part, Word


class Item(Part):
    word: Word = None
    listed: Listed[str] = []


@pytest.mark.parametrize(("stated", "read"), [(3000, "3000"), (14.5, "14.5"), ("9711 AA", "9711 AA"), ("", "")])
def test_word_may_be_a_number(stated: Any, read: str) -> None:
    assert Item.model_validate({"word": stated}).word == read


@pytest.mark.parametrize("stated", [None, False, [], {}])
def test_word_that_is_php_s_nothing_is_none(stated: Any) -> None:
    assert Item.model_validate({"word": stated}).word is None


@pytest.mark.parametrize(
    ("stated", "read"), [(None, []), ("", []), (False, []), ("HBO", ["HBO"]), (["HBO", None, "WO"], ["HBO", "WO"])]
)
def test_list_may_be_nothing_or_bare(stated: Any, read: list[str]) -> None:
    assert Item.model_validate({"listed": stated}).listed == read


@pytest.mark.parametrize("stated", [{"word": ["a"]}, {"word": True}, {"listed": {"name": "HBO"}}, {"listed": [1]}])
def test_another_kind_is_refused(stated: Any) -> None:
    with pytest.raises(ValidationError):
        Item.model_validate(stated)
