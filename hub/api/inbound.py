"""Inbound webhooks: `POST /v1/inbound/{source}`, signed after Standard Webhooks, onto the source's inbound topic.

Size is judged before anything is read, the signature over the raw body before anything is parsed, and 2xx is said only
after the broker's acknowledgement. The webhook id is remembered after that: a crash in between lets a repeat through,
which ingest's diff makes a no-op, and never swallows a record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import orjson
import structlog
from aiohttp import web
from sqlalchemy.exc import DBAPIError

from hub import topics
from hub.api.bounded_body import read_bounded, too_large
from hub.api.problems import ProblemError, unavailable
from hub.broker import headers as names
from hub.broker.outbox import OutRecord
from hub.errors import ConfigError, FatalError, HubError
from hub.sdk.webhook import SignatureError, verify
from hub.store.inbound_ids import InboundIds
from hub.telemetry import metrics

ID_LENGTH = 256
CONTENT_TYPE_LENGTH = 128
SECRETS = 2
ACKNOWLEDGE_SECONDS = 10.0

log = structlog.get_logger()


class Log(Protocol):
    """The outbox, as far as it is needed here."""

    async def send(self, records: list[OutRecord]) -> object: ...


@dataclass(frozen=True)
class InboundSource:
    """A source that may push. `secret_file`: one secret a line, the second one while they are changed over."""

    name: str
    secret_file: Path | None


class Inbound:
    def __init__(
        self,
        *,
        sources: Mapping[str, InboundSource],
        ids: InboundIds,
        tolerance_seconds: float,
        body_limit: int,
        now_ms: Callable[[], int],
        body_seconds: float = 30.0,
    ) -> None:
        self._sources = sources
        self._ids = ids
        self._tolerance = tolerance_seconds
        self._body_limit = body_limit
        self._body_seconds = body_seconds
        self._now_ms = now_ms
        self._outbox: Log | None = None
        self.failed = asyncio.Event()
        """Set when the log has failed for good and must be opened anew."""

    def open(self, outbox: Log) -> None:
        """The broker has answered. Before that, and while it is away, the partner is asked to come again."""
        self._outbox = outbox
        self.failed.clear()

    def close(self) -> None:
        self._outbox = None

    async def post(self, request: web.Request) -> web.Response:
        source = self._sources.get(request.match_info["source"])
        if source is None:
            metrics.INBOUND.labels("unknown", "unknown_source").inc()
            raise ProblemError(404, "no source of this name takes webhooks", code="unknown-source")
        try:
            self._judge_size(request)
            self._judge_encoding(request)
            response = await self._take(source, request)
        except ProblemError as problem:
            metrics.INBOUND.labels(source.name, problem.code or "refused").inc()
            raise
        metrics.INBOUND.labels(source.name, "repeated" if response.status == 200 else "accepted").inc()
        return response

    async def _take(self, source: InboundSource, request: web.Request) -> web.Response:
        secrets = await asyncio.to_thread(load_secrets, source)
        body = await read_bounded(request, most_bytes=self._body_limit, seconds=self._body_seconds)
        now = self._now_ms()
        try:
            webhook_id = verify(secrets, request.headers, body, now_ms=now, tolerance_seconds=self._tolerance)
        except SignatureError as error:
            raise ProblemError(401, str(error), code="signature", headers={"WWW-Authenticate": "Signature"}) from error
        except ConfigError as error:
            log.error("webhook refused", source=source.name, error=str(error))
            raise unavailable("no usable secret is configured for this source yet") from error
        if len(webhook_id) > ID_LENGTH:
            raise ProblemError(400, f"webhook-id is longer than {ID_LENGTH} characters", code="webhook-id")
        if await self._ids.is_known(source.name, webhook_id):
            return _taken(200, "repeated")
        await self._send(source, webhook_id, body, request.headers.get("Content-Type", "application/json"))
        try:
            await self._ids.remember(source.name, webhook_id, now)
        except DBAPIError as error:
            # The record is safe; a repeat of it will be let through, and ingest's diff makes that a no-op.
            log.error("webhook id was not remembered", source=source.name, error=str(error.orig))
        return _taken(202, "accepted")

    async def expect(self, request: web.Request) -> web.StreamResponse | None:
        """A sender that asks before it sends (`Expect: 100-continue`) hears of a body that is too large at once."""
        try:
            self._judge_size(request)
        except ProblemError as problem:
            return problem.to_response()
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None

    def _judge_size(self, request: web.Request) -> None:
        if request.content_length is not None and request.content_length > self._body_limit:
            raise too_large(self._body_limit)

    @staticmethod
    def _judge_encoding(request: web.Request) -> None:
        """A signature covers the bytes as they were sent, and a packed body may open to any size."""
        if request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
            raise ProblemError(415, "send the body without Content-Encoding, as it was signed", code="encoding")

    async def _send(self, source: InboundSource, webhook_id: str, body: bytes, content_type: str) -> None:
        if self._outbox is None:
            raise unavailable("the message log is away; send this webhook again")
        # The signature covers id, time and body, not other headers: `hub-op` is ours, whatever the request says.
        record = OutRecord(
            topics.inbound(source.name),
            webhook_id.encode(),
            body,
            [
                (names.CONTENT_TYPE, content_type[:CONTENT_TYPE_LENGTH].encode("utf-8", "replace")),
                (names.OP, b"upsert"),
                (names.WEBHOOK_ID, webhook_id.encode()),
            ],
        )
        if record.is_too_large:
            raise ProblemError(413, "the body is larger than one record may be", code="too-large")
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await self._outbox.send([record])
        except (HubError, TimeoutError) as error:
            if isinstance(error, FatalError):
                self.failed.set()
            log.warning("inbound record was not acknowledged", source=source.name, error=str(error) or type(error).__name__)
            raise unavailable("the message log did not acknowledge in time; send this webhook again") from error


def load_secrets(source: InboundSource) -> list[str]:
    """Read at each use, so that a change of secrets needs no restart. Raises ProblemError when there is none."""
    missing = unavailable("no secret is configured for this source yet")
    if source.secret_file is None:
        log.error("webhook refused: set HUB_CONNECTORS__…__WEBHOOK_SECRET_FILE", source=source.name)
        raise missing
    try:
        lines = source.secret_file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        log.error("the file with the webhook secrets cannot be read", source=source.name, error=str(error))
        raise missing from error
    if not 1 <= len(lines) <= SECRETS:
        log.error("the file with the webhook secrets must hold one or two lines", source=source.name, count=len(lines))
        raise missing
    return lines


def _taken(status: int, word: str) -> web.Response:
    return web.Response(body=orjson.dumps({"result": word}) + b"\n", status=status, content_type="application/json")
