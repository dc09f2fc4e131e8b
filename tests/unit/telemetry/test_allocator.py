"""When a role gives memory back: once after each stretch of work, and never amid it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from hub.telemetry import allocator
from hub.telemetry.allocator import Rest, give_back_at_rest


def test_nothing_is_given_back_amid_work() -> None:
    rest = Rest(0.0, 0.0)
    assert [rest.has_begun(second * 0.9, second) for second in (1.0, 2.0, 3.0)] == [False, False, False]


def test_it_is_given_back_once_when_work_ends() -> None:
    rest = Rest(0.0, 0.0)
    assert [rest.has_begun(cpu, now) for now, cpu in enumerate([0.9, 1.8, 1.81, 1.82, 1.83], 1)] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_it_is_given_back_again_after_the_next_stretch_of_work() -> None:
    rest = Rest(0.0, 0.0)
    assert [rest.has_begun(cpu, now) for now, cpu in enumerate([0.9, 0.91, 1.8, 1.81], 1)] == [False, True, False, True]


def test_a_role_that_did_next_to_nothing_is_left_alone() -> None:
    rest = Rest(0.0, 0.0)
    assert not any(rest.has_begun(0.01 * second, float(second)) for second in range(1, 40))


async def test_this_machines_allocator_is_asked_after_work(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    enough = asyncio.Event()

    class Library:
        def malloc_trim(self, pad: int) -> int:
            asked.append(pad)
            enough.set()
            return 1

    monkeypatch.setattr(allocator, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(allocator, "REST_SHARE", 2.0)
    monkeypatch.setattr(allocator, "WORK_SECONDS", 0.0)
    monkeypatch.setattr("ctypes.CDLL", lambda _: Library())
    giving = asyncio.create_task(give_back_at_rest())
    await asyncio.wait_for(enough.wait(), 90)
    giving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await giving
    assert set(asked) == {0}
