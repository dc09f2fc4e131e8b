"""A connector as the runtime holds it: the four parts of a folder, found by convention or entry point.

manifest.toml   Manifest
source.py       class Source            how the partner is read
payload.py      class Payload           lenient model of the raw parts
mapping.py      def to_posting          Payload, MappingContext → Posting
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from importlib.resources import files
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from hub.domain.posting import Posting
from hub.errors import ConfigError, RecordRejectedError
from hub.sdk.manifest import Manifest, parse_manifest
from hub.sdk.source import Source

ENTRY_POINTS = "hub.connectors"
_WRONG_VALUE = frozenset(
    [
        "value_error",
        "string_pattern_mismatch",
        "string_too_short",
        "literal_error",
        "enum",
        "greater_than",
        "greater_than_equal",
        "less_than",
        "less_than_equal",
        "finite_number",
    ]
)
"""pydantic's names for a value of the right type that cannot be."""


@dataclass(frozen=True, slots=True)
class MappingContext:
    """What a mapping may know besides the payload: facts that ingest recorded. No clock."""

    source: str
    native_id: str
    url: str | None
    fetched_at: int
    """Unix ms of the fetch: the only `now` a mapping has."""


@dataclass(frozen=True)
class Connector:
    package: str
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    @cached_property
    def source_type(self) -> Callable[..., Source]:
        return importlib.import_module(f"{self.package}.source").Source  # type: ignore[no-any-return]  # found by its name; the suite checks it

    @cached_property
    def payload_type(self) -> type[BaseModel]:
        return importlib.import_module(f"{self.package}.payload").Payload  # type: ignore[no-any-return]  # found by its name; the suite checks it

    @cached_property
    def to_posting(self) -> Callable[[Any, MappingContext], Posting]:
        """The mapping: payload → posting. Raises RecordRejectedError, also where the canonical model refuses a value."""
        mapping: Callable[[Any, MappingContext], Posting] = importlib.import_module(f"{self.package}.mapping").to_posting

        def to_posting(payload: Any, context: MappingContext) -> Posting:
            try:
                return mapping(payload, context)
            except ValidationError as error:
                rejected = rejection_of(error)
                if error.title != Posting.__name__:  # a part that the mapping built: Salary, Location …
                    rejected.field = f"{error.title.lower()}.{rejected.field or ''}".rstrip(".")
                raise rejected from error

        return to_posting

    def load(self) -> None:
        """Import payload and mapping now. Raises ConfigError that names the connector."""
        try:
            _ = self.payload_type, self.to_posting
        except (ImportError, AttributeError, SyntaxError) as error:
            raise ConfigError(f"the connector {self.name} cannot be loaded: {type(error).__name__}: {error}") from error

    def parse(self, parts: Mapping[str, Any] | bytes) -> BaseModel:
        """Raw parts → payload. Raises RecordRejectedError naming the first wrong field."""
        try:
            if isinstance(parts, bytes):
                return self.payload_type.model_validate_json(parts)
            return self.payload_type.model_validate(parts)
        except ValidationError as error:
            raise rejection_of(error) from error

    def fingerprint(self, payload: BaseModel) -> str:
        """Hash of the payload's dump without the manifest's volatile fields; a change of it is a change (R2)."""
        tree = payload.model_dump(mode="json")
        for path in self.manifest.volatile:
            _drop(tree, path.split("."))
        return hashlib.sha256(orjson.dumps(tree, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def rejection_of(error: ValidationError) -> RecordRejectedError:
    """The first fault of a pydantic validation as a dead letter's cause."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    if first["type"] == "missing":
        reason = "missing_field"
    elif "date" in first["type"] or "timezone" in first["type"]:
        reason = "impossible_date"
    elif first["type"].startswith("json"):
        reason = "syntax"
    elif first["type"].endswith("too_long"):
        reason = "too_large"
    elif first["type"] in _WRONG_VALUE:
        reason = "wrong_value"
    else:
        reason = "wrong_type"
    return RecordRejectedError(reason, str(first["msg"]), field=field)


def load_connectors() -> dict[str, Connector]:
    """All connectors by name: folders in `hub/connectors`, and packages of the entry-point group `hub.connectors`."""
    root = importlib.import_module("hub.connectors")
    packages = [f"hub.connectors.{module.name}" for module in pkgutil.iter_modules(root.__path__) if module.ispkg]
    packages += [point.value for point in entry_points(group=ENTRY_POINTS)]
    found: dict[str, Connector] = {}
    for package in sorted(set(packages)):
        connector = load_connector(package)
        if connector.name in found:
            raise ConfigError(f"two connectors are called {connector.name}: {found[connector.name].package} and {package}")
        found[connector.name] = connector
    return found


def load_connector(package: str) -> Connector:
    """Raises ConfigError when the folder lacks its manifest or has an invalid one."""
    path = files(package) / "manifest.toml"
    if not path.is_file():
        raise ConfigError(f"connector {package} has no manifest.toml")
    return Connector(package, parse_manifest(path.read_text(encoding="utf-8"), where=f"{package}/manifest.toml"))


def _drop(node: Any, path: list[str]) -> None:
    head, rest = path[0], path[1:]
    children = list(node.values()) if head == "*" and isinstance(node, dict) else node if head == "*" else None
    if children is not None:
        for child in children:
            if rest:
                _drop(child, rest)
    elif isinstance(node, dict) and head in node:
        if rest:
            _drop(node[head], rest)
        else:
            del node[head]
