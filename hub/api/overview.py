"""The page's facts in one tree: what is wrong and whose it is, sources with their states, counts, latest items. Pure.

A fault's owner follows from its cause: an answer that cannot be trusted is the partner's, a brake waits for the
operator's word, and what the hub's own parts lack is the hub's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from hub.api.machine import Machine
from hub.api.sources import SetAside
from hub.broker.door import CERTIFICATE_DAYS
from hub.feed import reading
from hub.feed.read_model import Count
from hub.feed.reading import LANGUAGES
from hub.ingest.state import SourceState
from hub.sdk.manifest import Manifest
from hub.store.state_dir import COMFORTABLE_FREE_BYTES

OVERDUE_RUNS = 3
"""So many schedules without a success make a source overdue, whatever else it says."""
LEAST_OVERDUE_MS = 300_000
THROTTLED = "throttled"
BRAKE = "brake"
"""What unify lacks while a person must decide on a rebuild."""
DAY_MS = 86_400_000
REASONS = 6
MINUTE = len("2026-11-23T09:00")

CAUSES = {
    "status": "it answers with an error",
    "timeout": "it does not answer in time",
    "connection": "it cannot be reached",
    "content_type": "it answers with another kind of document than agreed",
    "syntax": "its answer is damaged",
    "too_large": "its answer is larger than allowed",
    "redirect": "it sends the hub from address to address",
    "total": "it lists another number of items than it states",
    "duplicate": "it lists the same page twice",
    "throttled": "it asks the hub to wait",
    "robots": "its robots.txt forbids reading",
    "credential": "it refuses the hub's credential",
    "charset": "its text is in another encoding than it says",
    "bug": "the connector has a fault",
}
OURS = {"credential": "operator", "robots": "operator", "bug": "hub"}
_SITE = "open their site: down for everybody? Tell them and wait; what was read of it stays in the feed"
_BROKEN = "tell them, with these details; what was read of it stays in the feed"
_CONTRADICTS = "the next run often succeeds; after a day tell them"
STEPS = {
    "status": _SITE,
    "timeout": _SITE,
    "connection": _SITE,
    "content_type": _BROKEN,
    "syntax": _BROKEN,
    "charset": _BROKEN,
    "redirect": _BROKEN,
    "total": _CONTRADICTS,
    "duplicate": _CONTRADICTS,
    "too_large": "if so much is real, raise ingest.max_response_bytes; else tell them",
    "throttled": "lower connectors.{name}.rate, or raise connectors.{name}.every_seconds",
    "robots": "set connectors.{name}.enabled = false, or make an agreement with them",
    "credential": "renew it in the file that connectors.{name}.credential_file names",
    "bug": "report it, with logs/ingest.log",
}
"""Cause → what to do about it; ops/runbooks/SourceNotRead.md says more."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is not as it should be. `owner`: `hub`, `operator`, `subscriber` or the partner's name. `detail`: what was
    seen; `advice`: what to do."""

    owner: str
    what: str
    since_ms: int | None = None
    advice: str = ""
    detail: str = ""


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


@dataclass(frozen=True, slots=True)
class OwnState:
    """How the hub's own parts fare. `missing`: what this process lacks; `roles`: what each other role lacks;
    `subscriptions`: state → webhook subscriptions that are in it; `clock_waits`: the machine's clock jumped; `lost`: source →
    items that the audit found in raw and not in enriched; `machine`: what it may run short of.
    """

    missing: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    subscriptions: Mapping[str, int] = field(default_factory=dict)
    clock_waits: bool = False
    lost: Mapping[str, int] = field(default_factory=dict)
    machine: Machine = field(default_factory=Machine)


def find_wrongs(
    manifests: Mapping[str, Manifest],
    states: Mapping[str, SourceState | None],
    own: OwnState,
    now_ms: int,
    *,
    set_aside: Iterable[SetAside] = (),
    counts: Sequence[Count] = (),
) -> list[Wrong]:
    """The hub's own faults first, then what waits for the operator, then the partners' and the subscribers'."""
    found = _own_wrongs(own) + _machine_wrongs(own.machine, now_ms)
    for name, manifest in manifests.items():
        state = states.get(name)
        if state is not None:
            found += _source_wrongs(manifest, state, now_ms)
    found += _left_behind(manifests, states, counts, now_ms)
    found += _parked_wrongs(manifests, set_aside) + _subscription_wrongs(own.subscriptions)
    order = {"hub": 0, "operator": 1}
    return sorted(found, key=lambda wrong: order.get(wrong.owner, 2))


def _own_wrongs(own: OwnState) -> list[Wrong]:
    missing = [("serve", "this page's process", own.missing), *((role, role, parts) for role, parts in sorted(own.roles.items()))]
    found = [
        Wrong("operator", f"{shown}: {why}", advice="hub held show unify")
        if part == BRAKE
        else Wrong("hub", f"{shown}: {why}", advice=f"logs/{role}.log in the state directory, then hub doctor")
        for role, shown, parts in missing
        for part, why in sorted(parts.items())
    ]
    if own.clock_waits:
        what = "the machine's clock jumped and no partner confirms it, so nothing expires"
        found.append(Wrong("operator", what, advice="hub held show clock"))
    for source, items in sorted(own.lost.items()):
        what = f"{items} items of {source} were read and did not come through the streams"
        found.append(Wrong("hub", what, advice='hub replay canonicalise --why "audit", then hub replay enrich --why "audit"'))
    return found


