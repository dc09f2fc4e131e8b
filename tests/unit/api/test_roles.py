"""What the page asks the other roles of this machine: a role that is away claims nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import generate_latest

from hub.api.roles import RoleStates
from hub.settings import OpsSettings, Settings
from hub.telemetry import metrics
from hub.telemetry.contact import ops_port


@pytest.fixture
def settings(free_ports: Callable[[int], int]) -> Settings:
    return Settings(ops=OpsSettings(port=free_ports(6)))


@asynccontextmanager
async def role_of(settings: Settings, role: str) -> AsyncIterator[None]:
    """Answers as `role` where it is looked for: this process's metrics, and that it lacks nothing."""
    app = web.Application()
    app.router.add_get("/metrics", _metrics)
    app.router.add_get("/readyz", _nothing_missing)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", ops_port(settings, role)).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def test_the_review_list_is_what_unifys_metrics_say(settings: Settings) -> None:
    metrics.MATCH_REVIEW.set(7)
    metrics.MATCH_OVERSIZED.labels("block").set(2)
    metrics.MATCH_OVERSIZED.labels("component").set(1)
    async with role_of(settings, "unify"), aiohttp.ClientSession() as session:
        assert await RoleStates(settings, session).fetch_matching() == (7, 3)


async def test_a_unify_that_is_away_says_nothing(settings: Settings) -> None:
    async with aiohttp.ClientSession() as session:
        assert await RoleStates(settings, session).fetch_matching() is None


async def test_roles_that_run_elsewhere_are_not_called_ready(settings: Settings) -> None:
    async with aiohttp.ClientSession() as session:
        assert await RoleStates(settings, session).fetch_missing() is None


async def test_webhook_subscriptions_are_counted_as_deliver_says(settings: Settings) -> None:
    metrics.SUBSCRIPTIONS.labels("active").set(3)
    metrics.SUBSCRIPTIONS.labels("paused").set(1)
    async with role_of(settings, "deliver"), aiohttp.ClientSession() as session:
        found = await RoleStates(settings, session).fetch_subscriptions()
    assert (found["active"], found["paused"]) == (3, 1)


async def test_a_deliver_that_is_away_says_nothing(settings: Settings) -> None:
    async with aiohttp.ClientSession() as session:
        assert await RoleStates(settings, session).fetch_subscriptions() == {}


async def test_what_the_clock_and_the_audit_found_is_told_as_ingest_says(settings: Settings) -> None:
    metrics.CLOCK_HELD.set(1)
    metrics.AUDIT_DIFFERENCES.labels("miitn").set(3)
    metrics.AUDIT_DIFFERENCES.labels("vonk").set(0)
    async with role_of(settings, "ingest"), aiohttp.ClientSession() as session:
        found = await RoleStates(settings, session).fetch_audit()
    metrics.CLOCK_HELD.set(0)
    metrics.AUDIT_DIFFERENCES.clear()
    assert found == (True, {"miitn": 3})


async def test_a_role_that_does_not_answer_beside_one_that_does_is_named(settings: Settings) -> None:
    several = settings.model_copy(update={"streams": settings.streams.model_copy(update={"workers": 2})})
    async with role_of(settings, "ingest"), aiohttp.ClientSession() as session:
        found = await RoleStates(several, session).fetch_missing()
    assert set(found) == {"worker-1", "worker-2", "unify", "deliver"}


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest())


async def _nothing_missing(_: web.Request) -> web.Response:
    return web.json_response({"missing": {}})
