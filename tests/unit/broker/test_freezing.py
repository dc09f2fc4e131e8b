"""A frozen process writes nothing, in none of its threads, until it is thawed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.broker.freezing import freeze, thaw
from hub.errors import RetryableError

WRITER = """
import sys, threading
def write(name):
    with open(name, "ab", buffering=0) as file:
        while True:
            file.write(b"x")
for name in sys.argv[1:]:
    threading.Thread(target=write, args=(name,)).start()
print("begun", flush=True)
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [tmp_path / "one", tmp_path / "two"]


@pytest.fixture
def writer(files: list[Path]) -> Iterator[int]:
    """A process with a thread for each file that appends to it without end."""
    with subprocess.Popen([sys.executable, "-c", WRITER, *map(str, files)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        until_they_grow(files)
        yield process.pid
        process.kill()


def sizes(files: list[Path]) -> list[int]:
    return [file.stat().st_size if file.exists() else 0 for file in files]


def until_they_grow(files: list[Path]) -> None:
    before, deadline = sizes(files), time.monotonic() + 90
    while not all(now > then for now, then in zip(sizes(files), before, strict=True)):
        assert time.monotonic() < deadline, "they do not grow"
        time.sleep(0.005)


async def test_nothing_is_written_from_the_moment_it_returns(writer: int, files: list[Path]) -> None:
    for _ in range(5):
        await freeze(writer)
        before = sizes(files)
        await asyncio.sleep(0.02)
        assert sizes(files) == before
        thaw(writer)
        until_they_grow(files)


async def test_one_that_does_not_stand_in_time_goes_on(writer: int, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.broker.freezing.STANDS", set())
    with pytest.raises(RetryableError, match="did not stand still"):
        await freeze(writer, wait_seconds=0.01)
    until_they_grow(files)


def test_a_process_that_is_gone_is_said_to_be_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    with pytest.raises(RetryableError, match="gone"):
        asyncio.run(freeze(process.pid))
    thaw(process.pid)
