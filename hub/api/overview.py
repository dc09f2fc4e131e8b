"""What the page at `/` shows of sources, matching, counts and the latest items. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from hub.feed import reading
from hub.feed.read_model import Count
from hub.feed.reading import LANGUAGES
from hub.ingest.state import SourceState
from hub.sdk.manifest import Manifest

MINUTE = len("2026-11-23T09:00")


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    title: str
    homepage: str
    attribution: str
    kind: str
    sentence: str
    last_success_at: int | None
    listed: int | None
    live: int
    closed: int


@dataclass(frozen=True, slots=True)
class Matching:
    """`shared`: live opportunities that several platforms list. `review`: pairs that wait for a person, if anybody can say."""

    live: int
    shared: int
    review: int | None
    oversized: int


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    kind: str
    title: str
    lang: str | None
    organisation: str
    place: str
    starts: str
    url: str | None
    sources: tuple[str, ...]


def list_sources(
    manifests: Mapping[str, Manifest], states: Mapping[str, SourceState | None], counts: Sequence[Count], now_ms: int
) -> list[SourceLine]:
    items: Counter[tuple[str, str]] = Counter()
    for count in counts:
        for source in count.sources:
            items[source, count.state] += count.items
    lines = []
    for name, manifest in sorted(manifests.items()):
        state = states.get(name)
        lines.append(
            SourceLine(
                name=name,
                title=manifest.title,
                homepage=manifest.homepage,
                attribution=manifest.attribution,
                kind="waiting" if state is None else state.kind(now_ms),
                sentence="has not been read yet" if state is None else state.sentence(now_ms),
                last_success_at=None if state is None else state.last_success_at,
                listed=None if state is None or state.last_run is None else state.last_run.listed,
                live=items[name, "live"],
                closed=items[name, "closed"],
            )
        )
    return lines


def matching_of(counts: Sequence[Count], told: tuple[int, int] | None) -> Matching:
    """`told`: pairs that wait for a person, and blocks and components beyond their bounds, as unify says."""
    live = [count for count in counts if count.state == "live"]
    return Matching(
        live=sum(count.items for count in live),
        shared=sum(count.items for count in live if len(count.sources) > 1),
        review=told[0] if told else None,
        oversized=told[1] if told else 0,
    )


def count_kinds(counts: Sequence[Count]) -> list[tuple[str, int, int]]:
    """(kind, live, closed), most live ones first."""
    live: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for count in counts:
        (live if count.state == "live" else closed)[count.kind] += count.items
    kinds = sorted(set(live) | set(closed), key=lambda kind: (-live[kind], kind))
    return [(kind, live[kind], closed[kind]) for kind in kinds]


def to_item(record: bytes) -> Item:
    """What the list of latest items shows of a feed record. Missing parts are empty, never a fault."""
    tree = orjson.loads(record)
    content, id_ = reading.content_of(tree), reading.word_of(tree, "id")
    return Item(
        id=id_,
        kind=reading.word_of(tree, "kind"),
        title=reading.title_of(content, LANGUAGES[0]) or id_,
        lang=reading.title_language(content, LANGUAGES[0]),
        organisation=reading.organisation_of(content),
        place=", ".join(reading.places_of(content)),
        starts=reading.word_of(reading.event_of(content), "start")[:MINUTE].replace("T", " "),
        url=reading.link_of(tree),
        sources=tuple(sorted(reading.attributions_of(tree))),
    )
