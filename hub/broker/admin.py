"""Topics as the catalogue says: create and correct, report drift.

Corrected in place are settings only. A partition count is never changed: on a keyed topic added partitions move keys
and break their order, so a differing count is drift for a person (`hub/broker/drift.py`). Blocking: kafka-python.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
)

from hub.broker import probe
from hub.broker.drift import Drift, differing, drifts
from hub.errors import RetryableError
from hub.topics import GROUP_UNIFY, Topic

REQUEST_MS = 15_000
SHOWN_SECONDS = 15
LOOK_SECONDS = 0.05
NOT_SHOWN = "the Kafka broker did not show the change of its topics in time; try again"


@dataclass(frozen=True, slots=True)
class Change:
    """What `apply_topics` did: `created`, or `set` of one setting."""

    topic: str
    what: str
    detail: str = ""


@contextmanager
def admin_client(servers: str) -> Iterator[Any]:
    """A kafka-python admin client. Raises RetryableError when no broker answers."""
    if not probe.answers(servers, timeout=5):
        raise RetryableError(probe.describe_away(servers))
    client = KafkaAdminClient(bootstrap_servers=servers.split(","), client_id="hub-admin", request_timeout_ms=REQUEST_MS)
    try:
        yield client
    except KafkaError as error:
        raise RetryableError(f"the Kafka broker on {servers} refused an administrative request: {error}") from error
    finally:
        client.close()


def apply_topics(servers: str, topics: Sequence[Topic]) -> list[Change]:
    """Create what is missing and correct settings; a second call does nothing. Raises as `admin_client`."""
    with admin_client(servers) as client:
        partitions, settings = _describe(client, topics)
        missing = [topic for topic in topics if topic.name not in partitions]
        changes = _create(client, missing)
        wrong = {topic.name: differing(topic, settings[topic.name]) for topic in topics if topic.name in partitions}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name, configs=values) for name, values in wrong.items() if values]
        if resources:
            client.alter_configs(resources)
            _await_settings(client, topics)
        if changes:
            await_shown(lambda: _has_coordinator(client), NOT_SHOWN)
    return changes + [Change(name, "set", f"{key}={value}") for name, values in wrong.items() for key, value in values.items()]


def check_topics(servers: str, topics: Sequence[Topic]) -> list[Drift]:
    """Every difference, in the order of the catalogue; empty when the cluster is as it must be."""
    with admin_client(servers) as client:
        return drifts(topics, *_describe(client, topics))


def await_shown(is_shown: Callable[[], bool], otherwise: str) -> None:
    """What the controller took reaches the broker's own view a moment later. Raises RetryableError, which says `otherwise`."""
    deadline = time.monotonic() + SHOWN_SECONDS
    while not is_shown():
        if time.monotonic() > deadline:
            raise RetryableError(otherwise)
        time.sleep(LOOK_SECONDS)


def _describe(client: Any, topics: Sequence[Topic]) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """Partition counts and settings of those topics that exist."""
    present = set(client.list_topics())
    names = [topic.name for topic in topics if topic.name in present]
    if not names:
        return {}, {}
    counts = {entry["name"]: len(entry["partitions"]) for entry in client.describe_topics(names)}
    return counts, _settings(client, names)


def _settings(client: Any, names: Iterable[str]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    described = client.describe_configs(resources, config_filter="all")
    topics: dict[str, Any] = next((values for kind, values in described.items() if str(kind).lower().endswith("topic")), {})
    return {name: {key: _value(entry) for key, entry in entries.items()} for name, entries in topics.items()}


def _value(entry: Any) -> str:
    value = entry.get("value") if isinstance(entry, Mapping) else entry
    return "" if value is None else str(value)


def _create(client: Any, missing: Sequence[Topic]) -> list[Change]:
    if not missing:
        return []
    wanted = {topic.name: {"num_partitions": topic.partitions, "configs": topic.settings} for topic in missing}
    try:
        client.create_topics(wanted, timeout_ms=REQUEST_MS)
    except TopicAlreadyExistsError:
        # Another process applies the same catalogue; what it has not created yet is created one by one.
        for name, options in wanted.items():
            try:
                client.create_topics({name: options}, timeout_ms=REQUEST_MS)
            except TopicAlreadyExistsError:
                continue
    names = {topic.name for topic in missing}
    await_shown(lambda: names <= set(client.list_topics()), NOT_SHOWN)
    return [Change(topic.name, "created", f"{topic.partitions} × {topic.cleanup}") for topic in missing]


def _await_settings(client: Any, topics: Sequence[Topic]) -> None:
    def is_done() -> bool:
        settings = _settings(client, [topic.name for topic in topics])
        return not any(differing(topic, settings[topic.name]) for topic in topics)

    await_shown(is_done, NOT_SHOWN)


def _has_coordinator(client: Any) -> bool:
    """The first question for a group makes a new broker create its offsets topic: asked here, before roles need it."""
    try:
        client.describe_groups([GROUP_UNIFY])
    except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
        return False
    return True
