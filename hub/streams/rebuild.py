"""A rebuild of unify: engine from its inputs, ledger from the feed, and the differences between the two.

The brake: a rebuild that would close more than a share *and* a number of live opportunities without a record that says
so — postings missing from enriched, or merged by another model — is held (architecture §4.3). Withdrawn, erased, expired
and hidden ones do not count: their brakes stand before them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from hub import topics
from hub.broker.log_reader import LogReader
from hub.broker.outbox import OutRecord
from hub.domain.opportunity import Opportunity
from hub.errors import FatalError
from hub.matching import Engine, MatchModel
from hub.matching.render import version_of
from hub.streams.breath import Breath
from hub.streams.inputs import AT_ONCE, INPUTS, apply_records
from hub.streams.ledger import Ledger

RECORDS = 500
"""Read at once: whatever is open beside the engine stays with the process as free memory in between."""


@dataclass
class Rebuilt:
    """`positions`: topic → offset at which to go live; `letters`: inputs that could not be used."""

    engine: Engine
    positions: dict[str, int]
    letters: list[OutRecord]


@dataclass
class Plan:
    """What has to be published, and what of it nobody asked for."""

    records: list[Opportunity]
    unexplained: list[str] = field(default_factory=list)
    live_before: int = 0

    def is_braked(self, *, percent: float, min_items: int, released: Set[str] = frozenset()) -> bool:
        """`released`: ids that a person let go. The world goes on meanwhile, so fewer may be left of them."""
        lost = len(self.unexplained)
        return lost > min_items and lost * 100 > percent * self.live_before and not released >= set(self.unexplained)

    @property
    def digest(self) -> str:
        """Names what the operator is shown: equal ones hold the same."""
        return hashlib.sha256("\n".join(self.unexplained).encode()).hexdigest()[:12]


async def rebuild_engine(servers: str, platform_hosts: Mapping[str, str], model: MatchModel) -> Rebuilt:
    """Read the four inputs from the start to the ends seen now."""
    engine = Engine(platform_hosts, model)
    reader = LogReader(servers, INPUTS)
    letters: list[OutRecord] = []
    async for records in reader.read(max_records=RECORDS):
        # What looks different is of no use yet, but looking proves that it can be shown: what cannot is parked here.
        for start in range(0, len(records), AT_ONCE):
            letters += (await apply_records(engine, records[start : start + AT_ONCE]))[1]
    return Rebuilt(engine, {topic: offset for (topic, _), offset in reader.ends.items()}, letters)


async def not_parked_yet(servers: str, letters: Sequence[OutRecord]) -> list[OutRecord]:
    """Those of `letters` that do not stand among the dead letters: each rebuild meets the same bad inputs anew."""
    left = {_identity(letter): letter for letter in letters}
    if left:
        async for records in LogReader(servers, [topics.REJECTED]).read(max_records=RECORDS):
            for record in records:
                left.pop(_identity(record), None)
    return list(left.values())


def _identity(letter: Any) -> tuple[Any, ...]:
    """Key and headers name the stage and the record that was parked."""
    return (letter.key, *letter.headers)


async def read_feed(servers: str) -> tuple[dict[str, Opportunity], int]:
    """The feed's fold (id → latest record, without content) and the offset at which to tail it."""
    reader = LogReader(servers, [topics.FEED])
    feed: dict[str, Opportunity] = {}
    async for records in reader.read():
        for record in records:
            try:
                said = Opportunity.model_validate_json(record.value or b"")
            except ValidationError as error:
                raise FatalError(f"the feed has a record that is no opportunity at offset {record.offset}") from error
            feed[said.id] = said.model_copy(update={"content": None})
    return feed, reader.ends[topics.FEED, 0]


async def plan(engine: Engine, feed: Mapping[str, Opportunity], ledger: Ledger) -> Plan:
    """Differences between what the engine says and what the feed says, upserts of new ids before closed records.

    Breathes in between: to look at every opportunity of a large region takes longer than a session.
    """
    breath = Breath()
    records: list[Opportunity] = []
    for opportunity in engine.opportunities():
        records += ledger.differences([opportunity])
        await breath.take()
    unexplained: list[str] = []
    for id_ in ledger.ids():
        await breath.take()
        said = feed[id_]
        now = engine.opportunity(id_)
        if now is None:
            if said.state == "live":
                unexplained.append(id_)
                records.append(closed_for_missing(said))
        elif now.closed_reason == "merged":
            records += ledger.differences([now])
            if said.state == "live" and said.model != engine.model.hash:
                unexplained.append(id_)
    return Plan(records, unexplained, ledger.live_count)


def closed_for_missing(said: Opportunity) -> Opportunity:
    """The closed record of an id whose posting no input knows any more."""
    return said.model_copy(
        update={
            "state": "closed",
            "closed_reason": "erased",
            "content": None,
            "sources": [],
            "field_origins": {},
            "alternatives": None,
            "joins": None,
            "redirects": [],
            "version": version_of({"kind": said.kind, "state": "closed", "reason": "erased"}),
        }
    )
