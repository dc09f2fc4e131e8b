"""What the hub's other roles lack, what ingest's clock and audit found, what matching leaves to a person, and which webhooks
wait for their subscribers, asked at ops ports for the page.

Only a machine that runs the roles together can say that: when none of them answers, they run elsewhere, and nothing is
claimed about them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import aiohttp
import orjson

from hub.api.wrongs.own import PROCESS
from hub.settings import Settings
from hub.telemetry.contact import ops_address

ROLES = ("ingest", "unify", "deliver")
"""Beside the workers."""
ANSWER_SECONDS = 1.0
MATCHING = re.compile(r'^hub_match_(review_pairs|oversized\{what="\w+"\}) (\S+)$', re.MULTILINE)
CLOCK_HELD = re.compile(r"^hub_clock_held (\S+)$", re.MULTILINE)
LOST = re.compile(r'^hub_audit_differences\{source="([^"]+)"\} (\S+)$', re.MULTILINE)
SUBSCRIPTIONS = re.compile(r'^hub_subscriptions\{state="(\w+)"\} (\S+)$', re.MULTILINE)


class RoleStates:
    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        roles = {role: ops_address(settings, role) for role in ROLES}
        workers = settings.streams.workers
        roles |= {"worker" if workers == 1 else f"worker-{n}": ops_address(settings, "worker", n) for n in range(1, workers + 1)}
        self._addresses = {role: f"{address}/readyz" for role, address in roles.items()}
        self._metrics = {role: f"{roles[role]}/metrics" for role in ROLES}
        self._session = session

    async def fetch_missing(self) -> dict[str, Mapping[str, str]] | None:
        """Role → what it lacks, in words; roles that lack nothing are left out. None: they run elsewhere."""
        answers = await asyncio.gather(*(self._ask(address) for address in self._addresses.values()))
        if all(found is None for found in answers):
            return None
        missing = {
            role: {PROCESS: "does not answer"} if found is None else found
            for role, found in zip(self._addresses, answers, strict=True)
        }
        return {role: found for role, found in missing.items() if found}

    async def fetch_audit(self) -> tuple[bool, dict[str, int]]:
        """Does the clock wait after a jump? And source → items that raw has and enriched lacks; nothing while nobody can say."""
        text = await self._read(self._metrics["ingest"])
        lost = {source: int(float(number)) for source, number in LOST.findall(text) if float(number)}
        return any(float(number) for number in CLOCK_HELD.findall(text)), lost

    async def fetch_matching(self) -> tuple[int, int] | None:
        """Pairs that wait for a person, and blocks and components beyond their bounds; None while nobody here can say."""
        found = MATCHING.findall(await self._read(self._metrics["unify"]))
        sizes = [(name, int(float(number))) for name, number in found]
        reviewed = [number for name, number in sizes if name == "review_pairs"]
        return (reviewed[0], sum(number for name, number in sizes if name != "review_pairs")) if reviewed else None

    async def fetch_subscriptions(self) -> dict[str, int]:
        """State → webhook subscriptions that are in it; empty while nobody here can say."""
        found = SUBSCRIPTIONS.findall(await self._read(self._metrics["deliver"]))
        return {state: int(float(number)) for state, number in found}

    async def _read(self, address: str) -> str:
        """What stands there; nothing when nobody answers."""
        try:
            async with self._session.get(address, timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as response:
                return await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return ""

    async def _ask(self, address: str) -> Mapping[str, str] | None:
        """What the role at this `/readyz` lacks; None when nobody answers."""
        try:
            found = orjson.loads(await self._read(address)).get("missing", {})
        except (orjson.JSONDecodeError, AttributeError):
            return None
        return {str(name): str(why) for name, why in found.items()}
