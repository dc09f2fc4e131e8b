"""From settings and manifests to runners: which sources run here, where, with what credential and brake."""

from __future__ import annotations

import time
from collections.abc import Mapping

from yarl import URL

from hub import topics
from hub.errors import ConfigError
from hub.ingest.brake import Brake
from hub.ingest.log import Log
from hub.ingest.runner import SourceRunner
from hub.ingest.state import SourceState, load_state
from hub.sdk.connector import Connector
from hub.sdk.http_client import AiohttpClient
from hub.sdk.source import SourceContext
from hub.settings import ConnectorSettings, Settings


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def is_enabled(connector: Connector, settings: Settings) -> bool:
    """The setting decides, else the manifest; a source that needs an agreement runs once an address or credential is set."""
    own = settings.connector(connector.name)
    if own.enabled is not None:
        return own.enabled
    elsewhere = own.base_url is not None and own.base_url.rstrip("/") != connector.manifest.base_url.rstrip("/")
    return connector.manifest.enabled or elsewhere or own.credential_file is not None


def every_seconds(connector: Connector, settings: Settings) -> float:
    return settings.connector(connector.name).every_seconds or connector.manifest.every_seconds


def create_context(
    connector: Connector, settings: Settings, *, base_url: str | None = None
) -> tuple[SourceContext, AiohttpClient]:
    """What a source is given, and the HTTP client in it, which the caller closes. Raises ConfigError.

    `base_url` stands in for the configured address.
    """
    own = settings.connector(connector.name)
    http = AiohttpClient(
        connector.manifest,
        contact=own.contact,
        rate=own.rate,
        robots=own.robots,
        timeout_seconds=settings.ingest.request_timeout_seconds,
        max_response_bytes=settings.ingest.max_response_bytes,
    )
    context = SourceContext(
        manifest=connector.manifest,
        base_url=URL(base_url or own.base_url or connector.manifest.base_url),
        http=http,
        credential=_credential(connector.name, own),
    )
    return context, http


def create_runner(connector: Connector, settings: Settings, log: Log, state: SourceState) -> tuple[SourceRunner, AiohttpClient]:
    """The runner of one source and the HTTP client that the caller closes. Raises ConfigError."""
    own = settings.connector(connector.name)
    context, http = create_context(connector, settings)
    runner = SourceRunner(
        connector=connector,
        context=context,
        http=http,
        log=log,
        brake=Brake(own.brake_percent, own.brake_min_items),
        now=now_ms,
        state=state.model_copy(update={"disabled": False}),
    )
    return runner, http


async def load_states(log: Log) -> dict[str, SourceState]:
    """The last checkpoint of each source."""
    values: dict[str, bytes | None] = {}
    async for record in log.read(topics.CHECKPOINT):
        values[record.key_text] = record.value
    return {source: load_state(source, value) for source, value in values.items()}


def require_known(settings: Settings, connectors: Mapping[str, Connector]) -> None:
    """Raises ConfigError for settings of a connector that does not exist: a typing error must not pass for a default."""
    unknown = sorted(set(settings.connectors) - set(connectors))
    if unknown:
        raise ConfigError(f"settings: connectors.{unknown[0]} is no connector; there are {', '.join(sorted(connectors))}")


def _credential(name: str, own: ConnectorSettings) -> str | None:
    if own.credential_file is None:
        return None
    try:
        return own.credential_file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"connectors.{name}.credential_file: {own.credential_file} cannot be read: {error}") from error
