"""What a publisher writes while a former owner still writes too."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fakes.postings import BASE, change

from hub.broker.outbox import OutRecord
from hub.domain.keys import opportunity_id
from hub.domain.opportunity import Opportunity
from hub.matching import Engine
from hub.streams.ledger import Ledger
from hub.streams.unify import Publisher

COOK = "a:cook"


class Slow:
    """A broker that has written what it was sent long before it says so."""

    def __init__(self) -> None:
        self.log: list[Opportunity] = []
        self.answers = asyncio.Event()

    async def send(self, records: Sequence[OutRecord]) -> list[int]:
        self.log += [Opportunity.model_validate_json(record.value) for record in records]
        await self.answers.wait()
        return list(range(len(records)))


async def test_a_late_record_of_what_stood_before_is_overwritten_while_the_next_is_on_its_way() -> None:
    engine, broker = Engine(), Slow()
    publisher = Publisher(engine, Ledger(), broker, 1)
    engine.apply([change(COOK, title="Kok")])
    former = engine.opportunity(opportunity_id(COOK))
    assert former is not None
    publisher.ledger.read(former)
    changed = engine.apply([change(COOK, title="Chef-kok", seq=BASE + 1)])
    writing = asyncio.create_task(publisher.publish(changed))
    await asyncio.sleep(0)
    broker.log.append(former)
    repairing = asyncio.create_task(publisher.repair(former))
    await asyncio.sleep(0)
    broker.answers.set()
    await asyncio.gather(writing, repairing)
    assert broker.log[-1].version == changed[0].version
