"""The broker stands still for as long as a backup needs, and never for long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hub.broker.configuration import server_properties
from hub.errors import HubError, RetryableError
from hub.supervisor import broker as role
from hub.supervisor.broker import Standstill


class Broker:
    """Stands in for the JVM's owner."""

    def __init__(self) -> None:
        self.is_frozen = False
        self.is_running = True
        self.refuses = False
        self.was_thawed = asyncio.Event()

    async def freeze(self) -> None:
        self.is_frozen = True
        if self.refuses:
            raise RetryableError("it does not stand")

    def thaw(self) -> None:
        self.is_frozen = False
        self.was_thawed.set()


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def standstill(broker: Broker) -> Standstill:
    return Standstill(broker)


async def test_it_holds_until_it_is_ended(standstill: Standstill, broker: Broker) -> None:
    begun = await standstill.begin({})
    assert broker.is_frozen
    assert await standstill.end(begun) == {"held": True}
    assert not broker.is_frozen


async def test_it_ends_by_itself_when_nobody_ends_it(
    standstill: Standstill, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(role, "LONGEST_FREEZE_SECONDS", 0.01)
    begun = await standstill.begin({})
    await broker.was_thawed.wait()
    assert await standstill.end(begun) == {"held": False}


async def test_the_limit_of_one_does_not_end_the_next(
    standstill: Standstill, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(role, "LONGEST_FREEZE_SECONDS", 0.02)
    await standstill.end(await standstill.begin({}))
    monkeypatch.setattr(role, "LONGEST_FREEZE_SECONDS", 60)
    begun = await standstill.begin({})
    await asyncio.sleep(0.04)
    assert broker.is_frozen
    assert await standstill.end(begun) == {"held": True}


async def test_a_second_one_at_once_is_refused(standstill: Standstill, broker: Broker) -> None:
    begun = await standstill.begin({})
    with pytest.raises(HubError, match="another backup"):
        await standstill.begin({})
    assert broker.is_frozen
    await standstill.end(begun)


async def test_one_that_was_ended_is_not_ended_again(standstill: Standstill) -> None:
    begun = await standstill.begin({})
    await standstill.end(begun)
    assert await standstill.end(begun) == {"held": False}
    assert await standstill.end({}) == {"held": False}


async def test_a_broker_that_died_meanwhile_has_not_held(standstill: Standstill, broker: Broker) -> None:
    begun = await standstill.begin({})
    broker.is_running = False
    assert await standstill.end(begun) == {"held": False}


async def test_a_broker_that_cannot_stand_goes_on_and_the_next_may_try(standstill: Standstill, broker: Broker) -> None:
    broker.refuses = True
    with pytest.raises(RetryableError):
        await standstill.begin({})
    assert not broker.is_frozen
    broker.refuses = False
    assert await standstill.end(await standstill.begin({})) == {"held": True}


def test_the_limit_is_below_the_silence_after_which_the_controller_gives_a_broker_up() -> None:
    text = server_properties(port=1, controller_port=2, log_dir=Path("x"))
    silence = next(int(line.partition("=")[2]) for line in text.splitlines() if line.startswith("broker.session.timeout.ms"))
    assert silence > role.LONGEST_FREEZE_SECONDS * 1000
