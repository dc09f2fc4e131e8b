"""A subscriber with a token for webhooks and two subscriptions, at a served hub."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fakes.served_hub import ServedHub
from requests import post

from hub.settings import Settings
from hub.store.hub_db import open_hub_db
from hub.store.tokens import add_subscriber


@dataclass(frozen=True)
class Subscriber:
    """`kept`, `lost`: ids of subscriptions; the second one is there to be deleted."""

    token: str
    kept: str
    lost: str


def subscribe(hub: ServedHub) -> Subscriber:
    token = asyncio.run(_give_token(hub.settings))
    kept, lost = (_make(hub.url, token) for _ in range(2))
    return Subscriber(token, kept, lost)


def _make(url: str, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    answer = post(f"{url}/v1/subscriptions", headers=headers, json={"url": "https://portal.example.org/"}, timeout=30)
    assert answer.status_code == 201, answer.text
    id_: str = answer.json()["id"]
    post(f"{url}/v1/subscriptions/{id_}/test", headers=headers, timeout=30)
    return id_


async def _give_token(settings: Settings) -> str:
    engine = await open_hub_db(settings)
    try:
        return await add_subscriber(engine, "portal", "", ["push"], now_ms=1)
    finally:
        await engine.dispose()
