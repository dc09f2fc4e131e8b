"""What another match model would change: clusters of two engines over the same postings, told as merges and splits."""

from __future__ import annotations

from typing import Any

from hub.matching.engine import Engine

LISTED = 200


def model_change(old: Engine, new: Engine) -> dict[str, Any]:
    """Report as JSON values. Both engines hold the same postings; only live ones are counted.

    `merged`: opportunities of the old model that one of the new model unites. `split`: the other way round. `moved`: neither
    a plain merge nor a plain split. At most `LISTED` of each are listed, the largest first; `counts` are of all.
    """
    before, after = _live_clusters(old), _live_clusters(new)
    old_of = {key: cluster for cluster in before for key in cluster}
    new_of = {key: cluster for cluster in after for key in cluster}
    merged = [cluster for cluster in after if cluster not in before and _is_union(cluster, old_of)]
    split = [cluster for cluster in before if cluster not in after and _is_union(cluster, new_of)]
    plain = {key for cluster in (*merged, *split) for key in cluster}
    moved = [cluster for cluster in after if cluster not in before and not plain.intersection(cluster)]
    return {
        "old": old.model.hash,
        "new": new.model.hash,
        "counts": {
            "live_before": len(before),
            "live_after": len(after),
            "unchanged": len(before & after),
            "merged": len(merged),
            "split": len(split),
            "moved": len(moved),
            "content_changed": _content_changed(old, new, before & after),
        },
        "merged": [_row(cluster, old_of, old, new) for cluster in _first(merged)],
        "split": [_row(cluster, new_of, new, old) for cluster in _first(split)],
        "moved": [{"postings": list(cluster)} for cluster in _first(moved)],
    }


def _live_clusters(engine: Engine) -> set[tuple[str, ...]]:
    live = (tuple(key for key in cluster if engine.is_live_key(key)) for cluster in engine.clusters())
    return {cluster for cluster in live if cluster}


def _is_union(cluster: tuple[str, ...], parts: dict[str, tuple[str, ...]]) -> bool:
    """`cluster` is made of whole clusters of the other side, more than one."""
    found = {parts[key] for key in cluster}
    return len(found) > 1 and all(set(part) <= set(cluster) for part in found)


def _first(clusters: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(clusters, key=lambda cluster: (-len(cluster), cluster))[:LISTED]


def _row(cluster: tuple[str, ...], parts: dict[str, tuple[str, ...]], apart: Engine, together: Engine) -> dict[str, Any]:
    """The parts, and of a pair between two of them what each model says."""
    found = sorted({parts[key] for key in cluster})
    first, second = found[0][0], found[1][0]
    return {
        "parts": [list(part) for part in found],
        "pair": [first, second],
        "bits_apart": apart.explain.why(first, second)["total"],
        "bits_together": together.explain.why(first, second)["total"],
    }


def _content_changed(old: Engine, new: Engine, same: set[tuple[str, ...]]) -> int:
    """Opportunities of equal members whose id or content differs: golden records follow the clusters' ghosts too."""
    changed = 0
    for cluster in same:
        ids = old.id_of(cluster[0]), new.id_of(cluster[0])
        said = [engine.opportunity(id_) for engine, id_ in zip((old, new), ids, strict=True) if id_]
        changed += ids[0] != ids[1] or len({one.version for one in said if one}) > 1
    return changed
