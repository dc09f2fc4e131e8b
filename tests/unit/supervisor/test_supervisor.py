"""The supervisor with real child processes in miniature: order, restarts, refusals, the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import pytest

from hub.broker.parent import die_with_parent
from hub.errors import ConfigError, RetryableError
from hub.supervisor import http
from hub.supervisor import supervisor as module
from hub.supervisor.http import readiness
from hub.supervisor.plan import RoleSpec
from hub.supervisor.supervisor import Step, Supervisor

MOST_SILENCES = 3
FAKE = Path(__file__).parents[2] / "fakes" / "fake_role.py"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_DELAY_SECONDS", 0.05)
    monkeypatch.setattr(module, "ASK_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(module, "ASK_READY_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(module, "LOOK_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(http, "ANSWER_SECONDS", 2.0)  # what a busy machine takes for an answer


def start_fake(arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-S", str(FAKE), *arguments)
    return subprocess.Popen(command, env=environment, stdout=log, stderr=log, preexec_fn=die_with_parent())


class Heard:
    """A display that remembers, and lets a test wait for a line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._news = asyncio.Event()

    def open(self, names: Iterable[str]) -> None:
        return

    def say(self, name: str, text: str) -> None:
        self.lines.append(f"{name}: {text}")
        self._news.set()

    def update(self, name: str, state: str, detail: str = "") -> None:
        return

    def close(self) -> None:
        return

    async def until(self, part: str, times: int = 1) -> None:
        async with asyncio.timeout(90):
            while sum(part in line for line in self.lines) < times:
                self._news.clear()
                await self._news.wait()

    def place_of(self, part: str) -> int:
        return next(number for number, line in enumerate(self.lines) if part in line)


class Hub:
    """One supervisor under test."""

    def __init__(self, logs: Path, roles: list[RoleSpec], steps: list[Step]) -> None:
        self.heard = Heard()
        self.pids: dict[str, int] = {}
        self.stop, self.hurry = asyncio.Event(), asyncio.Event()
        supervisor = Supervisor(
            roles,
            steps,
            launch=start_fake,
            environment=dict(os.environ),
            logs_dir=logs,
            display=self.heard,
            probe=readiness,
            most_silences=MOST_SILENCES,
            on_pids=self._remember,
        )
        self.end = asyncio.create_task(supervisor.run(self.stop, self.hurry))

    def _remember(self, pids: Mapping[str, int]) -> None:
        self.pids = dict(pids)

    async def finish(self) -> int:
        self.stop.set()
        return await asyncio.wait_for(self.end, 90)


@pytest.fixture
def role(free_ports: Callable[[int], int]) -> Callable[..., RoleSpec]:
    def make(name: str, *behaviours: str, needs: tuple[str, ...] = (), grace: float = 10, stops_last: bool = False) -> RoleSpec:
        port = free_ports(1)
        return RoleSpec(name, (str(port), *behaviours), ("127.0.0.1", port), needs, grace, stops_last)

    return make


