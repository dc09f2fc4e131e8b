"""A reader's webhook subscription, as a stranger's program has it: made and asked over HTTP, delivered to at a receiver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from fakes.receivers import Receivers

PATH = "/v1/subscriptions"
Told = dict[str, Any]


class Speaking(Protocol):
    async def tell(self, method: str, path: str, body: Any = None) -> tuple[int, Any]: ...


class Hooked:
    """`begin` first. `take`: given feed id and item of each delivery that is taken."""

    def __init__(self, client: Speaking, receivers: Receivers, take: Callable[[str, Told], None]) -> None:
        self._client = client
        self._receivers = receivers
        self._take = take

    async def begin(self, query: Mapping[str, str], cursor: int, feed_id: str | None) -> int:
        """From that cursor on; what its reader holds there the hub knows. The answer's status: 201 is the good one."""
        lists = {name: text if name == "segment" else text.split(",") for name, text in query.items()}
        self._name, url = self._receivers.open(self._take)
        wanted = {"url": url, "after": cursor, "feed": feed_id, "filter": lists}
        status, told = await self._client.tell("POST", PATH, wanted)
        assert status in (201, 410, 503), told
        if status == 201:
            self._path = f"{PATH}/{told['id']}"
        else:
            self._receivers.close(self._name)
        return status

    async def look(self) -> Told:
        return await self._do("GET")

    async def resume(self) -> None:
        """What was refused is due now."""
        await self._do("PATCH", body={"state": "active"})

    async def replay(self, share: float) -> None:
        """From that share of what it has had on."""
        cursor = (await self.look())["cursor"]
        await self._do("POST", "/replay", {"after": round(share * cursor)})

    async def end(self) -> Told:
        """No delivery counts from now on; returns where it stood."""
        await self._do("PATCH", body={"state": "paused"})
        self._receivers.close(self._name)
        stood = await self.look()
        await self._do("DELETE")
        return stood

    async def _do(self, method: str, more: str = "", body: Any = None) -> Told:
        status, told = await self._client.tell(method, self._path + more, body)
        assert status in (200, 204), told
        return told or {}
