"""From a cluster to the feed's entry: state, reason, content, version. Pure; equal clusters make equal records."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from hub.domain.opportunity import ClosedReason, Facets, Join, Opportunity, OpportunitySource, rfc3339
from hub.domain.posting import Status
from hub.domain.records import PostingOverride
from hub.matching.entry import Entry
from hub.matching.golden import contribution_of, golden_record

# Of several members that closed, the reason that tells a reader most.
REASONS: tuple[ClosedReason, ...] = ("hidden", "filled", "expired", "withdrawn", "erased")


@dataclass(frozen=True, slots=True)
class View:
    """How the engine sees a cluster now."""

    live: list[Entry]
    echoes: frozenset[str]
    overrides: Mapping[str, PostingOverride]
    clock: int
    platform_hosts: Mapping[str, str]
    model: str
    joins: Sequence[Join] = ()


def render(anchor: Entry, members: Sequence[Entry], view: View) -> Opportunity:
    first_seen = min(entry.first_seen for entry in members)
    last_changed = max(_last_change(entry, view) for entry in members)
    redirects = sorted(entry.id for entry in members if entry.key != anchor.key)
    live = sorted(view.live, key=lambda entry: entry.trust)
    if not live:
        reason = closed_reason(members, view)
        return Opportunity(
            id=anchor.id,
            kind=anchor.kind,
            state="closed",
            closed_reason=reason,
            version=version_of({"kind": anchor.kind, "state": "closed", "reason": reason}),
            first_published=rfc3339(first_seen),
            last_changed=rfc3339(last_changed),
            facets=_closed_facets(anchor, members),
            redirects=redirects,
            model=view.model,
        )
    shown = {path: value for entry in reversed(live) for path, value in _shown(entry, view).items()}
    withdrew = next((one for one in members if _is_withdrawn_by_owner(one, live[0])), None)
    content, origins, alternatives = golden_record(
        live, shown, clock=view.clock, platform_hosts=view.platform_hosts, is_closing_known=withdrew is None
    )
    _add_flags(content, live, withdrew, view)
    kind = live[0].kind
    seen = {"kind": kind, "state": "live", "content": content}
    if alternatives:
        seen["alternatives"] = {path: [one.model_dump() for one in values] for path, values in alternatives.items()}
    return Opportunity(
        id=anchor.id,
        kind=kind,
        state="live",
        version=version_of(seen),
        first_published=rfc3339(first_seen),
        last_changed=rfc3339(last_changed),
        content=content,
        sources=[_source(entry) for entry in sorted(live, key=lambda entry: entry.key)],
        field_origins=origins,
        alternatives=alternatives or None,
        joins=_joins(members, view),
        facets=facets_of(content, [entry.source for entry in live]),
        redirects=redirects,
        model=view.model,
    )


def render_merged(entry: Entry, into: str, model: str) -> Opportunity:
    """The closed record of an id whose posting is shown under another one now."""
    return Opportunity(
        id=entry.id,
        kind=entry.kind,
        state="closed",
        closed_reason="merged",
        merged_into=into,
        version=version_of({"kind": entry.kind, "state": "closed", "reason": "merged", "into": into}),
        first_published=rfc3339(entry.first_seen),
        last_changed=rfc3339(entry.record.seq),
        facets=_closed_facets(entry, [entry]),
        model=model,
    )


def closed_reason(members: Sequence[Entry], view: View) -> ClosedReason:
    counted = [entry for entry in members if entry.key not in view.echoes] or list(members)
    return min((_reason(entry, view) for entry in counted), key=REASONS.index)


def _reason(entry: Entry, view: View) -> ClosedReason:
    override = view.overrides.get(entry.key)
    if override is not None and override.hidden:
        return "hidden"
    if entry.status is Status.FILLED:
        return "filled"
    if entry.status is Status.WITHDRAWN:
        return "withdrawn"
    if entry.status is Status.ERASED:
        return "erased"
    past = entry.expires_at is not None and entry.expires_at <= view.clock
    return "expired" if past or entry.status is Status.EXPIRED else "withdrawn"


def version_of(value: Mapping[str, Any]) -> str:
    """Hash of what a reader sees; 128 bits of sha256 over JSON with sorted keys."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def facets_of(content: Mapping[str, Any], sources: Sequence[str]) -> Facets:
    """The filter fields of a content (or of a ghost, which keeps its codes)."""
    locations = content.get("locations") or ()
    return Facets(
        sectors=sorted({row["code"] for row in content.get("sectors") or ()}),
        municipalities=sorted({row["municipality"] for row in locations if row.get("municipality")}),
        regions=sorted({f"{row['scheme']}:{row['code']}" for row in content.get("regions") or ()}),
        audiences=sorted({row["code"] for row in content.get("audiences") or ()}),
        dutch_required=(content.get("dutch_required") or {}).get("value", "unknown"),
        education=sorted(set(content.get("education_levels") or ())),
        languages=sorted(content.get("title") or ()) or ([content["ad_language"]] if content.get("ad_language") else []),
        sources=sorted(set(sources)),
    )


def _closed_facets(anchor: Entry, members: Sequence[Entry]) -> Facets:
    """The anchor's, else those of the first member whose source grants any: a closed record tells no more than a live one."""
    telling = [one for one in (anchor, *members) if one.record.republish != "no"]
    if not telling:
        return Facets()
    return facets_of(contribution_of(telling[0], 0), [one.source for one in telling])


def _shown(entry: Entry, view: View) -> Mapping[str, Any]:
    override = view.overrides.get(entry.key)
    return override.fields if override is not None else {}


def _last_change(entry: Entry, view: View) -> int:
    override = view.overrides.get(entry.key)
    moments = [entry.record.seq, override.when if override is not None else 0]
    if entry.is_current and entry.expires_at is not None and entry.expires_at <= view.clock:
        moments.append(entry.expires_at)
    if entry.is_current and (over := entry.dates_over(view.clock)):
        moments.append(entry.turns_at[over - 1])
    return max(moments)


def _is_withdrawn_by_owner(entry: Entry, trusted: Entry) -> bool:
    """Its source, nearer to the owner than all that still list it, withdrew it. What grants nothing gives no flag either."""
    return entry.status is Status.WITHDRAWN and entry.record.rank < trusted.record.rank and entry.record.republish != "no"


def _joins(members: Sequence[Entry], view: View) -> list[Join] | None:
    """Those between postings that a reader may know of: not of a source that grants nothing, nor hidden, nor erased."""
    if not view.joins:
        return None
    hidden = {key for key, override in view.overrides.items() if override.hidden}
    named = {one.key for one in members if one.record.republish != "no" and one.status is not Status.ERASED} - hidden
    return [join for join in view.joins if join.first in named and join.second in named] or None


def _add_flags(content: dict[str, Any], live: Sequence[Entry], withdrew: Entry | None, view: View) -> None:
    flags = list(content.get("flags", ()))
    if withdrew is not None:
        flags.append({"code": "owner_withdrew", "score": 1.0, "rule": "golden.owner_withdrew", "evidence": withdrew.key})
    if min(entry.stale_at for entry in live) <= view.clock:
        flags.append({"code": "stale", "score": 1.0, "rule": "golden.stale", "evidence": rfc3339(live[0].first_seen)})
    if flags:
        content["flags"] = sorted(flags, key=lambda row: str(row["code"]))


def _source(entry: Entry) -> OpportunitySource:
    return OpportunitySource(
        source_key=entry.key,
        source=entry.source,
        url=entry.record.url,
        first_seen=rfc3339(entry.first_seen),
        attribution=entry.record.attribution,
    )
