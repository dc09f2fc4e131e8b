"""What is wrong with the sources: not read, held back, set aside, or left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from hub.api.sources import SetAside
from hub.api.wrongs.wrong import Wrong
from hub.feed.read_model import Count
from hub.ingest.state import SourceState
from hub.sdk.manifest import Manifest

OVERDUE_RUNS = 3
"""So many schedules without a success make a source overdue, whatever else it says."""
LEAST_OVERDUE_MS = 300_000
THROTTLED = "throttled"
REASONS = 6

CAUSES = {
    "status": "it answers with an error",
    "timeout": "it does not answer in time",
    "connection": "it cannot be reached",
    "content_type": "it answers with another kind of document than agreed",
    "syntax": "its answer is damaged",
    "too_large": "its answer is larger than allowed",
    "redirect": "it sends the hub elsewhere, or round in a circle",
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
    "redirect": "has the site moved? Set connectors.{name}.base_url to where it is; else tell them, with these details",
    "total": _CONTRADICTS,
    "duplicate": _CONTRADICTS,
    "too_large": "if so much is real, raise ingest.max_response_bytes; else tell them",
    "throttled": "lower connectors.{name}.rate, or raise connectors.{name}.every_seconds",
    "robots": "set connectors.{name}.enabled = false, or make an agreement with them",
    "credential": "ask them for a new one; put it into the file that connectors.{name}.credential_file names",
    "bug": "report it, with logs/ingest.log",
}
"""Cause → what to do about it; ops/runbooks/SourceNotRead.md says more."""


def source_wrongs(manifest: Manifest, state: SourceState, now_ms: int) -> list[Wrong]:
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


def parked_wrongs(manifests: Mapping[str, Manifest], set_aside: Iterable[SetAside]) -> list[Wrong]:
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


def left_behind(
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
