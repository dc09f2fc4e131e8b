"""Accept and Accept-Language by RFC 9110 §12.5: weights, wildcards, what is refused, and headers that say nothing."""

from __future__ import annotations

import pytest

from hub.api.negotiation import choose_language, choose_type

OFFERED = ("application/json", "application/ld+json", "text/html")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        (BROWSER, "text/html"),
        ("text/*", "text/html"),
        ("application/*", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("Application/LD+JSON", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("text/html;q=0.4, application/ld+json;q=0.5", "application/ld+json"),
        ("application/json;q=0.5, text/html", "text/html"),
        ("application/json;q=0, */*", "application/ld+json"),
        ("text/html;q=0.5, text/*;q=0.9, application/json;q=0.6", "application/json"),
        ("text/html;level=1, text/html;q=0.2, application/json;q=0.5", "application/json"),
        ("application/json;q=0.5;ext=1, text/html;q=0.4", "application/json"),
        ("application/json;q=high, text/html;q=0.1", "text/html"),
        (", ;q=1, nonsense", "application/json"),
    ],
)
def test_the_type_that_is_weighed_most_is_chosen(accept, chosen):
    assert choose_type(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "*/*;q=0", "application/xml, text/plain"])
def test_what_fits_nothing_is_told_apart_from_what_says_nothing(accept):
    assert choose_type(accept, OFFERED) is None


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "nl"),
        ("en", "en"),
        ("en-GB,en;q=0.9,nl;q=0.5", "en"),
        ("de, en;q=0.5, nl;q=0.4", "en"),
        ("de", "nl"),
        ("de, *;q=0.5", "nl"),
        ("nl;q=0, *", "en"),
        ("EN", "en"),
        ("en;q=much", "nl"),
    ],
)
def test_the_language_that_is_weighed_most_is_chosen(header, chosen):
    assert choose_language(None, header) == chosen


def test_the_address_goes_before_the_header():
    assert choose_language("en", "nl") == "en"
