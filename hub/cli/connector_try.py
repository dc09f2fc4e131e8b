"""`hub connector try`: one run of a source without Kafka; what came, what canonicalise makes of it, what it rejects.

The same connector code and the same step as in the hub, so what is shown here is what the feed will be made of.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from yarl import URL

from hub.broker.headers import Stamp
from hub.cli.options import now_ms
from hub.domain.keys import source_key
from hub.errors import ConfigError, RecordRejectedError, SourceError
from hub.ingest.sources import create_context
from hub.sdk.connector import Connector
from hub.sdk.http_client import AiohttpClient
from hub.sdk.record import Complete, InboundRecord, Invalid, NotModified, RawRecord, SourceEvent
from hub.sdk.source import Checkpoint, SourceContext
from hub.settings import Settings


@dataclass(frozen=True)
class Row:
    """One item. Either `posting` or `rejected` is set."""

    native_id: str
    url: str | None
    raw: Any
    posting: dict[str, Any] | None = None
    rejected: dict[str, Any] | None = None


@dataclass
class Trial:
    """What one run showed. `end` says whether the partner was read to its end, or why not."""

    rows: list[Row] = field(default_factory=list)
    end: str = ""
    is_complete: bool = False
    requests: int = 0


async def try_source(connector: Connector, settings: Settings, base_url: str | None, limit: int) -> Trial:
    """Read the partner until `limit` items have come. Raises ConfigError for an agreement without its credential."""
    trial = Trial()
    context, http = _context(connector, settings, base_url)
    async with http:
        http.begin()
        try:
            await _read(connector, connector.source_type(context).run(Checkpoint()), trial, limit)
        except SourceError as error:
            trial.end = f"the run failed ({error.cause}): {error}"
        trial.requests = http.stats.requests
    return trial


def try_inbound(connector: Connector, settings: Settings, base_url: str | None, body: bytes) -> Trial:
    """What a pushed payload becomes. Nothing is fetched."""
    context, _ = _context(connector, settings, base_url)
    trial = Trial()
    try:
        events = list(connector.source_type(context).inbound(InboundRecord(body)))
    except RecordRejectedError as error:
        trial.rows.append(Row("–", None, _readable(body), rejected=_why(error)))
        trial.end = "the pushed payload is rejected"
        return trial
    trial.rows += [row for event in events if (row := row_of(connector, event)) is not None]
    trial.end, trial.is_complete = f"{len(events)} events in the pushed payload", True
    return trial


async def _read(connector: Connector, events: AsyncIterator[SourceEvent], trial: Trial, limit: int) -> None:
    ended: list[str] = []
    async for event in events:
        row = row_of(connector, event)
        if row is not None:
            trial.rows.append(row)
            if len(trial.rows) >= limit:
                trial.end = f"stopped after {limit} items (--limit)"
                return
        elif isinstance(event, Complete):
            total = "no stated total" if event.stated_total is None else f"stated total {event.stated_total}"
            ended.append(f"{event.collection}: {total}, {event.requests} requests")
        elif isinstance(event, NotModified):
            ended.append(f"{event.collection}: not modified")
    trial.is_complete = bool(ended)
    trial.end = "complete: " + "; ".join(ended) if ended else "the run ended without saying that it is complete"


def row_of(connector: Connector, event: SourceEvent) -> Row | None:
    """None for what is no item."""
    if isinstance(event, Invalid):
        rejected = {"reason": event.reason, "field": event.field, "detail": event.detail}
        return Row(event.native_id or "–", None, _readable(event.raw), rejected=rejected)
    if not isinstance(event, RawRecord):
        return None
    raw = dict(event.parts)
    if event.op == "delete":
        return Row(event.native_id, event.url, raw, posting={"status": "withdrawn"})
    try:
        return Row(event.native_id, event.url, raw, posting=_canonical(connector, event, raw))
    except RecordRejectedError as error:
        return Row(event.native_id, event.url, raw, rejected=_why(error))
    except Exception as error:  # shown as the hub would park it
        return Row(
            event.native_id,
            event.url,
            raw,
            rejected={"reason": "bug", "field": None, "detail": f"{type(error).__name__}: {error}"},
        )


def _canonical(connector: Connector, record: RawRecord, raw: dict[str, Any]) -> dict[str, Any]:
    from hub.streams.canonicalise import map_payload

    now = now_ms()
    stamp = Stamp("upsert", seq=now, first_seen=now, collection=record.collection, url=record.url, fetched_at=now)
    posting = map_payload(connector, source_key(connector.name, record.native_id), stamp, orjson.dumps(raw))
    return posting.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def _context(connector: Connector, settings: Settings, base_url: str | None) -> tuple[SourceContext, AiohttpClient]:
    context, http = create_context(connector, settings, base_url=base_url)
    robots = settings.connector(connector.name).robots or connector.manifest.robots
    if robots == "agreement" and context.credential is None and context.base_url == URL(connector.manifest.base_url):
        raise ConfigError(
            f"{connector.name} is read under an agreement only: set connectors.{connector.name}.credential_file, "
            "or name another address with --base-url"
        )
    return context, http


def _why(error: RecordRejectedError) -> dict[str, Any]:
    return {"reason": error.reason, "field": error.field, "detail": str(error)}


def _readable(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw.decode("utf-8", "backslashreplace")
