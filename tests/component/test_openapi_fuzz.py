"""Schemathesis, a stranger's judge, over every operation of the OpenAPI document, against the running edge.

It sends what the document allows and what it forbids: no answer may be a server's fault, none may differ from the document,
nothing that the document forbids may be taken. Requests that only a partner could sign are signed on their way out, and
those that need a token carry one.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import schemathesis
from fakes.partner_words import SECRET
from fakes.served_hub import ServedHub, served
from fakes.shown_feed import LIVE, records
from fakes.subscribed import Subscriber, subscribe
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from hub.api.openapi import document
from hub.api.operations import OPERATIONS
from hub.feed.places import to_token
from hub.feed.read_model import Place
from hub.sdk.webhook import sign
from hub.settings import OpsSettings, Settings

JUDGED = [operation for operation in OPERATIONS if not operation.is_endless]
"""The judge reads answers to their end; of the stream tests/unit/api/test_stream.py speaks."""
pytestmark = pytest.mark.timeout(900)  # 3,000 requests in one fixture: 25 s of an idle core

CONFIGURATION = """
seed = 20261122
request-timeout = 60
max-stream-events = 1
continue-on-failure = true

[warnings]
enabled = false

[generation]
max-examples = 10
deterministic = true
no-shrink = true
database = "none"
with-security-parameters = false

[phases.examples]
fill-missing = true

[phases.stateful]
enabled = false

[[operations]]
# The same handler and the same parameters as /en/opportunities, which is tried in full.
include-path-regex = "^/(nl/)?opportunities$"
phases.coverage.enabled = false

[[operations]]
include-path-regex = "^/v1/subscriptions/"
exclude-method = "DELETE"
parameters = { "path.subscription" = "KEPT" }

[[operations]]
include-path-regex = "^/v1/subscriptions/"
include-method = "DELETE"
parameters = { "path.subscription" = "LOST" }

[parameters]
# A word of the hub's own, which no pattern can tell from another.
"query.behind" = "BEHIND"

[checks]
# A segment that is not there, a cursor of another feed, a form that is not made, an address that webhooks may not go to, one
# subscription too many: the document says so, no schema can.
positive_data_acceptance = { expected-statuses = ["2xx", "3xx", 401, 404, 406, 409, 410, 416, 422] }
negative_data_rejection = { expected-statuses = [400, 401, 404, 405, 406, 409, 410, 413, 415, 416, 422] }
ignored_auth = { enabled = false }
"""


@dataclass
class Run:
    """What the judge saw. `statuses`: by operation."""

    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    failures: list[str] = field(default_factory=list)
    requests: int = 0


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    settings = Settings(state_dir=tmp_path_factory.mktemp("hub"), ops=OpsSettings(port=1))
    with served(settings, records()) as running:
        yield running


@pytest.fixture(scope="module")
def run(hub: ServedHub, subscriber: Subscriber) -> Run:
    return judge(hub, document(JUDGED, hub.url), subscriber)


@pytest.fixture(scope="module")
def subscriber(hub: ServedHub) -> Subscriber:
    return subscribe(hub)


class Partner(AuthBase):
    """Signs what is pushed, every other time: what the body is in the end is known to the transport alone. Shows a token
    where one is needed.
    """

    def __init__(self, token: str) -> None:
        self._turn = 0
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if "/v1/subscriptions" in str(request.url):
            request.headers.setdefault("Authorization", f"Bearer {self._token}")
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        if request.method == "POST" and all(name in request.headers for name in names):
            self._turn += 1
            body, at = request.body or b"", int(time.time())
            if self._turn % 2 and isinstance(body, bytes):
                request.headers["webhook-id"] = f"msg_{self._turn % 8}"
                request.headers["webhook-timestamp"] = str(at)
                request.headers["webhook-signature"] = sign(SECRET, f"msg_{self._turn % 8}", at, body)
        return request


def judge(hub: ServedHub, told: dict[str, Any], subscriber: Subscriber) -> Run:
    words = {"BEHIND": to_token(Place(1_800_000_000_000, LIVE)), "KEPT": subscriber.kept, "LOST": subscriber.lost}
    config = SchemathesisConfig.from_str(re.sub("|".join(words), lambda found: words[found[0]], CONFIGURATION))
    schema = schemathesis.openapi.from_dict(orjson.loads(orjson.dumps(told)), config=config)
    schema.config.update(base_url=hub.url)
    schema.auth.set_from_requests(Partner(subscriber.token))
    run = Run()
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            take(run, event)
        elif isinstance(event, (FatalError, NonFatalError)):
            run.failures.append(str(getattr(event, "value", None) or getattr(event, "exception", event)))
    return run


def take(run: Run, event: ScenarioFinished) -> None:
    recorder = event.recorder
    for id_, interaction in recorder.interactions.items():
        operation = recorder.cases[id_].value.operation
        run.requests += 1
        if interaction.response is not None and interaction.request.method == operation.method.upper():
            run.statuses[operation.label].add(interaction.response.status_code)
    for id_, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure, sent = check.failure_info.failure, recorder.interactions.get(id_)
                where = f"{sent.request.method} {sent.request.uri}" if sent else recorder.label
                run.failures.append(f"{where}: {check.name}: {failure.title}: {failure.message}")


def test_no_answer_is_a_fault_or_differs_from_the_document(run: Run) -> None:
    assert run.failures == []


@pytest.mark.parametrize("operation", [f"{operation.method} {operation.path}" for operation in JUDGED])
def test_every_operation_answers_what_the_document_allows(run: Run, operation: str) -> None:
    """A page without a language leads to one with it, and to nothing else."""
    assert {200, 201, 202, 204, 302} & run.statuses[operation], sorted(run.statuses[operation])


@pytest.mark.parametrize("operation", [f"{one.method} {one.path}" for one in JUDGED if one.query.model_fields])
def test_every_operation_with_parameters_refuses_what_they_cannot_be(run: Run, operation: str) -> None:
    assert 400 in run.statuses[operation]


def test_the_judge_finds_a_document_that_promises_too_much(hub: ServedHub, subscriber: Subscriber) -> None:
    told = document([one for one in OPERATIONS if one.path == "/v1/feed/digest"], hub.url)
    told["components"]["schemas"]["DigestBody"]["required"].append("signature")
    told["paths"]["/v1/feed/digest"]["get"]["parameters"] = []
    assert any("response_schema_conformance" in failure for failure in judge(hub, told, subscriber).failures)
