"""The OpenAPI document says what there is: every route, each parameter with its values, examples that work, and nothing else."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest
import schemathesis
from fakes.served_hub import ServedHub, served
from fakes.shown_feed import CLOSED, LIVE, MOVED, closed, records
from fakes.shown_world import region
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from hub.api.openapi import document
from hub.api.operation import HTML, JSON
from hub.api.operations import OPERATIONS
from hub.domain.posting import Kind
from hub.feed.entry import to_item
from hub.settings import HttpSettings, OpsSettings, Settings

DOCUMENT: dict[str, Any] = orjson.loads(orjson.dumps(document(OPERATIONS, "/")))
LISTED = [(method, path, told) for path, item in DOCUMENT["paths"].items() for method, told in item.items()]
PARAMETERS = DOCUMENT["components"]["parameters"]
each_operation = pytest.mark.parametrize("told", [pytest.param(told, id=told["operationId"]) for _, _, told in LISTED])


def parameters_of(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Name → parameter, those that many operations share included."""
    found = [PARAMETERS[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in told.get("parameters", ())]
    return {parameter["name"]: parameter for parameter in found}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    settings = Settings(
        state_dir=tmp_path_factory.mktemp("hub"),
        http=HttpSettings(public_url="https://feed.example.org/hub/"),
        ops=OpsSettings(port=1),
    )
    with served(settings, records()) as running:
        yield running


@pytest.fixture(scope="module")
def judged(hub: ServedHub) -> schemathesis.BaseSchema:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.config.update(base_url=hub.url)
    return schema


def test_the_document_is_valid_openapi() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_every_route_stands_in_the_document_and_no_other(hub: ServedHub) -> None:
    routed = {(route.method, route.resource.canonical) for route in hub.app.router.routes() if route.resource is not None}
    documented = {(method.upper(), path) for method, path, _ in LISTED}
    with_head = documented | {("HEAD", path) for method, path in documented if method == "GET"}
    assert routed == with_head


def test_it_is_served_under_the_address_that_readers_see(hub: ServedHub, judged: schemathesis.BaseSchema) -> None:
    answer = judged["/openapi.json"]["GET"].Case().call()
    told = answer.json()
    assert told.pop("servers") == [{"url": "https://feed.example.org/hub/"}]
    assert told == {name: value for name, value in DOCUMENT.items() if name != "servers"}


def test_operation_ids_are_words_and_each_stands_once() -> None:
    ids = [told["operationId"] for _, _, told in LISTED]
    assert sorted(set(ids)) == sorted(ids)
    assert [id_ for id_ in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)+", id_)] == []


@each_operation
def test_every_operation_says_what_it_is_and_what_comes_back(told: dict[str, Any]) -> None:
    assert told["summary"]
    assert set(told["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    good = [answer for status, answer in told["responses"].items() if status.startswith("2")]
    assert good or "302" in told["responses"]
    told_of = [(kind, media) for answer in good for kind, media in answer.get("content", {}).items()]
    assert [kind for kind, media in told_of if kind in (JSON, HTML) and not media] == []
    assert told_of or {"204", "302"} & set(told["responses"])


@each_operation
def test_every_parameter_says_what_it_is(told: dict[str, Any]) -> None:
    silent = [name for name, parameter in parameters_of(told).items() if not parameter.get("description")]
    assert silent == []


@each_operation
def test_every_error_is_a_problem_document_and_perhaps_a_page(told: dict[str, Any]) -> None:
    errors = {status: set(answer.get("content", ())) for status, answer in told["responses"].items() if status[0] in "45"}
    errors.pop("416", None)  # says what there is in Content-Range, without a body
    assert {status: kinds for status, kinds in errors.items() if kinds - {"text/html"} != {"application/problem+json"}} == {}
    assert {"400", "429", "503"} <= set(errors)


def test_an_operation_that_asks_for_a_scope_says_so_and_others_can_be_asked_without_a_token() -> None:
    for operation in OPERATIONS:
        told = DOCUMENT["paths"][operation.path][operation.method.lower()]
        security = told.get("security", DOCUMENT["security"])
        if operation.scope is not None:
            assert (security, {"401", "403"} <= set(told["responses"])) == ([{"token": [operation.scope]}], True), operation.path
        else:
            assert security == [] or {} in security, operation.path


def test_every_json_body_is_described_with_an_example_that_fits() -> None:
    for operation in OPERATIONS:
        if operation.body is not None and operation.body.model is not None:
            told = DOCUMENT["paths"][operation.path][operation.method.lower()]["requestBody"]["content"][JSON]
            assert told["schema"]["$ref"].endswith(operation.body.model.__name__)
            operation.body.model.model_validate(told["example"])


def test_every_field_of_every_query_is_a_parameter() -> None:
    for operation in OPERATIONS:
        told = DOCUMENT["paths"][operation.path][operation.method.lower()]
        named = {name for name, parameter in parameters_of(told).items() if parameter["in"] == "query"}
        assert named == set(operation.query.model_fields), operation.path


def test_vocabularies_stand_in_the_document() -> None:
    parameters = parameters_of(DOCUMENT["paths"]["/v1/feed/pages"]["get"])
    reference = parameters["kind"]["schema"]["items"]["$ref"].rpartition("/")[2]
    assert DOCUMENT["components"]["schemas"][reference]["enum"] == [str(kind) for kind in Kind]
    assert (parameters["kind"]["style"], parameters["kind"]["explode"]) == ("form", False)
    assert parameters["dutch_required"]["schema"]["items"]["enum"] == ["yes", "no", "unknown"]


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"\$ref":"#/([^"]+)"', orjson.dumps(DOCUMENT).decode()):
        node: Any = DOCUMENT
        for step in reference.split("/"):
            node = node[step]


@pytest.mark.parametrize(
    ("id_", "status"), [(LIVE, 200), (MOVED, 307), (CLOSED, 410), ("opp-aaaaaaaaaaaaaaaa", 404), (quote("é/ü", safe=""), 404)]
)
def test_where_an_id_leads_is_as_documented(judged: schemathesis.BaseSchema, id_: str, status: int) -> None:
    case = judged["/v1/opportunities/{id}"]["GET"].Case(path_parameters={"id": id_}, headers={"Accept": "application/json"})
    answer = case.call(allow_redirects=False)
    case.validate_response(answer)
    assert answer.status_code == status


def test_what_a_reader_has_is_answered_as_documented(judged: schemathesis.BaseSchema) -> None:
    case = judged["/v1/feed/digest"]["GET"].Case()
    tag = case.call().headers["etag"][0]
    again = judged["/v1/feed/digest"]["GET"].Case(headers={"If-None-Match": tag})
    answer = again.call()
    again.validate_response(answer)
    assert answer.status_code == 304


def test_an_error_is_a_page_for_whoever_would_rather_have_one(judged: schemathesis.BaseSchema) -> None:
    case = judged["/en/opportunities/{id}"]["GET"].Case(
        path_parameters={"id": "opp-aaaaaaaaaaaaaaaa"}, headers={"Accept": "text/html"}
    )
    answer = case.call()
    case.validate_response(answer)
    assert (answer.status_code, answer.headers["content-type"]) == (404, ["text/html; charset=utf-8"])


def test_a_wrong_token_is_refused_as_documented(judged: schemathesis.BaseSchema) -> None:
    case = judged["/v1/feed/digest"]["GET"].Case(headers={"Authorization": "Bearer hub_no_such"})
    answer = case.call()
    case.validate_response(answer)
    assert answer.status_code == 401


@pytest.fixture(scope="module")
def shown() -> list[dict[str, Any]]:
    """Opportunities as the real connectors, enrichers and the engine make them of the sandbox's region, closed ones too."""
    made = [*region(60), *closed()]
    return [orjson.loads(to_item(record.to_bytes(), number)) for number, record in enumerate(made)]


def test_what_the_hub_makes_is_as_documented_and_says_nothing_else(shown: list[dict[str, Any]]) -> None:
    schemas = copy.deepcopy(DOCUMENT["components"]["schemas"])
    for name in schemas.keys() - {"Problem"}:
        schemas[name]["additionalProperties"] = False
    judge = Draft202012Validator({"$ref": "#/components/schemas/LogItem", "components": {"schemas": schemas}})
    assert [(item["id"], error.json_path, error.message) for item in shown for error in judge.iter_errors(item)] == []
