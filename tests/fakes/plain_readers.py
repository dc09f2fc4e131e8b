"""What a stranger's client makes of the feed, without a line of the hub's code: the references that proofs compare with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

Item = dict[str, Any]
LISTS = {
    "sector": "sectors",
    "municipality": "municipalities",
    "region": "regions",
    "audience": "audiences",
    "education": "education",
    "language": "languages",
}


def fold(log: Iterable[tuple[int, bytes | None]]) -> dict[str, Item]:
    """(offset, value) of each record → the last word on each id, with its cursor."""
    held: dict[str, Item] = {}
    for offset, value in log:
        item = json.loads(value or b"null")
        held[item["id"]] = {**item, "cursor": offset + 1}
    return held


def live(held: Mapping[str, Item], query: Mapping[str, str]) -> dict[str, Item]:
    """What a reader who asked for `query` is to hold."""
    return {id_: item for id_, item in held.items() if item["state"] == "live" and wants(item, query)}


def wants(item: Item, query: Mapping[str, str]) -> bool:
    sources = {source["source"] for source in item["sources"]} or set(item["facets"]["sources"])
    facets = {name: set(item["facets"][plural]) for name, plural in LISTS.items()}
    facets |= {"kind": {item["kind"]}, "dutch_required": {item["facets"]["dutch_required"]}, "source": sources}
    if sources <= set(query.get("exclude_source", "").split(",")):
        return False
    return all(facets[name] & set(text.split(",")) for name, text in query.items() if name != "exclude_source")


def digest(items: Mapping[str, Item]) -> str:
    buckets = [0] * 256
    for id_, item in items.items():
        value = hashlib.sha256((id_ + item["version"]).encode()).digest()
        buckets[hashlib.sha256(id_.encode()).digest()[0]] += int.from_bytes(value, "big")
    return hashlib.sha256(b"".join((bucket % 2**256).to_bytes(32, "big") for bucket in buckets)).hexdigest()


def take_pages(held: dict[str, Item], items: Iterable[Item]) -> None:
    """Items of a page: live ones are held, others are let go."""
    for item in items:
        held.pop(item["id"], None)
        if item["state"] == "live":
            held[item["id"]] = item


def take_rpde(held: dict[str, Item], items: Iterable[Item]) -> None:
    for item in items:
        held.pop(item["id"], None)
        if item["state"] == "updated":
            held[item["id"]] = item["data"]


def take_log(held: dict[str, Item], records: Iterable[tuple[int, bytes]], query: Mapping[str, str]) -> None:
    """Records of the log itself: the last word on each id, and what is closed or does not match is let go."""
    for offset, value in records:
        item = json.loads(value)
        held.pop(item["id"], None)
        if item["state"] == "live" and wants(item, query):
            held[item["id"]] = {**item, "cursor": offset + 1}
