"""Pages say what is there: layers, links, commands, settings, metrics, topics, tests and dependencies that they name exist."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Any

import click
import pytest
from prometheus_client.metrics import MetricWrapperBase

from hub.cli import main
from hub.cli.settings import lines_of
from hub.sdk import load_connectors
from hub.settings import NOT_SETTINGS, Settings, load_settings
from hub.telemetry import metrics
from hub.topics import catalogue

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "ops").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
        *(ROOT / "hub" / "connectors").rglob("*.md"),
        ROOT / "ops" / "prometheus" / "alerts.yml",
    ]
)
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in PAGES}
ARCHITECTURE = TEXTS["ARCHITECTURE.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
each_page = pytest.mark.parametrize("page", TEXTS)


def rows_under(text: str, heading: str) -> Iterator[list[str]]:
    """Cells of the first table below a heading, without its head."""
    below = text.split(f"{heading}\n", 1)[1].splitlines()
    table = takewhile(lambda line: line.startswith("|"), dropwhile(lambda line: not line.startswith("|"), below))
    for line in list(table)[2:]:
        yield [cell.strip() for cell in line.split("|")[1:-1]]


def code_of(text: str) -> list[str]:
    """Lines of fenced blocks and inline code, without what a terminal printed (it is indented by times and cursors)."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.S | re.M)
    inline = re.findall(r"`([^`]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.S | re.M))
    return [re.sub(r"(^|\s)#\s.*", "", line).strip() for block in blocks for line in block.splitlines()] + [
        " ".join(span.split()) for span in inline
    ]


def named(page: str, pattern: str) -> set[str]:
    return {found for code in code_of(TEXTS[page]) for found in re.findall(pattern, code)}


# --- layers -----------------------------------------------------------------------------------------------------------


def test_the_architecture_page_names_the_layers_of_the_contract_in_order() -> None:
    contract = next(one for one in PROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    told = [re.findall(r"`(\w+)`", cells[1]) for cells in rows_under(ARCHITECTURE, "## Layers")]
    assert [sorted(rooms) for rooms in told] == [sorted(layer.split(" | ")) for layer in contract["layers"]]


def test_the_promises_name_code_and_tests_that_there_are() -> None:
    for promise, code, tests in rows_under(ARCHITECTURE, "## Promises"):
        for path in re.findall(r"`([\w/]+\.py)`", code):
            assert (ROOT / path).is_file(), promise
        for path, _, name in re.findall(r"`([\w/.]+?\.py)(::(\w+))?`", tests):
            assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8"), promise
        assert "`" in tests, promise


def test_the_places_where_things_are_added_exist() -> None:
    for thing, place in rows_under(ARCHITECTURE, "## Where do I add …"):
        for path in re.findall(r"`((?:hub|tests|ops)/[^`]*)`", place):
            assert (ROOT / path.partition("<")[0]).exists(), thing


def test_every_path_of_the_code_in_the_architecture_page_exists() -> None:
    paths = named("ARCHITECTURE.md", r"^(?:hub|tests|ops|schemas|docs)/[\w/.-]+\.\w+$")
    assert len(paths) > 20
    assert [path for path in sorted(paths) if not (ROOT / path).is_file()] == []


# --- links and names --------------------------------------------------------------------------------------------------


@each_page
def test_every_link_leads_somewhere(page: str) -> None:
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[page])]
    here = [target for target in targets if target and not target.startswith(("http://", "https://"))]
    assert [target for target in here if not (ROOT / page).parent.joinpath(target).exists()] == []


@each_page
def test_every_command_exists(page: str) -> None:
    for code in code_of(TEXTS[page]):
        for words in re.findall(r"(?<![\w./:-])(?:\.venv/bin/)?hub ((?=[a-z-])[^#;&|]*)", code):
            complain_of(words.split(), f"hub {words}")