def _machine_wrongs(machine: Machine, now_ms: int) -> list[Wrong]:
    found = []
    if machine.free_bytes is not None and machine.free_bytes < COMFORTABLE_FREE_BYTES:
        free = f"{machine.free_bytes / 2**30:.1f} GiB free"
        what = f"the disk of the state directory has {free}; on a full one the hub stands still"
        found.append(Wrong("operator", what, advice="make room; hub doctor says when it is enough"))
    end = machine.certificate_ends_ms
    if end is not None and end - now_ms < CERTIFICATE_DAYS * DAY_MS:
        is_over, on = end <= now_ms, f"{datetime.fromtimestamp(end / 1_000, UTC):%Y-%m-%d}"
        then = "so no partner can read the feed there" if is_over else "and then no partner can read the feed there"
        what = f"the certificate that Kafka shows to partners {'ended' if is_over else 'ends'} on {on}, {then}"
        found.append(Wrong("operator", what, advice="renew it, then start the broker again, which reads it at start"))
    return found


def _left_behind(
    manifests: Mapping[str, Manifest], states: Mapping[str, SourceState | None], counts: Sequence[Count], now_ms: int
) -> list[Wrong]:
    """What is live of sources that are read no more: nothing else would ever say that it has gone."""
    live: Counter[str] = Counter()
    for count in counts:
        if count.state == "live":
            live.update(dict.fromkeys(count.sources, count.items))
    found = []
    for source, items in sorted(live.items()):
        state = states.get(source)
        if items and (source not in manifests or (state is not None and state.kind(now_ms) == "disabled")):
            title = manifests[source].title if source in manifests else source
            what = f"{title}: {items} live opportunities come from it, and it is not read any more"
            found.append(Wrong("operator", what, advice='docs/connectors.md, "When a partner leaves"'))
    return found


def _subscription_wrongs(subscriptions: Mapping[str, int]) -> list[Wrong]:
    """Counts alone: the page is public, and whose receiver is down is nobody else's affair."""
    told = {
        "away": "has a receiver that does not answer",
        "paused": "is paused, by its subscriber or after twenty refusals in a row",
        "disabled": "is disabled: nobody is there any more",
    }
    return [
        Wrong(
            "subscriber",
            f"{number} of the webhook subscriptions {what}",
            advice="each one's reason: /v1/subscriptions, hub subscription list",
        )
        for state, what in told.items()
        if (number := subscriptions.get(state, 0))
    ]


def _parked_wrongs(manifests: Mapping[str, Manifest], set_aside: Iterable[SetAside]) -> list[Wrong]:
    """One line for each source and owner: a record is the partner's fault unless a step of ours broke on it."""
    grouped: dict[tuple[str, str], list[SetAside]] = {}
    for line in set_aside:
        is_partners = line.source in manifests and line.reason != "bug"
        grouped.setdefault((manifests[line.source].title if is_partners else "hub", line.source), []).append(line)
    wrongs = []
    for (owner, source), lines in grouped.items():
        records = sum(line.records for line in lines)
        reasons = ", ".join(f"{line.reason} ({line.field})" if line.field else line.reason for line in lines[:REASONS])
        more = f" and {len(lines) - REASONS} more reasons" if len(lines) > REASONS else ""
        what = f"{records} record{'s' if records > 1 else ''} set aside within a day: {reasons}{more}"
        wrongs.append(Wrong(owner, what, advice=f"hub rejected list --source {source}" if source else "hub rejected list"))
    return wrongs


def _source_wrongs(manifest: Manifest, state: SourceState, now_ms: int) -> list[Wrong]:
    if state.disabled:
        return []
    found = []
    if state.held is not None:
        what = f"{manifest.title}: {len(state.held.items)} withdrawals are held ({state.held.reason})"
        found.append(Wrong("operator", what, state.held.since, f"hub held show {manifest.name}"))
    if state.failing_since is not None and state.cause is not None:  # also while it asks the hub to wait
        found.append(_unread(manifest, state, state.cause, state.failing_since))
    elif _is_overdue(manifest, state, now_ms) and state.cause == THROTTLED:
        found.append(_unread(manifest, state, state.cause, state.last_success_at))
    elif _is_overdue(manifest, state, now_ms):
        found.append(
            Wrong("hub", f"{manifest.title}: no run has succeeded for long", state.last_success_at, "is ingest running?")
        )
    return found


def _unread(manifest: Manifest, state: SourceState, cause: str, since_ms: int | None) -> Wrong:
    what = f"{manifest.title}: {CAUSES.get(cause, cause)}"
    advice = STEPS.get(cause, "").format(name=manifest.name)
    return Wrong(OURS.get(cause, manifest.title), what, since_ms, advice, state.detail)


def _is_overdue(manifest: Manifest, state: SourceState, now_ms: int) -> bool:
    allowed = max(OVERDUE_RUNS * manifest.every_seconds * 1_000, LEAST_OVERDUE_MS)
    return state.last_success_at is not None and now_ms - state.last_success_at > allowed


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
    """`told`: pairs that wait for a person and keys beyond their bounds, as unify says."""
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
