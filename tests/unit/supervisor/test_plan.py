"""The plan of `hub up`: which roles, what each waits for, on which ports and against which partners."""

from __future__ import annotations

import pytest

from hub.errors import ConfigError
from hub.settings import Settings
from hub.supervisor.plan import Plan, child_environment, local_url, make_plan

SOURCES = ["miitn", "noorderlink", "traineelink", "vonk"]


def plan(with_sandbox: bool = True, **settings: object) -> Plan:
    return make_plan(Settings.model_validate(settings), SOURCES, with_sandbox=with_sandbox)


def names(made: Plan) -> list[str]:
    return [role.name for role in made.roles]


def test_the_roles_of_a_whole_hub_in_their_order() -> None:
    assert names(plan()) == ["broker", "sandbox", "serve", "deliver", "unify", "worker", "ingest"]


def test_without_a_sandbox_no_address_of_a_partner_is_changed() -> None:
    made = plan(with_sandbox=False)
    assert "sandbox" not in names(made)
    assert made.environment == {}


def test_a_cluster_elsewhere_takes_the_place_of_the_embedded_broker() -> None:
    assert "broker" not in names(plan(kafka={"bootstrap_servers": "kafka.example:9092"}))


def test_every_worker_is_a_process_with_a_number_and_an_ops_port_of_its_own() -> None:
    workers = [role for role in plan(streams={"workers": 3}).roles if role.name.startswith("worker")]
    assert [role.name for role in workers] == ["worker-1", "worker-2", "worker-3"]
    assert [role.ops_address[1] for role in workers] == [9101, 9110, 9111]
    assert [role.arguments[-1] for role in workers] == ["1", "2", "3"]


def test_nothing_reads_a_topic_before_the_topics_stand() -> None:
    waiting = {role.name: role.needs for role in plan().roles}
    assert all("topics" in waiting[role] for role in ("serve", "unify", "worker", "ingest"))
    assert "sandbox" in waiting["ingest"]


def test_who_opens_hub_db_waits_for_its_tables() -> None:
    waiting = {role.name: role.needs for role in plan().roles}
    assert [role for role, needs in waiting.items() if "database" in needs] == ["serve", "deliver"]


def test_the_broker_is_the_last_to_stop() -> None:
    assert [role.name for role in plan().roles if role.stops_last] == ["broker"]


def test_each_partner_of_the_sandbox_gets_its_address_and_is_switched_on() -> None:
    environment = plan(sandbox={"port": 7000}).environment
    assert environment["HUB_CONNECTORS__NOORDERLINK__BASE_URL"] == "http://127.0.0.1:7001"
    assert environment["HUB_CONNECTORS__VONK__BASE_URL"] == "http://127.0.0.1:7004"
    assert environment["HUB_CONNECTORS__MIITN__ENABLED"] == "true"


def test_the_sandbox_is_asked_where_it_listens() -> None:
    made = plan(sandbox={"host": "::1", "port": 7000})
    assert made.environment["HUB_CONNECTORS__VONK__BASE_URL"] == "http://[::1]:7004"
    assert {port.host for port in made.ports if 7000 <= port.number <= 7004} == {"::1"}


def test_a_partner_that_the_settings_point_elsewhere_or_switch_off_is_left_alone() -> None:
    environment = plan(connectors={"miitn": {"base_url": "http://real.example"}, "vonk": {"enabled": False}}).environment
    assert not [name for name in environment if "MIITN" in name or "VONK" in name]


def test_a_chosen_rhythm_is_kept() -> None:
    assert "HUB_CONNECTORS__MIITN__EVERY_SECONDS" not in plan(connectors={"miitn": {"every_seconds": 3}}).environment


def test_two_parts_on_one_port_are_refused_with_both_settings() -> None:
    with pytest.raises(ConfigError, match=r"port 8080; move one with HUB_HTTP__PORT or HUB_SANDBOX__PORT"):
        plan(http={"port": 8080}, sandbox={"port": 8078})


def test_children_find_the_configuration_file_by_its_absolute_path(tmp_path) -> None:  # type: ignore[no-untyped-def]
    environment = child_environment(plan(), {"A": "b"}, tmp_path / "hub.toml")
    assert environment["HUB_CONFIG"] == str(tmp_path / "hub.toml")
    assert environment["A"] == "b"


def test_a_hub_that_listens_everywhere_is_asked_on_loopback() -> None:
    assert local_url(Settings.model_validate({"http": {"host": "0.0.0.0", "port": 81}})) == "http://127.0.0.1:81"
