"""Can a reader of the old JSON Schema read what a writer of the new one writes? Structural, and on the safe side.

Readers ignore unknown fields, so new fields are free. Not free: a required field that goes or may be absent, a type or
an enum value that the old schema does not know, another constraint. Such a change needs a topic of the next version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
CONSTRAINTS = (
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "maxItems",
)


def breaks(old: Schema, new: Schema) -> list[str]:
    """One sentence for each thing that an older reader could not read; empty when it can read everything."""
    return sorted(_compare(old, new, old, new, "$", frozenset()))


def breaks_api(old: Schema, new: Schema) -> list[str]:
    """The same of two OpenAPI documents: what a client of the old one asks must be taken, what it is answered be read."""
    faults: list[str] = []
    for path, item in old["paths"].items():
        for method, before in item.items():
            after = new["paths"].get(path, {}).get(method)
            name = f"{method.upper()} {path}"
            if after is None:
                faults.append(f"{name} is gone")
            else:
                faults += [f"{name}: {fault}" for fault in _parameter_faults(before, after, old, new)]
                faults += [f"{name}: {fault}" for fault in _answer_faults(before, after, old, new)]
    return sorted(faults)


def _parameter_faults(before: Schema, after: Schema, old: Schema, new: Schema) -> Iterator[str]:
    was, now = _parameters(before, old), _parameters(after, new)
    for key in was.keys() - now.keys():
        yield f"the parameter {key[1]} is gone"
    for key, parameter in now.items():
        if parameter.get("required") and not was.get(key, {}).get("required"):
            yield f"the parameter {key[1]} is required now"
    for key in was.keys() & now.keys():
        # Here the client writes and the hub reads: what the old document allowed must still do.
        if any(_compare(now[key]["schema"], was[key]["schema"], new, old, "$", frozenset())):
            yield f"the parameter {key[1]} does not take all that it took"


def _parameters(operation: Schema, root: Schema) -> dict[tuple[str, str], Schema]:
    found = [_follow(one, root) for one in operation.get("parameters", ())]
    return {(one["in"], one["name"]): one for one in found}


def _answer_faults(before: Schema, after: Schema, old: Schema, new: Schema) -> Iterator[str]:
    for status, answer in before["responses"].items():
        if status.startswith("2"):
            now = after["responses"].get(status, {}).get("content", {})
            for kind, media in answer.get("content", {}).items():
                if kind not in now:
                    yield f"{status} is not answered as {kind} any more"
                elif "schema" in media:
                    yield from _compare(media["schema"], now[kind].get("schema", {}), old, new, f"{status} $", frozenset())


def _follow(node: Schema, root: Schema) -> Schema:
    if "$ref" not in node:
        return node
    found: Any = root
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def _compare(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str, seen: frozenset[str]) -> Iterator[str]:
    if "$ref" in old and old["$ref"] in seen:
        return  # a recursive type, compared further up
    seen |= {old["$ref"]} if "$ref" in old else set()
    old_kinds, new_kinds = _alternatives(old, old_root), _alternatives(new, new_root)
    for kind, new_schema in new_kinds.items():
        if "any" in old_kinds:
            return
        old_schema = old_kinds.get(kind) or (old_kinds.get("number") if kind == "integer" else None)
        if old_schema is None:
            yield f"{path} may now be {kind}, it was {' or '.join(sorted(old_kinds))}"
        else:
            yield from _same_kind(old_schema, new_schema, old_root, new_root, path, seen)


def _same_kind(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str, seen: frozenset[str]) -> Iterator[str]:
    yield from _value_faults(old, new, path)
    properties = new.get("properties", {})
    for name in set(old.get("required", [])) - set(new.get("required", [])):
        yield f"{path}.{name} was always there, now it {'may be absent' if name in properties else 'is gone'}"
    for name in old.get("properties", {}).keys() & properties.keys():
        yield from _compare(old["properties"][name], properties[name], old_root, new_root, f"{path}.{name}", seen)
    for keyword in ("items", "additionalProperties"):
        if isinstance(old.get(keyword), dict):
            after = new.get(keyword)
            yield from _compare(old[keyword], after if isinstance(after, dict) else {}, old_root, new_root, f"{path}[]", seen)


def _value_faults(old: Schema, new: Schema, path: str) -> Iterator[str]:
    old_values, new_values = _values(old), _values(new)
    if old_values is not None:
        added = sorted(map(str, (new_values or {"any other value"}) - old_values))
        if added:
            yield f"{path} may now be {', '.join(added)}"
    for name in CONSTRAINTS:
        if name in old and old[name] != new.get(name):
            yield f"{path}: {name} was {old[name]}, now {new.get(name, 'free')}"


def _alternatives(schema: Schema, root: Schema) -> dict[str, Schema]:
    """Kind of JSON value → the schema for it. References are followed, alternatives of one kind are the first one's."""
    if "$ref" in schema:
        return _alternatives(_follow(schema, root), root)
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches:
        found: dict[str, Schema] = {}
        for branch in branches:
            for kind, one in _alternatives(branch, root).items():
                found.setdefault(kind, one)
        return found
    if "const" in schema and "type" not in schema:
        return {"string" if isinstance(schema["const"], str) else "any": schema}
    kinds = schema.get("type", "any")
    return dict.fromkeys(kinds if isinstance(kinds, list) else [kinds], schema)


def _values(schema: Schema) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None
