"""Names that outlive code: one that changes here orphans data or offsets, or breaks a reader. It needs a migration."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from hub import topics
from hub.telemetry import logs, metrics

HUB = Path(topics.__file__).parent
METRICS = {name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)}


def test_topics_keep_their_names_partitions_and_policies() -> None:
    assert [(topic.name, topic.partitions, topic.cleanup) for topic in topics.catalogue(["vonk"])] == [
        ("hub.inbound.vonk.v1", 1, "delete"),
        ("hub.raw.vonk.v1", 1, "compact"),
        ("hub.ingest.checkpoint.v1", 1, "compact"),
        ("hub.posting.canonical.v1", 4, "compact"),
        ("hub.posting.enriched.v1", 1, "compact"),
        ("hub.posting.rejected.v1", 1, "delete"),
        ("hub.posting.override.v1", 1, "compact"),
        ("hub.match.override.v1", 1, "compact"),
        ("hub.unify.owner.v1", 1, "compact"),
        ("hub.clock.v1", 1, "compact"),
        ("hub.opportunity.feed.v1", 1, "compact"),
    ]


def test_groups_and_agents_keep_their_names() -> None:
    assert {name: value for name, value in vars(topics).items() if name.startswith(("GROUP_", "AGENT_"))} == {
        "GROUP_INGEST": "hub-ingest",
        "GROUP_INGEST_OWNER": "hub-ingest-owner",
        "GROUP_CANONICALISE": "hub-canonicalise",
        "GROUP_ENRICH": "hub-enrich",
        "GROUP_UNIFY": "hub-unify",
        "AGENT_CANONICALISE": "hub.canonicalise",
        "AGENT_ENRICH": "hub.enrich",
        "AGENT_UNIFY": "hub.unify",
    }


def test_no_agent_and_no_group_is_named_anywhere_else() -> None:
    names = {value for name, value in vars(topics).items() if name.startswith(("GROUP_", "AGENT_"))}
    literal = re.compile(r"(?:group_id|group|name)=\"(hub[-.][a-z]+)\"")
    assert {found for path in HUB.rglob("*.py") for found in literal.findall(path.read_text(encoding="utf-8"))} <= names


def test_metrics_are_named_by_the_conventions() -> None:
    for metric in METRICS.values():
        family = next(iter(metric.describe()))
        assert re.fullmatch(r"hub(_[a-z]+)+", family.name), family.name
        # prometheus-client takes `_total` off a counter's name and serves it with it.
        assert not family.name.endswith(("_ms", "_milliseconds", "_kb", "_percent", "_total")), family.name
        assert family.type != "histogram" or family.name.endswith("_seconds"), family.name


def test_every_metric_is_set_by_some_code() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in HUB.rglob("*.py"))
    assert [name for name in METRICS if f"metrics.{name}." not in code] == []


def logged_keys() -> Iterator[tuple[str, str]]:
    """(file:line, key) of every `log.warning("…", key=…)` and its like."""
    for path in sorted(HUB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "log":
                yield from ((f"{path.name}:{node.lineno}", keyword.arg) for keyword in node.keywords if keyword.arg)


def test_nothing_is_logged_under_a_name_that_the_log_leaves_out() -> None:
    keys = list(logged_keys())
    assert len(keys) > 50
    assert [(where, key) for where, key in keys if key not in logs.ALLOWED] == []
