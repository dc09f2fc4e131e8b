"""`hub connector`: list, write, try, test and run connectors."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from hub.cli.options import always_json_option, echo_json, json_option, say, settings_of
from hub.errors import ConfigError
from hub.sdk.connector import Connector, load_connector, load_connectors
from hub.sdk.scaffold import FORMATS, is_name, write_connector
from hub.settings import Settings, whole_address

RAW_LINES, POSTING_LINES = 28, 40


def dir_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--dir",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder that holds the connector's package, when it lives outside the hub.",
    )(command)


def _whole(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    try:
        return value and whole_address(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group()
def connector() -> None:
    """List, write, try, test and run connectors. docs/connectors.md takes you through in 15 minutes."""


@connector.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Every connector with its owner, state, format and schedule."""
    settings = settings_of(ctx)
    rows = [_facts(one, settings) for one in load_connectors().values()]
    if as_json:
        for row in rows:
            echo_json(row)
        return
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("name", no_wrap=True), "title", "owner", "enabled", "format", "schedule")
    for row in rows:
        words = (row["name"], row["title"], row["owner"], "yes" if row["enabled"] else "no", row["format"])
        table.add_row(*words, f"every {row['every_seconds']:g} s")
    Console().print(table)


@connector.command()
@click.argument("name")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="json", show_default=True, help="What the partner speaks."
)
@click.option(
    "--base-url", default="https://www.example.org", show_default=True, callback=_whole, help="Where the partner answers."
)
@dir_option
@json_option
def new(name: str, format_: str, base_url: str, folder: Path | None, as_json: bool) -> None:
    """Write a working connector NAME with its tests. In the hub's own tree, or as a package of its own with --dir."""
    if not is_name(name):
        raise ConfigError(f"{name!r} is no name of a connector: lower-case letters, digits and _, beginning with a letter")
    if name in load_connectors():
        raise ConfigError(f"there is a connector {name} already")
    written = write_connector(name, format_, base_url=base_url, folder=folder, root=None if folder else _root())
    for path in written:
        say({"wrote": str(path)}, as_json, f"wrote {path}")
    if as_json:
        return
    more = f" --dir {folder}" if folder else ""
    click.echo(f"\nhub connector test {name}{more}    passes already")
    click.echo(f"hub connector try {name}{more}     reads {base_url}")


@connector.command("try")
@click.argument("name")
@click.option("--base-url", callback=_whole, help="Read here instead of the configured address.")
@click.option("--limit", type=click.IntRange(min=1), default=5, show_default=True, help="Stop after so many items.")
@click.option("--inbound", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Take this pushed payload instead.")
@dir_option
@json_option
@click.pass_context
def try_(
    ctx: click.Context, name: str, base_url: str | None, limit: int, inbound: Path | None, folder: Path | None, as_json: bool
) -> None:
    """Read the partner once without Kafka. Raw, normalised and rejected, side by side; exit code 1 when the run failed."""
    from hub.cli.connector_try import try_inbound, try_source

    settings, found = settings_of(ctx), _find(name, folder)
    if inbound is not None:
        trial = try_inbound(found, settings, base_url, inbound.read_bytes())
    else:
        trial = asyncio.run(try_source(found, settings, base_url, limit))
    if as_json:
        for row in trial.rows:
            echo_json(
                {"native_id": row.native_id, "url": row.url, "raw": row.raw, "posting": row.posting, "rejected": row.rejected}
            )
    elif trial.rows:
        _show(trial.rows)
    rejected = sum(row.rejected is not None for row in trial.rows)
    click.echo(f"{len(trial.rows)} items, {rejected} rejected, {trial.requests} requests; {trial.end}", err=as_json)
    sys.exit(0 if trial.is_complete or trial.end.startswith("stopped") else 1)


@connector.command()
@click.argument("name")
@dir_option
def test(name: str, folder: Path | None) -> None:
    """Run the tests of connector NAME. Its own, and those that every connector inherits."""
    if folder:
        _require_connector(name, folder)
    where, root = (folder / "tests", folder) if folder else (_root() / "tests" / "connectors" / name, _root())
    if not where.is_dir():
        raise ConfigError(f"{name} has no tests in {where}; `hub connector new` writes them (a folder of its own: --dir)")
    _require_pytest()
    sys.exit(subprocess.run([sys.executable, "-m", "pytest", str(where.absolute()), "-q"], cwd=root, check=False).returncode)


@connector.command()
@click.argument("name")
@click.option(
    "--once", is_flag=True, required=True, expose_value=False, help="One run, then exit; `hub ingest` runs them on schedule."
)
@always_json_option
@click.pass_context
def run(ctx: click.Context, name: str) -> None:
    """Make one ingest run of NAME against Kafka and exit. Its report is JSON; exit code 1 when it failed."""
    from hub.app import run_connector_once

    sys.exit(run_connector_once(settings_of(ctx), name))


def _facts(one: Connector, settings: Settings) -> dict[str, Any]:
    from hub.ingest.sources import is_enabled

    manifest, own = one.manifest, settings.connector(one.name)
    return {
        "name": one.name,
        "title": manifest.title,
        "owner": manifest.owner,
        "enabled": is_enabled(one, settings),
        "format": manifest.format or "–",
        "every_seconds": own.every_seconds or manifest.every_seconds,
        "base_url": own.base_url or manifest.base_url,
        "package": one.package,
    }


def _find(name: str, folder: Path | None) -> Connector:
    if folder is not None:
        sys.path.insert(0, str(folder.absolute()))
        _require_connector(name, folder)
        return load_connector(name)
    found: Mapping[str, Connector] = load_connectors()
    if name not in found:
        raise ConfigError(
            f"there is no connector {name}; there are {', '.join(found)}. One outside this tree is found once it is installed"
            " (`pip install`); `try` and `test` also take its folder with --dir"
        )
    return found[name]


def _require_connector(name: str, folder: Path) -> None:
    if not (folder / name / "manifest.toml").is_file():
        raise ConfigError(f"{folder / name} is no connector: it has no manifest.toml; `hub connector new` writes one")


def _root() -> Path:
    """The hub's working tree, where connectors and their tests are written."""
    import hub

    root = Path(hub.__file__).parent.parent
    if not (root / "pyproject.toml").is_file() or not (root / "tests").is_dir():
        raise ConfigError("this hub is an installed package, not a working tree: name a folder of your own with --dir")
    return root


def _require_pytest() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("pytest", "pytest_asyncio") if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"{' and '.join(missing)} is not installed here: run `make setup`, or `uv pip install pytest pytest-asyncio`"
        )


def _show(rows: list[Any]) -> None:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    columns = (Column("raw", ratio=2), Column("normalised", ratio=2), Column("rejected", ratio=1))
    table = Table(*columns, show_lines=True, expand=True)
    for row in rows:
        rejected = Text("", style="red")
        if row.rejected is not None:
            place = f" at {row.rejected['field']}" if row.rejected["field"] else ""
            rejected.append(f"{row.rejected['reason']}{place}\n{row.rejected['detail']}")
        table.add_row(
            Text(_pretty({"id": row.native_id, **_parts(row.raw)}, RAW_LINES)),
            Text(_pretty(row.posting, POSTING_LINES)),
            rejected,
        )
    Console().print(table)


def _parts(raw: Any) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {"raw": raw}


def _pretty(value: Any, most_lines: int) -> str:
    if value is None:
        return ""
    lines = orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode().splitlines()
    return "\n".join(
        lines[:most_lines] + ([f"… {len(lines) - most_lines} more lines (--json shows all)"] if len(lines) > most_lines else [])
    )
