"""How a cluster's topics differ from the catalogue, and which differences lose data. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.topics import Topic

LOSES_WHEN_LOWER = frozenset(["retention.ms", "min.compaction.lag.ms", "max.compaction.lag.ms", "max.message.bytes"])
"""Settings whose smaller value drops records or history that the hub counts on."""


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


def drifts(topics: Sequence[Topic], partitions: Mapping[str, int], settings: Mapping[str, Mapping[str, str]]) -> list[Drift]:
    """Every difference, in the order of `topics`. `partitions` (counts) and `settings` are those of the topics that exist."""
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
            for name, value in differing(topic, actual).items()
        ]
    return found


def differing(topic: Topic, actual: Mapping[str, str]) -> dict[str, str]:
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
