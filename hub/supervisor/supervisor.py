"""Keeps a set of roles running: start by dependency, watch, restart with back-off, stop in reverse order.

A name is *up* once its role has been ready, or its step done; what needs it may start then. A role that ends is started
again after 1, 2, 4 … 30 seconds, except with the code of a ConfigError: a person must change something, so everything
stops with that sentence. A role that answered and then is silent, asked so many times on end, hangs: it is killed, and
starts again likewise. A step runs when what it needs is up, is tried again on a passing fault, and runs again each time
the role in `again_after` comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from hub.errors import ConfigError, HubError
from hub.supervisor.display import Display
from hub.supervisor.forking import Launch
from hub.supervisor.plan import RoleSpec
from hub.supervisor.process import ChildProcess
from hub.telemetry.contact import EXIT_CONFIG, EXIT_OK

SIGNALLED = 128
"""A program that a signal told to end, and that ended by itself, ends with a code so much above it: Java does."""
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
PATIENT_SECONDS = 15.0
"""A role that is not ready after so long says what it waits for, and so often at most what else it waits for by then."""
HEALTHY_SECONDS = 10.0
"""A role that was ready for so long starts again with the first delay."""
LOOK_EVERY_SECONDS = 0.1
ASK_EVERY_SECONDS = 0.25
ASK_READY_EVERY_SECONDS = 2.0

Probe = Callable[[str, int], Awaitable["Readiness"]]


Answer = Literal["given", "refused", "none"]
"""`none`: the port takes a question and says nothing; `refused`: nobody takes it, yet or any more."""


@dataclass(frozen=True)
class Readiness:
    """What `/readyz` said. `missing`: why it is not ready, in its own words."""

    is_ready: bool
    missing: str = ""
    answer: Answer = "given"


@dataclass(frozen=True)
class Step:
    """Something the supervisor itself does between roles. `run` returns what to tell, or nothing."""

    name: str
    run: Callable[[], Awaitable[str | None]]
    needs: tuple[str, ...] = ()
    again_after: str | None = None


@dataclass
class _Role:
    child: ChildProcess
    up: asyncio.Event = field(default_factory=asyncio.Event)
    ready_since: float | None = None
    back: asyncio.Event = field(default_factory=asyncio.Event)
    """Set each time it becomes ready; cleared by the step that runs again after it."""
    was_ready: bool = False
    """This process, not an earlier one."""
    waits: str = ""
    """What it was last said to wait for, before it was ready for the first time, and when."""
    told_at: float = 0.0
    silences: int | None = None
    """How many questions on end this process left without an answer; None until it gave one."""


class Supervisor:
    def __init__(
        self,
        roles: Sequence[RoleSpec],
        steps: Sequence[Step],
        *,
        launch: Launch,
        environment: Mapping[str, str],
        logs_dir: Path,
        display: Display,
        probe: Probe,
        most_silences: int,
        on_pids: Callable[[Mapping[str, int]], None],
    ) -> None:
        """`most_silences`: questions without an answer after which a role hangs; 0: it never does."""
        self._roles = {
            spec.name: _Role(ChildProcess(spec, log_file=logs_dir / f"{spec.name}.log", environment=environment, launch=launch))
            for spec in roles
        }
        self._steps = {step.name: step for step in steps}
        self._done = {step.name: asyncio.Event() for step in steps}
        self._display = display
        self._probe = probe
        self._most_silences = most_silences
        self._on_pids = on_pids

    async def run(self, stop: asyncio.Event, hurry: asyncio.Event | None = None) -> int:
        """Until `stop`; then, or on a ConfigError (raised after the stop), ends every role. `hurry` cuts the grace short."""
        tasks = [asyncio.create_task(self._keep(role)) for role in self._roles.values()]
        tasks += [asyncio.create_task(self._do(step)) for step in self._steps.values()]
        stopping = asyncio.create_task(stop.wait())
        pending: set[asyncio.Task[object]] = {*tasks, stopping}
        try:
            while not stopping.done():
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()  # raises what stops everything
        finally:
            for task in (*tasks, stopping):
                task.cancel()
            await asyncio.gather(*tasks, stopping, return_exceptions=True)
            await self._stop_all(hurry or asyncio.Event())
        return EXIT_OK

    def _up(self, name: str) -> asyncio.Event | None:
        return self._done[name] if name in self._done else self._roles[name].up if name in self._roles else None

    async def _wait_for(self, needs: Sequence[str]) -> None:
        for name in needs:
            event = self._up(name)
            if event is not None:
                await event.wait()

    async def _keep(self, role: _Role) -> None:
        spec, delay = role.child.spec, FIRST_DELAY_SECONDS
        await self._wait_for(spec.needs)
        while True:
            pid = role.child.spawn()
            role.was_ready, role.silences = False, None
            self._tell_pids()
            started = role.told_at = time.monotonic()
            role.waits = ""
            self._display.say(spec.name, f"starting (pid {pid})")
            self._display.update(spec.name, "starting", f"pid {pid}")
            code = await self._watch(role, started)
            # What ran with these settings before lacks something that may be mended, such as room or a file that was renewed
            # wrongly, and readers need not miss the other roles meanwhile.
            if code == EXIT_CONFIG and not role.up.is_set():
                self._display.say(spec.name, "cannot run with these settings; everything stops")
                raise ConfigError(role.child.last_sentence())
            if role.ready_since is not None and time.monotonic() - role.ready_since > HEALTHY_SECONDS:
                delay = FIRST_DELAY_SECONDS
            role.ready_since = None
            number = -code if code < 0 else max(0, code - SIGNALLED)
            why = f" — {role.child.last_sentence()}" if code > 0 and not number else ""
            ended = f"was ended by signal {number}" if number else f"ended with code {code}"
            self._display.say(spec.name, f"{ended}{why}; again in {delay:.0f} s (log: {role.child.log_file})")
            self._display.update(spec.name, "ended", f"{ended}, again in {delay:.0f} s")
            self._tell_pids()
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)

    async def _watch(self, role: _Role, started: float) -> int:
        """Until the process ends; keeps its readiness current. Returns the exit code."""
        name, next_ask = role.child.spec.name, 0.0
        while (code := role.child.exit_code()) is None:
            if time.monotonic() >= next_ask:
                readiness = await self._probe(*role.child.spec.ops_address)
                self._note(role, readiness, started)
                self._end_if_hanging(role, readiness)
                pause = ASK_READY_EVERY_SECONDS if readiness.is_ready else ASK_EVERY_SECONDS
                next_ask = time.monotonic() + pause
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        self._display.update(name, "ended")
        return code

    def _note(self, role: _Role, readiness: Readiness, started: float) -> None:
        name, pid = role.child.spec.name, role.child.pid
        if readiness.is_ready:
            if role.ready_since is None:
                role.ready_since = time.monotonic()
                self._display.say(name, "ready again" if role.was_ready else f"ready after {role.ready_since - started:.1f} s")
                role.was_ready = True
                role.up.set()
                role.back.set()
            self._display.update(name, "ready", f"pid {pid}")
        elif role.ready_since is not None:
            role.ready_since = None
            self._display.say(name, f"not ready: {readiness.missing or 'it does not answer'}")
            self._display.update(name, "unready", readiness.missing)
        else:
            self._say_what_for(role, readiness.missing)
            self._display.update(name, "unready" if role.up.is_set() else "starting", readiness.missing or f"pid {pid}")

    def _say_what_for(self, role: _Role, missing: str) -> None:
        now = time.monotonic()
        if missing and missing != role.waits and now - role.told_at >= PATIENT_SECONDS:
            role.waits, role.told_at = missing, now
            self._display.say(role.child.spec.name, f"waits: {missing}")

    def _end_if_hanging(self, role: _Role, readiness: Readiness) -> None:
        """Questions are counted, not seconds: a machine that slept, or this process, held with its roles, asked nothing."""
        if readiness.answer == "given":
            role.silences = 0
        elif readiness.answer == "none" and role.silences is not None:
            role.silences += 1
            if role.silences == self._most_silences:
                self._display.say(role.child.spec.name, f"hangs: {role.silences} questions without an answer; it is killed")
                role.child.kill()

    async def _do(self, step: Step) -> None:
        await self._wait_for(step.needs)
        back = self._roles[step.again_after].back if step.again_after in self._roles else asyncio.Event()
        while True:
            back.clear()
            await self._attempt(step)
            self._done[step.name].set()
            await back.wait()

    async def _attempt(self, step: Step) -> None:
        delay, told = FIRST_DELAY_SECONDS, ""
        while True:
            try:
                said = await step.run()
            except ConfigError:
                raise
            except HubError as error:
                if str(error) != told:
                    told = str(error)
                    self._display.say(step.name, f"{error}; tried again")
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY_SECONDS)
            else:
                if said:
                    self._display.say(step.name, said)
                return

    def _tell_pids(self) -> None:
        self._on_pids({name: role.child.pid for name, role in self._roles.items() if role.child.pid is not None})

    async def _stop_all(self, hurry: asyncio.Event) -> None:
        roles = list(self._roles.values())[::-1]
        await self._stop([role.child for role in roles if not role.child.spec.stops_last], hurry)
        await self._stop([role.child for role in roles if role.child.spec.stops_last], hurry)
        self._tell_pids()

    async def _stop(self, children: Sequence[ChildProcess], hurry: asyncio.Event) -> None:
        running = [child for child in children if child.is_running]
        for child in running:
            child.terminate()
        start = time.monotonic()
        while running:
            for child in running:
                if not child.is_running:
                    self._display.update(child.spec.name, "stopped")
                elif hurry.is_set() or time.monotonic() - start > child.spec.grace_seconds:
                    child.kill()
                    child.wait()
                    self._display.say(child.spec.name, "did not stop in time and was killed")
            running = [child for child in running if child.is_running]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_SECONDS / 2 if running else 0.001):
                    await hurry.wait()
