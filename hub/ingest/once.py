"""One run of one source, from the command line: by the running ingest where there is one, else here and now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from hub import topics
from hub.broker.outbox import Outbox
from hub.broker.ownership import Ownership
from hub.broker.requirement import require_topics
from hub.errors import ConfigError, HubError
from hub.ingest.log import KafkaLog
from hub.ingest.run import lock_of, ownership_of
from hub.ingest.sources import create_runner, is_enabled, load_states
from hub.ingest.state import SourceState
from hub.sdk.connector import Connector
from hub.settings import Settings
from hub.telemetry.ops_client import RoleAwayError, call_role

LONGEST_SECONDS = 3600.0


async def run_once(settings: Settings, source: str, connectors: Mapping[str, Connector]) -> dict[str, Any]:
    """The report of the run. Raises ConfigError for an unknown or disabled source, HubError when the role refuses."""
    connector = connectors.get(source)
    if connector is None:
        names = ", ".join(sorted(connectors))
        raise ConfigError(
            f"there is no connector {source}; there are {names}. One outside this tree is found once it is installed"
        )
    lock = lock_of(settings.state_dir)
    if not lock.try_acquire():
        # It knows which sources run: `hub up` sets addresses of the sandbox that stand in no settings of ours.
        return await asyncio.to_thread(_ask_running_role, settings, source)
    try:
        if not is_enabled(connector, settings):
            variable = f"HUB_CONNECTORS__{source.upper()}"
            raise ConfigError(f"{source} is disabled: set {variable}__ENABLED=true, or {variable}__BASE_URL or a credential")
        return await _run_here(settings, connector, connectors)
    finally:
        lock.release()


async def _run_here(settings: Settings, connector: Connector, connectors: Mapping[str, Connector]) -> dict[str, Any]:
    servers = settings.kafka.servers
    await require_topics(servers, topics.catalogue(connectors))
    ownership = ownership_of(settings)
    async with ownership.joined():
        try:
            # Twice a session: who was killed just now is known to be gone by then.
            async with asyncio.timeout(2 * settings.streams.session_seconds):
                await ownership.acquire(asyncio.Event())
        except TimeoutError:
            raise HubError(f"another ingest owns the topics on {servers}: give the command where its hub runs") from None
        keeping = asyncio.create_task(ownership.keep())  # what ends it is also said to the next write
        try:
            return await _run_as_owner(settings, connector, ownership)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


async def _run_as_owner(settings: Settings, connector: Connector, ownership: Ownership) -> dict[str, Any]:
    servers = settings.kafka.servers
    outbox = Outbox(servers, "hub-ingest", patience_seconds=settings.kafka.patience_seconds)
    await outbox.start()
    try:
        log = KafkaLog(servers, outbox, patience_seconds=settings.kafka.patience_seconds, require=ownership.require)
        state = (await load_states(log)).get(connector.name) or SourceState(source=connector.name)
        runner, http = create_runner(connector, settings, log, state)
        try:
            await runner.load()
            return (await runner.run()).model_dump(mode="json", exclude_none=True)
        finally:
            await http.close()
    finally:
        await outbox.stop()


def _ask_running_role(settings: Settings, source: str) -> dict[str, Any]:
    try:
        result: dict[str, Any] = call_role(
            settings,
            "ingest",
            "source.run",
            {"source": source},
            who="hub connector run",
            why="--once",
            timeout_seconds=LONGEST_SECONDS,
        )
        return result
    except RoleAwayError as error:
        raise HubError(f"another ingest holds {settings.state_dir}, yet {error}") from error
