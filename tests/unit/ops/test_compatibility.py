"""Which changes of a schema an older reader survives, and which are refused."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from ops.compatibility import Schema, breaks, breaks_api


def model(**fields: Any) -> dict[str, Any]:
    return create_model("Value", **fields).model_json_schema()


class Inner(BaseModel):
    name: str


class Tree(BaseModel):
    children: list[Tree] = []


OLD = {"name": (str, ...), "kind": (Literal["a", "b"], ...), "size": (float, 0), "note": (str | None, None)}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"extra": (int, 0)},
        {"extra": (Inner, ...)},
        {"kind": (Literal["a"], ...)},
        {"size": (int, 0)},
        {"note": (str, "")},
        {"size": (float, ...)},
    ],
)
def test_what_an_older_reader_can_read(change: dict[str, Any]) -> None:
    assert breaks(model(**OLD), model(**{**OLD, **change})) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": (str, "")}, "$.name was always there, now it may be absent"),
        ({"name": (str | None, ...)}, "$.name may now be null, it was string"),
        ({"name": (int, ...)}, "$.name may now be integer, it was string"),
        ({"kind": (Literal["a", "b", "c"], ...)}, "$.kind may now be c"),
        ({"kind": (str, ...)}, "$.kind may now be any other value"),
        ({"size": (str, "")}, "$.size may now be string, it was number"),
        ({"note": (list[str] | None, None)}, "$.note may now be array, it was null or string"),
    ],
)
def test_what_an_older_reader_could_not_read(change: dict[str, Any], sentence: str) -> None:
    assert breaks(model(**OLD), model(**{**OLD, **change})) == [sentence]


def test_a_required_field_that_is_gone() -> None:
    assert breaks(model(**OLD), model(**{name: field for name, field in OLD.items() if name != "name"})) == [
        "$.name was always there, now it is gone"
    ]


def test_lists_and_nested_objects_are_followed() -> None:
    old = model(items=(list[Inner], ...))
    new = model(items=(list[create_model("Inner", name=(int, ...))], ...))
    assert breaks(old, new) == ["$.items[].name may now be integer, it was string"]


def test_a_constraint_that_changes() -> None:
    old, new = model(name=(str, Field(max_length=5))), model(name=(str, Field(max_length=9)))
    assert breaks(old, new) == ["$.name: maxLength was 5, now 9"]


def test_a_recursive_type_ends() -> None:
    assert breaks(Tree.model_json_schema(), Tree.model_json_schema()) == []


# --- the HTTP interface -----------------------------------------------------------------------------------------------


def api(**changes: Any) -> Schema:
    """A document of one operation, with parameters, statuses or schemas of a test's own."""
    parameter = {"name": "kind", "in": "query", "schema": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}}
    body = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    answer = {"content": {changes.get("kind", "application/json"): {"schema": {"$ref": "#/components/schemas/Page"}}}}
    parameters = changes.get("parameters", [{"$ref": "#/components/parameters/kind"}])
    operation = {"parameters": parameters, "responses": {"200": answer}}
    parts = {"parameters": {"kind": changes.get("parameter", parameter)}, "schemas": {"Page": changes.get("body", body)}}
    return {"paths": {changes.get("path", "/pages"): {"get": operation}}, "components": parts}


def test_the_same_interface_breaks_nothing() -> None:
    assert breaks_api(api(), api()) == []


def test_a_new_optional_parameter_and_a_new_member_of_the_answer_break_nothing() -> None:
    more = {"type": "object", "required": ["id", "at"], "properties": {"id": {"type": "string"}, "at": {"type": "integer"}}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    assert breaks_api(api(), api(body=more, parameters=[{"$ref": "#/components/parameters/kind"}, limit])) == []


def test_another_value_of_a_parameter_breaks_nothing() -> None:
    wider = {"name": "kind", "in": "query", "schema": {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c"]}}}
    assert breaks_api(api(), api(parameter=wider)) == []


KIND = {"name": "kind", "in": "query", "schema": {"type": "array", "items": {"type": "string", "enum": ["a"]}}}
FEED = {"name": "feed", "in": "query", "required": True, "schema": {}}
NUMBER = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"parameter": KIND}, "GET /pages: the parameter kind does not take all that it took"),
        ({"path": "/other"}, "GET /pages is gone"),
        ({"parameters": []}, "GET /pages: the parameter kind is gone"),
        ({"parameters": [FEED]}, "GET /pages: the parameter feed is required now"),
        ({"kind": "text/html"}, "GET /pages: 200 is not answered as application/json any more"),
        ({"body": {"type": "object", "properties": {"id": {}}}}, "GET /pages: 200 $.id was always there, now it may be absent"),
        ({"body": NUMBER}, "GET /pages: 200 $.id may now be integer, it was string"),
    ],
)
def test_what_a_client_could_not_follow_is_named(change: dict[str, Any], fault: str) -> None:
    assert fault in breaks_api(api(), api(**change))
