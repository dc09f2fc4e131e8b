"""The sandbox as a role and as a test double: one world, four platforms, a control edge, and life in its rhythm.

`Sandbox.start` serves on free ports when `settings.port` is 0, so that any number stand side by side in tests; the role
adds the ops port, the truth file and the clock that takes steps.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from hub.errors import ConfigError
from hub.sandbox import control, world
from hub.sandbox.faults import FaultDesk
from hub.sandbox.journal import Journal
from hub.sandbox.platforms import Miitn, Noorderlink, Platform, Traineelink, Vonk
from hub.sandbox.truth import truth_of, write_truth
from hub.sandbox.webhooks import Pusher
from hub.sandbox.world import Change, Listing, World
from hub.settings import SandboxSettings, authority
from hub.telemetry.role import RoleContext

PLATFORMS: tuple[type[Platform], ...] = (Noorderlink, Miitn, Traineelink, Vonk)
"""In the order of their ports after the control port."""
PUSHED = {"created": "offer.created", "updated": "offer.updated", "deleted": "offer.deleted"}
LIFE_SECONDS = 10.0


class Sandbox:
    """Use `await Sandbox.start(settings)`, then `urls`, `step`, `fault`, `truth`, and `await stop()`."""

    def __init__(self, settings: SandboxSettings, base: date | None = None, journal: Journal | None = None) -> None:
        self.settings = settings
        self._has_fixed_base = base is not None
        base = base or datetime.now(UTC).date()
        self.world = World.build(settings.seed, base, settings.records) if journal is None else journal.open(settings, base)
        self._journal = journal
        self.urls: dict[str, str] = {}
        self.control_url = ""
        self.desk = FaultDesk()
        self.pusher = Pusher()
        self.speed = settings.speed
        self.truth_file: Path | None = None
        self.platforms = {kind.source: kind(self.world, self.urls, self.desk) for kind in PLATFORMS}
        self._runners: list[web.AppRunner] = []

    @classmethod
    async def start(cls, settings: SandboxSettings, *, base: date | None = None, journal: Journal | None = None) -> Sandbox:
        """Serve everything; with `journal` go on where it ended. Raises ConfigError when a port is taken."""
        sandbox = cls(settings, base, journal)
        try:
            await sandbox._serve()
        except BaseException:
            await sandbox.stop()
            raise
        sandbox.pusher.start()
        return sandbox

    async def stop(self) -> None:
        self.desk.stopping.set()
        await self.pusher.stop()
        for runner in self._runners:
            await runner.cleanup()

    def step(self, n: int = 1) -> list[Change]:
        """Take `n` steps of life; every change of an offer is pushed when a webhook is set."""
        changes = [change for _ in range(n) for change in world.advance(self.world)]
        self._changed(changes, {"steps": n})
        return changes

    def edit(self, source: str, native_id: str, title: str | None = None) -> Listing:
        listing = self._find(source, native_id)
        change = world.edit(self.world, listing, title)
        self._changed([change], {"op": "edit", "source": source, "native_id": native_id, "title": title})
        return listing

    def withdraw(self, source: str, native_id: str) -> Listing:
        listing = self._find(source, native_id)
        change = world.withdraw(self.world, listing)
        self._changed([change], {"op": "withdraw", "source": source, "native_id": native_id})
        return listing

    def fault(self, source: str, kind: str, count: int | None = None, path: str | None = None) -> None:
        """Ask for a fault; `count` requests see it, or all until it is cleared."""
        if source not in self.platforms:
            raise ValueError(f"unknown source {source}; known: {', '.join(self.platforms)}")
        self.desk.add(source, kind, count, path)

    def clear_faults(self) -> None:
        self.desk.clear()

    @property
    def today(self) -> date | None:
        """None for a world of a fixed base date, where time stands still."""
        return None if self._has_fixed_base else datetime.now(UTC).date()

    def truth(self) -> dict[str, Any]:
        return truth_of(self.world, self.today)

    def status(self) -> dict[str, Any]:
        return {
            "step": self.world.step,
            "base": self.world.base.isoformat(),
            "seed": self.world.seed,
            "speed": self.speed,
            "urls": self.urls,
            "records": self.world.count(),
            "live": {
                source: sum(item.lives_on(self.today) for item in platform.shown()) for source, platform in self.platforms.items()
            },
            "requests": {
                source: [
                    {"route": route, "status": status, "count": count}
                    for (route, status), count in sorted(platform.requests.items())
                ]
                for source, platform in self.platforms.items()
            },
            "faults": [
                {"source": source, "fault": kind, "served": count} for (source, kind), count in sorted(self.desk.served.items())
            ],
            "standing": self.desk.standing,
            "webhook": {"url": self.pusher.target.url if self.pusher.target else None, "sent": dict(self.pusher.sent)},
        }

    async def live(self, stop: asyncio.Event) -> None:
        """Take steps at `speed` until `stop` or the step at which the world freezes."""
        freeze = self.settings.freeze_at
        due = 0.0
        while not stop.is_set():
            wait = min(LIFE_SECONDS / self.speed, 1.0) if self.speed > 0 else 1.0
            try:
                async with asyncio.timeout(wait):
                    await stop.wait()
            except TimeoutError:
                due += wait * self.speed / LIFE_SECONDS
            count = int(due + 1e-9)
            due -= count
            if freeze is not None:
                count = min(count, max(0, freeze - self.world.step))
            if count and not stop.is_set():
                self.step(count)

    def _find(self, source: str, native_id: str) -> Listing:
        listing = self.world.find(source, native_id)
        if listing is None:
            raise KeyError(f"{source} has no {native_id}")
        return listing

    def _changed(self, changes: list[Change], line: dict[str, Any]) -> None:
        if self._journal is not None:
            self._journal.add(line)
        vonk = self.platforms["vonk"]
        for number, change in enumerate(changes):
            if change.listing.source != "vonk" or not isinstance(vonk, Vonk):
                continue
            gone = change.op == "deleted"
            offer = {"id": change.listing.number} if gone else vonk.offer(change.listing, self.urls.get("vonk", ""))
            message_id = f"msg_{self.world.seed}_{self.world.ticks}_{number}_{change.listing.number}"
            self.pusher.push(message_id, {"type": PUSHED[change.op], "data": {"offer": offer}})
        if self.truth_file is not None:
            write_truth(self.world, self.truth_file, self.today)

    async def _serve(self) -> None:
        own = web.Application()
        own.add_routes(control.routes(self))
        self.control_url = await self._listen(own, 0)
        for offset, kind in enumerate(PLATFORMS, 1):
            app = self.platforms[kind.source].app(control.routes(self))
            self.urls[kind.source] = await self._listen(app, offset)

    async def _listen(self, app: web.Application, offset: int) -> str:
        host, port = self.settings.host, self.settings.port + offset if self.settings.port else 0
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        self._runners.append(runner)
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise ConfigError(
                f"the sandbox cannot listen on {host}:{port} ({error.strerror}); end the process that has the port, or set "
                "HUB_SANDBOX__PORT or HUB_SANDBOX__HOST"
            ) from error
        return f"http://{authority(host, runner.addresses[0][1])}"


async def run_sandbox(context: RoleContext, truth_file: str | None) -> None:
    """The role: serve until told to stop, and keep the truth file current."""
    journal = Journal(context.settings.state_dir / "sandbox.ndjson")
    sandbox = await Sandbox.start(context.settings.sandbox, journal=journal)
    try:
        if truth_file is not None:
            sandbox.truth_file = Path(truth_file)
            write_truth(sandbox.world, sandbox.truth_file, sandbox.today)
        context.ready()
        structlog.get_logger().info(
            "sandbox is up", port=context.settings.sandbox.port, records=sum(sandbox.world.count().values())
        )
        await sandbox.live(context.stop)
    finally:
        await sandbox.stop()
