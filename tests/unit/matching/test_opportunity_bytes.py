"""An opportunity's bytes are those that its model gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.model import Model
from hub.domain.opportunity import Alternative, Facets, Join, Opportunity, OpportunitySource

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
LEAF = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), TEXT)
PLAIN = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6)


@settings(max_examples=60)
@given(st.none() | st.dictionaries(TEXT, PLAIN, max_size=4), PLAIN, st.none() | TEXT)
def test_bytes_of_an_opportunity_are_those_of_its_model(content, other, attribution):
    opportunity = Opportunity(
        id="opp-a",
        kind="event",
        state="live",
        version="v",
        first_published="2026-11-22T00:00:00.000Z",
        last_changed="2026-11-22T00:00:00.000Z",
        content=content,
        sources=[OpportunitySource(source_key="a:1", source="a", first_seen="2026", attribution=attribution)],
        alternatives={"salary": [Alternative(value=other, source_key="b:1")]},
        joins=[Join(by="match", first="a:1", second="b:1", bits=12.5)] if attribution else None,
        facets=Facets(sectors=["it"]),
    )
    assert opportunity.to_bytes() == Model.to_bytes(opportunity)
