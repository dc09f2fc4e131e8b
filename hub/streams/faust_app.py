"""The Faust shell: an app whose Kafka consumer and producer are switched off, by documented means only.

Agents, channels and services are Faust's; reading is `reader.BatchReader`, writing `broker.outbox.Outbox`. No tables,
no web server, no topics declared, nothing auto-created (faust.md §2–3).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faust
from faust.app.base import BootStrategy


class _Boot(BootStrategy):
    enable_kafka = False
    enable_kafka_consumer = False
    enable_kafka_producer = False
    enable_web = False


class StreamApp(faust.App):
    BootStrategy = _Boot


def create_app(name: str, *, servers: str, data_dir: Path) -> StreamApp:
    """An app to attach stages to. It opens no connection of its own."""
    return StreamApp(
        name,
        broker=f"kafka://{servers}",
        datadir=str(data_dir),
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        worker_redirect_stdouts=False,
        autodiscover=False,
    )


async def start_app(app: StreamApp) -> None:
    """Start the app and open its streams: without Faust's consumer nobody else resumes flow control."""
    await app.start()
    app.flow_control.resume()


def channel_of(app: StreamApp, inflight: int) -> Any:
    """An in-memory channel that holds back the reader when the agent is slow."""
    return app.channel(maxsize=inflight)
