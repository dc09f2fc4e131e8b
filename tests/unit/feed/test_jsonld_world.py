"""JSON-LD of a whole simulated region, judged by a JSON-LD processor, schema.org's vocabulary and Google's tables."""

from __future__ import annotations

import json
from collections import Counter

import orjson
import pytest
from fakes.jsonld_items import EXTREMES, document_of
from fakes.schema_org import SCHEMA, TABLES, expanded, malformed, missing, values_at, vocabulary_faults
from fakes.shown_world import region

from hub.domain.posting import Kind
from hub.feed.jsonld import missing_of, to_document

TYPES = {Kind.EVENT: "Event", Kind.COURSE: "Course"}


@pytest.fixture(scope="module")
def world() -> list[tuple[Kind, dict]]:
    """(kind, document) of every live opportunity of the sandbox's region, and of what the region happens not to have."""
    live = [one for one in region(60) if one.state == "live"]
    told = [(one.kind, to_document(orjson.loads(one.to_bytes()))) for one in live]
    return told + [(kind, document_of(kind, **fields)) for kind, fields in EXTREMES]


def test_the_world_has_every_kind(world):
    assert {kind for kind, _ in world} == set(Kind)


def test_a_processor_finds_the_expected_type(world):
    assert all(expanded(document)["@type"] == [SCHEMA + TYPES.get(kind, "JobPosting")] for kind, document in world)


def test_a_processor_loses_nothing(world):
    assert all(_leaves(expanded(document)) == _leaves_of_json(document) for _, document in world)


def test_every_property_is_one_of_its_type_and_has_an_expected_value(world):
    assert Counter(fault for _, document in world for fault in vocabulary_faults(expanded(document))) == {}


def test_every_value_has_the_form_of_googles_table(world):
    assert Counter(fault for _, document in world for fault in malformed(document)) == {}


def test_what_lacks_something_required_is_what_the_hub_says_it_lacks(world):
    said = [(document["@type"], sorted(missing_of(document))) for _, document in world]
    judged = [(document["@type"], sorted({path.partition(".")[0] for path in missing(document)})) for _, document in world]
    assert said == judged
    assert any(absent for _, absent in judged)


def test_most_items_may_be_embedded(world):
    assert sum(not missing(document) for _, document in world) > 0.9 * len(world)


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_property_of_googles_table_is_given_by_some_item(world, kind):
    documents = [document for _, document in world if document["@type"] == kind]
    table = {**TABLES[kind]["required"], **TABLES[kind]["recommended"]}
    assert [path for path in table if not any(values_at(document, path) for document in documents)] == []


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_the_judge_and_the_hub_miss_each_required_property_that_is_taken_away(world, kind):
    whole = next(d for _, d in world if d["@type"] == kind and not missing(d) and "jobLocationType" not in d)
    for path in TABLES[kind]["required"]:
        name = path.partition(".")[0]
        less = {key: value for key, value in whole.items() if key != name}
        assert (missing(less), missing_of(less)) == ([path], [name])


def test_the_judge_finds_what_schema_org_does_not_know():
    document = {"@context": "https://schema.org", "@type": "JobPosting", "name": "x", "startDate": "2026-11-22", "title": 7}
    assert sorted(vocabulary_faults(expanded(document))) == [
        "JobPosting has no startDate",
        "JobPosting.title is 7, not one of ['Text']",
    ]


def _leaves(node: object) -> int:
    """Values of an expanded node, types apart."""
    if isinstance(node, list):
        return sum(map(_leaves, node))
    if isinstance(node, dict):
        return sum(_leaves(value) for name, value in node.items() if name != "@type")
    return 1


def _leaves_of_json(node: object) -> int:
    if isinstance(node, list):
        return sum(map(_leaves_of_json, node))
    if isinstance(node, dict):
        return sum(_leaves_of_json(value) for name, value in node.items() if name not in ("@type", "@context"))
    assert isinstance(json.dumps(node), str)
    return 1
