"""The tolerant JSON-LD loader: what sites write, and what no input may do."""

from __future__ import annotations

import contextlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import RecordRejectedError
from hub.sdk.formats.schema_org.jsonld import is_event, load_json, nodes_of, nodes_of_page, types_of

SCRIPT = '<script type="application/ld+json">%s</script>'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "b"}',
        '\n {"a": "b",}',
        '{"a": "b", /* why */ }',
        '// <![CDATA[\n{"a": "b"}\n// ]]>',
        '<![CDATA[{"a": "b"}]]>',
        '<!--\n{"a": "b"}\n-->',
        '{"a": "b"};',
        '{\n// the letter\n"a": "b"}',
        "{&quot;a&quot;: &quot;b&quot;}",
    ],
)
def test_extras_around_json_are_dropped(text: str) -> None:
    assert load_json(text) == {"a": "b"}


def test_objects_in_a_row_are_a_list() -> None:
    assert load_json('{"a": 1}\n{"b": 2}, [3]') == [{"a": 1}, {"b": 2}, [3]]


def test_line_breaks_inside_texts_are_kept() -> None:
    assert load_json('{"a": "one\ntwo\tthree"}') == {"a": "one\ntwo\tthree"}


def test_what_looks_like_an_extra_inside_a_text_stays() -> None:
    assert load_json('{"a": "https://x.nl/b /* c */ ,}", }') == {"a": "https://x.nl/b /* c */ ,}"}


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"a": }', "[" * 100_000, '{"a": "' + "\\" * 9])
def test_what_is_no_json_is_rejected(text: str) -> None:
    with pytest.raises(RecordRejectedError) as raised:
        load_json(text)
    assert raised.value.reason == "syntax"


@given(st.text())
def test_no_text_makes_the_loader_fail_otherwise(text: str) -> None:
    with contextlib.suppress(RecordRejectedError):
        load_json(text)


@given(st.binary())
def test_no_page_makes_the_reader_fail(body: bytes) -> None:
    assert nodes_of_page(body).nodes == []


@given(JSON)
def test_valid_json_is_loaded_as_it_is(value: Any) -> None:
    assert load_json(orjson.dumps(value).decode()) == value


@given(JSON)
def test_nodes_of_any_value_are_typed(value: Any) -> None:
    assert all(types_of(node) for node in nodes_of(value))


@pytest.mark.timeout(20)  # a quadratic pattern takes minutes
@pytest.mark.parametrize("piece", ["/*", '"', "//", ",", "<!--", '"\\', "{"])
def test_repetition_costs_no_quadratic_time(piece: str) -> None:
    with pytest.raises(RecordRejectedError):
        load_json(piece * 60_000)


@pytest.mark.parametrize(
    "value",
    [
        {"@type": "JobPosting"},
        [{"@type": "WebSite"}, {"@type": "JobPosting"}],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, {"@type": ["Thing", "JobPosting"]}]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {"@type": "JobPosting"}}]},
        {"@type": "WebPage", "mainEntity": {"@type": "JobPosting"}},
        {"@type": "http://schema.org/JobPosting"},
        [[{"@type": "schema:JobPosting"}]],
    ],
)
def test_item_is_found_wherever_it_stands(value: Any) -> None:
    assert [node for node in nodes_of(value) if "JobPosting" in types_of(node)] != []


def test_reference_to_a_named_node_is_resolved() -> None:
    graph = {
        "@graph": [
            {"@type": "JobPosting", "hiringOrganization": {"@id": "#org"}},
            {"@type": "Organization", "@id": "#org", "name": "UMCG"},
        ]
    }
    assert nodes_of(graph)[0]["hiringOrganization"]["name"] == "UMCG"


def test_circle_of_references_ends() -> None:
    graph = [{"@type": "A", "@id": "#a", "b": {"@id": "#b"}}, {"@type": "B", "@id": "#b", "a": {"@id": "#a"}}]
    assert len(nodes_of(graph)) == 2


def test_page_tells_language_canonical_address_and_noindex() -> None:
    head = '<link rel="canonical" href="https://x.nl/a"><meta name="ROBOTS" content="NoIndex, follow">'
    page = nodes_of_page(f'<html lang="nl-NL"><head>{head}</head></html>')
    assert (page.language, page.canonical_url, page.is_noindex, page.is_truncated) == ("nl-NL", "https://x.nl/a", True, False)


def test_one_bad_block_leaves_the_others() -> None:
    page = nodes_of_page(SCRIPT % '{"@type": ' + SCRIPT % '{"@type": "Event"}')
    assert [types_of(node) for node in page.nodes] == [["Event"]]
    assert len(page.rejected) == 1


def test_page_without_its_end_is_truncated() -> None:
    assert nodes_of_page("<html><body>").is_truncated


@pytest.mark.parametrize("name", ["Event", "BusinessEvent", "EducationEvent", "Hackathon", "https://schema.org/Festival"])
def test_subtypes_of_event_are_events(name: str) -> None:
    assert is_event({"@type": name})


@pytest.mark.parametrize("name", ["EventVenue", "Organization", "EventStatusType"])
def test_other_types_are_no_events(name: str) -> None:
    assert not is_event({"@type": name})


MICRODATA = """
<html><body itemscope itemtype="https://schema.org/WebPage"><div itemscope itemtype="http://schema.org/JobPosting">
<h1 itemprop="title">Trainee <b>water</b></h1><link itemprop="url" href="/v/1"><meta itemprop="datePosted" content="2026-11-01">
<time itemprop="validThrough" datetime="2026-12-31">eind december</time>
<p itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"><span itemprop="name">Noordkust</span></p>
<div><span itemprop="employmentType">FULL_TIME</span><span itemprop="employmentType">INTERN</span></div>
<div itemprop="description"><p>Met de <b>dijken</b></p></div></div></body></html>
"""


def test_item_stated_in_microdata_alone_is_read_like_a_node() -> None:
    node = next(node for node in nodes_of_page(MICRODATA).nodes if "JobPosting" in types_of(node))
    assert "<p>Met de <b>dijken</b></p>" in node.pop("description")
    assert node == {
        "@type": ["http://schema.org/JobPosting"],
        "title": "Trainee water",
        "url": "/v/1",
        "datePosted": "2026-11-01",
        "validThrough": "2026-12-31",
        "hiringOrganization": {"@type": ["https://schema.org/Organization"], "name": "Noordkust"},
        "employmentType": ["FULL_TIME", "INTERN"],
    }


def test_item_stated_in_both_ways_is_one() -> None:
    page = nodes_of_page(MICRODATA + SCRIPT % '{"@type": "JobPosting", "title": "Trainee"}')
    assert [node["title"] for node in page.nodes if "JobPosting" in types_of(node)] == ["Trainee"]


def test_script_may_name_its_charset() -> None:
    page = nodes_of_page('<script type="application/ld+json; charset=utf-8">{"@type": "Event"}</script>')
    assert page.nodes == [{"@type": "Event"}]
