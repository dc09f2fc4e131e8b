"""The sandbox's worlds as corpora: what its platforms serve, read by the real connectors, mapped, cleaned and enriched.

The platforms stand on free ports of the loopback and ingest's own runners read them; only the log is a list. Stamps come
from the world's clock and addresses get one fixed host a platform, so that equal seeds give equal bytes on any day.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from hub.broker.headers import Stamp
from hub.broker.outbox import OutRecord
from hub.domain.posting import EnrichedPosting, Status
from hub.enrich import enrich
from hub.errors import RecordRejectedError
from hub.sandbox.journal import Journal
from hub.sandbox.run import Sandbox
from hub.sandbox.world import Listing, Opening, World
from hub.sdk.connector import Connector, load_connectors
from hub.settings import ConnectorSettings, SandboxSettings, Settings
from hub.streams.canonicalise import map_payload
from ops.bench.material import records_of
from ops.match_report.listed import Corpus, Listed, held_out_keys

BASE = date(2026, 11, 20)
NOW_MS = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)
CROWD = 0.3
"""Of the openings have a look-alike that was made for them; more arise by chance."""
DAY_MS = 86_400_000
GHOSTS = 12
"""One posting in so many has left its platform."""
_FAMILIES = {"internship": "internship", "graduation_internship": "internship"}


class _Prepared(Journal):
    """Gives the sandbox a world that was built elsewhere."""

    def __init__(self, world: World) -> None:
        super().__init__(Path())
        self._world = world

    def open(self, settings: SandboxSettings, today: date) -> World:
        return self._world


def sandbox_world(size: int, seed: int) -> Corpus:
    """About `size` postings. Not to be called from a running event loop."""
    world = World.build(seed, BASE, int(size / (1 + CROWD)), crowd=CROWD)
    records = asyncio.run(_served(world))
    listings = {listing.key: (opening, listing) for opening in world.openings.values() for listing in opening.listings}
    crowds = Counter(_family(opening) for opening in world.openings.values())
    connectors = load_connectors()
    listed = []
    for record in records:
        key = (record.key or b"").decode()
        if key not in listings:  # occurrences of a series have keys of their own and no partner elsewhere
            continue
        opening, listing = listings[key]
        found = _enriched(connectors[listing.source], key, record, listing)
        if found is not None:
            listed.append(_listed(opening, listing, found, crowds))
    listed.sort(key=lambda one: one.key)
    hosts = {f"{source}.example": source for source in sorted(connectors)}
    return Corpus(f"sandbox {size}", listed, hosts, clock=NOW_MS, held_out=held_out_keys(listed))


async def _served(world: World) -> list[OutRecord]:
    """Every record of the four platforms, with the hosts of this run taken out."""
    settings = SandboxSettings(port=0, records=1, speed=0)
    sandbox = await Sandbox.start(settings, base=world.base, journal=_Prepared(world))
    try:
        places = {url.removeprefix("http://").encode(): f"{source}.example".encode() for source, url in sandbox.urls.items()}
        reading = Settings(connectors={name: ConnectorSettings(base_url=url, enabled=True) for name, url in sandbox.urls.items()})
        records = [record for name in sorted(sandbox.urls) for record in await records_of(name, reading)]
    finally:
        await sandbox.stop()
    pattern = re.compile(b"|".join(map(re.escape, sorted(places, key=len, reverse=True))))

    def fixed(value: bytes) -> bytes:
        return pattern.sub(lambda match: places[match[0]], value)

    return [
        OutRecord(record.topic, record.key, fixed(record.value or b""), [(name, fixed(value)) for name, value in record.headers])
        for record in records
    ]


def _enriched(connector: Connector, key: str, record: OutRecord, listing: Listing) -> EnrichedPosting | None:
    """None for what the hub parks."""
    stamp = Stamp.from_headers(record.headers)
    seen = int(listing.posted.timestamp() * 1000)
    stamp = replace(stamp, seq=seen, first_seen=seen, fingerprint="", fetched_at=NOW_MS)
    try:
        posting = map_payload(connector, key, stamp, record.value or b"")
    except RecordRejectedError:
        return None
    chance = sha256(f"ghost:{key}".encode()).digest()
    if chance[0] % GHOSTS == 0:
        left = min(seen + (3 + chance[1] % 40) * DAY_MS, NOW_MS)
        posting = posting.model_copy(update={"status": Status.WITHDRAWN, "seq": left})
    return enrich(posting, dutch_required_default=connector.manifest.dutch_required_default)


def _listed(opening: Opening, listing: Listing, posting: EnrichedPosting, crowds: Counter[tuple[str, ...]]) -> Listed:
    traits = {_FAMILIES.get(opening.kind, opening.kind)}
    if crowds[_family(opening)] > 1:
        traits.add("look_alike")
    if posting.status is Status.WITHDRAWN:
        traits.add("ghost")
    if posting.organisation is None:
        traits.add("missing_employer")
    if not posting.locations:
        traits.add("missing_place")
    if listing.consortium:
        traits.add("multi_employer")
    if listing.link == "echo":
        traits.add("echo")
    languages = {lang for lang in ("nl", "en") if getattr(posting.title, lang)}
    return Listed.of(
        posting,
        posting.to_bytes(),
        opening=opening.id,
        employer=opening.listings[0].employer.key,
        occupation=opening.role[0],
        languages=languages,
        traits=traits,
    )


def _family(opening: Opening) -> tuple[str, ...]:
    return (opening.listings[0].employer.key, opening.role[0])
