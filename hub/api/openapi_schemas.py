"""Schemas and parameters of the OpenAPI document, each told once: of the operations' models, and of what many take alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hub.api.operation import Operation
from hub.api.problems import Problem

SCHEMAS = "#/components/schemas/"
SHARED_BY = 3
"""Operations that must take a parameter alike for it to be told once."""


def share_parameters(operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What many operations take alike, such as a filter, stands once below `components` and is referred to."""
    alike: dict[str, list[dict[str, Any]]] = {}
    for told in operations:
        for parameter in told.get("parameters", ()):
            alike.setdefault(parameter["name"], []).append(parameter)
    shared = {name: max(found, key=found.count) for name, found in sorted(alike.items())}
    shared = {name: one for name, one in shared.items() if alike[name].count(one) >= SHARED_BY}
    for told in operations:
        if "parameters" in told:
            told["parameters"] = [
                {"$ref": f"#/components/parameters/{one['name']}"} if shared.get(one["name"]) == one else one
                for one in told["parameters"]
            ]
    return shared


def reachable(schemas: Mapping[str, Any], roots: Sequence[Any]) -> dict[str, Any]:
    """Those schemas that something refers to."""
    found: dict[str, Any] = {}
    waiting = [name for root in roots for name in _references(root)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = schemas[name]
            waiting += _references(schemas[name])
    return dict(sorted(found.items()))


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [str(node["$ref"]).removeprefix(SCHEMAS)] if str(node.get("$ref", "")).startswith(SCHEMAS) else []
        return here + [name for one in node.values() for name in _references(one)]
    return [name for one in node for name in _references(one)] if isinstance(node, list) else []


class Models:
    """Schemas of all models that operations name, each once below `components`."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        bodies: dict[type[BaseModel], None] = {Problem: None}
        queries: dict[type[BaseModel], None] = {}
        for operation in operations:
            queries[operation.query] = None
            bodies.update((a.model, None) for answers in operation.answers.values() for a in answers if a.model)
            if operation.body is not None and operation.body.model is not None:
                bodies[operation.body.model] = None
        found, definitions = models_json_schema(
            [(model, "validation") for model in (*bodies, *queries)], ref_template=f"{SCHEMAS}{{model}}"
        )
        self.schemas: dict[str, Any] = definitions.get("$defs", {})
        self._references = {model: schema for (model, _), schema in found.items()}
        # A query is told parameter by parameter.
        self.queries = {model: self.schemas.pop(self._name(model)) for model in queries}

    def reference(self, model: type[BaseModel]) -> dict[str, Any]:
        return dict(self._references[model])

    def _name(self, model: type[BaseModel]) -> str:
        return str(self._references[model]["$ref"]).rpartition("/")[2]
