"""All that is wrong, in the order in which the hub's operator should look at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hub.api.sources import SetAside
from hub.api.wrongs.own import OwnState, certificate_wrongs, disk_wrongs, own_wrongs, subscription_wrongs
from hub.api.wrongs.sources import left_behind, parked_wrongs, source_wrongs
from hub.api.wrongs.wrong import Wrong
from hub.feed.read_model import Count
from hub.ingest.state import SourceState
from hub.sdk.manifest import Manifest


def find_wrongs(
    manifests: Mapping[str, Manifest],
    states: Mapping[str, SourceState | None],
    own: OwnState,
    now_ms: int,
    *,
    set_aside: Iterable[SetAside] = (),
    counts: Sequence[Count] = (),
) -> list[Wrong]:
    """The disk first, since all else stands still when it is full; the hub's own faults, then what waits for the operator,
    then the partners' and the subscribers'."""
    found = own_wrongs(own) + certificate_wrongs(own.machine, now_ms)
    for name, manifest in manifests.items():
        state = states.get(name)
        if state is not None:
            found += source_wrongs(manifest, state, now_ms)
    found += left_behind(manifests, states, counts, now_ms)
    found += parked_wrongs(manifests, set_aside) + subscription_wrongs(own.subscriptions)
    order = {"hub": 0, "operator": 1}
    return disk_wrongs(own.machine) + sorted(found, key=lambda wrong: order.get(wrong.owner, 2))
