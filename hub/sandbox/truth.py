"""The truth of the sandbox: which listings are one opening, what is live, what must be parked, at which step.

`certain` goes further than `link`: listings of equal value are joined by certain links (an address that names the job,
a reference number with its employer, an echo), so a hub with certain links only shows one opportunity per value.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from hub.sandbox.world import SOURCES, Listing, World


def truth_of(world: World, today: date | None = None) -> dict[str, Any]:
    """`today`: what is live is judged by closing dates too; without it a world says what its states say."""
    openings = [
        {
            "opening": opening.id,
            "kind": opening.kind,
            "state": "live" if opening.lives_on(today) else "closed",
            "postings": [_posting(listing, today) for listing in opening.listings if listing.invalid is None],
        }
        for opening in world.openings.values()
    ]
    invalid = [
        {"source": source, "native_id": None if _hides_id(item) else item.native_id, "reason": item.invalid, "page": item.slug}
        for source in SOURCES
        for item in world.listings[source].values()
        if item.invalid is not None
    ]
    return {
        "seed": world.seed,
        "base": world.base.isoformat(),
        "step": world.step,
        "ticks": world.ticks,
        "openings": [opening for opening in openings if opening["postings"]],
        "invalid": invalid,
    }


def write_truth(world: World, path: Path, today: date | None = None) -> None:
    """Atomic: a reader sees the old truth or the new one."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_bytes(orjson.dumps(truth_of(world, today), option=orjson.OPT_INDENT_2))
    scratch.replace(path)


def _posting(listing: Listing, today: date | None) -> dict[str, Any]:
    return {
        "source": listing.source,
        "native_id": listing.native_id,
        "source_key": listing.key,
        "live": listing.lives_on(today),
        "link": listing.link,
        "certain": listing.certain,
        "state": listing.state,
    }


def _hides_id(listing: Listing) -> bool:
    return "id" in listing.drop or "UID" in listing.drop
