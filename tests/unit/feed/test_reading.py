"""What people read of a record: the language asked for, else the other; and nothing raises, whatever a record holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.feed import reading

LONG = "Wij zoeken iemand. " * 40


def test_words_come_in_the_language_that_was_asked():
    content = {"title": {"nl": {"text": "Kok"}, "en": {"text": "Cook"}}}
    assert (reading.title_of(content, "nl"), reading.title_of(content, "en")) == ("Kok", "Cook")


def test_the_other_language_stands_in_and_is_named():
    content = {"title": {"en": {"text": "Cook"}}, "description": {"nl": {"html": "<p>Kook</p>", "text": "Kook"}}}
    assert (reading.title_of(content, "nl"), reading.title_language(content, "nl")) == ("Cook", "en")
    assert (reading.html_of(content, "en"), reading.text_language(content, "en")) == ("<p>Kook</p>", "nl")


def test_a_title_is_one_line():
    assert reading.title_of({"title": {"nl": {"text": " Kok\r\n\tin  Assen "}}}, "nl") == "Kok in Assen"


def test_a_summary_ends_between_words():
    summary = reading.summary_of({"description": {"nl": {"html": "x", "text": LONG}}}, "nl", 50)
    assert summary == "Wij zoeken iemand. Wij zoeken iemand. Wij zoeken…"


def test_a_text_without_a_blank_is_cut_all_the_same():
    assert len(reading.summary_of({"description": {"nl": {"html": "x", "text": "a" * 900}}}, "nl", 50)) == 50


def test_without_a_text_it_is_link_only():
    assert reading.is_link_only({"title": {"nl": {"text": "Kok"}}})
    assert not reading.is_link_only({"description": {"en": {"html": "<p>x</p>", "text": "x"}}})


def test_the_employer_goes_before_the_agency():
    both = {"organisation": {"name": "Umbrella"}, "intermediary": {"name": "Bureau"}}
    assert (reading.organisation_of(both), reading.organisation_of({"intermediary": {"name": "Bureau"}})) == (
        "Umbrella",
        "Bureau",
    )


def test_each_place_is_named_once_and_narrowly():
    content = {"locations": [{"place": "Haren", "province": "Groningen"}, {"municipality_name": "Assen"}, {"place": "Haren"}]}
    assert reading.places_of(content) == ["Haren", "Assen"]


def test_an_event_without_a_location_is_at_its_venue():
    assert reading.places_of({"event": {"venue": {"name": "Forum", "location": {"place": "Groningen"}}}}) == ["Groningen"]
    assert reading.places_of({"event": {"venue": {"name": "Forum"}}}) == ["Forum"]


def test_readers_are_sent_to_the_owners_page_else_to_a_source():
    sources = [{"source": "a"}, {"source": "b", "url": "https://b.example/1"}]
    assert (
        reading.link_of({"content": {"canonical_url": "https://owner.example/1"}, "sources": sources})
        == "https://owner.example/1"
    )
    assert reading.link_of({"content": {}, "sources": sources}) == "https://b.example/1"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a.example/\r\nSet-Cookie: x", 'https://a.example/"onclick', 7]
)
def test_nobody_is_sent_where_a_page_should_not_lead(address):
    assert reading.link_of({"content": {"canonical_url": address}}) is None


def test_every_source_is_credited_once():
    sources = [{"source": "a", "attribution": "A, a.example"}, {"source": "b"}, {"source": "a", "attribution": "A, a.example"}]
    assert reading.attributions_of({"sources": sources}) == ["A, a.example", "b"]


def test_a_time_without_an_offset_is_utc():
    assert reading.moment_of("2026-11-22T10:00:00") == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert reading.moment_of("soon") is None


NAMES = st.sampled_from(
    [
        "content",
        "title",
        "nl",
        "en",
        "text",
        "html",
        "description",
        "organisation",
        "name",
        "locations",
        "event",
        "venue",
        "sources",
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=60)
@given(ANYTHING, st.sampled_from(["nl", "en"]))
def test_no_record_makes_it_raise(value, lang):
    record = {"content": value, "sources": value}
    content = reading.content_of(record)
    words = (reading.title_of, reading.text_of, reading.html_of, reading.summary_of)
    found = [say(content, lang) for say in words] + [reading.organisation_of(content), *reading.places_of(content)]
    assert all(isinstance(text, str) for text in found)
    assert reading.is_link_only(content) == (not reading.text_of(content, lang) and not reading.html_of(content, lang))
    assert reading.link_of(record) is None
    assert isinstance(reading.attributions_of(record), list)
