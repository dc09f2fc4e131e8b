"""Messages as strangers take them from a hub, and the AsyncAPI document that it publishes as their judge."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.request import urlopen

from fakes.topic_reader import records_of
from jsonschema import Draft7Validator


@dataclass(frozen=True)
class Captured:
    """`name`: the message's in the document. `headers`: with lower-case names; none where the protocol has none."""

    name: str
    payload: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Published:
    """The document as it is served. Its schemas are JSON Schema Draft 07 (AsyncAPI 3.1, "Schema Object")."""

    def __init__(self, hub_url: str) -> None:
        with urlopen(f"{hub_url}/asyncapi.json", timeout=20) as response:
            self.tree: dict[str, Any] = json.load(response)
        self.messages: dict[str, Any] = self.tree["components"]["messages"]
        self._judges: dict[tuple[str, str], Draft7Validator] = {}

    def faults(self, message: Captured) -> list[str]:
        """What the document has against it."""
        parts = {"payload": message.payload}
        if "headers" in self.messages[message.name]:
            parts["headers"] = message.headers
        return [
            f"{message.name} {part} {error.json_path}: {error.message[:200]}"
            for part, value in parts.items()
            for error in self._judge(message.name, part).iter_errors(value)
        ]

    def overlooked(self, message: Captured) -> list[str]:
        """Wrongs that are planted into it one by one and that the document has nothing against; to be empty."""
        return [told for told, wrong in planted(message, self._required_headers(message.name)) if not self.faults(wrong)]

    def _required_headers(self, name: str) -> list[str]:
        required: list[str] = self.messages[name].get("headers", {}).get("required", [])
        return required

    def _judge(self, name: str, part: str) -> Draft7Validator:
        if (name, part) not in self._judges:
            schema = {"allOf": [self.messages[name][part]], "components": self.tree["components"]}
            self._judges[name, part] = Draft7Validator(schema)
        return self._judges[name, part]


def planted(message: Captured, required_headers: list[str]) -> Iterator[tuple[str, Captured]]:
    """What is wrong, and the message with it: each field of another kind, each header that must be there not there."""
    for path in _paths(message.payload):
        payload = copy.deepcopy(message.payload)
        *above, last = path
        holder = payload
        for step in above:
            holder = holder[step]
        holder[last] = "planted" if isinstance(holder[last], dict) else {"planted": True}
        yield f"{message.name}: {'.'.join(path)} of another kind", replace(message, payload=payload)
    for name in required_headers:
        left = {key: value for key, value in message.headers.items() if key != name}
        yield f"{message.name}: no header {name}", replace(message, headers=left)


def _paths(value: Any, depth: int = 3) -> Iterator[tuple[str, ...]]:
    """Of the fields of objects in objects."""
    if depth and isinstance(value, dict):
        for name, inner in value.items():
            yield (name,)
            yield from ((name, *rest) for rest in _paths(inner, depth - 1))


def listen(address: str) -> list[Captured]:
    """Events of a stream, up to its first heartbeat."""
    found, name = [], ""
    with urlopen(address, timeout=150) as response:  # a heartbeat comes every fifteen seconds on an idle machine
        for line in response:
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                found.append(Captured(name, json.loads(line[6:])))
                if name == "heartbeat":
                    break
    return found


def consume(servers: str, topic: str, name: str) -> list[Captured]:
    """Records of a topic, from its start to its end, by a stock client. `name`: their message's."""
    return [
        Captured(name, json.loads(record.value), {key: value.decode() for key, value in record.headers})
        for record in records_of(servers, topic)
    ]


def webhook(headers: Mapping[str, str], told: Any) -> Captured:
    """A message is named as the type that its body states."""
    return Captured(told["type"], told, {name.lower(): value for name, value in headers.items()})
