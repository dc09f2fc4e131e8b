"""`hub topics` against a real broker: exit codes that scripts can use, one JSON object a line."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest
from click.testing import CliRunner, Result

from hub.broker.embedded import EmbeddedKafka
from hub.cli import main
from hub.sdk import load_connectors
from hub.topics import catalogue
from ops.empty_broker import empty_broker

pytestmark = pytest.mark.integration


@pytest.fixture
def hub(kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    empty_broker(kafka.bootstrap)
    monkeypatch.setenv("HUB_KAFKA__BOOTSTRAP_SERVERS", kafka.bootstrap)
    return lambda *words: CliRunner().invoke(main, list(words))


def test_check_tells_every_missing_topic_and_fails(hub: Callable[..., Result]) -> None:
    result = hub("topics", "check", "--json")
    told = [orjson.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert {(drift["what"], drift["found"], drift["loses_data"]) for drift in told} == {("topic", "missing", True)}
    assert [drift["topic"] for drift in told] == [topic.name for topic in catalogue(load_connectors())]


def test_apply_makes_check_pass_and_does_nothing_the_second_time(hub: Callable[..., Result]) -> None:
    first, second, check = hub("topics", "apply"), hub("topics", "apply"), hub("topics", "check")
    assert "hub.clock.v1: created" in first.output
    assert "nothing to do" in second.output
    assert "as the catalogue says" in check.output
    assert [first.exit_code, second.exit_code, check.exit_code] == [0, 0, 0]
