"""The certificate that is shown at a listener, looked at as a partner's client would."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fakes.partner_door import Certificate

from hub.broker.door import door_of, fetch_end
from hub.settings import KafkaSettings


async def test_the_end_of_what_is_shown_is_found_also_when_it_is_past(tmp_path: Path) -> None:
    ended = (datetime.now(UTC) - timedelta(days=3)).replace(microsecond=0)
    own = Certificate(tmp_path, not_before=ended - timedelta(days=90), not_after=ended)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own.certificate, own.key)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        assert await fetch_end("127.0.0.1", server.sockets[0].getsockname()[1], "localhost") == ended


async def test_nobody_there_is_not_known() -> None:
    assert await fetch_end("127.0.0.1", 1, "localhost") is None


def test_the_door_is_asked_for_where_this_machine_reaches_it() -> None:
    assert door_of(KafkaSettings()) is None
    assert door_of(KafkaSettings(public_host="k.example.org")) == ("127.0.0.1", 19094)
    assert door_of(KafkaSettings(public_host="k.example.org", listen_host="10.0.0.5")) == ("10.0.0.5", 19094)
    assert door_of(KafkaSettings(public_host="k.example.org", bootstrap_servers="kafka:9092")) == ("k.example.org", 19094)
