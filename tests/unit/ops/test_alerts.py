"""The alerts are valid, fire and keep silent as their unit tests say, and speak of metrics, pages and ports that there are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.metrics import MetricWrapperBase
from ruamel.yaml import YAML

from hub.settings import Settings
from hub.telemetry import metrics
from hub.telemetry.contact import OPS_OFFSET, ops_port

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "ops" / "prometheus"
RUNBOOKS = ROOT / "ops" / "runbooks"
FILES = {name: YAML(typ="safe").load(FOLDER / name) for name in ("alerts.yml", "alerts_test.yml", "one-machine.yml")}
RULES: list[dict[str, Any]] = [rule for group in FILES["alerts.yml"]["groups"] for rule in group["rules"]]
ALERTS = [rule for rule in RULES if "alert" in rule]


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None and os.environ.get("CI"):
        pytest.fail("promtool is missing: apt-get install prometheus")
    if found is None:
        pytest.skip("promtool is missing, so the alerts are NOT tested: apt-get install prometheus")
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "rules", "alerts.yml"],
        ["check", "config", "prometheus.yml"],
        ["check", "config", "one-machine.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
    ids=" ".join,
)
def test_promtool_finds_no_fault(promtool: str, arguments: list[str]) -> None:
    ran = subprocess.run([promtool, *arguments], cwd=FOLDER, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_metric_in_the_rules_is_one_of_the_hubs() -> None:
    families = [family for value in vars(metrics).values() if isinstance(value, MetricWrapperBase) for family in value.describe()]
    known = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    used = {name for rule in RULES for name in re.findall(r"[a-z:_]*hub_[a-z_:]+", rule["expr"])}
    assert used - recorded <= known
    assert used & recorded


def test_each_alert_has_an_owner_an_urgency_and_its_page() -> None:
    assert ALERTS
    for rule in ALERTS:
        assert rule["labels"]["owner"] in {"hub", "operator", "partner", "connector"}
        assert rule["labels"]["urgency"] in {"now", "today"}
        assert rule["annotations"]["runbook"] == f"ops/runbooks/{rule['alert']}.md"


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    pages = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    assert pages == {rule["alert"] for rule in ALERTS}


@pytest.mark.parametrize("alert", sorted({rule["alert"] for rule in ALERTS}))
def test_every_alert_is_tested_for_firing_and_for_silence(alert: str) -> None:
    expected = [
        case["exp_alerts"]
        for test in FILES["alerts_test.yml"]["tests"]
        for case in test["alert_rule_test"]
        if case["alertname"] == alert
    ]
    assert any(expected)
    assert not all(expected)


def test_one_machine_scrapes_every_role_on_its_own_port() -> None:
    groups = FILES["one-machine.yml"]["scrape_configs"][0]["static_configs"]
    told = {group["labels"]["role"]: group["targets"] for group in groups}
    assert told == {role: [f"127.0.0.1:{ops_port(Settings(), role)}"] for role in OPS_OFFSET}


def test_the_series_in_the_alerts_tests_are_such_as_the_hub_makes() -> None:
    known = {
        family.name + ("_total" if family.type == "counter" else ""): set(value._labelnames)
        for value in vars(metrics).values()
        if isinstance(value, MetricWrapperBase)
        for family in value.describe()
    }
    target = {"job", "instance", "role", "exported_role"}
    for test in FILES["alerts_test.yml"]["tests"]:
        for row in test["input_series"]:
            name, _, labels = row["series"].partition("{")
            found = set(re.findall(r"(\w+)=", labels))
            assert found - target == known.get(name, set()) - target, row["series"]
