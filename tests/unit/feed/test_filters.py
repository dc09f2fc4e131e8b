"""A filter asks alike in Python and in SQL, whatever a record's facets are and in whatever order it was asked."""

from __future__ import annotations

import pytest
from fakes.feed_records import at_offset, opportunity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.domain.opportunity import Facets
from hub.domain.posting import Kind
from hub.feed.entry import read_entry
from hub.feed.filters import EVERYTHING, Filter, token_of, tokens_of

SECTORS = ["it", "it_digital", "energy", "energy'", "%", "life sciences", "zorg\u00a0en\twelzijn", ""]
SOURCES = ["miitn", "noorderlink", "vonk"]


def some(values):
    return st.lists(st.sampled_from(values), max_size=3, unique=True)


FACETS = st.builds(
    Facets,
    sectors=some(SECTORS),
    audiences=some(["student", "graduate"]),
    dutch_required=st.sampled_from(["yes", "no", "unknown"]),
    sources=some(SOURCES),
)
FILTERS = st.builds(
    lambda excluded, **wanted: Filter.of(wanted, excluded),
    some(SOURCES),
    sector=some(SECTORS),
    audience=some(["student", "graduate"]),
    dutch_required=some(["yes", "no", "unknown"]),
    kind=some(["vacancy", "event"]),
    source=some(SOURCES),
)
RECORDS = st.lists(
    st.tuples(FACETS, st.sampled_from(["live", "closed"]), st.sampled_from([Kind.VACANCY, Kind.EVENT])), max_size=8
)


def made(number, facets, state, kind):
    item = opportunity(number, state=state, kind=kind)
    sources = [item.sources[0].model_copy(update={"source": name}) for name in facets.sources]
    return item.model_copy(update={"facets": facets, "sources": sources})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS, st.lists(FILTERS, min_size=1, max_size=4))
async def test_sql_gives_what_the_filter_matches(projection, read_model, records, filters):
    log = [at_offset(n, made(n, *record)) for n, record in enumerate(records)]
    await projection.reset("topic", "topic-e1")
    await projection.apply(log, 0, len(log))
    entries = [read_entry(record) for record in log]
    for filter_ in filters:
        matching = [entry.id for entry in entries if filter_.matches(entry.tokens, entry.sources)]
        live = [entry.id for entry in entries if entry.is_live and entry.id in matching]
        standing, changes = await read_model.load_after(0, 100, filter_)
        assert [change.id for change in changes if change.record is not None] == matching
        assert [change.id for change in changes if change.is_shown] == live
        assert standing.live == len(live)


@given(st.lists(some(SECTORS), min_size=1, max_size=3), some(SOURCES), st.randoms())
def test_the_order_of_asking_does_not_change_the_key(sectors, excluded, chance):
    one = EVERYTHING
    for values in sectors:
        one = one & Filter.of({"sector": values}, excluded)
    chance.shuffle(sectors)
    other = EVERYTHING
    for values in sectors:
        other = other & Filter.of({"sector": chance.sample(values, len(values))}, chance.sample(excluded, len(excluded)))
    assert one.key == other.key


def test_other_filters_have_other_keys():
    asked = [
        {},
        {"sector": ["it"]},
        {"sector": ["it_digital"]},
        {"sector": ["it", "energy"]},
        {"kind": ["event"], "sector": ["it"]},
    ]
    keys = {Filter.of(wanted, excluded).key for wanted in asked for excluded in ([], ["vonk"], ["vonk", "miitn"])}
    assert len(keys) == 3 * len(asked)


def test_a_token_holds_no_blank():
    assert token_of("sector", "zorg en\u00a0\twelzijn") == "sector:zorg_en_welzijn"


def test_tokens_are_sorted_and_each_stands_once():
    facets = {"sectors": ["it", "energy", "it"], "languages": None, "dutch_required": None}
    assert tokens_of("event", facets, ["vonk"]) == (
        "dutch_required:unknown",
        "kind:event",
        "sector:energy",
        "sector:it",
        "source:vonk",
    )


@pytest.mark.parametrize(
    ("sources", "excluded", "is_shown"),
    [
        (["vonk"], ["vonk"], False),
        (["vonk", "miitn"], ["vonk"], True),
        (["vonk", "miitn"], ["vonk", "miitn"], False),
        ([], ["vonk"], True),
        (["vonk"], ["miitn"], True),
    ],
)
def test_an_item_is_hidden_while_excluded_sources_alone_show_it(sources, excluded, is_shown):
    assert Filter.of({}, excluded).matches((), sources) is is_shown


def test_one_value_of_each_field_is_enough_and_every_field_must_hold():
    filter_ = Filter.of({"sector": ["it", "energy"], "kind": ["event"]})
    assert filter_.matches({"sector:it", "kind:event"}, [])
    assert not filter_.matches({"sector:it", "kind:vacancy"}, [])
    assert not filter_.matches({"sector:other", "kind:event"}, [])
