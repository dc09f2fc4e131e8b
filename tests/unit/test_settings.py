"""Settings: one tree, from a file and the environment; what is not known is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.settings import load_settings, split_servers


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_text("[kafka]\nport = 1000\n[http]\nport = 2000\n[connectors.vonk]\nrate = 2\n")
    settings = load_settings(config, {"HUB_KAFKA__PORT": "3000", "HUB_CONNECTORS__VONK__BASE_URL": "http://127.0.0.1:1"})
    assert (settings.kafka.port, settings.http.port) == (3000, 2000)
    assert (settings.connector("vonk").rate, settings.connector("vonk").base_url) == (2, "http://127.0.0.1:1")


def test_hub_config_names_the_file(tmp_path: Path) -> None:
    config = tmp_path / "other.toml"
    config.write_text('log_level = "error"\n')
    assert load_settings(environ={"HUB_CONFIG": str(config)}).log_level == "error"


@pytest.mark.parametrize("name", ["HUB_KAFKA__PROT", "HUB_TYPO", "HUB_CONNECTORS__VONK__BASEURL", "HUB_KAFKA__PORT__X"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="settings: "):
        load_settings(environ={name: "1", "HUB_KAFKA__PORT": "1"})


def test_an_unknown_name_is_told_with_the_variable_to_correct() -> None:
    with pytest.raises(ConfigError, match=r"unknown setting kafka\.prot \(HUB_KAFKA__PROT\).*hub settings"):
        load_settings(environ={"HUB_KAFKA__PROT": "1"})


@pytest.mark.parametrize(
    ("text", "found"), [("", []), ("10.0.0.1", ["10.0.0.1"]), ("10.0.0.1,10.1.0.0/16", ["10.0.0.1", "10.1.0.0/16"])]
)
def test_a_list_is_parted_by_commas_and_may_be_empty(text: str, found: list[str]) -> None:
    assert load_settings(environ={"HUB_HTTP__UNLIMITED": text}).http.unlimited == found


def test_a_wrong_value_names_its_setting() -> None:
    with pytest.raises(ConfigError, match=r"kafka\.port \(HUB_KAFKA__PORT\)"):
        load_settings(environ={"HUB_KAFKA__PORT": "lots"})


@pytest.mark.parametrize("name", ["HTTP__TRUSTED_PROXIES", "HTTP__UNLIMITED", "DELIVERY__ALLOWED_NETWORKS"])
@pytest.mark.parametrize("text", ["proxy.example", "300.1.1.1", "10.0.0.0/33", "10.0.0.1,https://proxy.example"])
def test_what_is_no_network_is_refused_wherever_settings_are_read(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=rf"\(HUB_{name}\): .*give addresses or networks such as 10\.0\.0\.0/8, by commas"):
        load_settings(environ={f"HUB_{name}": text})


def test_where_webhooks_may_go_is_a_network_to_the_bit() -> None:
    with pytest.raises(ConfigError, match=r"\(HUB_DELIVERY__ALLOWED_NETWORKS\): 10\.0\.0\.5/8 has host bits set"):
        load_settings(environ={"HUB_DELIVERY__ALLOWED_NETWORKS": "10.0.0.5/8"})


def test_servers_are_split_into_hosts_and_ports() -> None:
    assert split_servers("a:1, b.example:9093,c,[::1]:9094") == [("a", 1), ("b.example", 9093), ("c", 9092), ("::1", 9094)]


@pytest.mark.parametrize(
    "text", ["", "kafka:", "kafka:x", "kafka:0", "kafka:70000", "kafka://kafka:9092", "a:1;b:2", "a:1 b:2", "a:1,", "::1:9092"]
)
def test_what_is_no_list_of_servers_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"kafka\.bootstrap_servers \(HUB_KAFKA__BOOTSTRAP_SERVERS\): .*give host:port"):
        load_settings(environ={"HUB_KAFKA__BOOTSTRAP_SERVERS": text})


@pytest.mark.parametrize(
    "text",
    ["feed.example.org", "//feed.example.org", "ftp://feed.example.org", "https://", "https://a b", "https://a?b=1", "https://["],
)
def test_a_public_address_that_would_break_every_link_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"http\.public_url \(HUB_HTTP__PUBLIC_URL\)"):
        load_settings(environ={"HUB_HTTP__PUBLIC_URL": text})


@pytest.mark.parametrize("text", ["partner.example", "localhost:8000", "https://"])
def test_a_partners_address_that_cannot_be_asked_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"connectors\.vonk\.base_url \(HUB_CONNECTORS__VONK__BASE_URL\)"):
        load_settings(environ={"HUB_CONNECTORS__VONK__BASE_URL": text})


def test_a_partners_address_may_name_a_file_with_a_query() -> None:
    text = "https://partner.example/agenda.ics?key=1"
    assert load_settings(environ={"HUB_CONNECTORS__VONK__BASE_URL": text}).connector("vonk").base_url == text


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("", "http://127.0.0.1:8080"),
        ("https://feed.example.org/", "https://feed.example.org"),
        ("http://[::1]:80/hub", "http://[::1]:80/hub"),
    ],
)
def test_links_begin_with_the_public_address_as_it_is_given(text: str, base: str) -> None:
    assert load_settings(environ={"HUB_HTTP__PUBLIC_URL": text}).http.base_url == base


def test_an_ipv6_host_stands_in_brackets_in_an_address() -> None:
    assert load_settings(environ={"HUB_HTTP__HOST": "::1"}).http.base_url == "http://[::1]:8080"


def test_one_value_where_a_list_belongs_is_told_how_a_list_is_written(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_text('[segments.events]\nkind = "event"\n')
    with pytest.raises(ConfigError, match=r"segments\.events\.kind .*give a list"):
        load_settings(config, {})


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load_settings(Path("/nowhere/hub.toml"), {})


def test_a_file_that_is_no_toml_is_said(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_text("kafka = [")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_settings(config, {})


def test_settings_cannot_be_changed_after_reading() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(environ={}).kafka.port = 1


def test_a_state_directory_without_a_name_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"state_dir \(HUB_STATE_DIR\): name a directory"):
        load_settings(environ={"HUB_STATE_DIR": ""})


def test_the_brokers_controller_has_a_port_too() -> None:
    with pytest.raises(ConfigError, match=r"kafka\.port \(HUB_KAFKA__PORT\).*65534"):
        load_settings(environ={"HUB_KAFKA__PORT": "65535"})
