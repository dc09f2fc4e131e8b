"""What an operator may have shown instead of what a source states."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import HubError
from hub.streams.shown_field import check_shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title.nl.text", "Kok"),
        ("title.en", {"text": "Cook"}),
        ("salary", None),
        ("salary.max", 4300),
        ("hours", {"min": 24, "max": 32}),
        ("event.start", "2026-12-10T19:00:00+01:00"),
        ("education_levels", ["hbo"]),
        ("locations", [{"place": "Assen"}]),
        ("canonical_url", "https://employer.example/job"),
    ],
)
def test_a_value_of_the_fields_form_is_shown_as_it_is(field: str, value: Any) -> None:
    assert check_shown(field, value) == value


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("nonsense", "x", "there is no field 'nonsense' to show; there are ad_language, alternate_urls"),
        ("source_key", "x", "there is no field 'source_key' to show"),
        ("title.fr.text", "x", "title has no field 'fr'; it has nl, en"),
        ("title.en", "Cook", r"title.en cannot be shown so: .*; set one of title.en.text, title.en.origin"),
        ("locations.0.place", "Assen", "locations has no field '0'; it is set as a whole"),
        ("education_levels.first", "hbo", "education_levels has no field 'first'; it is set as a whole"),
        ("salary.max", "much", "salary.max cannot be shown so: input should be a valid number"),
        ("canonical_url", "javascript:alert(1)", "canonical_url cannot be shown so"),
    ],
)
def test_what_no_reader_could_take_is_refused_with_what_would_do(field: str, value: Any, said: str) -> None:
    with pytest.raises(HubError, match=said):
        check_shown(field, value)


@pytest.mark.parametrize("field", ["description.nl", "description.nl.html"])
def test_the_html_of_an_operators_word_is_sanitised(field: str) -> None:
    html = "<p>Werk<script>alert(1)</script></p>"
    shown = check_shown(field, html if field.endswith("html") else {"html": html, "text": "Werk"})
    assert "script" not in str(shown)
