"""Topics as the catalogue says: create and correct, report drift.

Corrected in place are settings only. A partition count is never changed: on a keyed topic added partitions move keys
and break their order, so a differing count is drift for a person (`hub/broker/drift.py`). Blocking: kafka-python.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, MemberToRemove
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
    client = KafkaAdminClient(bootstrap_servers=servers.split(","), client_id="hub-admin", request_timeout_ms=15_000)
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
            _until(lambda: _has_coordinator(client))
    return changes + [Change(name, "set", f"{key}={value}") for name, values in wrong.items() for key, value in values.items()]


def check_topics(servers: str, topics: Sequence[Topic]) -> list[Drift]:
    """Every difference, in the order of the catalogue; empty when the cluster is as it must be."""
    with admin_client(servers) as client:
        return drifts(topics, *_describe(client, topics))


def delete_everything(servers: str, prefix: str = "hub.") -> None:
    """Delete every topic with this prefix and every consumer group. For tests only."""
    with admin_client(servers) as client:
        _until(lambda: _deletes_groups(client))
        doomed = [name for name in client.list_topics() if name.startswith(prefix)]
        if doomed:
            client.delete_topics(doomed)
            _until(lambda: not set(doomed) & set(client.list_topics()))


def _deletes_groups(client: Any) -> bool:
    """Whether no consumer group is left. A killed process stays a member for half a minute, and its group would outlive this."""
    groups: list[str] = []
    if not _has_listed_groups(client, groups):
        return False
    for name, group in client.describe_groups(groups).items() if groups else ():
        members = [MemberToRemove(member_id=member["member_id"]) for member in group["members"]]
        if members:
            client.remove_group_members(name, members)
    if groups:
        client.delete_groups(groups)
    return not groups


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
        client.create_topics(wanted, timeout_ms=15_000)
    except TopicAlreadyExistsError:
        # Another process applies the same catalogue; what it has not created yet is created one by one.
        for name, options in wanted.items():
            try:
                client.create_topics({name: options}, timeout_ms=15_000)
            except TopicAlreadyExistsError:
                continue
    names = {topic.name for topic in missing}
    _until(lambda: names <= set(client.list_topics()))
    return [Change(topic.name, "created", f"{topic.partitions} × {topic.cleanup}") for topic in missing]


def _await_settings(client: Any, topics: Sequence[Topic]) -> None:
    """Altered settings reach the broker's own view a moment after the controller took them."""

    def is_done() -> bool:
        settings = _settings(client, [topic.name for topic in topics])
        return not any(differing(topic, settings[topic.name]) for topic in topics)

    _until(is_done)


def _has_coordinator(client: Any) -> bool:
    """The first question for a group makes a new broker create its offsets topic: asked here, before roles need it."""
    try:
        client.describe_groups([GROUP_UNIFY])
    except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
        return False
    return True


def _has_listed_groups(client: Any, groups: list[str]) -> bool:
    """Fill `groups`. A new broker refuses while it loads a partition of its offsets topic, now one, then the next."""
    try:
        groups[:] = [group["group_id"] for group in client.list_groups()]
    except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError):
        return False
    return True


def _until(is_done: Any, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > deadline:
            raise RetryableError("the Kafka broker did not show the change of its topics in time; try again")
        time.sleep(0.05)
