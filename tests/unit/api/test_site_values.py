"""Values in words: hours, pay, event times, odds; and nothing that a record may hold breaks a page."""

from __future__ import annotations

import copy

import orjson
import pytest
from fakes.shown_world import event, hostile, joined, traineeship
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.api.site import facts, values, why_one
from hub.api.site.rendering import Here
from hub.api.site.rows import to_row
from hub.api.site.speech import SPEECH
from hub.feed.reading import LANGUAGES, content_of

NL, EN = SPEECH["nl"], SPEECH["en"]
FULL = [orjson.loads(item.to_bytes()) for item in (joined(), event(), traineeship(), hostile())]
JUNK = [
    *(None, True, 3, -1.5, 10**15, 1e300, "", "x", "2027-13-45", "Mars/Phobos", "2027-01-01"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", [], [1], ["a", None], [{}], [[]], {}, {"a": 1}),
]


def paths(node, path=()):
    """Every way into a tree."""
    rows = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in rows:
        yield (*path, name)
        yield from paths(value, (*path, name))


WAYS = [(number, path) for number, tree in enumerate(FULL) for path in paths(tree)]


@settings(max_examples=150)
@given(way=st.sampled_from(WAYS), junk=st.sampled_from(JUNK))
def test_whatever_a_record_holds_in_whatever_place_it_is_shown(way, junk):
    number, path = way
    tree = copy.deepcopy(FULL[number])
    node = tree
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = junk
    record = orjson.dumps(tree)
    for language, speech in SPEECH.items():
        assert to_row(record, Here(language, "/opportunities"), {}).title
        facts.list_facts(tree, speech)
        facts.list_notes(content_of(tree), speech)
        why_one.list_sources(tree, speech, {})
        why_one.list_joins(tree, speech, {})
        why_one.list_disagreements(tree, speech, {})


@pytest.mark.parametrize(
    ("pay", "told"),
    [
        ({"min": 2480, "max": 3420, "period": "month"}, "€ 2.480 tot € 3.420 per maand"),
        ({"min": 15.25, "period": "hour"}, "vanaf € 15,25 per uur"),
        ({"max": 60000, "period": "year", "period_is_guess": True}, "tot € 60.000 per jaar (de periode is een gok)"),
        ({"min": 100, "max": 100, "currency": "USD"}, "US$ 100"),
        ({"min": 9, "currency": "XXQ"}, "vanaf 9 XXQ"),
        ({"scale": "10", "cao": "Cao Gemeenten"}, "schaal 10, Cao Gemeenten"),
        ({"as_stated": "marktconform"}, "marktconform"),
        ({}, ""),
    ],
)
def test_pay_is_said_with_bounds_currency_and_period(pay, told):
    assert values.say_pay(NL, pay).replace("\xa0", " ") == told


@pytest.mark.parametrize(
    ("experience", "told"),
    [
        ({"min_months": 0}, "No experience needed"),
        ({"min_months": 12}, "from 1 year"),
        ({"min_months": 18, "max_months": 36}, "1.5 to 3 years"),
        ({}, ""),
    ],
)
def test_experience_is_said_in_years(experience, told):
    assert values.say_experience(EN, experience) == told


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"start": "2027-02-23T08:00:00Z"}, "Tuesday 23 February 2027, 09:00"),
        (
            {"start": "2027-02-23T18:00:00+01:00", "end": "2027-02-24T01:00:00+01:00"},
            "Tuesday 23 February 2027, 18:00 – Wednesday 24 February 2027, 01:00",
        ),
        ({"start": "2027-02-23T00:00:00+01:00", "end": "2027-02-23T23:59:59+01:00", "all_day": True}, "Tuesday 23 February 2027"),
        (
            {"start": "2027-02-23T00:00:00+01:00", "end": "2027-02-25T23:59:59+01:00", "all_day": True},
            "Tuesday 23 February 2027 – Thursday 25 February 2027",
        ),
        (  # 25 hours
            {"start": "2027-10-31T00:00:00+02:00", "end": "2027-10-31T23:59:59+01:00", "all_day": True},
            "Sunday 31 October 2027",
        ),
        (
            {"start": "2027-03-27T00:00:00+01:00", "end": "2027-03-29T00:00:00+02:00", "all_day": True},
            "Saturday 27 March 2027 – Sunday 28 March 2027",
        ),
        ({"start": "2027-02-23T00:00:00+01:00", "end": "2027-02-23T00:00:00+01:00", "all_day": True}, "Tuesday 23 February 2027"),
        ({"start": "2027-02-23T09:00:00Z", "timezone": "Europe/London"}, "Tuesday 23 February 2027, 09:00 (United Kingdom Time)"),
        ({"start": "soon"}, ""),
    ],
)
def test_an_events_time_is_told_where_it_takes_place(stated, told):
    assert values.say_event_time(EN, stated).replace("\xa0", " ") == told


@pytest.mark.parametrize(
    ("bits", "told"),
    [
        (10.0, "About 1,000 to 1 that they are one (10 bits)."),
        (3.2, "About 9 to 1 that they are one (3.2 bits)."),
        (55.0, "As good as certain (55 bits)."),
        (-1.0, "-1 bits."),
    ],
)
def test_bits_are_told_as_odds(bits, told):
    (join,) = why_one.list_joins({"joins": [{"by": "match", "first": "a:1", "second": "b:1", "bits": bits}]}, EN, {})
    assert join.sure == told


@pytest.mark.parametrize(
    "content",
    [{"valid_through": "2026-12-31T23:30:00Z"}, {"valid_through": "2027-01-01"}, {"event": {"start": "2026-12-31T23:30:00Z"}}],
)
def test_programs_are_told_the_day_that_people_are_told(content):
    row = to_row(orjson.dumps({"content": content}), Here("en", "/"), {})
    assert "1 Jan 2027" in row.when
    assert row.day == "2027-01-01"


def test_several_places_are_counted():
    content = {"locations": [{"place": name} for name in ("Emmen", "Assen", "Haren", "Leek", "Sneek")]}
    row = {language: to_row(orjson.dumps({"content": content}), Here(language, "/"), {}).places for language in LANGUAGES}
    assert row == {"nl": "Emmen, Assen, Haren en nog 2", "en": "Emmen, Assen, Haren and 2 more"}
