"""What every role asks of the topics before it reads or writes them: nothing that loses data.

By aiokafka, which the roles have loaded anyway; kafka-python beside it would be eight megabytes in each of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from hub.broker import probe
from hub.broker.drift import Drift, drifts
from hub.broker.running import start_whole
from hub.errors import ConfigError, RetryableError
from hub.topics import Topic

ANSWER_SECONDS = 15.0


async def require_topics(servers: str, topics: Sequence[Topic]) -> None:
    """Raises ConfigError when a topic is missing or has drifted so that data would be lost, RetryableError without a broker."""
    if not await asyncio.to_thread(probe.answers, servers, 5):
        raise RetryableError(probe.describe_away(servers))
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            partitions, settings = await _describe(servers, {topic.name for topic in topics})
    except (KafkaError, TimeoutError, OSError) as error:
        raise RetryableError(f"the Kafka broker on {servers} did not describe its topics: {error}") from error
    refuse_loss(drifts(topics, partitions, settings))


def refuse_loss(found: Sequence[Drift]) -> None:
    """Raises ConfigError that names what loses data, if anything does."""
    fatal = [drift for drift in found if drift.loses_data]
    if fatal:
        more = f" (and {len(fatal) - 3} more)" if len(fatal) > 3 else ""
        raise ConfigError(
            f"topics: {'; '.join(map(str, fatal[:3]))}{more}. `hub topics apply` creates topics and corrects settings; "
            'for another partition count see docs/backup.md, "A topic is gone"'
        )


async def _describe(servers: str, wanted: set[str]) -> tuple[dict[str, int], dict[str, Mapping[str, str]]]:
    """Partition counts and settings of those topics that exist."""
    client = AIOKafkaAdminClient(bootstrap_servers=servers.split(","), client_id="hub-require")
    try:
        await start_whole(client)
        counts = {
            entry["topic"]: len(entry["partitions"]) for entry in await client.describe_topics() if entry["topic"] in wanted
        }
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in counts]
        answers = await client.describe_configs(resources) if resources else []
    finally:
        await client.close()
    return counts, {name: values for answer in answers for name, values in _settings(answer)}


def _settings(answer: Any) -> list[tuple[str, Mapping[str, str]]]:
    """Of each topic of a DescribeConfigs answer: `(code, message, type, name, [(setting, value, …), …])`."""
    return [(name, {entry[0]: entry[1] or "" for entry in entries}) for _, _, _, name, entries, *_ in answer.resources]
