"""Structured logs: one JSON object a line, keys from an allow-list, no bodies and no personal data.

A message that a library made may quote the record it failed on, so of an unexpected exception its type and its place
are written, and its message only where the hub or the system wrote it (`describe`).
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

from hub.errors import HubError

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "role",
        "source",
        "stage",
        "topic",
        "partition",
        "offset",
        "seq",
        "reason",
        "field",
        "cause",
        "count",
        "records",
        "seconds",
        "status",
        "host",
        "port",
        "path",
        "method",
        "attempt",
        "retry_after_seconds",
        "cursor",
        "feed_id",
        "why",
        "error",
        "exception",
        "command",
        "who",
        "model",
        "kind",
        "state",
        "collection",
        "bytes",
        "version",
        "missing",
        "group",
        "generation",
        "pid",
        "code",
        "term",
        "key_hash",
        "removed",
        "added",
        "held",
        "file",
        "subscriber",
        "subscription",
    ]
)


def keep_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list."""
    for key in [key for key in event if key not in ALLOWED]:
        del event[key]
    return event


def describe(error: BaseException) -> str:
    """What may be logged of an exception: its type, and its message when the hub or the system wrote that."""
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, HubError | OSError) else name


def trace(error: BaseException) -> str:
    """`describe` below the places that the exception came through; no values."""
    return "".join(traceback.format_tb(error.__traceback__)) + describe(error)


def format_exception(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """`exc_info` as `trace`, in the place of structlog's formatter, which writes every message."""
    if event.pop("exc_info", None) and (error := sys.exc_info()[1]) is not None:
        event["exception"] = trace(error)
    return event


class RateLimit(logging.Filter):
    """Let at most `burst` lines a logger and ten seconds pass; aiokafka writes 1,200 a second in an outage."""

    def __init__(self, burst: int = 5) -> None:
        super().__init__()
        self._burst = burst
        self._window = 0.0
        self._count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now - self._window > 10:
            self._window, self._count = now, 0
        self._count += 1
        return self._count <= self._burst


def configure(role: str, level: str) -> None:
    """Route structlog and the standard library to stderr as JSON lines."""
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *shared,
            format_exception,
            keep_allowed,
            structlog.processors.JSONRenderer(serializer=lambda value, **_: orjson.dumps(value, default=str).decode()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter(role))
    handler.addFilter(RateLimit(burst=20))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


class _JsonFormatter(logging.Formatter):
    """Lines of libraries in the same shape; their messages name topics and hosts, not content."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": record.getMessage()[:500],
            "level": record.levelname.lower(),
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "role": self._role,
            "why": record.name,
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = trace(record.exc_info[1])[-2_000:]
        return orjson.dumps(line).decode()