async def test_a_role_starts_when_what_it_needs_is_ready_and_done(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    async def provision() -> str:
        return "provisioned"

    roles = [role("broker", "ready"), role("worker", "ready", needs=("topics",))]
    hub = Hub(tmp_path, roles, [Step("topics", provision, needs=("broker",))])
    await hub.heard.until("worker: ready")
    code = await hub.finish()
    order = [hub.heard.place_of(part) for part in ("broker: ready", "topics: provisioned", "worker: starting")]
    assert order == sorted(order)
    assert code == 0


async def test_a_killed_role_is_started_again(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    hub = Hub(tmp_path, [role("worker", "ready")], [])
    await hub.heard.until("worker: ready")
    first = hub.pids["worker"]
    os.kill(first, signal.SIGKILL)
    await hub.heard.until("worker: ready", times=2)
    second = hub.pids["worker"]
    await hub.finish()
    assert first != second
    assert hub.heard.place_of("was ended by signal 9") > 0


async def test_a_role_that_hangs_is_killed_and_started_again(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    """One that never answered yet may be reading a large state: it is left alone."""
    hub = Hub(tmp_path, [role("worker", "ready"), role("unify", "mute")], [])
    await hub.heard.until("worker: ready after")
    os.kill(hub.pids["worker"], signal.SIGSTOP)
    await hub.heard.until("worker: ready after", times=2)
    await hub.finish()
    said = [line for line in hub.heard.lines if "hangs" in line or "was ended" in line]
    assert said[0] == f"worker: hangs: {MOST_SILENCES} questions without an answer; it is killed"
    assert said[1].startswith("worker: was ended by signal 9; again in")
    assert len(said) == 2


async def test_a_role_that_is_not_ready_for_long_says_once_what_it_waits_for(
    tmp_path: Path, role: Callable[..., RoleSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{Supervisor.__module__}.PATIENT_SECONDS", 0.6)
    hub = Hub(tmp_path, [role("worker"), role("unify", "ready")], [])
    await hub.heard.until("worker: waits")
    await asyncio.sleep(1.5)
    await hub.finish()
    assert [line for line in hub.heard.lines if "waits" in line] == ["worker: waits: waits for the test"]


async def test_a_role_that_crashes_says_why_and_waits_longer_each_time(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    hub = Hub(tmp_path, [role("worker", "crash")], [])
    await hub.heard.until("ended with code 1 — it broke", times=3)
    await hub.finish()


async def test_a_wrong_setting_stops_everything_with_its_sentence(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    notes = tmp_path / "notes"
    good = role("serve", "ready", f"note:{notes}")
    hub = Hub(tmp_path, [good, role("ingest", "config", needs=("serve",))], [])
    with pytest.raises(ConfigError, match="the setting x is wrong; set HUB_X"):
        await asyncio.wait_for(hub.end, 90)
    assert f"stopped {good.ops_address[1]}" in notes.read_text()
    assert hub.pids == {}


async def test_a_role_that_ran_and_lacks_something_now_keeps_nobody_from_going_on(
    tmp_path: Path, role: Callable[..., RoleSpec]
) -> None:
    lacking = tmp_path / "lacking"
    hub = Hub(tmp_path, [role("serve", "ready"), role("broker", "ready", f"config:{lacking}")], [])
    await hub.heard.until("serve: ready")
    await hub.heard.until("broker: ready")
    lacking.touch()
    os.kill(hub.pids["broker"], signal.SIGKILL)
    await hub.heard.until("broker: ended with code 2 — the setting x is wrong; set HUB_X; again in", times=2)
    lacking.unlink()
    await hub.heard.until("broker: ready after", times=2)
    assert not [line for line in hub.heard.lines if line.startswith("serve: ended")]
    await hub.finish()


async def test_a_role_that_was_told_to_end_shows_no_older_error_as_the_cause(
    tmp_path: Path, role: Callable[..., RoleSpec]
) -> None:
    hub = Hub(tmp_path, [role("broker", "ready", "java")], [])
    await hub.heard.until("broker: ready")
    os.kill(hub.pids["broker"], signal.SIGTERM)
    await hub.heard.until("broker: was ended by signal 15; again in")
    await hub.finish()


async def test_roles_are_stopped_before_the_broker_they_use(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    notes = tmp_path / "notes"
    broker = role("broker", "ready", f"note:{notes}", stops_last=True)
    worker = role("worker", "ready", f"note:{notes}", needs=("broker",))
    hub = Hub(tmp_path, [broker, worker], [])
    await hub.heard.until("worker: ready")
    await hub.finish()
    stopped = [line for line in notes.read_text().splitlines() if line.startswith("stopped")]
    assert stopped == [f"stopped {worker.ops_address[1]}", f"stopped {broker.ops_address[1]}"]


async def test_a_role_that_does_not_stop_is_killed_after_its_grace(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    hub = Hub(tmp_path, [role("worker", "ready", "stubborn", grace=0.1)], [])
    await hub.heard.until("worker: ready")
    await hub.finish()
    assert "worker: did not stop in time and was killed" in hub.heard.lines
    assert hub.pids == {}


async def test_hurry_cuts_the_grace_short(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    hub = Hub(tmp_path, [role("worker", "ready", "stubborn", grace=3600)], [])
    await hub.heard.until("worker: ready")
    hub.hurry.set()
    assert await hub.finish() == 0


async def test_a_step_that_fails_for_now_is_tried_again_and_told_once(
    tmp_path: Path, role: Callable[..., RoleSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    async def provision() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise RetryableError("the broker is away")
        return "provisioned"

    hub = Hub(tmp_path, [], [Step("topics", provision)])
    await hub.heard.until("provisioned")
    await hub.finish()
    assert hub.heard.lines == ["topics: the broker is away; tried again", "topics: provisioned"]


async def test_a_step_runs_again_when_the_role_it_follows_comes_back(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    async def register() -> str:
        return "registered"

    step = Step("webhook", register, needs=("sandbox",), again_after="sandbox")
    hub = Hub(tmp_path, [role("sandbox", "ready")], [step])
    await hub.heard.until("registered")
    os.kill(hub.pids["sandbox"], signal.SIGKILL)
    await hub.heard.until("registered", times=2)
    await hub.finish()


async def test_a_role_that_is_not_ready_holds_up_what_needs_it(tmp_path: Path, role: Callable[..., RoleSpec]) -> None:
    hub = Hub(tmp_path, [role("broker"), role("other", "ready"), role("worker", "ready", needs=("broker",))], [])
    await hub.heard.until("other: ready")
    await asyncio.sleep(0.1)
    pids = dict(hub.pids)
    await hub.finish()
    assert sorted(pids) == ["broker", "other"]
