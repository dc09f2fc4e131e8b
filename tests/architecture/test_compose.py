"""docker-compose.yml: a valid Compose file that runs the roles of `hub up` against Apache Kafka."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from hub.broker import jars
from hub.broker.configuration import partner_properties, server_properties
from hub.cli import COMMANDS
from hub.settings import Settings, load_settings
from hub.supervisor.plan import SANDBOX_PORT_OFFSET
from hub.telemetry.contact import ops_port

ROOT = Path(__file__).parents[2]
ROLES = ["ingest", "worker", "unify", "serve", "deliver", "sandbox"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    tree: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    return tree


@pytest.fixture(scope="module")
def partners() -> dict[str, Any]:
    tree: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.partners.yml")
    return tree


def properties_of(environment: dict[str, str]) -> dict[str, str]:
    """As the image makes them of its variables: `_` is a dot, `___` a hyphen."""
    names = {name: name.removeprefix("KAFKA_").lower().replace("___", "-").replace("_", ".") for name in environment}
    return {names[name]: value for name, value in environment.items() if name.startswith("KAFKA_")}


def test_its_broker_forbids_what_the_embedded_one_forbids(compose: dict[str, Any]) -> None:
    text = server_properties(port=1, controller_port=2, log_dir=Path("x"))
    embedded = dict(line.partition("=")[::2] for line in text.splitlines())
    found = properties_of(compose["services"]["kafka"]["environment"])
    for name in ("authorizer.class.name", "allow.everyone.if.no.acl.found", "super.users", "inter.broker.listener.name"):
        assert found[name] == embedded[name]
    assert "ports" not in compose["services"]["kafka"]


def test_its_door_for_partners_is_the_embedded_brokers(partners: dict[str, Any]) -> None:
    found = properties_of(partners["services"]["kafka"]["environment"])
    told = {name: value for name, value in found.items() if name.startswith("listener.name.partners.")}
    path = Path("/etc/kafka/partners/partners.pem")
    assert told == {name: str(value) for name, value in partner_properties(path).items()}
    assert partners["services"]["kafka"]["ports"] == [f"{Settings().kafka.public_port}:{Settings().kafka.public_port}"]


@pytest.mark.parametrize("file", ["compose", "partners"])
def test_it_follows_the_compose_specification(file: str, request: pytest.FixtureRequest) -> None:
    compose = request.getfixturevalue(file)
    # The file, not the package: its command line is not needed here.
    path = distribution("check-jsonschema").locate_file("check_jsonschema/builtin_schemas/vendor/compose-spec.json")
    schema = orjson.loads(Path(str(path)).read_bytes())
    validator = Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(compose)] == []


def test_every_role_runs_and_is_asked_whether_it_is_ready_on_its_own_port(compose: dict[str, Any]) -> None:
    for role in ROLES:
        service = compose["services"][role]
        assert service["command"] == [role]
        assert service["healthcheck"]["test"][-1] == str(ops_port(Settings(), role))


def test_commands_are_commands_of_the_hub(compose: dict[str, Any]) -> None:
    used = {service["command"][0] for service in compose["services"].values() if service.get("image") == "regional-talent-hub"}
    assert used <= COMMANDS.keys()


def test_roles_start_after_the_topics_are_applied(compose: dict[str, Any]) -> None:
    waits = {role: compose["services"][role]["depends_on"] for role in ROLES}
    assert set(map(str, waits.values())) == {"{'topics': {'condition': 'service_completed_successfully'}}"}


def test_every_setting_in_it_is_one_that_the_hub_takes(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        told = {name: text for name, text in service.get("environment", {}).items() if name.startswith("HUB_")}
        load_settings(environ={name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text) for name, text in told.items()})


def test_ingest_reads_the_sandbox_where_it_listens(compose: dict[str, Any]) -> None:
    services = {name: service.get("environment", {}) for name, service in compose["services"].items()}
    told = {name: text for name, text in services["ingest"].items() if name.startswith("HUB_CONNECTORS__")}
    ingest = load_settings(environ={name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text) for name, text in told.items()})
    sandbox = load_settings(environ={"HUB_SANDBOX__HOST": services["sandbox"]["HUB_SANDBOX__HOST"]}).sandbox
    assert sandbox.host in compose["services"]
    for source, offset in SANDBOX_PORT_OFFSET.items():
        assert ingest.connector(source).base_url == sandbox.address(offset)


def test_it_runs_the_same_kafka_as_the_embedded_broker_with_its_data_on_a_volume(compose: dict[str, Any]) -> None:
    kafka = compose["services"]["kafka"]
    assert kafka["image"] == f"apache/kafka:{jars.VERSION}"
    assert kafka["volumes"] == [f"kafka:{kafka['environment']['KAFKA_LOG_DIRS']}"]
    assert "kafka" in compose["volumes"]


def test_prometheus_asks_every_role_on_its_own_port() -> None:
    tree = YAML(typ="safe").load(ROOT / "ops" / "prometheus" / "prometheus.yml")
    told = {group["labels"]["role"]: group["targets"][0].split(":")[1] for group in tree["scrape_configs"][0]["static_configs"]}
    assert told == {role: str(ops_port(Settings(), role)) for role in ROLES}
