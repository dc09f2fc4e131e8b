"""The ops port: anybody on the machine reads health, only the token's holder commands, and every command is audited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from hub.errors import ConfigError, HubError
from hub.telemetry.health import Health
from hub.telemetry.ops_server import OpsServer

TOKEN = "a-token-of-this-test"


class Audit:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str, dict[str, Any]]] = []
        self.is_broken = False

    async def __call__(self, who: str, what: str, why: str, arguments: Mapping[str, Any]) -> None:
        if self.is_broken:
            raise HubError("the audit cannot be written")
        self.lines.append((who, what, why, dict(arguments)))


class Role:
    """An ops server with two commands on a free port."""

    def __init__(self, port: int) -> None:
        self.health = Health()
        self.audit = Audit()
        self.ran = 0
        self.url = f"http://127.0.0.1:{port}"
        commands = {"echo": self._echo, "refuse": self._refuse}
        self.server = OpsServer(host="127.0.0.1", port=port, token=TOKEN, health=self.health, commands=commands, audit=self.audit)

    async def _echo(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        self.ran += 1
        return dict(arguments)

    async def _refuse(self, _: Mapping[str, Any]) -> None:
        raise HubError("superseded")

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def call(self, command: str, *, token: str = TOKEN, body: bytes | None = None) -> tuple[int, Any]:
        sent = body if body is not None else b'{"who": "anna", "why": "scam", "arguments": {"x": 1}}'
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/ops/{command}", data=sent, headers=headers) as answer,
        ):
            return answer.status, await answer.json()


@pytest.fixture
async def role(free_ports: Any) -> AsyncIterator[Role]:
    role = Role(free_ports(1))
    await role.server.start()
    yield role
    await role.server.stop()


async def test_readiness_says_what_is_missing_until_nothing_is(role: Role) -> None:
    assert (await role.get("/readyz"))[0] == 503
    assert "the role is starting" in (await role.get("/readyz"))[1]
    role.health.found("start")
    assert (await role.get("/readyz"))[0] == 200


async def test_a_command_that_is_not_there_yet_is_no_unknown_one(role: Role) -> None:
    assert await role.call("held.list") == (503, {"error": "this role is starting and does not take held.list yet"})
    role.health.found("start")
    assert (await role.call("held.list"))[0] == 404


async def test_life_and_metrics_need_no_token(role: Role) -> None:
    assert (await role.get("/livez"))[0] == 200
    assert "python_info" in (await role.get("/metrics"))[1]


async def test_a_command_runs_with_who_and_why_and_is_audited_first(role: Role) -> None:
    assert await role.call("echo") == (200, {"result": {"x": 1, "who": "anna", "why": "scam"}})
    assert role.audit.lines == [("anna", "echo", "scam", {"x": 1})]


async def test_a_wrong_token_runs_nothing_and_leaves_no_line(role: Role) -> None:
    status, _ = await role.call("echo", token="wrong")
    assert (status, role.ran, role.audit.lines) == (401, 0, [])


async def test_what_cannot_be_audited_is_not_run(role: Role) -> None:
    role.audit.is_broken = True
    status, answer = await role.call("echo")
    assert (status, role.ran, "audit" in answer["error"]) == (409, 0, True)


async def test_an_unknown_command_is_told_with_those_there_are(role: Role) -> None:
    role.health.found("start")
    assert (await role.call("gone"))[1]["commands"] == ["echo", "refuse"]


async def test_a_refusal_is_answered_with_its_sentence(role: Role) -> None:
    assert await role.call("refuse") == (409, {"error": "superseded"})


async def test_a_body_that_is_no_json_is_refused(role: Role) -> None:
    assert (await role.call("echo", body=b"{"))[0] == 400


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"arguments": [1]}'])
async def test_a_body_of_another_shape_is_refused(role: Role, body: bytes) -> None:
    status, answer = await role.call("echo", body=body)
    assert (status, "arguments" in answer["error"], role.ran) == (400, True, 0)


async def test_a_taken_port_is_a_sentence_with_the_setting(role: Role) -> None:
    second = Role(int(role.url.rpartition(":")[2]))
    with pytest.raises(ConfigError, match="HUB_OPS__PORT"):
        await second.server.start()
