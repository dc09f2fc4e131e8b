"""Topics as the catalogue says: create and correct, report drift, refuse to run on drift that loses data.

Corrected in place are settings only. A partition count is never changed: on a keyed topic added partitions move keys
and break their order, so a differing count is drift for a person. Blocking (kafka-python): the `a…` twins run in a thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from hub.errors import ConfigError, RetryableError
from hub.topics import GROUP_UNIFY, Topic

LOSES_WHEN_LOWER = frozenset(["retention.ms", "min.compaction.lag.ms", "max.compaction.lag.ms", "max.message.bytes"])
"""Settings whose smaller value drops records or history that the hub counts on."""


@dataclass(frozen=True, slots=True)
class Change:
    """What `apply_topics` did: `created`, or `set` of one setting."""

    topic: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between catalogue and cluster. `what`: `topic`, `partitions` or a setting's name."""

    topic: str
    what: str
    expected: str
    found: str
    loses_data: bool

    def __str__(self) -> str:
        if self.what == "topic":
            return f"{self.topic} is missing"
        return f"{self.topic}: {self.what} is {self.found}, it must be {self.expected}"


@contextmanager
def admin_client(servers: str) -> Iterator[Any]:
    """A kafka-python admin client. Raises RetryableError when no broker answers."""
    if not probe.answers(servers, timeout=5):
        raise RetryableError(
            f"no Kafka broker answers on {servers}; is `hub up` or `hub broker` running, is HUB_KAFKA__BOOTSTRAP_SERVERS right?"
        )
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
        wrong = {topic.name: _differing(topic, settings[topic.name]) for topic in topics if topic.name in partitions}
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
        partitions, settings = _describe(client, topics)
    found: list[Drift] = []
    for topic in topics:
        if topic.name not in partitions:
            found.append(Drift(topic.name, "topic", "present", "missing", loses_data=True))
            continue
        count = partitions[topic.name]
        if count != topic.partitions:
            found.append(Drift(topic.name, "partitions", str(topic.partitions), str(count), loses_data=True))
        actual = settings[topic.name]
        found += [
            Drift(topic.name, name, value, actual.get(name, ""), _loses(name, value, actual.get(name, "")))
            for name, value in _differing(topic, actual).items()
        ]
    return found


def require_topics(servers: str, topics: Sequence[Topic]) -> None:
    """Raises ConfigError when a topic is missing or has drifted so that data would be lost."""
    fatal = [drift for drift in check_topics(servers, topics) if drift.loses_data]
    if fatal:
        more = f" (and {len(fatal) - 3} more)" if len(fatal) > 3 else ""
        raise ConfigError(
            f"topics: {'; '.join(map(str, fatal[:3]))}{more}. `hub topics apply` creates topics and corrects settings; "
            "another partition count must be undone by hand"
        )


def delete_everything(servers: str, prefix: str = "hub.") -> None:
    """Delete every topic with this prefix and every consumer group. For tests only."""
    with admin_client(servers) as client:
        groups: list[str] = []
        _until(lambda: _has_listed_groups(client, groups))
        if groups:
            client.delete_groups(groups)
        doomed = [name for name in client.list_topics() if name.startswith(prefix)]
        if doomed:
            client.delete_topics(doomed)
            _until(lambda: not set(doomed) & set(client.list_topics()))


async def aapply_topics(servers: str, topics: Sequence[Topic]) -> list[Change]:
    return await asyncio.to_thread(apply_topics, servers, topics)


async def arequire_topics(servers: str, topics: Sequence[Topic]) -> None:
    await asyncio.to_thread(require_topics, servers, topics)


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
        return not any(_differing(topic, settings[topic.name]) for topic in topics)

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


def _differing(topic: Topic, actual: Mapping[str, str]) -> dict[str, str]:
    """The catalogue's settings that are not so; policies are compared as sets."""
    return {
        name: value for name, value in topic.settings.items() if set(actual.get(name, "").split(",")) != set(value.split(","))
    }


def _loses(name: str, expected: str, found: str) -> bool:
    if name == "cleanup.policy":
        return True
    if name not in LOSES_WHEN_LOWER:
        return False
    # Retention -1 is for ever, which loses nothing.
    return found not in ("-1", "") and int(found) < int(expected)
