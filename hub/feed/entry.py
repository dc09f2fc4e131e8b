"""A record of the feed topic as the read model takes it: the fields that are asked for, and the bytes as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from hub.feed.cursor import cursor_of
from hub.feed.filters import tokens_of


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One record of the log. `timestamp` is unix ms, as the broker has it; a null value removes."""

    offset: int
    key: str
    value: bytes | None
    timestamp: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    cursor: int
    id: str
    kind: str
    state: str
    version: str
    closed_reason: str | None
    merged_into: str | None
    sources: tuple[str, ...]
    redirects: tuple[str, ...]
    tokens: tuple[str, ...]
    """Its facets, as filters ask for them."""
    published: int
    """Unix ms of `first_published`, which a change does not move."""
    record: bytes

    @property
    def is_live(self) -> bool:
        return self.state == "live"


def read_entry(record: LogRecord) -> Entry:
    """Raises ValueError for a value that is no opportunity under its key."""
    try:
        return _read(record)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"a field is missing or of another kind ({type(error).__name__})") from error


def _read(record: LogRecord) -> Entry:
    tree = orjson.loads(record.value or b"null")
    if not isinstance(tree, dict):
        raise ValueError("the value is no JSON object")
    if tree.get("id") != record.key:
        raise ValueError("the id differs from the key")
    if tree.get("state") not in ("live", "closed") or not isinstance(tree.get("version"), str):
        raise ValueError("state or version is missing")
    sources, kind = _sources(tree), str(tree.get("kind", "vacancy"))
    return Entry(
        cursor=cursor_of(record.offset),
        id=record.key,
        kind=kind,
        state=tree["state"],
        version=tree["version"],
        closed_reason=tree.get("closed_reason"),
        merged_into=tree.get("merged_into"),
        sources=sources,
        redirects=tuple(sorted(set(tree.get("redirects", ())))),
        tokens=tokens_of(kind, tree.get("facets") or {}, sources),
        published=_unix_ms(tree.get("first_published")),
        record=_one_line(record.value or b"", tree),
    )


def _one_line(value: bytes, tree: dict[str, Any]) -> bytes:
    """The object's bytes, as they came where nothing stands around it and no line ends within."""
    if value[:1] == b"{" and value[-1:] == b"}" and b"\n" not in value and b"\r" not in value:
        return value
    return orjson.dumps(tree)


def _sources(tree: dict[str, Any]) -> tuple[str, ...]:
    """A closed record names its sources among the facets alone."""
    named = {source["source"] for source in tree.get("sources", ())} or set(tree.get("facets", {}).get("sources", ()))
    return tuple(sorted(named))


def _unix_ms(stated: Any) -> int:
    return round(datetime.fromisoformat(stated).timestamp() * 1000) if stated else 0


def to_item(record: bytes, cursor: int) -> bytes:
    """The record as a reader gets it: one JSON object, `cursor` last."""
    return b'%b,"cursor":%d}' % (record[:-1], cursor)


def to_stub(id_: str, cursor: int) -> bytes:
    """What a filtered reader gets for a change of an item that does not match: it is gone for this reader."""
    return b'{"id":%b,"state":"closed","cursor":%d}' % (orjson.dumps(id_), cursor)
