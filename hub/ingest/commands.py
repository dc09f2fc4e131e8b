"""What an operator may ask of the running ingest: what is held, the states of the sources, a run now, the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.domain.opportunity import rfc3339
from hub.errors import HubError
from hub.ingest.audit import Audit
from hub.ingest.clock import Clock
from hub.ingest.runner import SourceRunner
from hub.ingest.schedule import Schedule
from hub.ingest.state import SourceState
from hub.ingest.writer import Now
from hub.telemetry.ops_server import Command

CLOCK = "clock"
Arguments = Mapping[str, Any]


class Commands:
    def __init__(
        self,
        runners: Mapping[str, SourceRunner],
        schedules: Mapping[str, Schedule],
        disabled: Mapping[str, SourceState],
        clock: Clock,
        audit: Audit,
        now: Now,
    ) -> None:
        self._runners = runners
        self._schedules = schedules
        self._disabled = disabled
        self._clock = clock
        self._audit = audit
        self._now = now

    def table(self) -> dict[str, Command]:
        return {
            "held.list": self.held_list,
            "held.show": self.held_show,
            "held.release": self.held_release,
            "held.discard": self.held_discard,
            "source.run": self.source_run,
            "source.states": self.source_states,
            "audit.run": self.audit_run,
        }

    async def held_list(self, _: Arguments) -> list[dict[str, Any]]:
        found = [self._held_of(runner) for runner in self._runners.values() if runner.state.held is not None]
        if self._clock.waits is not None:
            found.append({"source": CLOCK, "count": 0, "of": 0, "reason": self._clock.waits})
        return found

    async def held_show(self, arguments: Arguments) -> dict[str, Any]:
        if arguments.get("source") == CLOCK:
            if self._clock.waits is None:
                raise HubError("the clock does not wait")
            last = rfc3339(self._clock.last) if self._clock.last is not None else None
            return {"source": CLOCK, "reason": self._clock.waits, "last": last, "now": rfc3339(self._now()), "items": []}
        runner = self._runner(arguments)
        items = []
        for native_id, cause in sorted(runner.require_held().items.items()):
            item = runner.known.get(native_id)
            items.append(
                {
                    "source_key": runner.known.key(native_id),
                    "cause": cause,
                    "url": item.url if item is not None else None,
                    "first_seen": rfc3339(item.first_seen) if item is not None else None,
                }
            )
        return {**self._held_of(runner), "items": items}

    async def held_release(self, arguments: Arguments) -> dict[str, Any]:
        if arguments.get("source") == CLOCK:
            return {"source": CLOCK, "minute": rfc3339(await self._clock.release(self._now()))}
        runner = self._runner(arguments)
        return {"source": runner.name, "released": await runner.release()}

    async def held_discard(self, arguments: Arguments) -> dict[str, Any]:
        if arguments.get("source") == CLOCK:
            raise HubError("the clock cannot be discarded: it goes on by itself when a partner's Date agrees")
        runner = self._runner(arguments)
        return {"source": runner.name, "discarded": await runner.discard()}

    async def source_run(self, arguments: Arguments) -> dict[str, Any]:
        runner = self._runner(arguments)
        report = await self._schedules[runner.name].request()
        return report.model_dump(mode="json", exclude_none=True)

    async def source_states(self, _: Arguments) -> list[dict[str, Any]]:
        now = self._now()
        found = []
        for runner in self._runners.values():
            counts = runner.known.count_by_op()
            entry = describe_state(runner.state, now)
            found.append(entry | {"live": counts["upsert"], "ghosts": counts["withdrawn"], "running": runner.is_running})
        found += [describe_state(state, now) for state in self._disabled.values()]
        return sorted(found, key=lambda entry: str(entry["source"]))

    async def audit_run(self, _: Arguments) -> dict[str, int]:
        return await self._audit.run()

    def _held_of(self, runner: SourceRunner) -> dict[str, Any]:
        held = runner.require_held()
        return {
            "source": runner.name,
            "count": len(held.items),
            "of": runner.known.live_count,
            "reason": held.reason,
            "since": rfc3339(held.since),
            "run": held.run,
        }

    def _runner(self, arguments: Arguments) -> SourceRunner:
        name = str(arguments.get("source", ""))
        runner = self._runners.get(name)
        if runner is None:
            known = ", ".join(sorted(self._runners)) or "none"
            said = f"no source {name!r} runs here; running: {known}."
            raise HubError(f"{said} What was added or enabled since runs once the hub is started again")
        return runner


def describe_state(state: SourceState, now_ms: int) -> dict[str, Any]:
    """One source for the pages and the command line."""
    return {
        "source": state.source,
        "state": state.kind(now_ms),
        "sentence": state.sentence(now_ms),
        "cause": state.cause,
        "detail": state.detail,
        "last_success": rfc3339(state.last_success_at) if state.last_success_at is not None else None,
        "held": len(state.held.items) if state.held is not None else 0,
        "last_run": state.last_run.model_dump(mode="json", exclude_none=True) if state.last_run is not None else None,
    }
