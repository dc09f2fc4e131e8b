"""c: from the 2xx to an inbound webhook to the record readable in the feed over HTTP, in an idle hub.

Each push is a new posting, signed as a partner signs it. The clock starts when the answer to the push is read and stops
when a page of the feed behind the former cursor holds the posting's title.
"""

from __future__ import annotations

import asyncio
import base64
import random
import time

import aiohttp
import orjson

from hub.sandbox.platforms import Vonk
from hub.sandbox.run import Sandbox
from hub.sdk.webhook import sign
from hub.settings import SandboxSettings
from ops.bench.figures import Figure, at_most, figure, quantile
from ops.bench.ground import Ground

SECRET = "whsec_" + base64.b64encode(b"a secret of the bench, known to it").decode()
POLL_SECONDS = 0.002
LONGEST_SECONDS = 30
NOWHERE = "http://127.0.0.1:9"
"""The partner does not answer its polls: only pushes bring anything."""


async def measure_latency(pushes: int, *, runs: int) -> list[Figure]:
    off = {f"HUB_CONNECTORS__{name}__ENABLED": "false" for name in ("MIITN", "NOORDERLINK", "TRAINEELINK")}
    with Ground(**off, HUB_CONNECTORS__VONK__BASE_URL=NOWHERE, HUB_CONNECTORS__VONK__EVERY_SECONDS="3600") as ground:
        secret = ground.state / "vonk.secret"
        secret.write_text(SECRET)
        ground.environment["HUB_CONNECTORS__VONK__WEBHOOK_SECRET_FILE"] = str(secret)
        ground.start_broker()
        ground.start("serve", "unify", "worker", "ingest")
        async with aiohttp.ClientSession(base_url=ground.http) as session:
            reader = _Reader(session)
            await reader.measure(10)  # what runs for the first time is slow
            rounds = [await reader.measure(pushes) for _ in range(runs)]
    everything = [value for one in rounds for value in one]
    note = f"{len(everything)} pushes, longest {max(everything):.0f} ms"
    return [
        figure("c", "webhook's 2xx → readable, p50", "ms", [quantile(one, 0.5) for one in rounds]),
        figure("c", "webhook's 2xx → readable, p99", "ms", [quantile(one, 0.99) for one in rounds], at_most(250), note),
    ]


class _Reader:
    """Pushes a posting and reads the feed until it stands there."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._cursor = 0
        self._number = 900_000
        self._offer = _offer()
        # The same moments in every run of the bench, at no fixed phase to any rhythm of the hub.
        self._chance = random.Random(1)

    async def measure(self, pushes: int) -> list[float]:
        """Milliseconds of each push."""
        taken = []
        for _ in range(pushes):
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            taken.append(await self._push())
        return taken

    async def _push(self) -> float:
        self._number += 1
        title = f"Data-analist {self._number}"
        slug = f"data-analist-{self._number}"
        offer = {
            **self._offer,
            "id": self._number,
            "slug": slug,
            "title": title,
            "reference": None,
            "careers_url": f"https://vonk.example/o/{slug}",
            "careers_apply_url": f"https://vonk.example/o/{slug}/c/new",
            "translations": {"nl": {"title": title, "description": self._offer["description"], "requirements": ""}},
        }
        body = orjson.dumps({"type": "offer.created", "data": {"offer": offer}})
        id_, stamp = f"msg_{self._number}", int(time.time())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(SECRET, id_, stamp, body),
        }
        async with self._session.post("/v1/inbound/vonk", data=body, headers=headers) as answer:
            if answer.status >= 300:
                raise RuntimeError(f"the push was answered {answer.status}: {await answer.text()}")
        start = time.perf_counter()
        while title.encode() not in await self._page():
            if time.perf_counter() - start > LONGEST_SECONDS:
                raise TimeoutError(f"{title} was not readable within {LONGEST_SECONDS} s")
            await asyncio.sleep(POLL_SECONDS)
        return (time.perf_counter() - start) * 1000

    async def _page(self) -> bytes:
        async with self._session.get("/v1/feed/pages", params={"after": self._cursor}) as answer:
            body = await answer.read()
        if answer.status == 200:
            self._cursor = orjson.loads(body)["cursor"]
        return body


def _offer() -> dict[str, object]:
    """A live offer as Vonk shows it."""
    sandbox = Sandbox(SandboxSettings(records=200))
    vonk = sandbox.platforms["vonk"]
    assert isinstance(vonk, Vonk)
    listing = next(item for item in vonk.shown() if item.state == "live" and item.kind == "vacancy" and not item.patch)
    return vonk.offer(listing, NOWHERE)