def complain_of(words: list[str], said: str) -> None:
    """Follow the words down the tree of commands; whatever looks like a command, a choice or an option must be one."""
    command: click.Command = main
    options: set[str] = {"-h", "--help"}
    for word in words:
        options |= {option for parameter in command.params for option in parameter.opts}
        if word.startswith("-"):
            assert word in options or word in options_below(command), said
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word.rstrip("…"))
            assert found is not None or not re.fullmatch(r"[a-z]+", word), said
            command = found or command
        elif choices_of(command):
            assert not re.fullmatch(r"[a-z]+", word) or word in choices_of(command), said


def choices_of(command: click.Command) -> set[str]:
    arguments = [parameter.type for parameter in command.params if isinstance(parameter, click.Argument)]
    return {choice for type_ in arguments if isinstance(type_, click.Choice) for choice in type_.choices}


def options_below(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


@each_page
def test_every_make_target_exists(page: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert named(page, r"(?:^|\s)make ([a-z][a-z-]*)") <= targets


@each_page
def test_every_setting_exists(page: str) -> None:
    sources = "|".join([r"<\w+>", *load_connectors(), "noorderzorg", "NAME"])
    variables = {line.variable for line in lines_of(Settings())} | NOT_SETTINGS
    names = {line.name for line in lines_of(Settings())}
    for variable in named(page, r"\bHUB_[A-Z_]+[A-Z]\b(?!__)"):
        general = re.sub(rf"(?i)(HUB_CONNECTORS__)({sources})__", r"\1<SOURCE>__", variable)
        assert any(known == general or known.startswith(general + "__") for known in variables), variable
    for name in named(page, r"^(?:kafka|http|ops|sandbox|ingest|streams|connectors)\.[\w.<>]+(?= = |$)"):
        assert re.sub(rf"^connectors\.({sources})\.", "connectors.<source>.", name) in names, name


@each_page
def test_every_metric_exists(page: str) -> None:
    families = [family for value in vars(metrics).values() if isinstance(value, MetricWrapperBase) for family in value.describe()]
    known = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    assert named(page, r"\bhub_[a-z]+_[a-z_]+\b") - {"hub_db_url"} <= known


@each_page
def test_every_topic_exists(page: str) -> None:
    known = {topic.name for topic in catalogue(["<source>", *load_connectors()])}
    assert named(page, r"\bhub\.[a-z<>.]+\.v\d\b") <= known


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_every_runtime_dependency_has_its_row() -> None:
    told = {cells[0].strip("`") for cells in rows_under(TEXTS["docs/adr/0001-dependencies.md"], "# 0001 Dependencies")}
    wanted = {re.split(r"[\[<>=~!]", entry)[0] for entry in PROJECT["project"]["dependencies"]}
    assert told == wanted


def test_the_configuration_in_the_readme_is_one_that_the_hub_takes(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", TEXTS["README.md"], re.S)
    file = tmp_path / "hub.toml"
    file.write_text(block, encoding="utf-8")
    assert load_settings(file, environ={}).connector("noorderlink").contact == "feed@example.org"


def test_the_readme_lists_every_command() -> None:
    listed = {
        re.findall(r"`hub ([a-z]+)", cells[0])[n]
        for cells in rows_under(TEXTS["README.md"], "## Commands")
        for n in range(cells[0].count("`hub "))
    }
    assert listed == set(main.list_commands(click.Context(main)))


def test_the_readme_lists_every_subcommand_of_a_group() -> None:
    for cells in rows_under(TEXTS["README.md"], "## Commands"):
        name = re.findall(r"`hub ([a-z]+)", cells[0])[0]
        command = main.get_command(click.Context(main), name)
        subcommands: dict[str, Any] = command.commands if isinstance(command, click.Group) else {}
        assert set(subcommands) <= set(re.findall(r"([\w-]+)`", cells[0])), name


def test_the_glossary_has_each_word_once() -> None:
    words = [word for cells in rows_under(TEXTS["docs/glossary.md"], "# Glossary") for word in cells[0].split(", ")]
    assert len(words) > 40
    assert sorted(words) == sorted(set(words))


def test_every_decision_stands_in_the_list() -> None:
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", TEXTS["docs/adr/README.md"]))
    assert listed == {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}
