"""A role as a fork: it ends as a process of its own would, and has nothing of its parent but what was loaded."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from hub.supervisor.forking import Main, Process, forking
from hub.telemetry import metrics


def fork(main: Main, log: Path, *arguments: str) -> Process:
    with log.open("ab") as file:
        return forking(main)(arguments or ("role",), {"HUB_A": "b"}, file)


def write(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def said(main: Main, log: Path) -> str:
    fork(main, log).wait()
    return log.read_text()


@pytest.mark.parametrize(("leaves_with", "code"), [(None, 0), (0, 0), (3, 3), ("a sentence", 1)])
def test_its_exit_code_is_the_one_that_it_leaves_with(leaves_with: object, code: int, tmp_path: Path) -> None:
    def main(_: Sequence[str]) -> None:
        raise SystemExit(leaves_with)

    assert fork(main, tmp_path / "log").wait() == code


def test_it_has_ended_when_its_main_returns(tmp_path: Path) -> None:
    assert fork(lambda _: None, tmp_path / "log").wait() == 0


def test_an_exception_ends_it_with_code_1_and_its_place_in_the_log(tmp_path: Path) -> None:
    def main(_: Sequence[str]) -> None:
        raise ValueError("wrong")

    process = fork(main, tmp_path / "log")
    assert process.wait() == 1
    assert "ValueError: wrong" in (tmp_path / "log").read_text()


def test_a_signal_that_ends_it_is_told_below_zero(tmp_path: Path) -> None:
    process = fork(lambda _: time.sleep(60), tmp_path / "log")
    assert process.poll() is None
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert process.poll() == -signal.SIGKILL


def test_it_is_told_its_arguments(tmp_path: Path) -> None:
    fork(lambda arguments: write(*arguments), tmp_path / "log", "worker", "--number", "2").wait()
    assert (tmp_path / "log").read_text() == "worker --number 2\n"


def test_both_its_streams_go_to_the_log(tmp_path: Path) -> None:
    def main(_: Sequence[str]) -> None:
        write("out")
        sys.stderr.write("error\n")

    assert said(main, tmp_path / "log") == "out\nerror\n"


def test_it_sees_its_own_environment_alone(tmp_path: Path) -> None:
    assert said(lambda _: write(dict(os.environ)), tmp_path / "log") == "{'HUB_A': 'b'}\n"


def test_no_descriptor_of_its_parent_is_open_in_it(tmp_path: Path) -> None:
    with (tmp_path / "held").open("w"):
        opened = said(lambda _: write(*(os.readlink(f"/proc/self/fd/{n}") for n in (0, 1, 2)), _is_open(3)), tmp_path / "log")
    assert opened.split() == [os.devnull, str(tmp_path / "log"), str(tmp_path / "log"), "False"]


def test_what_its_parent_tells_of_another_role_is_not_in_its_metrics(tmp_path: Path) -> None:
    metrics.READY.labels("broker").set(1)
    told = said(lambda _: write([sample for family in metrics.READY.collect() for sample in family.samples]), tmp_path / "log")
    metrics.READY.clear()
    assert told == "[]\n"


def _is_open(first: int) -> bool:
    return any(os.path.exists(f"/proc/self/fd/{number}") for number in range(first, 1000))


async def test_a_signal_that_its_parent_takes_ends_it_and_is_not_taken_for_one_of_its_parent(tmp_path: Path) -> None:
    taken = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, taken.set)
    process = fork(lambda _: time.sleep(60), tmp_path / "log")
    process.send_signal(signal.SIGTERM)
    code = await asyncio.to_thread(process.wait)
    asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
    assert code == -signal.SIGTERM
    assert not taken.is_set()


async def test_it_runs_a_loop_of_its_own_though_its_parent_is_in_one(tmp_path: Path) -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        write("worked")

    assert said(lambda _: asyncio.run(work()), tmp_path / "log") == "worked\n"
