"""A subscriber's life at a running edge: `hub subscriber` beside it, nothing restarted."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from fakes.raw_http import Talk, request, talk
from fakes.served_hub import ServedHub

from hub.cli import main

DIGEST = "/v1/feed/digest"
SECONDS = 20


@pytest.fixture
def hub(strict_edge: ServedHub) -> Callable[..., Any]:
    def run(*arguments: str) -> Any:
        environment = {"HUB_STATE_DIR": str(strict_edge.settings.state_dir)}
        result = CliRunner().invoke(main, ["subscriber", *arguments, "--json"], env=environment)
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return run


def ask(edge: ServedHub, token: str) -> Talk:
    return talk(edge.url, request(DIGEST, f"Authorization: Bearer {token}"), source="127.0.0.21")


def ends_soon(edge: ServedHub, token: str) -> bool:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if ask(edge, token).statuses == [401]:
            return True
        time.sleep(0.2)
    return False


def test_a_new_token_works_at_once_and_has_the_higher_limit(strict_edge: ServedHub, hub: Callable[..., Any]) -> None:
    found = ask(strict_edge, hub("add", "first")["token"])
    assert (found.statuses, re.findall(r"ratelimit-policy: (.*)", found.head)) == ([200], ['"token";q=6000;w=60\r'])


def test_after_a_rotation_both_tokens_work_for_the_overlap(strict_edge: ServedHub, hub: Callable[..., Any]) -> None:
    tokens = [hub("add", "second")["token"], hub("rotate", "second", "--overlap", "1")["token"]]
    assert [ask(strict_edge, token).statuses for token in tokens] == [[200], [200]]


def test_a_rotation_without_overlap_ends_the_old_token_within_seconds(strict_edge: ServedHub, hub: Callable[..., Any]) -> None:
    old = hub("add", "third")["token"]
    assert ask(strict_edge, old).statuses == [200]
    new = hub("rotate", "third", "--overlap", "0")["token"]
    assert (ends_soon(strict_edge, old), ask(strict_edge, new).statuses) == (True, [200])


def test_a_removed_subscribers_token_ends_within_seconds(strict_edge: ServedHub, hub: Callable[..., Any]) -> None:
    token = hub("add", "fourth")["token"]
    assert ask(strict_edge, token).statuses == [200]
    hub("remove", "fourth")
    assert ends_soon(strict_edge, token)
