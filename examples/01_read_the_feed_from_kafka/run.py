"""Read the unified feed from its Kafka topic and prove that nothing is missing.

The topic is compacted: the last record of an id is what it says now. Folding it from the start gives the whole feed,
whatever was read before. The hub publishes a digest of its live items; an equal one of our own says that we have all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from typing import Any
from urllib.request import urlopen

from kafka import KafkaConsumer, TopicPartition

TOPIC = TopicPartition("hub.opportunity.feed.v1", 0)


def login(user: str | None, password_file: str | None, ca: str | None) -> dict[str, Any]:
    """What kafka-python needs at the hub's door for partners; nothing without a user, on the hub's own machine."""
    if user is None:
        return {}
    with open(password_file or "password.txt", encoding="ascii") as file:
        password = file.read().strip()
    scram = {"sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": user, "sasl_plain_password": password}
    return {"security_protocol": "SASL_SSL", "ssl_cafile": ca, **scram}


def fold(servers: str, **options: Any) -> tuple[dict[str, dict[str, Any]], int]:
    """Live opportunities by id, and the offset up to which that is true."""
    # No group and no commit: a reader of the whole feed keeps its own place, here none at all.
    consumer = KafkaConsumer(bootstrap_servers=servers, group_id=None, enable_auto_commit=False, **options)
    consumer.assign([TOPIC])
    consumer.seek_to_beginning(TOPIC)
    end, live = consumer.end_offsets([TOPIC])[TOPIC], {}
    # The position, not the last record, says that the end is reached: compaction may have taken the last one.
    while consumer.position(TOPIC) < end:
        for record in consumer.poll(timeout_ms=1000).get(TOPIC, []):
            item = json.loads(record.value)
            live.pop(item["id"], None)
            if item["state"] == "live":
                live[item["id"]] = item
    position = consumer.position(TOPIC)
    consumer.close()
    return live, position


def digest(live: dict[str, dict[str, Any]]) -> str:
    """256 buckets by the first byte of sha256(id), each the sum of sha256(id + version) modulo 2^256; then sha256 of all."""
    buckets = [0] * 256
    for id_, item in live.items():
        value = hashlib.sha256((id_ + item["version"]).encode()).digest()
        buckets[hashlib.sha256(id_.encode()).digest()[0]] += int.from_bytes(value, "big")
    return hashlib.sha256(b"".join((bucket % 2**256).to_bytes(32, "big") for bucket in buckets)).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--servers", default="127.0.0.1:19092", help="Kafka (default: %(default)s)")
    parser.add_argument("--hub", default="http://127.0.0.1:8080", help="the hub over HTTP (default: %(default)s)")
    parser.add_argument("--user", help="a partner's Kafka user, such as partner-portal; over TLS, with SCRAM")
    parser.add_argument("--password-file", help="file with its password")
    parser.add_argument("--ca", help="file with the certificate authority, if the machine does not know it")
    arguments = parser.parse_args()
    live, position = fold(arguments.servers, **login(arguments.user, arguments.password_file, arguments.ca))
    with urlopen(f"{arguments.hub}/v1/feed/digest", timeout=30) as answer:
        said = json.load(answer)
    print(f"{len(live)} live opportunities up to cursor {position}, digest {digest(live)[:16]}…")
    # Another cursor is no fault: the feed went on between the two readings. Run it again.
    same = "complete" if digest(live) == said["digest"] else "INCOMPLETE"
    print(same if said["cursor"] == position else f"the hub is at cursor {said['cursor']} by now: read again")


if __name__ == "__main__":
    main()
