"""What the hub's own parts and its machine lack, what waits for the operator, and how its subscribers fare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hub.api.machine import Machine
from hub.api.wrongs.wrong import Wrong
from hub.broker.door import CERTIFICATE_DAYS
from hub.store.state_dir import COMFORTABLE_FREE_BYTES

BRAKE = "brake"
"""What unify lacks while a person must decide on a rebuild."""
PROCESS = "process"
"""What a role lacks that does not answer."""
DAY_MS = 86_400_000


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


def own_wrongs(own: OwnState) -> list[Wrong]:
    missing = [("serve", "this page's process", own.missing), *((role, role, parts) for role, parts in sorted(own.roles.items()))]
    found = [
        Wrong("operator", f"{shown}: {why}", advice="hub held show unify")
        if part == BRAKE
        else Wrong("hub", f"{shown}: {why}", advice=_role_advice(role, part))
        for role, shown, parts in missing
        for part, why in sorted(parts.items())
    ]
    if own.clock_waits:
        what = "the machine's clock jumped, so nothing expires until it is confirmed or set right"
        found.append(Wrong("operator", what, advice="hub held show clock"))
    for source, items in sorted(own.lost.items()):
        what = f"{items} items of {source} were read and did not come through the streams"
        found.append(Wrong("hub", what, advice='hub replay canonicalise --why "audit", then hub replay enrich --why "audit"'))
    return found


def _role_advice(role: str, part: str) -> str:
    log = f"logs/{role}.log in the state directory"
    hangs = "it ended and is started again, or it hangs: then hub up ends it within minutes; its pid is in run.json there"
    return f"{log}; {hangs}" if part == PROCESS else f"{log}, then hub doctor"


def disk_wrongs(machine: Machine) -> list[Wrong]:
    if machine.free_bytes is None or machine.free_bytes >= COMFORTABLE_FREE_BYTES:
        return []
    free = f"{machine.free_bytes / 2**30:.1f} GiB free"
    what = f"the disk of the state directory has {free}; on a full one the hub stands still"
    return [Wrong("operator", what, advice="make room; hub doctor says when it is enough")]


def certificate_wrongs(machine: Machine, now_ms: int) -> list[Wrong]:
    end = machine.certificate_ends_ms
    if end is None or end - now_ms >= CERTIFICATE_DAYS * DAY_MS:
        return []
    is_over, on = end <= now_ms, f"{datetime.fromtimestamp(end / 1_000, UTC):%Y-%m-%d}"
    then = "so no partner can read the feed there" if is_over else "and then no partner can read the feed there"
    what = f"the certificate that Kafka shows to partners {'ended' if is_over else 'ends'} on {on}, {then}"
    return [Wrong("operator", what, advice="renew it, then start the broker again, which reads it at start")]


def subscription_wrongs(subscriptions: Mapping[str, int]) -> list[Wrong]:
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
