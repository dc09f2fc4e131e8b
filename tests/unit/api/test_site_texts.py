"""Texts of the pages: every one is there in both languages, with the same blanks to fill in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from hub.api.site.speech import SPEECH, read_catalogue
from hub.api.site.words import BY_FIELD
from hub.domain.wanted import Wanted
from hub.feed.reading import LANGUAGES

METHODS = [("**.py", "python"), ("**/templates/**.j2", "jinja2")]
KEYWORDS = {"mark": None, "say": None, "say_many": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
BLANK = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def asked():
    """Every text that code and templates ask for."""
    found = Catalog()
    for _, _, text, _, _ in extract_from_dir(str(files("hub.api.site")), METHODS, keywords=KEYWORDS):
        if all(text if isinstance(text, tuple) else (text,)):
            found.add(text)
    return {message.id for message in found if message.id}


@pytest.fixture(scope="module")
def dutch():
    return {message.id: message for message in read_catalogue("nl") if message.id}


def forms(text):
    return text if isinstance(text, tuple) else (text,)


def test_every_text_is_there_in_dutch(asked, dutch):
    assert len(asked) > 200
    assert sorted(map(forms, asked - dutch.keys())) == []
    assert [message.id for message in dutch.values() if not all(forms(message.string)) or message.fuzzy] == []


def test_the_dutch_catalogue_holds_nothing_that_is_not_asked_for(asked, dutch):
    assert sorted(map(forms, dutch.keys() - asked)) == []


def test_both_languages_fill_in_the_same_blanks(dutch):
    differing = [
        message.id
        for message in dutch.values()
        if {frozenset(BLANK.findall(form)) for form in forms(message.string)}
        != {frozenset(BLANK.findall(form)) for form in forms(message.id)}
    ]
    assert differing == []


def test_a_text_that_is_missing_would_be_found(dutch):
    assert "A text that nobody translated" not in dutch


@pytest.mark.parametrize("field", ["kind", "sector", "audience", "education", "dutch_required", "language"])
def test_every_code_of_a_filter_has_a_name(field):
    schema = Wanted.model_json_schema()
    items = schema["properties"][field]["items"]
    codes = items.get("enum") or schema["$defs"][items["$ref"].rpartition("/")[2]]["enum"]
    assert set(codes) == set(BY_FIELD[field])


def test_dates_and_figures_are_written_as_each_language_writes_them():
    day, moment = date(2026, 12, 3), datetime(2026, 12, 3, 18, 30, tzinfo=UTC)
    written = {
        language: (
            speech.day(day),
            speech.short_day(day),
            speech.moment(moment),
            speech.number(12345.5),
            speech.money(2480, "EUR"),
        )
        for language, speech in SPEECH.items()
    }
    assert written == {
        "nl": ("3 december 2026", "3 dec 2026", "3 december 2026, 19:30", "12.345,5", "€\xa02.480"),
        "en": ("3 December 2026", "3 Dec 2026", "3 December 2026, 19:30", "12,345.5", "€2,480"),
    }


def test_one_and_many_have_forms_of_their_own():
    told = [
        SPEECH[language].say_many("%(number)s month", "%(number)s months", number)
        for language in LANGUAGES
        for number in (1, 1200)
    ]
    assert told == ["1 maand", "1.200 maanden", "1 month", "1,200 months"]
