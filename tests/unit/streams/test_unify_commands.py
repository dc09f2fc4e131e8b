"""The operator's words as unify answers them: each takes effect before it is answered, and undo goes one word back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from fakes.postings import change

from hub.broker.outbox import OutRecord
from hub.domain.keys import opportunity_id
from hub.errors import HubError
from hub.matching import Engine
from hub.matching.explain import Explainer
from hub.streams.inputs import to_change
from hub.streams.unify_commands import UnifyCommands

COOK, NURSE = "a:cook", "b:nurse"


@dataclass
class Read:
    topic: str
    key: bytes | None
    value: bytes | None


class Loop:
    """Unify reads back what is written to it at once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.written: list[OutRecord] = []

    async def send(self, records: Sequence[OutRecord]) -> list[int]:
        self.written += records
        self.engine.apply([to_change(Read(record.topic, record.key, record.value)) for record in records])  # type: ignore[arg-type]
        return list(range(len(records)))


@pytest.fixture
def engine() -> Engine:
    engine = Engine()
    engine.load([change(COOK, title="Kok", employer="Hotel"), change(NURSE)])
    return engine


@pytest.fixture
def call(engine: Engine) -> Callable[..., Any]:
    commands = UnifyCommands(lambda: engine, Loop(engine), {"a.example": "a"}).by_name()

    async def run(command: str, first: str = COOK, second: str = NURSE, **more: Any) -> Any:
        return await commands[command]({"first": first, "second": second, "who": "test", "why": "why", **more})

    return run


def said(engine: Engine) -> list[tuple[str, str, str]]:
    return [(one.id, one.state, one.version) for one in engine.opportunities()]


async def test_undo_of_a_first_word_leaves_none_and_ids_and_versions_as_before(engine: Engine, call: Callable[..., Any]) -> None:
    before = said(engine)
    linked = await call("match.link")
    assert ["live", [COOK, NURSE]] in [[one["state"], one["sources"]] for one in linked["opportunities"]]
    assert len(said(engine)) == 1
    assert (await call("match.undo"))["op"] == "none"
    assert said(engine) == before


async def test_there_is_nothing_to_undo_before_a_word_and_after_its_undo(call: Callable[..., Any]) -> None:
    with pytest.raises(HubError, match="no word on this pair"):
        await call("match.undo")
    await call("match.separate")
    await call("match.undo")
    with pytest.raises(HubError, match="no word on this pair"):
        await call("match.undo")


async def test_undo_of_separate_after_link_gives_the_link_back(engine: Engine, call: Callable[..., Any]) -> None:
    await call("match.link")
    await call("match.separate")
    assert len(said(engine)) == 2
    assert (await call("match.undo"))["op"] == "link"
    assert len(said(engine)) == 1
    assert (await call("match.undo"))["op"] == "none"


async def test_a_word_said_twice_is_taken_back_at_once(engine: Engine, call: Callable[..., Any]) -> None:
    await call("match.link")
    await call("match.link", why="again")
    assert (await call("match.undo"))["op"] == "none"
    assert len(said(engine)) == 2


async def test_two_words_on_a_posting_at_once_both_stand(engine: Engine) -> None:
    class Later(Loop):
        """Unify reads back what is written to it a little later, as it does in life."""

        async def send(self, records: Sequence[OutRecord]) -> list[int]:
            await asyncio.sleep(0.01)
            return await super().send(records)

    commands = UnifyCommands(lambda: engine, Later(engine), {}).by_name()
    call = {"posting": COOK, "who": "test", "why": "scam"}
    await asyncio.gather(
        commands["posting.hide"](call), commands["posting.set"]({**call, "field": "organisation.name", "value": "Hotel Noord"})
    )
    word = engine.override_of(COOK)
    assert word is not None
    assert (word.hidden, word.fields) == (True, {"organisation.name": "Hotel Noord"})


async def test_a_pair_is_the_same_in_both_orders_and_by_ids(engine: Engine, call: Callable[..., Any]) -> None:
    await call("match.link", NURSE, opportunity_id(COOK))
    assert engine.word_on(COOK, NURSE) is not None
    assert (await call("match.undo"))["op"] == "none"


async def test_what_if_tells_the_change_and_makes_none(engine: Engine, call: Callable[..., Any]) -> None:
    before = said(engine)
    told = await call("match.what-if", op="link")
    assert told["opportunities"] == (await call("match.link"))["opportunities"]
    await call("match.undo")
    assert said(engine) == before


async def test_a_word_that_changes_nothing_says_so(call: Callable[..., Any]) -> None:
    assert (await call("match.separate"))["opportunities"] == []
    assert (await call("match.what-if", op="none"))["opportunities"] == []


async def test_an_unknown_name_and_a_pair_of_one_are_refused(call: Callable[..., Any]) -> None:
    with pytest.raises(HubError, match="no posting or opportunity is called c:1"):
        await call("match.why", "c:1")
    with pytest.raises(HubError, match="a:cook is one posting; name two"):
        await call("match.link", COOK, opportunity_id(COOK))
    with pytest.raises(HubError, match="say what to try"):
        await call("match.what-if", op="marry")


async def test_a_reviewed_pair_says_where_to_look_at_both(call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Explainer, "review", lambda _, limit: [{"first": COOK, "second": NURSE}][:limit])
    told = await call("match.review", limit=5)
    assert told["pairs"] == [
        {"first": COOK, "second": NURSE, "urls": ["https://a.example/vacature/cook", "https://b.example/vacature/nurse"]}
    ]
