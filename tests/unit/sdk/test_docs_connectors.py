"""docs/connectors.md speaks of commands, formats, keys and modules that there are."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from yarl import URL

from hub.cli.connector import connector
from hub.cli.feed import feed
from hub.cli.posting import posting
from hub.cli.roles import up
from hub.sdk.http import Response
from hub.sdk.manifest import Manifest
from hub.sdk.scaffold import FORMATS
from hub.settings import ConnectorSettings

TEXT = (Path(__file__).parents[3] / "docs" / "connectors.md").read_text(encoding="utf-8")


def first_column(heading: str) -> set[str]:
    """Names in the first column of the table that follows a heading's first table row."""
    table = TEXT.split(heading, 1)[1].split("\n\n", 1)[0]
    return {name for row in table.splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1] if "|" in row else "")}


def test_every_command_exists() -> None:
    assert set(re.findall(r"hub connector ([a-z]+)", TEXT)) <= set(connector.commands)


def test_every_option_exists() -> None:
    commands = (*connector.commands.values(), *posting.commands.values(), *feed.commands.values(), up)
    known = {option for command in commands for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"(?<=\s)`?(--[a-z-]+)", TEXT)) <= known


def test_formats_are_those_of_the_scaffold() -> None:
    assert first_column("| format | partner speaks | what you write |") == set(FORMATS)


def test_manifest_keys_exist() -> None:
    assert first_column("| key | meaning |") <= set(Manifest.model_fields)


def test_modules_exist() -> None:
    modules = first_column("| module | does |")
    assert len(modules) == 8
    assert all(importlib.import_module(name) for name in modules)


def test_settings_are_all_of_a_connectors() -> None:
    listed = TEXT.split("Settings of a connector", 1)[1].split("see\n", 1)[0]
    assert set(re.findall(r"`([a-z_]+)`", listed)) == set(ConnectorSettings.model_fields)


@pytest.mark.parametrize("link", ["/jobs?page=2", "?page=2", "https://elsewhere.example/jobs?page=2"])
def test_the_recipe_for_a_next_page_stays_at_the_own_host(link: str) -> None:
    base = URL("http://127.0.0.1:8000/")
    found = re.search(r"`self\._context\.(base_url\.join\([^`]+\))`", TEXT)
    assert found is not None
    names = {"URL": URL, "link": link, "base_url": base, "response": Response(200, base / "jobs", {}, b"")}
    assert eval(found[1], names) == URL("http://127.0.0.1:8000/jobs?page=2")
